//! The way of one request: the table of contents of the product.

use std::sync::Arc;
use std::time::Instant;

use execute::{Data, Execution};
use json::Object;
use operation::{Cost, Measures, Request as Operation};
use schema::OperationKind;
use telemetry::OperationSize;

use crate::alike::Alike;
use crate::errors::Refused;
use crate::plans::{Key, Planned, Prepared};
use crate::request::{Answer, Carried, Request};
use crate::snapshot::Snapshot;
use crate::state::Inner;
use crate::statistics::{Epoch, Observations};
use crate::text::Text;
use crate::told::{self, Clock};
use crate::{admit, labels};

/// Answers a request: with data if it can be executed, else with why it is refused.
pub(crate) async fn answer(engine: &Arc<Inner>, request: Request) -> Answer {
    let snapshot = engine.snapshot();
    match steps(engine, &snapshot, &request).await {
        Ok(answer) => answer,
        Err(refused) => {
            if let Some(detail) = &refused.detail {
                tracing::error!(request_id = request.id, detail, "a request could not be answered");
            }
            if let Some(error) = refused.errors.first() {
                engine.metrics.rejected(error.code);
            }
            Answer::refused(refused)
        }
    }
}

/// What is left to do once the request is understood.
struct Job {
    operation: Operation,
    variables: Object,
    introspection: Option<Object>,
    key: Key,
    epoch: Arc<Epoch>,
}

async fn steps(
    engine: &Arc<Inner>,
    snapshot: &Arc<Snapshot>,
    request: &Request,
) -> Result<Answer, Refused> {
    let text = text(request)?;
    let document = engine.documents.resolve(snapshot, text, &engine.metrics).await?;
    let operation = document.operation(request.operation_name.as_deref())?;
    admit::kind(request, &operation, &engine.options)?;
    let variables = operation.coerce(snapshot.schema(), &request.variables)?;
    let introspection = introspect(engine, snapshot, &operation, &variables)?;
    let epoch = engine.statistics.epoch();
    let key = Key {
        observed: Arc::clone(&epoch.weights),
        ..key(engine, snapshot, request, (text, &operation), &variables)?
    };
    let (kind, name) = (operation.kind(), operation.name().map(str::to_owned));
    let job = Job { operation, variables, introspection, key, epoch };
    let answered = match &engine.requests {
        Some(requests) if kind == OperationKind::Query => {
            let alike = Alike::new(&job.key, &job.variables, request);
            let shared = requests.join(alike, || {
                let (engine, snapshot) = (Arc::clone(engine), Arc::clone(snapshot));
                let request = Request::clone(request);
                async move {
                    let answer = run(&engine, &snapshot, &request, job).await?;
                    Ok(Answer { carried: Some(Carried::default()), ..answer })
                }
            });
            shared.await
        }
        _ => run(engine, snapshot, request, job).await,
    };
    let answer = answered?;
    engine.metrics.operation_ends(kind.keyword(), answer.outcome);
    Ok(Answer { kind: Some(kind), operation_name: name, ..answer })
}

/// Prices, admits, plans and executes.
async fn run(
    engine: &Inner,
    snapshot: &Arc<Snapshot>,
    request: &Request,
    Job { operation, variables, introspection, key, epoch }: Job,
) -> Result<Answer, Refused> {
    let prepared = engine.plans.prepare(snapshot, operation, &key, &engine.metrics).await?;
    let cost = price(engine, snapshot, &prepared, &variables);
    let limits = &engine.options.operations;
    admit::operation(&prepared.measures, &cost, limits, &engine.metrics)?;
    let plan = engine.plans.plan(snapshot, &prepared, &key, &engine.metrics).await?;
    let sizes = || {
        let size = engine.options.list_size.get();
        let lists = operation::Lists { size, observed: Some(&epoch.lists), by_arguments: true };
        operation::sizes(snapshot.schema(), &variables, lists, &plan.plan.answer)
    };
    let priced = || plan::price_of(&plan.plan, &sizes());
    admit::plan(&plan.plan, (&cost, priced), limits, &engine.metrics)?;
    let price = plan.price.thousandths() / 1_000;
    engine.metrics.plan_used(price, plan.price.requests, plan.price.waves);
    let clock = Arc::new(Clock::default());
    let executed =
        execute(engine, snapshot, (request, &clock), &plan, (&variables, introspection.as_ref()))
            .await;
    if engine.statistics.are_kept() {
        let seen = (&*clock.timed(), &*executed.calls);
        engine.statistics.observe(snapshot, &plan.plan, seen, Instant::now());
    }
    let actual = match &executed.data {
        Data::Tree(data) => prepared.operation.cost_of_answer(snapshot.schema(), &variables, data),
        Data::Text { cost, .. } => prepared.operation.base_cost().saturating_add(*cost),
    };
    engine.metrics.operation_answered(actual);
    let mut told = Object::new();
    if request.wants_cost {
        told.insert("cost".to_owned(), told::cost(&cost, actual));
    }
    if request.wants_plan {
        let explained = engine.plans.explain(snapshot, (&prepared, &plan), &key, sizes()).await?;
        let explained = plan::Explanation { observed: epoch.observed(), ..explained };
        let actual = clock.actual(&plan.plan, &executed.calls);
        told.insert(
            "plan".to_owned(),
            told::plan(snapshot.schema(), &plan.plan, explained, actual),
        );
    }
    let told = (!told.is_empty()).then_some(told);
    Ok(Answer::executed(executed, told.as_ref()))
}

