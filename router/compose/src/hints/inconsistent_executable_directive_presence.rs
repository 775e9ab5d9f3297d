//! `INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE`: a directive for operations that not every subgraph
//! defines.

use sdl::Spot;

use super::element::{One, Place};
use super::sides::{few, subgraphs};
use crate::diagnostic::{Code, Diagnostic, names};
use crate::subgraph::{DirectiveView, View};

/// Told of a directive that is left out.
pub(super) fn told(
    place: Place<'_>,
    all: &[One<'_, DirectiveView>],
    views: &[View],
    out: &mut Vec<Diagnostic>,
) {
    let mut having = all.iter().map(|one| one.view.graph).peekable();
    let without: Vec<&View> =
        views.iter().filter(|view| having.next_if_eq(&view.graph).is_none()).collect();
    let here = subgraphs(all);
    let there = names(without.iter().map(|view| view.name.as_str()));
    let message = format!("Clients can't use `{place}`: it is in {here}, but not in {there}.");
    let labels = few(all.iter().map(|one| one.label("defined here")));
    let missing =
        without.iter().map(|view| view.label(Spot::default(), "the directive is missing here"));
    let help = format!("define `{place}` in {there} too, or remove it from {here}");
    let code = Code::InconsistentExecutableDirectivePresence;
    out.push(Diagnostic::new(code, message).labels(labels).labels(few(missing)).help(help));
}
