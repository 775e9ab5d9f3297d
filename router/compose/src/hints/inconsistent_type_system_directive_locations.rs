//! `INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_LOCATIONS`: a composed directive that may stand on different
//! places in different subgraphs.

use sdl::Location;

use super::element::{One, Place};
use super::sides::few;
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::DirectiveView;

/// Told of a directive that `@composeDirective` keeps.
pub(super) fn check(place: Place<'_>, all: &[One<'_, DirectiveView>], out: &mut Vec<Diagnostic>) {
    let Some(first) = all.first() else { return };
    let same = |one: &One<'_, DirectiveView>| {
        let (ours, theirs) = (&first.item.locations, &one.item.locations);
        ours.len() == theirs.len() && ours.iter().all(|at| theirs.contains(at))
    };
    if all.iter().all(same) {
        return;
    }
    let message = format!("`{place}` may stand on different places in different subgraphs.");
    let written = |at: &Location| at.to_string();
    let text = |one: &One<'_, DirectiveView>| {
        let places: Vec<_> = one.item.locations.iter().map(written).collect();
        format!("on {} here", places.join(" | "))
    };
    let labels = all.iter().map(|one| one.label(text(one)));
    let help = format!("allow `{place}` on the same places in all subgraphs");
    let code = Code::InconsistentTypeSystemDirectiveLocations;
    out.push(Diagnostic::new(code, message).labels(few(labels)).help(help));
}
