//! Fields of objects and interfaces.

use super::model::{JoinField, Joins, MergedField, Said};
use super::source::{FieldSource, Merge, Place, Source, description};
use super::types::{self, Direction};
use super::{applied, arguments, external};
use crate::diagnostic::{Code, Diagnostic};
use crate::maps::IndexMap;
use crate::subgraph::from_context::split;
use crate::subgraph::{Kind, TypeView};

/// The fields of a type, in the order of the first subgraph that has each.
pub(super) fn merge(
    merge: &mut Merge<'_>,
    name: &str,
    sources: &[Source<'_, TypeView>],
) -> Vec<MergedField> {
    // In one pass over the subgraphs: each of them has its own fields of the query root.
    let mut fields: IndexMap<&sdl::Name, Vec<FieldSource<'_>>> = IndexMap::default();
    for Source { graph, view, item } in sources.iter().copied() {
        for (name, item) in &item.fields {
            // Most fields are of one subgraph.
            let all = fields.entry(name).or_insert_with(|| Vec::with_capacity(1));
            all.push(Source { graph, view, item });
        }
    }
    fields.into_iter().filter_map(|(field, all)| one(merge, (name, field), sources, &all)).collect()
}

fn one(
    merge: &mut Merge<'_>,
    (ty, name): (&str, &sdl::Name),
    types: &[Source<'_, TypeView>],
    all: &[FieldSource<'_>],
) -> Option<MergedField> {
    let place = Place { ty, field: name, argument: None };
    let mut resolved: Vec<FieldSource<'_>> =
        all.iter().filter(|source| !source.item.external).copied().collect();
    if resolved.is_empty() {
        if !merge.views.is_stood_in(ty, name) {
            if types.iter().any(|source| source.item.is_object()) {
                external::missing(merge, place, all);
            }
            return None;
        }
        resolved = all.to_vec();
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
        name: name.clone(),
        description,
        arguments,
        default: None,
        joins: joins(merge, (ty, &merged), types, all),
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
        let mut said = Said {
            ty: differ.then(|| field.ty.to_string()),
            requires: text(field.requires.as_deref()),
            provides: text(field.provides.as_deref()),
            ..Said::NOTHING
        };
        match merge.overrides.label(&source.view.name, ty, &field.name) {
            Some(None) => {
                if !is_used(merge, source, ty) {
                    continue;
                }
                said.used_overridden = true;
                said.requires = None;
            }
            Some(Some(label)) => {
                said.override_label = Some(sdl::Name::new(label));
                said.used_overridden = is_used(merge, source, ty);
            }
            None => {}
        }
        if let Some(overrides) = &field.overrides {
            said.overrides = Some(overrides.from.clone());
            said.override_label = merge.views.label(ty, field).cloned().or(said.override_label);
        }
        said.context_arguments = contexts(source);
        joins.push(JoinField::new(source.graph, field.external, said));
    }
    // An override of a field that nobody has besides says nothing.
    let plain = |join: &JoinField| {
        let overrides = join.said().overrides.clone();
        !join.external && *join.said() == Said { overrides, ..Said::NOTHING }
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
