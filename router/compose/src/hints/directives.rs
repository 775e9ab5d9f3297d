//! Asks the rules about definitions of directives: those for operations, and those that
//! `@composeDirective` keeps.

use super::arguments;
use super::element::{One, Place, groups};
use super::{
    inconsistent_description, inconsistent_executable_directive_locations,
    inconsistent_executable_directive_presence, inconsistent_executable_directive_repeatable,
    inconsistent_type_system_directive_locations, inconsistent_type_system_directive_repeatable,
    no_executable_directive_intersection,
};
use crate::diagnostic::Diagnostic;
use crate::merge::{Merged, MergedDirective};
use crate::subgraph::{DirectiveView, View};

/// Every directive that is defined in any subgraph.
pub(super) fn check(
    views: &[View],
    merged: &Merged,
    once: &super::applied::Once<'_>,
    out: &mut Vec<Diagnostic>,
) {
    let mut all: Vec<One<'_, DirectiveView>> = Vec::new();
    for view in views {
        let of = view.directives.iter();
        all.extend(of.map(|(name, item)| One { name, view, item }));
    }
    all.sort_by(|a, b| a.name.cmp(b.name).then(a.view.graph.cmp(&b.view.graph)));
    for group in groups(&all) {
        let place = Place::Directive(group[0].name);
        let (composed, executable): (Vec<_>, Vec<_>) =
            group.iter().copied().partition(|one| one.item.composed);
        inconsistent_type_system_directive_repeatable::check(place, &composed, out);
        inconsistent_type_system_directive_locations::check(place, &composed, out);
        if executable.is_empty() || !composed.is_empty() {
            continue;
        }
        if inconsistent_executable_directive_presence::check(place, &executable, views, out)
            || no_executable_directive_intersection::check(place, &executable, out)
        {
            continue;
        }
        inconsistent_executable_directive_repeatable::check(place, &executable, out);
        inconsistent_executable_directive_locations::check(place, &executable, out);
        inconsistent_description::check(place, &executable, out);
        let name = group[0].name;
        let find = |directive: &&MergedDirective| directive.name == *name;
        let directive = merged.directives.iter().find(find);
        let known = directive.map_or(&[][..], |directive| &directive.arguments);
        arguments::check(place, &executable, |directive| &directive.arguments, known, once, out);
    }
}
