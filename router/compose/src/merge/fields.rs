//! Fields of objects and interfaces.

use super::model::{JoinField, Joins, MergedField};
use super::source::{FieldSource, Merge, Place, Source, description};
use super::types::{self, Direction};
use super::{applied, arguments, external};
use crate::diagnostic::{Code, Diagnostic};
use crate::maps::IndexSet;
use crate::subgraph::from_context::split;
use crate::subgraph::{Kind, TypeView};

/// The fields of a type, in the order of the first subgraph that has each.
pub(super) fn merge(
    merge: &mut Merge<'_>,
    name: &str,
    sources: &[Source<'_, TypeView>],
) -> Vec<MergedField> {
    let names: IndexSet<&sdl::Name> = sources.iter().flat_map(|s| s.item.fields.keys()).collect();
    names.into_iter().filter_map(|field| one(merge, name, field, sources)).collect()
}

fn one(
    merge: &mut Merge<'_>,
    ty: &str,
    name: &str,
    types: &[Source<'_, TypeView>],
) -> Option<MergedField> {
    let all: Vec<FieldSource<'_>> = types
        .iter()
        .filter_map(|source| {
            let item = source.item.fields.get(name)?;
            Some(Source { graph: source.graph, view: source.view, item })
        })
        .collect();
    let place = Place { ty, field: name, argument: None };
    let mut resolved: Vec<FieldSource<'_>> =
        all.iter().filter(|source| !source.item.external).copied().collect();
    if resolved.is_empty() {
        if !merge.views.is_stood_in(ty, name) {
            if types.iter().any(|source| source.item.is_object()) {
                external::missing(merge, place, &all);
            }
            return None;
        }
        resolved.clone_from(&all);
    }
    let arguments = arguments::merge(merge, place, &resolved);
    let merged = merge_type(merge, place, &resolved);
    if resolved.len() < all.len() {
        let (ty, sources) = (merged.as_ref().unwrap_or(&resolved[0].item.ty), &resolved[..]);
        let resolved = external::Resolved { place, ty, arguments: &arguments, sources };
        for external in all.iter().filter(|source| source.item.external) {
            resolved.compare(merge, external);
        }
    }
    let merged = merged?;
    merge.uses(&merged, Direction::Output);
    let description = description(resolved.iter().map(|source| source.item.description.as_ref()));
    let marks = resolved.iter().map(|source| (source.graph, &source.item.marks));
    Some(MergedField {
        name: sdl::Name::new(name),
        description,
        arguments,
        default: None,
        joins: joins(merge, (ty, &merged), types, &all),
        applied: applied::merge(&merge.once, marks),
        ty: merged,
    })
}

fn merge_type(
    merge: &mut Merge<'_>,
    place: Place<'_>,
    sources: &[FieldSource<'_>],
) -> Option<sdl::Type> {
    let types: Vec<_> = sources.iter().map(|source| &source.item.ty).collect();
    let merged = types::merge(merge.views, &types, Direction::Output);
    if merged.is_none() {
        let label = |source: &FieldSource<'_>| {
            source.label(source.item.at, format!("of type `{}` here", source.item.ty))
        };
        let message = format!("The types of `{place}` in different subgraphs do not go together.");
        merge.found.push(
            Diagnostic::new(Code::FieldTypeMismatch, message)
                .labels(sources.iter().map(label))
                .help(format!("give `{place}` the same type in all subgraphs")),
        );
    }
    merged
}

/// Who joins in a field.
fn joins(
    merge: &mut Merge<'_>,
    (ty, merged): (&str, &sdl::Type),
    types: &[Source<'_, TypeView>],
    all: &[FieldSource<'_>],
) -> Joins {
    let mut joins = Vec::with_capacity(all.len());
    // Where the types differ, each is told.
    let differ = all.iter().any(|source| source.item.ty != *merged);
    for source in all {
        let field = source.item;
        let mut join = JoinField {
            graph: source.graph,
            ty: differ.then(|| field.ty.to_string()),
            requires: text(field.requires.as_deref()),
            provides: text(field.provides.as_deref()),
            external: field.external,
            ..JoinField::default()
        };
        match merge.overrides.label(&source.view.name, ty, &field.name) {
            Some(None) => {
                if !is_used(merge, source, ty) {
                    continue;
                }
                join.used_overridden = true;
                join.requires = None;
            }
            Some(Some(label)) => {
                join.override_label = Some(sdl::Name::new(label));
                join.used_overridden = is_used(merge, source, ty);
            }
            None => {}
        }
        if let Some(overrides) = &field.overrides {
            join.overrides = Some(overrides.from.clone());
            join.override_label = merge.views.label(ty, field).cloned().or(join.override_label);
        }
        join.context_arguments = contexts(source);
        joins.push(join);
    }
    // An override of a field that nobody has besides says nothing.
    let plain = |join: &JoinField| {
        let overrides = join.overrides.clone();
        *join == JoinField { graph: join.graph, overrides, ..JoinField::default() }
    };
    // Every subgraph joins the query root, so there a field that all have is one that all subgraphs have.
    let joined = if ty == "Query" { merge.views.all.len() } else { types.len() };
    if joins.len() == joined && joins.iter().all(plain) {
        return Joins::All;
    }
    Joins::Some(joins)
}

fn text(set: Option<&crate::subgraph::FieldsArgument>) -> Option<String> {
    set.and_then(|set| set.text.as_deref()).map(str::to_owned)
}

/// Whether an overridden field is still needed where it was, for a field set or an interface.
fn is_used(merge: &mut Merge<'_>, source: &FieldSource<'_>, ty: &str) -> bool {
    let name = &source.item.name;
    let interfaces = source.view.types.get(ty).map_or(&[][..], |ty| &ty.implements);
    let by_interface = interfaces.iter().any(|interface| {
        let interface = source.view.types.get(interface);
        interface.is_some_and(|ty| ty.kind == Kind::Interface && ty.fields.contains_key(name))
    });
    by_interface || merge.is_used(source.graph, ty, name)
}

/// The arguments that come from contexts, as the supergraph tells them.
fn contexts(source: &FieldSource<'_>) -> Vec<[String; 4]> {
    let arguments = source.item.arguments.iter();
    arguments
        .filter_map(|(name, argument)| {
            let (context, selection) = split(argument.from_context.as_deref()?)?;
            let context = format!("{}__{context}", source.view.name);
            Some([context, name.to_string(), argument.ty.to_string(), selection.to_owned()])
        })
        .collect()
}
