//! The cheapest sound way to answer an operation.
//!
//! In come a [`Graph`] and an [`Operation`]; out comes a [`Plan`]: requests to subgraphs, what each
//! waits for, and how their answers become the client's.
//!
//! Steps: [`space`] puts the operation's selections and the field sets of keys and requirements
//! into one form; [`search`] decides bottom-up which subgraph resolves which field; [`build`]
//! turns the decisions into fetches; [`passes`] merge and batch them; [`write`] writes their
//! documents. [`best`] looks for other decisions whose finished plan has a lower [`price`].
//! [`check`] proves a plan sound without them; [`explain`] and [`to_json`] show it, an
//! [`Explanation`] says what it costs and why it is so: [`estimate`] what each request carries,
//! [`schedule`] where the time goes, [`alternatives`] what another choice would cost. [`Hints`] take choices away.
//!
//! This crate knows no network, no variable's value and no clock.
//!
//! Invariants: the same graph, operation and options give the same plan to the byte; a plan never
//! looks at the values of variables, since the values of conditions were decided by binding;
//! response keys of the client never reach a subgraph, and internal aliases never the client.

mod alternatives;
mod best;
mod brings;
mod build;
mod check;
mod estimate;
mod explain;
mod explanation;
mod hints;
mod maps;
mod minify;
mod model;
mod options;
mod passes;
mod price;
mod repeat;
mod schedule;
mod search;
mod sets;
mod share;
mod space;
mod weights;
mod write;

use std::sync::Arc;

use graph::Graph;
use operation::{Operation, SelectionSet};
use schema::OperationKind;

use maps::HashMap;

pub use alternatives::Alternative;
pub use check::check;
pub use estimate::{Estimate, Sizes, price_of};
pub use explain::{explain, to_json};
pub use explanation::{Actual, Explanation, Observed};
pub use hints::{Hints, Written};
pub use minify::minified;
pub use model::{Context, Fetch, Input, Part, PathStep, Plan, Target, WireField, WireSet};
pub use options::{Options, PlanError};
pub use price::{Price, price};
pub use repeat::{Repeats, suffix};
pub use schedule::ASSUMED;
pub use weights::Weights;

/// Plans an operation.
///
/// # Errors
/// When a field can't be reached, or the work budget is spent.
pub fn plan(graph: &Graph, operation: &Operation, options: &Options) -> Result<Plan, PlanError> {
    let answer = answer(operation);
    let best = best::best(graph, operation, &answer, options)?;
    Ok(Plan {
        kind: operation.kind,
        fetches: best.fetches,
        answer,
        optimal: best.gap == 0,
        gap: best.gap,
    })
}

/// Plans an operation by hints, or without them where they leave no way to a field: a hint never
/// makes an operation fail. The second value says whether they were left out, and why.
///
/// # Errors
/// As [`plan`] has them.
pub fn plan_by_hints(
    graph: &Graph,
    operation: &Operation,
    options: &Options,
) -> Result<(Plan, Option<PlanError>), PlanError> {
    match plan(graph, operation, options) {
        Err(error @ (PlanError::Unreachable { .. } | PlanError::Disabled { .. }))
            if !options.avoided.is_empty() =>
        {
            let without = Options { avoided: Vec::new(), ..options.to_owned() };
            Ok((plan(graph, operation, &without)?, Some(error)))
        }
        planned => planned.map(|plan| (plan, None)),
    }
}

/// The client's selections, with keys of the merged answer that keep apart what must not be one.
/// Mutation fields have effects, so that two with the same name and arguments are two. Elsewhere
/// two aliases of an object would share its nulls: one that goes up below the one is not the
/// other's.
fn answer(operation: &Operation) -> Arc<SelectionSet> {
    if operation.kind != OperationKind::Mutation && is_apart(&operation.selection) {
        return Arc::clone(&operation.selection);
    }
    let mut answer = SelectionSet::clone(&operation.selection);
    keep_apart(&mut answer);
    if operation.kind == OperationKind::Mutation {
        for field in &mut answer.fields {
            let named = field.key.contains('#');
            if field.response_key != field.key && !named {
                field.key = with_alias(&field.key, &field.response_key);
            }
        }
    }
    Arc::new(answer)
}

/// So many fields are found faster by looking at each of them.
const FEW: usize = 12;

/// The fields of composite types that have other aliases than the first of their key.
fn aliased_again(set: &SelectionSet) -> Vec<usize> {
    let composite = || set.fields.iter().enumerate().filter(|(_, field)| field.selection.is_some());
    let count = composite().count();
    let mut first: HashMap<&str, &str> = HashMap::default();
    let mut again = Vec::new();
    for (at, field) in composite().skip(usize::from(count <= FEW)) {
        let alias = match count {
            0..=FEW => composite()
                .find(|(_, other)| other.key == field.key)
                .map_or(&*field.response_key, |(_, other)| &other.response_key),
            _ => first.entry(&field.key).or_insert(&field.response_key),
        };
        if alias != field.response_key {
            again.push(at);
        }
    }
    again
}

/// Whether nothing is to be kept apart.
fn is_apart(set: &SelectionSet) -> bool {
    let mut below = set.fields.iter().filter_map(|field| field.selection.as_ref());
    aliased_again(set).is_empty() && below.all(is_apart)
}

/// Of several aliases for one field of a composite type, the first keeps its key.
fn keep_apart(set: &mut SelectionSet) {
    for at in aliased_again(set) {
        let field = &mut set.fields[at];
        field.key = with_alias(&field.key, &field.response_key);
    }
    set.fields.iter_mut().filter_map(|field| field.selection.as_mut()).for_each(keep_apart);
}

/// A key with an alias in it; the field's name still stands before the parenthesis.
fn with_alias(key: &str, alias: &str) -> String {
    match key.strip_suffix(')') {
        Some(open) => format!("{open} #{alias})"),
        None => format!("{key}(#{alias})"),
    }
}

#[cfg(test)]
mod tests;
