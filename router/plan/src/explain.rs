//! The stable text and JSON of a plan: for tests, the command line and logs.

use std::fmt::Write as _;

use schema::{Model, TypeSet};
use serde_json::{Value, json};

use crate::model::{Context, Fetch, Input, Part, PathStep, Plan, Target};
use crate::price::{Price, price, units};

/// The text of a plan: one paragraph for each fetch, in the order in which they can run.
///
/// ```text
/// 1 users
///   query { me { __typename id } }
/// 2 posts after 1
///   for me: User { id }
///   query($representations: [_Any!]!) { _entities(representations: $representations) { … } }
/// price 151.25: 2 requests in 2 waves, 1 entity, 5 fields
/// ```
///
/// The last line ends with what a cheaper plan could save at most, unless it is proven that there
/// is none.
pub fn explain(schema: &Model, plan: &Plan) -> String {
    if plan.fetches.is_empty() {
        return "no fetch\n".into();
    }
    let mut text = fetches_text(schema, plan);
    let _ = write!(text, "price {}", price(plan));
    if !plan.optimal {
        let _ = write!(text, "; at most {} above the least", units(plan.gap));
    }
    text.push('\n');
    text
}

fn fetches_text(schema: &Model, plan: &Plan) -> String {
    let mut text = String::new();
    for (index, fetch) in plan.fetches.iter().enumerate() {
        let _ = write!(text, "{} {}", index + 1, schema.subgraph(fetch.subgraph).name);
        if !fetch.after.is_empty() {
            let after: Vec<String> = fetch.after.iter().map(|i| (i + 1).to_string()).collect();
            let _ = write!(text, " after {}", after.join(", "));
        }
        text.push('\n');
        for part in &fetch.parts {
            if let Some(line) = target_text(schema, part) {
                let _ = writeln!(text, "  {line}");
            }
        }
        let _ = writeln!(text, "  {}", fetch.document);
    }
    text
}

pub(crate) fn target_text(schema: &Model, part: &Part) -> Option<String> {
    match &part.target {
        Target::Root { path } if path.is_empty() => None,
        Target::Root { path } => Some(format!("for {}", path_text(schema, path))),
        Target::Entities { path, inputs, contexts, .. } => {
            let inputs: Vec<String> = inputs.iter().map(|i| input_text(schema, i)).collect();
            let mut line = format!("for {}: {}", path_text(schema, path), inputs.join(", "));
            for context in contexts {
                let (variable, argument) = (&context.variable, &context.argument);
                let _ = write!(line, ", ${variable} from {} {}", argument.context, argument.text);
            }
            Some(line)
        }
    }
}

fn path_text(schema: &Model, path: &[PathStep]) -> String {
    let step = |step: &PathStep| match &step.types {
        Some(types) => format!("<{}>.{}", types_text(schema, types), step.key),
        None => format!(".{}", step.key),
    };
    let text: String = path.iter().map(step).collect();
    text.trim_start_matches('.').to_owned()
}

fn types_text(schema: &Model, types: &TypeSet) -> String {
    let names: Vec<&str> = types.iter().map(|id| schema.ty(id).name.as_str()).collect();
    names.join("|")
}

fn input_text(schema: &Model, input: &Input) -> String {
    let types = input.types.as_ref().map(|types| types_text(schema, types));
    let name = match (&types, &input.typename) {
        (Some(types), Some(name)) if types != name => format!("{types} as {name}"),
        (Some(types), _) => types.clone(),
        (None, name) => name.clone().unwrap_or_default(),
    };
    let mut sets = vec![input.key.text(schema)];
    sets.extend(input.requires.iter().map(|set| set.text(schema)));
    format!("{name} {{ {} }}", sets.join(" "))
}

/// The plan as JSON: `{"kind", "price": {"total", "requests", "waves", "entities", "fields", "weights"},
/// "optimal", "gap", "fetches": [{"subgraph", "after", "document", "variables",
/// "parts": [{"path", "representations", "contexts": [{"variable", "context", "selection"}]}]}]}`
/// (`contexts` only where there are any), with fetches counted from 0; `total`, `weights` and `gap`
/// are in thousandths of the unit of prices.
pub fn to_json(schema: &Model, plan: &Plan) -> Value {
    let fetches: Vec<Value> = plan.fetches.iter().map(|fetch| fetch_json(schema, fetch)).collect();
    let price = price(plan);
    let total = price.thousandths();
    let Price { requests, waves, entities, fields, weights } = price;
    json!({
        "kind": plan.kind.keyword(),
        "price": {
            "total": total, "requests": requests, "waves": waves,
            "entities": entities, "fields": fields, "weights": weights,
        },
        "optimal": plan.optimal,
        "gap": plan.gap,
        "fetches": fetches,
    })
}

pub(crate) fn fetch_json(schema: &Model, fetch: &Fetch) -> Value {
    let part = |part: &Part| match &part.target {
        Target::Root { path } => json!({ "path": path_text(schema, path) }),
        Target::Entities { path, inputs, contexts, .. } => {
            let inputs: Vec<String> = inputs.iter().map(|i| input_text(schema, i)).collect();
            let mut part = json!({ "path": path_text(schema, path), "representations": inputs });
            let contexts = contexts.iter().map(|Context { variable, argument }| {
                json!({
                    "variable": variable,
                    "context": argument.context,
                    "selection": argument.text,
                })
            });
            let contexts: Vec<Value> = contexts.collect();
            if let (Some(part), false) = (part.as_object_mut(), contexts.is_empty()) {
                part.insert("contexts".into(), contexts.into());
            }
            part
        }
    };
    json!({
        "subgraph": schema.subgraph(fetch.subgraph).name,
        "after": fetch.after,
        "kind": fetch.kind.keyword(),
        "document": fetch.document,
        "variables": fetch.variables,
        "parts": fetch.parts.iter().map(part).collect::<Vec<_>>(),
    })
}
