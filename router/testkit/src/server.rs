//! All subgraphs of a test behind the port of execution, with a record of what they were asked.

use std::sync::Mutex;

use execute::{SubgraphRequest, SubgraphResponse, Upstream, UpstreamError};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use json::{Json, Object};
use schema::{Id, Schema};

use crate::subgraph::Subgraph;
use crate::value::Counters;

/// The subgraphs of a supergraph, in process.
#[derive(Debug)]
pub struct Subgraphs<'a> {
    /// By id; a subgraph of the supergraph that was not given can't be reached.
    subgraphs: Vec<Option<&'a Subgraph>>,
    counters: Counters,
    asked: Mutex<Vec<Asked>>,
    violations: Mutex<Vec<String>>,
}

/// A request that a subgraph was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The fetch of the plan.
    pub fetch: usize,
    /// The name of the subgraph.
    pub subgraph: String,
    /// The document.
    pub document: String,
    /// The variables.
    pub variables: Object,
}

impl<'a> Subgraphs<'a> {
    /// Puts subgraphs to their places in a supergraph, by name.
    pub fn new(schema: &Schema, subgraphs: &'a [Subgraph]) -> Self {
        let by_name = |name: &str| subgraphs.iter().find(|subgraph| subgraph.name() == name);
        Self {
            subgraphs: schema.subgraphs().map(|(_, it)| by_name(&it.name)).collect(),
            counters: Counters::default(),
            asked: Mutex::default(),
            violations: Mutex::default(),
        }
    }

    /// What the subgraphs were asked so far, in the order of asking.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.asked.lock().expect("no test panics while asking"))
    }

    /// What was asked or answered against the rules; a test with any has failed.
    pub fn violations(&self) -> Vec<String> {
        std::mem::take(&mut *self.violations.lock().expect("no test panics while asking"))
    }

    fn answer(&self, request: &SubgraphRequest) -> Result<SubgraphResponse, UpstreamError> {
        let Some(subgraph) = self.subgraphs[request.subgraph.index()] else {
            return Err(UpstreamError::Unreachable("it is not part of the test".to_owned()));
        };
        let mut violations = self.violations.lock().expect("no test panics while asking");
        let body = match json::parse(&request.body, 1_000) {
            Ok(body) => body,
            Err(error) => {
                violations.push(format!("the request to {} is bad: {error}", subgraph.name()));
                return Err(UpstreamError::Unreachable(error.to_string()));
            }
        };
        let variables = body.get("variables").and_then(Json::as_object);
        self.asked.lock().expect("no test panics while asking").push(Asked {
            fetch: request.fetch,
            subgraph: subgraph.name().to_owned(),
            document: body.get("query").and_then(Json::as_str).unwrap_or_default().to_owned(),
            variables: variables.map(Object::to_owned).unwrap_or_default(),
        });
        subgraph.answer(&body, &self.counters, &mut violations)
    }
}

impl Upstream for Subgraphs<'_> {
    fn send(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<SubgraphResponse, UpstreamError>> {
        // Answered at once, so that the record has the order of asking.
        std::future::ready(self.answer(&request)).boxed()
    }
}
