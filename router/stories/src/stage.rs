//! The stage: subgraphs composed, and operations performed on them.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use compose::{Contract, SubgraphSource};
use execute::{Execution, Program};
use graph::Graph;
use json::{Json, Object};
use operation::{Document, Limits, Request, RequestError};
use plan::Plan;
use schema::Schema;
use testkit::{Asked, Subgraph, Subgraphs};

use crate::pretty::on_one_line;

const MOST_SELECTIONS: NonZeroUsize = NonZeroUsize::new(1_000).expect("not zero");

/// A subgraph as it is written down.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its schema.
    pub sdl: &'a str,
    /// Its data, as JSON.
    pub data: &'a str,
}

/// Subgraphs that were composed, ready for operations.
#[derive(Debug)]
pub struct Stage {
    graph: Graph,
    subgraphs: Vec<Subgraph>,
}

/// Why there is no stage.
#[derive(Debug)]
pub enum Closed {
    /// Composition refuses: its errors, one a line, code and sentence.
    Refused(String),
    /// Something that should not happen.
    Broken(String),
}

/// What came of an operation.
#[derive(Debug)]
pub enum Performance {
    /// It was refused before planning: one a line, code and sentence.
    Refused(String),
    /// It was executed.
    Played {
        /// The plan, explained.
        plan: String,
        /// The requests in the order of the plan: the subgraph and the variables, one a line.
        requests: String,
        /// The answer.
        answer: Json,
        /// What should not happen: findings of the checker, violations in subgraphs.
        wrong: Vec<String>,
    },
}

impl Stage {
    /// Composes subgraphs; a contract hides what some clients shall not see.
    ///
    /// # Errors
    /// When they can't be composed, or something does not fit together.
    pub fn set(parts: &[Part<'_>], contract: Option<Contract>) -> Result<Self, Closed> {
        let sdl = compose(parts, contract).map_err(Closed::Refused)?;
        let schema = Schema::read(&sdl).map_err(|error| {
            Closed::Broken(format!("our own supergraph can't be read: {error}\n{sdl}"))
        })?;
        let subgraph = |part: &Part<'_>| Subgraph::new(part.name, part.sdl, part.data);
        let subgraphs = parts.iter().map(subgraph).collect::<Result<_, _>>();
        let subgraphs = subgraphs.map_err(Closed::Broken)?;
        Ok(Self { graph: Graph::build(Arc::new(schema)), subgraphs })
    }

    /// The supergraph.
    pub fn schema(&self) -> &Schema {
        self.graph.schema()
    }

    /// Plans, checks and executes an operation.
    ///
    /// # Errors
    /// When that is not possible.
    pub fn perform(&self, operation: &str, variables: &Object) -> Result<Performance, String> {
        let (request, variables) = match self.ask(operation, variables) {
            Ok(asked) => asked,
            Err(findings) => {
                let line =
                    |error: &RequestError| format!("{}: {}\n", error.code.text(), error.message);
                return Ok(Performance::Refused(findings.iter().map(line).collect()));
            }
        };
        let schema = self.graph.schema();
        let conditions = request.conditions(&variables).map_err(|error| error.message)?;
        let operation = request.bind(schema, &conditions);
        let options = plan::Options::default();
        let plan = plan::plan(&self.graph, &operation, &options)
            .map_err(|error| format!("no plan: {error}"))?;
        let mut wrong = plan::check(schema, &plan).err().unwrap_or_default();
        wrong.iter_mut().for_each(|finding| finding.insert_str(0, "the checker: "));
        let upstream = Subgraphs::new(schema, &self.subgraphs);
        let answer = self.execute(&request, (&plan, None), &variables, &upstream)?;
        wrong.extend(upstream.violations());
        let requests = sent(upstream.asked());
        if let Some(program) = Program::compile(schema, &plan) {
            let again = Subgraphs::new(schema, &self.subgraphs);
            let fast = self.execute(&request, (&plan, Some(&program)), &variables, &again)?;
            if fast.to_string() != answer.to_string() {
                wrong.push(format!("the fast executor answers {fast}"));
            }
            let asked = sent(again.asked());
            if asked != requests {
                wrong.push(format!("the fast executor asks\n{asked}"));
            }
        }
        Ok(Performance::Played { plan: plan::explain(schema, &plan), requests, answer, wrong })
    }

    fn ask(&self, text: &str, given: &Object) -> Result<(Request, Object), Vec<RequestError>> {
        let schema = self.graph.schema();
        let document = Document::parse(schema, text, &Limits::default())?;
        let request = document.operation(None).map_err(|error| vec![error])?;
        let variables = request.coerce(schema, given)?;
        Ok((request, variables))
    }

    /// Executes a plan, by its program or else by the reference executor, as a server does that
    /// shows nobody's messages.
    fn execute(
        &self,
        request: &Request,
        (plan, program): (&Plan, Option<&Program>),
        variables: &Object,
        upstream: &Subgraphs<'_>,
    ) -> Result<Json, String> {
        let schema = self.graph.schema();
        let introspection = match request.introspects() {
            true => Some(request.introspect(schema, variables, MOST_SELECTIONS)),
            false => None,
        };
        let introspection = introspection.transpose().map_err(|error| error.message)?;
        let execution = Execution {
            schema,
            plan,
            variables,
            introspection: introspection.as_ref(),
            upstream,
            options: &execute::Options::default(),
            deadline: Instant::now() + Duration::from_secs(60),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let text = runtime.block_on(execute::execute(execution, program)).into_body(None);
        json::parse(&text, 500).map_err(|error| format!("the answer is no JSON: {error}"))
    }
}

/// The supergraph, or its errors, one a line: code and sentence.
fn compose(parts: &[Part<'_>], contract: Option<Contract>) -> Result<String, String> {
    let source = |part: &Part<'_>| SubgraphSource {
        name: part.name.to_owned(),
        url: format!("http://{}.example", part.name),
        sdl: part.sdl.to_owned(),
        file: format!("{}.graphql", part.name),
    };
    let sources: Vec<_> = parts.iter().map(source).collect();
    let options = compose::Options { contract, ..compose::Options::default() };
    match compose::compose(&sources, &options) {
        Ok(supergraph) => Ok(supergraph.sdl),
        Err(report) => {
            let line = |error: &compose::Diagnostic| format!("{}: {}\n", error.code, error.message);
            Err(report.errors().map(line).collect())
        }
    }
}

fn sent(mut asked: Vec<Asked>) -> String {
    asked.sort_by_key(|asked| asked.fetch);
    let line = |asked: &Asked| {
        let variables = on_one_line(&Json::Object(asked.variables.to_owned()));
        format!("{} {variables}\n", asked.subgraph)
    };
    asked.iter().map(line).collect()
}
