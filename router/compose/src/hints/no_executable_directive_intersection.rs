//! `NO_EXECUTABLE_DIRECTIVE_INTERSECTION`: a directive for operations that can stand nowhere that
//! all subgraphs allow.

use super::element::{One, Place, listed};
use super::sides::few;
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::DirectiveView;

/// Told of a directive that is left out; whether it is.
pub(super) fn check(
    place: Place<'_>,
    all: &[One<'_, DirectiveView>],
    out: &mut Vec<Diagnostic>,
) -> bool {
    let Some(first) = all.first() else { return false };
    let mut locations = first.item.locations.iter().filter(|at| at.is_executable());
    if locations.any(|at| all.iter().all(|one| one.item.locations.contains(at))) {
        return false;
    }
    let message = format!("Clients can't use `{place}`: no place for it is allowed everywhere.");
    let labels = all.iter().map(|one| one.label(format!("on {} here", listed(one.item))));
    let help = format!("allow `{place}` on the same places in all subgraphs");
    let code = Code::NoExecutableDirectiveIntersection;
    out.push(Diagnostic::new(code, message).labels(few(labels)).help(help));
    true
}
