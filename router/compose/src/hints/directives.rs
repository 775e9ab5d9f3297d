//! Asks the rules about definitions of directives: those for operations, and those that
//! `@composeDirective` keeps.

use sdl::Location;

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
        match left_out(&executable, views) {
            Some(Why::Missing) => {
                inconsistent_executable_directive_presence::told(place, &executable, views, out);
                continue;
            }
            Some(Why::Nowhere) => {
                no_executable_directive_intersection::told(place, &executable, views, out);
                continue;
            }
            None => {}
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

/// Why clients can't use a directive.
enum Why {
    /// A subgraph doesn't define it.
    Missing,
    /// It can stand nowhere that all subgraphs allow.
    Nowhere,
}

/// The first reason, in the order of subgraphs.
fn left_out(all: &[One<'_, DirectiveView>], views: &[View]) -> Option<Why> {
    let first = all.first()?;
    let mut shared: Vec<Location> = first.item.locations.clone();
    shared.retain(|at| at.is_executable());
    let mut having = all.iter().peekable();
    for view in views {
        match having.next_if(|one| one.view.graph == view.graph) {
            Some(one) => shared.retain(|at| one.item.locations.contains(at)),
            // It is there, but for schemas alone.
            None if view.directive_names.contains(first.name) => shared.clear(),
            None => return Some(Why::Missing),
        }
        if shared.is_empty() {
            return Some(Why::Nowhere);
        }
    }
    None
}
