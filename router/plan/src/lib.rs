//! The cheapest sound way to answer an operation.
//!
//! In come a [`Graph`] and an [`Operation`]; out comes a [`Plan`]: requests to subgraphs, what each
//! waits for, and how their answers become the client's.
//!
//! Steps: [`space`] puts the operation's selections and the field sets of keys and requirements
//! into one form; [`search`] decides bottom-up which subgraph resolves which field; [`build`]
//! turns the decisions into fetches; [`passes`] merge and batch them; [`write`] writes their
//! documents. [`check`] proves a plan sound without them; [`explain`] and [`to_json`] show it.
//!
//! This crate knows no network, no variable's value and no clock.
//!
//! Invariants: the same graph, operation and options give the same plan to the byte; a plan never
//! looks at the values of variables, since the values of conditions were decided by binding;
//! response keys of the client never reach a subgraph, and internal aliases never the client.

mod build;
mod check;
mod explain;
mod model;
mod options;
mod passes;
mod search;
mod sets;
mod space;
mod write;

use std::sync::Arc;

use graph::Graph;
use operation::{Operation, SelectionSet};
use schema::OperationKind;

pub use check::check;
pub use explain::{explain, to_json};
pub use model::{Fetch, Input, Part, PathStep, Plan, Target, WireField, WireSet};
pub use options::{Options, PlanError};

/// Plans an operation.
///
/// # Errors
/// When a field can't be reached, or the work budget is spent.
pub fn plan(graph: &Graph, operation: &Operation, options: &Options) -> Result<Plan, PlanError> {
    let answer = answer(operation);
    let mut search = search::Search::new(graph, options);
    let mut groups = build::build(&mut search, operation, &answer)?;
    passes::merge::merge(&mut groups);
    let schema = graph.schema();
    let fetches = passes::batch::batch(&groups)
        .iter()
        .map(|request| write::fetch(schema, &groups, request, operation))
        .collect();
    Ok(Plan { kind: operation.kind, fetches, answer: Arc::new(answer) })
}

/// The client's selections. Mutation fields have effects, so that two with the same name and
/// arguments are two: there the response key is part of the key.
fn answer(operation: &Operation) -> SelectionSet {
    let mut answer = operation.selection.clone();
    if operation.kind == OperationKind::Mutation {
        for field in &mut answer.fields {
            if field.response_key != field.key {
                field.key = match field.key.strip_suffix(')') {
                    Some(open) => format!("{open} #{})", field.response_key),
                    None => format!("{}(#{})", field.key, field.response_key),
                };
            }
        }
    }
    answer
}

#[cfg(test)]
mod tests;
