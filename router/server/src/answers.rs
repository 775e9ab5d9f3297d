//! The engine behind the edge, and the way from the engine to subgraphs.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use engine::{Engine, Reach, Request, Snapshot};
use execute::Upstream;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use schema::{OperationKind, Schema};
use telemetry::Metrics;
use upstream::{Observe, Upstreams};

use crate::cli::{Serve, Trick};
use crate::config::Config;
use crate::http::{Answered, Answers, Asked, InMemory};
use crate::options;

/// Answers what clients ask.
pub(crate) struct EngineAnswers {
    engine: Engine,
    /// The headers of clients that some subgraph gets.
    forwarded: Vec<HeaderName>,
    /// Whether clients may ask what their operation costs.
    tells_cost: bool,
    /// Whether answers explain their plans, for those who ask.
    tells_plan: bool,
    /// Whether answers that several clients get are sent from the kernel's memory.
    in_memory: bool,
}

impl EngineAnswers {
    /// Makes a supergraph ready.
    ///
    /// # Errors
    /// When the supergraph can't be read, or the configuration contradicts it.
    pub(crate) fn new(
        sdl: &str,
        (config, arguments): (&Config, &Serve),
        metrics: &Arc<Metrics>,
    ) -> Result<Self, String> {
        let dev = arguments.dev;
        let mut forwarded = Vec::new();
        let snapshot = Snapshot::new(sdl, |schema: &Schema| {
            let options = options::upstream(config, schema)?;
            forwarded = options.subgraphs.iter().flat_map(|one| one.forward.clone()).collect();
            let measured = Arc::new(Measured(Arc::clone(metrics)));
            let upstreams = Upstreams::new(options, measured).map_err(|error| error.to_string())?;
            Ok(Box::new(Subgraphs(Arc::new(upstreams))))
        });
        let planning = &config.settings.planning;
        let snapshot = snapshot
            .and_then(|snapshot| {
                snapshot.with_hints(plan::Written {
                    avoid: &planning.avoid.0,
                    pin: &planning.pin.0,
                    weigh: &planning.weigh.0,
                    disable: &planning.disable.0,
                })
            })
            .map_err(|error| error.to_string())?;
        forwarded.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        forwarded.dedup();
        let mut options = options::engine(config, dev, snapshot.schema());
        options.execution.tricks = options::tricks(&arguments.bench_without);
        let in_memory = !arguments.bench_without.contains(&Trick::FilesInMemory);
        let engine = Engine::new(snapshot, options, Arc::clone(metrics))
            .map_err(|error| format!("the threads for planning can't start: {error}"))?;
        let expose = &config.settings.expose;
        let (tells_cost, tells_plan) = (expose.cost.unwrap_or(dev), expose.plan.unwrap_or(dev));
        Ok(Self { engine, forwarded, tells_cost, tells_plan, in_memory })
    }

    fn request(&self, asked: Asked<'_>) -> Request {
        let headers = self.forwarded.iter().flat_map(|name| {
            let values = asked.headers.get_all(name).into_iter();
            values.map(|value| (name.to_string(), Bytes::copy_from_slice(value.as_bytes())))
        });
        Request {
            headers: headers.collect(),
            query: asked.parameters.query,
            operation_name: asked.parameters.operation_name,
            variables: asked.parameters.variables,
            extensions: asked.parameters.extensions,
            read_only: asked.read_only,
            wants_cost: self.tells_cost && wants(asked.headers, "cost"),
            wants_plan: self.tells_plan && wants(asked.headers, "plan"),
            id: asked.request_id.to_str().unwrap_or_default().to_owned(),
            deadline: asked.deadline,
        }
    }
}

/// Whether a client asks to be told something besides the answer.
fn wants(headers: &HeaderMap, what: &str) -> bool {
    let values = headers.get_all("tributary-include").into_iter();
    let mut names = values.filter_map(|value| value.to_str().ok()).flat_map(|all| all.split(','));
    names.any(|name| name.trim().eq_ignore_ascii_case(what))
}

impl Answers for EngineAnswers {
    fn answer<'a>(&'a self, asked: Asked<'a>) -> BoxFuture<'a, Answered> {
        let request = self.request(asked);
        async move {
            let answer = self.engine.answer(request).await;
            let status = StatusCode::from_u16(answer.status);
            let carried = answer.carried.as_ref().filter(|_| self.in_memory);
            Answered {
                in_memory: carried.and_then(|carried| InMemory::of(carried, &answer.body)),
                status: status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
                body: answer.body,
                operation: answer.operation_name,
                code: answer.code,
            }
        }
        .boxed()
    }
}

/// All subgraphs over HTTP.
struct Subgraphs(Arc<Upstreams>);

impl Reach for Subgraphs {
    fn upstream(&self, request: &Request) -> Box<dyn Upstream> {
        let pairs = request.headers.iter().filter_map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            Some((name, HeaderValue::from_maybe_shared(Bytes::clone(value)).ok()?))
        });
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, value);
        }
        Box::new(self.0.bind(headers, HeaderValue::from_str(&request.id).ok()))
    }
}

/// Measures how subgraphs answer.
struct Measured(Arc<Metrics>);

impl Observe for Measured {
    fn asked(
        &self,
        subgraph: &str,
        kind: OperationKind,
        took: Duration,
        failed: Option<&'static str>,
    ) {
        self.0.subgraph_asked(subgraph, kind.keyword(), took, failed);
    }
}