/// What the operation is taken to cost with these variables.
fn price(
    engine: &Inner,
    snapshot: &Snapshot,
    prepared: &Prepared,
    variables: &Object,
) -> Arc<Cost> {
    let Measures { depth, width, fields, aliases, root_fields } = prepared.measures;
    let size = OperationSize { depth, width, fields, root_fields, aliases };
    engine.metrics.operation_measured(size);
    let cost = match prepared.cost.get() {
        Some(known) => Arc::clone(known),
        None => {
            let list_size = engine.options.list_size.get();
            let cost = prepared.operation.cost(snapshot.schema(), variables, list_size);
            let cost = Arc::new(cost);
            if cost.fixed {
                prepared.cost.get_or_init(|| Arc::clone(&cost));
            }
            cost
        }
    };
    engine.metrics.operation_estimated(cost.total);
    cost
}

/// The document's text.
fn text(request: &Request) -> Result<&Text, Refused> {
    match &request.query {
        Some(text) if !text.is_empty() => Ok(text),
        _ if request.extensions.contains_key("persistedQuery") => Err(Refused::new(
            "PERSISTED_QUERY_NOT_SUPPORTED",
            "PersistedQueryNotSupported: send the document in `query`.",
        )),
        _ => Err(Refused::new("QUERY_MISSING", "The request has no `query`.")),
    }
}

/// The answer to `__schema` and `__type`, when they are asked for.
fn introspect(
    engine: &Inner,
    snapshot: &Snapshot,
    operation: &Operation,
    variables: &Object,
) -> Result<Option<Object>, Refused> {
    if !operation.introspects() {
        return Ok(None);
    }
    let selections = engine.options.introspection_selections;
    Ok(Some(operation.introspect(snapshot.schema(), variables, selections)?))
}

/// Everything that decides the plan.
fn key(
    engine: &Inner,
    snapshot: &Snapshot,
    request: &Request,
    (text, operation): (&Text, &Operation),
    variables: &Object,
) -> Result<Key, Refused> {
    let known = snapshot.schema().override_labels();
    Ok(Key {
        generation: snapshot.generation(),
        text: Text::clone(text),
        name: request.operation_name.clone(),
        conditions: operation.conditions(variables)?,
        labels: labels::on(known, &engine.options.override_labels, &request.id),
        observed: Observations::default(),
    })
}

/// Executes the plan and logs what its subgraphs did wrong.
async fn execute(
    engine: &Inner,
    snapshot: &Snapshot,
    (request, clock): (&Request, &Arc<Clock>),
    planned: &Planned,
    (variables, introspection): (&Object, Option<&Object>),
) -> execute::Answer {
    let mut upstream = snapshot.reach().upstream(request);
    if request.wants_plan || engine.statistics.are_kept() {
        upstream = Clock::watch(clock, upstream);
    }
    let execution = Execution {
        schema: snapshot.schema(),
        plan: &planned.plan,
        variables,
        introspection,
        upstream: &*upstream,
        options: &engine.options.execution,
        deadline: request.deadline,
    };
    let executed = execute::execute(execution, planned.program.as_ref()).await;
    for call in executed.calls.iter().filter(|call| call.failed.is_some()) {
        tracing::warn!(
            request_id = request.id,
            subgraph = snapshot.schema().subgraph(call.subgraph).name,
            code = call.failed,
            detail = call.detail,
            "a subgraph failed"
        );
    }
    executed
}
