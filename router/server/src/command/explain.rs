//! `tributary explain`: what an operation costs, where its time goes, what else could be done.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use json::{Json, Object};
use operation::{Cost, FieldCost};
use plan::{Actual, Explanation};
use serde_json::{Value, json};

use super::deep::deep;
use super::failed::Failed;
use super::latency::Latencies;
use super::planned::{self, Planned};
use crate::cli::{Explain, PlanFormat};
use crate::{say, sources};

/// How long the router may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Explains the plan; with `--analyze` after it was executed by a running router.
pub(super) fn run(arguments: &Explain) -> Result<(), Failed> {
    let planned = Planned::read(&arguments.of, true)?;
    let actual = match &arguments.endpoint {
        Some(url) => Some(execute(arguments, &planned, url)?),
        None => None,
    };
    let Planned { graph, variables, options, plan, .. } = &planned;
    let schema = graph.schema();
    let list_size = arguments.list_size.get();
    let (cost, explained) = deep(|| {
        let operation = planned.operation();
        let cost = operation.cost(schema, variables, list_size);
        let lists = operation::Lists { size: list_size, observed: None, by_arguments: true };
        let sizes = operation::sizes(schema, variables, lists, &plan.answer);
        (cost, Explanation::of(graph, &operation, plan, options, &sizes))
    })?;
    let metrics = arguments.metrics.as_deref().map(planned::read).transpose()?;
    let latencies = Latencies::read(schema, &arguments.latency, metrics.as_deref())?;
    let observed = plan::Observed { epoch: None, milliseconds: latencies.known };
    let assumed = latencies.others.unwrap_or(plan::ASSUMED);
    let explained = Explanation { actual, observed: Some(observed), assumed, ..explained };
    let text = match arguments.format {
        PlanFormat::Text => format!(
            "{}\n{}\nLists of which neither @listSize nor an argument says more count as {list_size} items (--list-size);\nrequests of which nothing is known count as {assumed} ms (--latency, --metrics).\n",
            cost_text(&cost),
            explained.text(schema, plan)
        ),
        PlanFormat::Json => {
            let mut all = explained.to_json(schema, plan);
            all["cost"] = cost_json(&cost);
            format!("{all:#}\n")
        }
    };
    Ok(say::result(&text)?)
}

/// Has a router execute the operation, and asks it what each request took.
fn execute(arguments: &Explain, planned: &Planned, url: &str) -> Result<Vec<Actual>, Failed> {
    let mut body = Object::new();
    body.insert("query".to_owned(), planned.text.as_str().into());
    body.insert("variables".to_owned(), Json::Object(planned.variables.clone()));
    if let Some(name) = &arguments.of.operation {
        body.insert("operationName".to_owned(), name.as_str().into());
    }
    let mut headers = headers(&arguments.headers)?;
    headers.insert("tributary-include", HeaderValue::from_static("plan"));
    let body = Bytes::from(Json::Object(body).to_string());
    crate::tls::install();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("the runtime can't start: {error}"))?;
    let answer = runtime.block_on(async {
        tokio::time::timeout(PATIENCE, sources::post(url, body, &headers)).await
    });
    let answer = answer.map_err(|_| format!("{url} gave no answer within {PATIENCE:?}"))?;
    let (_, answer) = answer.map_err(|why| format!("{url} gave no answer: {why}"))?;
    let told = answer.get("extensions").and_then(|told| told.get("plan"));
    let Some(told) = told else { return Err(untold(url, &answer).into()) };
    let told: Value = serde_json::from_str(&told.to_string())
        .map_err(|error| format!("{url} explains itself in a way unknown here: {error}"))?;
    actual(planned, &told).ok_or_else(|| {
        format!(
            "the router at {url} has another plan for this operation: it serves another \
             supergraph than {}, or other labels of overrides are on there",
            arguments.of.supergraph.display()
        )
        .into()
    })
}

/// What a running router says of each fetch, if its plan is ours.
fn actual(planned: &Planned, told: &Value) -> Option<Vec<Actual>> {
    let fetches = told.get("fetches")?.as_array()?;
    let same = fetches.len() == planned.plan.fetches.len()
        && fetches
            .iter()
            .zip(&planned.plan.fetches)
            .all(|(theirs, ours)| theirs["document"] == ours.document.as_str());
    if !same {
        return None;
    }
    fetches.iter().map(|fetch| serde_json::from_value(fetch.get("actual")?.clone()).ok()).collect()
}

/// Why a router did not explain its plan.
fn untold(url: &str, answer: &Json) -> String {
    let first = answer
        .get("errors")
        .and_then(|errors| errors.as_list()?.first()?.get("message")?.as_str().map(str::to_owned));
    match first {
        Some(message) if answer.get("data").is_none() => format!("{url} refuses: {message}"),
        _ => format!("{url} doesn't explain its plans; start it with --dev, or set expose.plan"),
    }
}

fn headers(given: &[String]) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for header in given {
        let wrong = || format!("--header {header:?} is not `name: value`");
        let (name, value) = header.split_once(':').ok_or_else(wrong)?;
        let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| wrong())?;
        headers.append(name, HeaderValue::from_str(value.trim()).map_err(|_| wrong())?);
    }
    Ok(headers)
}

fn cost_text(cost: &Cost) -> String {
    let mut text = format!("cost {}, as @cost and @listSize define it", cost.total);
    for FieldCost { path, cost, times, size } in &cost.dearest {
        text.push_str(&format!("\n  {path} costs {cost} ({times} times {size})"));
    }
    for unsliced in &cost.unsliced {
        let (path, given) = (&unsliced.path, unsliced.given);
        let arguments = unsliced.arguments.join(", ");
        text.push_str(&format!("\n  {path} needs exactly one of {arguments}; {given} are given"));
    }
    text
}

fn cost_json(cost: &Cost) -> Value {
    let dearest = |field: &FieldCost| json!({ "path": field.path, "cost": field.cost, "times": field.times, "size": field.size });
    json!({
        "total": cost.total,
        "dearest": cost.dearest.iter().map(dearest).collect::<Vec<_>>(),
    })
}
