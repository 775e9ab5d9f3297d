//! Definitions of directives: composed ones as their latest version has them, executable ones as
//! far as all subgraphs agree.

use std::collections::BTreeMap;

use sdl::Name;

use super::arguments;
use super::model::{Merged, MergedArgument, MergedDirective, MergedLink};
use super::source::{Merge, Place, Source};
use super::types::Direction;
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{DirectiveView, ForeignLink, View};

/// Adds the definitions and the links to the supergraph.
pub(super) fn merge(merge: &mut Merge<'_>, merged: &mut Merged) {
    composed(merge, merged);
    executable(merge, merged);
    merged.directives.sort_by(|a, b| a.name.cmp(&b.name));
}

/// That the links go together has been checked.
fn composed(merge: &mut Merge<'_>, merged: &mut Merged) {
    for (identity, links) in merge.views.composed() {
        let Some((_, link)) = links.iter().max_by_key(|(_, link)| link.version) else {
            continue;
        };
        let mut imports: Vec<(Name, Name)> = Vec::new();
        for import in links.iter().flat_map(|(_, link)| &link.directives) {
            if !imports.contains(import) {
                imports.push(import.clone());
            }
        }
        for (_, local) in &imports {
            merged.directives.extend(latest(merge, &links, (identity, link.version), local));
        }
        let (major, minor) = link.version;
        let url = format!("{identity}/v{major}.{minor}");
        merged.links.push(MergedLink { url, name: link.name.clone(), imports });
    }
}

/// The definition of a composed directive: that of the latest version, and of the last subgraph that
/// links it.
fn latest(
    merge: &mut Merge<'_>,
    links: &[(&View, &ForeignLink)],
    (identity, version): (&str, (u32, u32)),
    local: &Name,
) -> Option<MergedDirective> {
    let of_latest = || links.iter().filter(|(_, link)| link.version == version);
    if !of_latest().any(|(view, _)| view.directive_names.contains(local)) {
        let message =
            format!("Who links the latest version of {identity} does not define `@{local}`.");
        let labels = of_latest().map(|(view, link)| view.label(link.at, "the latest version"));
        merge.found.push(
            Diagnostic::new(Code::DirectiveCompositionError, message)
                .labels(labels)
                .help(format!("define `@{local}` there as well")),
        );
        return None;
    }
    // Whoever links that version, composing it or not.
    let linking = |view: &&View| {
        view.links.iter().any(|link| link.identity == identity && link.version == version)
    };
    let of_last =
        merge.views.all.iter().filter(linking).rev().find_map(|view| defined(view, local));
    let directive = of_last.or_else(|| links.iter().find_map(|(view, _)| defined(view, local)))?;
    for argument in directive.arguments.values() {
        merge.uses(&argument.ty, Direction::Input);
    }
    Some(definition(local, directive))
}

fn defined<'v>(view: &'v View, local: &Name) -> Option<&'v DirectiveView> {
    view.directives.get(local).or_else(|| view.linked.get(local))
}

fn definition(name: &Name, directive: &DirectiveView) -> MergedDirective {
    let arguments = directive.arguments.iter().map(|(name, argument)| MergedArgument {
        name: name.clone(),
        description: argument.description.clone(),
        ty: argument.ty.clone(),
        default: argument.default.clone(),
        applied: argument.marks.applied.clone(),
    });
    MergedDirective {
        name: name.clone(),
        description: directive.description.clone(),
        arguments: arguments.collect(),
        repeatable: directive.repeatable,
        locations: directive.locations.clone(),
    }
}

fn executable(merge: &mut Merge<'_>, merged: &mut Merged) {
    let mut by_name: BTreeMap<&Name, Vec<(&View, &DirectiveView)>> = BTreeMap::new();
    for view in merge.views.all {
        for (name, directive) in view.directives.iter().filter(|(_, d)| !d.composed) {
            by_name.entry(name).or_default().push((view, directive));
        }
    }
    for (name, sources) in by_name {
        if sources.len() < merge.views.all.len() {
            continue;
        }
        let mut directive = definition(name, sources[0].1);
        directive.locations.retain(|at| {
            at.is_executable() && sources.iter().all(|(_, other)| other.locations.contains(at))
        });
        directive.repeatable = sources.iter().all(|(_, other)| other.repeatable);
        if directive.locations.is_empty() {
            continue;
        }
        let at = format!("@{name}");
        let place = Place { ty: &at, field: "", argument: None };
        let all =
            sources.iter().map(|(view, item)| Source { graph: view.graph, view, item: *item });
        directive.arguments = arguments::merge(merge, place, &all.collect::<Vec<_>>());
        merged.directives.push(directive);
    }
}
