//! Definitions of directives: composed ones as their latest version has them, executable ones as
//! far as all subgraphs agree.

use std::collections::BTreeMap;

use sdl::Name;

use super::model::{Merged, MergedArgument, MergedDirective, MergedLink};
use super::source::Merge;
use super::types::{self, Direction};
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{DirectiveView, ForeignLink, View};

/// Adds the definitions and the links to the supergraph.
pub(super) fn merge(merge: &mut Merge<'_>, merged: &mut Merged) {
    composed(merge, merged);
    executable(merge, merged);
    merged.directives.sort_by(|a, b| a.name.cmp(&b.name));
}

fn composed(merge: &mut Merge<'_>, merged: &mut Merged) {
    let mut by_identity: BTreeMap<&str, Vec<(&View, &ForeignLink)>> = BTreeMap::new();
    for view in merge.views.all {
        for link in &view.composed {
            by_identity.entry(&link.identity).or_default().push((view, link));
        }
    }
    for (identity, links) in by_identity {
        let first = links[0].1;
        let labels = || links.iter().map(|(view, link)| view.label(link.at, "linked here"));
        if links.iter().any(|(_, link)| link.version.0 != first.version.0) {
            let message = format!("The subgraphs link different major versions of {identity}.");
            merge.found.push(
                Diagnostic::new(Code::DirectiveCompositionError, message)
                    .labels(labels())
                    .help("link the same major version everywhere"),
            );
            continue;
        }
        let Some((latest, link)) = links.iter().max_by_key(|(_, link)| link.version) else {
            continue;
        };
        let mut imports: Vec<(Name, Name)> = Vec::new();
        for (name, local) in links.iter().flat_map(|(_, link)| &link.directives) {
            let import = (name.clone(), local.clone());
            if imports.contains(&import) {
                continue;
            }
            if imports.iter().any(|(known, _)| known == name) {
                let message =
                    format!("`@{name}` of {identity} has different names in different subgraphs.");
                merge.found.push(
                    Diagnostic::new(Code::LinkImportNameMismatch, message)
                        .labels(labels())
                        .help(format!("import `@{name}` under the same name everywhere")),
                );
                continue;
            }
            imports.push(import);
        }
        for (_, local) in &imports {
            let defining = std::iter::once(latest).chain(links.iter().map(|(view, _)| view));
            let mut defining = defining.filter_map(|view| view.directives.get(local));
            if let Some(directive) = defining.next() {
                for argument in directive.arguments.values() {
                    merge.uses(&argument.ty, Direction::Input);
                }
                merged.directives.push(definition(local, directive));
            }
        }
        let (major, minor) = link.version;
        let url = format!("{identity}/v{major}.{minor}");
        merged.links.push(MergedLink { url, name: link.name.clone(), imports });
    }
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
        let mut mismatched = Vec::new();
        directive.arguments.retain_mut(|argument| {
            let all: Option<Vec<_>> =
                sources.iter().map(|(_, d)| d.arguments.get(&argument.name)).collect();
            let Some(all) = all else { return false };
            let types: Vec<_> = all.iter().map(|argument| &argument.ty).collect();
            let ty = types::merge(merge.views, &types, Direction::Input);
            if ty.is_none() {
                let place = format!("@{name}({}:)", argument.name);
                let labels = sources.iter().zip(&all).map(|((view, _), argument)| {
                    view.label(argument.at, format!("`{}` here", argument.ty))
                });
                mismatched.push(
                    Diagnostic::new(
                        Code::FieldArgumentTypeMismatch,
                        format!("The types of `{place}` in different subgraphs do not go together."),
                    )
                    .labels(labels)
                    .help(format!("give `{place}` the same type in all subgraphs")),
                );
            }
            ty.is_some_and(|ty| {
                argument.ty = ty;
                true
            })
        });
        merge.found.append(&mut mismatched);
        for argument in &directive.arguments {
            merge.uses(&argument.ty, Direction::Input);
        }
        merged.directives.push(directive);
    }
}
