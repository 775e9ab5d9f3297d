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
mod passes;
mod search;
mod space;
mod write;

use std::num::NonZeroU64;
use std::sync::Arc;

use graph::Graph;
use operation::{Operation, SelectionSet};
use schema::OperationKind;

pub use check::check;
pub use explain::{explain, to_json};
pub use model::{Fetch, Input, Part, PathStep, Plan, Target, WireField, WireSet};

/// What planning may assume and how long it may take.
#[derive(Clone, Debug)]
pub struct Options {
    /// The labels of progressive overrides that count for this request; sorted.
    pub override_labels: Vec<String>,
    /// How many units of work the search may use.
    pub work_budget: NonZeroU64,
}

impl Default for Options {
    fn default() -> Self {
        let work_budget = const { NonZeroU64::new(2_000_000).expect("not zero") };
        Self { override_labels: Vec::new(), work_budget }
    }
}

/// Why an operation can't be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A field can't be reached: the supergraph was not proven satisfiable.
    #[error("no subgraph can answer `{coordinate}` here: {reason}")]
    Unreachable {
        /// `Type.field`
        coordinate: String,
        /// Why, in one sentence.
        reason: String,
    },
    /// The operation needs more work than allowed.
    #[error("the operation is too complex to plan: it needs more than {budget} units of work")]
    TooComplex {
        /// The budget in units of work.
        budget: u64,
    },
}

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
