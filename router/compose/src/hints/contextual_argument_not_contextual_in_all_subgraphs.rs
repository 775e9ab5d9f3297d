//! `CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS`: an argument that one subgraph takes from
//! a context and another from clients.

use super::element::{One, Place};
use super::sides::{some_have, subgraphs};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::subgraph::ArgumentView;

const WHY: &str = "the router fills the value in for one subgraph, so that clients have none to give \
                   to the other; there, the argument is never given";

/// Told of an argument that some subgraph takes from a context.
pub(super) fn check(place: Place<'_>, all: &[One<'_, ArgumentView>], out: &mut Vec<Diagnostic>) {
    let (with, without): (Vec<_>, Vec<_>) =
        all.iter().copied().partition(|one| one.item.from_context.is_some());
    if without.is_empty() {
        return;
    }
    let (here, there) = (subgraphs(&with), subgraphs(&without));
    let message =
        format!("Clients can't give `{place}`: it comes from a context in {here}, not in {there}.");
    let help = format!("remove the argument `{}` from {there}", place.name());
    let sides = ((with.as_slice(), "from a context here"), (without.iter(), "left out"));
    let code = Code::ContextualArgumentNotContextualInAllSubgraphs;
    out.push(
        some_have(code, message, sides.0, sides.1).weight(Severity::Info).note(WHY).help(help),
    );
}
