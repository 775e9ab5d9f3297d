//! From a plan to the text of an answer, over subgraphs that answer at once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use engine::{Engine, Reach, Request, Snapshot};
use execute::{Execution, Program, SubgraphRequest, SubgraphResponse, Upstream, UpstreamError};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use graph::Graph;
use json::Object;
use plan::Plan;
use telemetry::Metrics;
use testkit::{Subgraph, Subgraphs};
use tokio::runtime::{Builder, Runtime};

use super::planning::bound;
use super::work::Work;
use crate::{data, subgraphs};

/// The smallest operation: nothing is fetched.
const SMALL: &str = "query Small { __typename }";

/// The program of the benchmark's plan, compiled.
pub(super) fn program() -> Result<Work, String> {
    let (graph, plan) = planned()?;
    Ok(Box::new(move || {
        std::hint::black_box(Program::compile(graph.schema(), &plan).is_some());
    }))
}

/// The benchmark's plan, executed.
pub(super) fn execute() -> Result<Work, String> {
    let (graph, plan) = planned()?;
    let program = Program::compile(graph.schema(), &plan).ok_or("the plan has no program")?;
    let (runtime, ready) = (runtime()?, recorded(&graph, &plan)?);
    let options = execute::Options::default();
    Ok(Box::new(move || {
        let execution = execution(&graph, &plan, &ready, &options);
        let answer = runtime.block_on(execute::execute(execution, Some(&program)));
        assert!(answer.errors.is_empty(), "the benchmark is answered without errors");
        std::hint::black_box(answer);
    }))
}

/// The benchmark's request, from its text on, when it was prepared before.
pub(super) fn answer() -> Result<Work, String> {
    answers(data::OPERATION)
}

/// The smallest request: what every request costs.
pub(super) fn answer_small() -> Result<Work, String> {
    answers(SMALL)
}

fn answers(query: &'static str) -> Result<Work, String> {
    let (graph, plan) = planned()?;
    let ready = recorded(&graph, &plan)?;
    let supergraph = subgraphs::supergraph(0, None)?;
    let snapshot = Snapshot::new(&supergraph, |_| Ok(Box::new(ready) as Box<dyn Reach>));
    let snapshot = snapshot.map_err(|error| error.to_string())?;
    let metrics = Arc::new(Metrics::new().map_err(|error| error.to_string())?);
    let engine = Engine::new(snapshot, engine::Options::default(), metrics);
    let (engine, runtime) = (engine.map_err(|error| error.to_string())?, runtime()?);
    Ok(Box::new(move || {
        let answer = runtime.block_on(engine.answer(request(query)));
        assert_eq!(answer.code, None, "the request is answered without errors");
        std::hint::black_box(answer);
    }))
}

fn request(query: &str) -> Request {
    Request {
        query: Some(query.into()),
        operation_name: None,
        variables: Object::new(),
        extensions: Object::new(),
        read_only: false,
        headers: Vec::new(),
        id: "1".to_owned(),
        wants_cost: false,
        wants_plan: false,
        deadline: Instant::now() + Duration::from_secs(60),
    }
}

fn planned() -> Result<(Graph, Plan), String> {
    let (graph, operation) = bound(&subgraphs::supergraph(0, None)?, data::OPERATION)?;
    let plan = plan::plan(&graph, &operation, &plan::Options::default());
    Ok((graph, plan.map_err(|error| error.to_string())?))
}

fn runtime() -> Result<Runtime, String> {
    Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())
}

fn execution<'a>(
    graph: &'a Graph,
    plan: &'a Plan,
    upstream: &'a dyn Upstream,
    options: &'a execute::Options,
) -> Execution<'a> {
    static NO_VARIABLES: std::sync::LazyLock<Object> = std::sync::LazyLock::new(Object::new);
    Execution {
        schema: graph.schema(),
        plan,
        variables: &NO_VARIABLES,
        introspection: None,
        upstream,
        options,
        deadline: Instant::now() + Duration::from_secs(60),
    }
}

/// The answers of the subgraphs to the fetches of a plan.
fn recorded(graph: &Graph, plan: &Plan) -> Result<Ready, String> {
    let subgraph = |(name, sdl): (&str, &str)| Subgraph::new(name, sdl, &data::of(name));
    let subgraphs: Vec<Subgraph> =
        data::SUBGRAPHS.into_iter().map(subgraph).collect::<Result<_, _>>()?;
    let inner = Subgraphs::new(graph.schema(), &subgraphs);
    let recorder = Recorder { inner: &inner, heard: Mutex::default() };
    let options = execute::Options::default();
    let execution = execution(graph, plan, &recorder, &options);
    let answer = runtime()?.block_on(execute::execute(execution, None));
    if !answer.errors.is_empty() {
        return Err(format!("the benchmark is answered with errors: {:?}", answer.errors));
    }
    let heard = recorder.heard.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Ready(Arc::new(heard)))
}

/// Subgraphs whose answers are written down, by the number of the fetch.
struct Recorder<'a> {
    inner: &'a Subgraphs<'a>,
    heard: Mutex<BTreeMap<usize, Bytes>>,
}

impl Upstream for Recorder<'_> {
    fn send(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<SubgraphResponse, UpstreamError>> {
        let fetch = request.fetch;
        let answer = self.inner.send(request);
        async move {
            let answer = answer.await?;
            let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.insert(fetch, Bytes::clone(&answer.body));
            Ok(answer)
        }
        .boxed()
    }
}

/// Subgraphs that answer at once, by the number of the fetch.
#[derive(Clone)]
struct Ready(Arc<BTreeMap<usize, Bytes>>);

impl Upstream for Ready {
    fn send(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<SubgraphResponse, UpstreamError>> {
        let body = self.0.get(&request.fetch).cloned().unwrap_or_default();
        std::future::ready(Ok(SubgraphResponse::new(200, body))).boxed()
    }
}

impl Reach for Ready {
    fn upstream(&self, _: &Request) -> Box<dyn Upstream> {
        Box::new(Ready(Arc::clone(&self.0)))
    }
}
