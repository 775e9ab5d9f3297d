//! `NO_EXECUTABLE_DIRECTIVE_INTERSECTION`: a directive for operations that can stand nowhere that
//! all subgraphs allow.

use sdl::Spot;

use super::element::{One, Place, listed};
use super::sides::few;
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{DirectiveView, View};

/// Told of a directive that is left out.
pub(super) fn told(
    place: Place<'_>,
    all: &[One<'_, DirectiveView>],
    views: &[View],
    out: &mut Vec<Diagnostic>,
) {
    let message = format!("Clients can't use `{place}`: no place for it is allowed everywhere.");
    let labels = all.iter().map(|one| one.label(format!("on {} here", listed(one.item))));
    let mut having = all.iter().map(|one| one.view.graph).peekable();
    let others = views.iter().filter(|view| having.next_if_eq(&view.graph).is_none());
    let others = others.map(|view| view.label(Spot::default(), "no directive for operations here"));
    let help = format!("allow `{place}` on the same places in all subgraphs");
    let code = Code::NoExecutableDirectiveIntersection;
    out.push(Diagnostic::new(code, message).labels(few(labels)).labels(few(others)).help(help));
}
