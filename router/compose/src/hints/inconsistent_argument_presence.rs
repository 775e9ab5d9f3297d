//! `INCONSISTENT_ARGUMENT_PRESENCE`: an optional argument that not every subgraph with the field or
//! directive has.

use super::element::{Item, One, Place, lacking};
use super::sides::{some_have, subgraphs};
use crate::diagnostic::{Code, Diagnostic, names};
use crate::subgraph::ArgumentView;

/// Told of each argument that is left out.
pub(super) fn check<O: Item>(
    place: Place<'_>,
    owners: &[One<'_, O>],
    having: &[One<'_, ArgumentView>],
    out: &mut Vec<Diagnostic>,
) {
    let without = lacking(owners, having);
    let here = subgraphs(having);
    let there = names(without.clone().map(|one| one.view.name.as_str()));
    let message = format!("Clients can't give `{place}`: it is in {here}, but not in {there}.");
    let help = format!("add the argument `{}` in {there}, or remove it from {here}", place.name());
    let (having, without) = ((having, "defined here"), (without, "the argument is missing here"));
    let code = Code::InconsistentArgumentPresence;
    out.push(some_have(code, message, having, without).help(help));
}
