//! Input types: the fields that all subgraphs have.

use super::applied;
use super::arguments::{Defaults, default};
use super::model::{JoinField, Joins, MergedField, Said};
use super::source::{FieldSource, Merge, Place, Source, description, mend_missing};
use super::types::{self, Direction};
use crate::diagnostic::{Code, Diagnostic, Label};
use crate::maps::IndexSet;
use crate::subgraph::TypeView;

/// The fields of an input type.
pub(super) fn merge(
    merge: &mut Merge<'_>,
    name: &str,
    sources: &[Source<'_, TypeView>],
) -> Vec<MergedField> {
    let names: IndexSet<&sdl::Name> = sources.iter().flat_map(|s| s.item.fields.keys()).collect();
    let any = !names.is_empty();
    let shared = names.iter().any(|name| {
        let mut having = sources.iter().filter_map(|source| source.item.fields.get(*name));
        let everywhere = having.clone().count() == sources.len();
        everywhere || having.any(|field| field.marks.inaccessible)
    });
    let fields: Vec<MergedField> =
        names.into_iter().filter_map(|field| one(merge, name, field, sources)).collect();
    if any && !shared {
        let message = format!("No field of the input type `{name}` is in all of its subgraphs.");
        let labels = sources.iter().map(|source| source.label(source.item.at, "defined here"));
        merge.found.push(
            Diagnostic::new(Code::EmptyMergedInputType, message)
                .labels(labels)
                .help(format!("let the subgraphs that define `{name}` share at least one field")),
        );
    }
    fields
}

fn one(
    merge: &mut Merge<'_>,
    ty: &str,
    name: &str,
    types: &[Source<'_, TypeView>],
) -> Option<MergedField> {
    let sources: Vec<FieldSource<'_>> = types
        .iter()
        .filter_map(|source| {
            let item = source.item.fields.get(name)?;
            Some(Source { graph: source.graph, view: source.view, item })
        })
        .collect();
    let place = Place { ty, field: name, argument: None };
    let everywhere = sources.len() == types.len();
    // What clients don't see, they can't send to the wrong subgraph.
    let kept = everywhere || sources.iter().any(|source| source.item.marks.inaccessible);
    // A field that is left out has to go together all the same.
    if !kept {
        missing(merge, place, &sources, types);
    }
    let default = merge_default(merge, place, &sources);
    let all: Vec<&sdl::Type> = sources.iter().map(|source| &source.item.ty).collect();
    let Some(merged) = types::merge(merge.views, &all, Direction::Input) else {
        let message = format!("The types of `{place}` in different subgraphs do not go together.");
        merge.found.push(
            Diagnostic::new(Code::FieldTypeMismatch, message)
                .labels(labels(&sources))
                .help(format!("give `{place}` the same type in all subgraphs")),
        );
        return None;
    };
    merge.uses(&merged, Direction::Input);
    if !kept {
        return None;
    }
    let description = description(sources.iter().map(|source| source.item.description.as_ref()));
    Some(MergedField {
        name: sdl::Name::new(name),
        description,
        arguments: Vec::new(),
        default,
        joins: joins(&merged, &sources, everywhere),
        applied: applied::merge(
            &merge.once,
            sources.iter().map(|source| (source.graph, &source.item.marks)),
        ),
        ty: merged,
    })
}

fn merge_default(
    merge: &mut Merge<'_>,
    place: Place<'_>,
    sources: &[FieldSource<'_>],
) -> Option<sdl::Value> {
    let defaults: Vec<Option<&sdl::Value>> =
        sources.iter().map(|source| source.item.default.as_ref()).collect();
    match default(&defaults) {
        Defaults::Agreed(default) => default.cloned(),
        Defaults::Some => None,
        Defaults::Differ => {
            let message = format!("`{place}` has different defaults in different subgraphs.");
            merge.found.push(
                Diagnostic::new(Code::InputFieldDefaultMismatch, message)
                    .labels(labels(sources))
                    .help(format!("give `{place}` the same default in all of them, or none")),
            );
            None
        }
    }
}

fn joins(merged: &sdl::Type, sources: &[FieldSource<'_>], everywhere: bool) -> Joins {
    let differ = sources.iter().any(|source| source.item.ty != *merged);
    if everywhere && !differ {
        return Joins::All;
    }
    let join = |source: &FieldSource<'_>| {
        let ty = differ.then(|| source.item.ty.to_string());
        JoinField::new(source.graph, false, Said { ty, ..Said::NOTHING })
    };
    Joins::Some(sources.iter().map(join).collect())
}

fn labels(sources: &[FieldSource<'_>]) -> Vec<Label> {
    let label = |source: &FieldSource<'_>| {
        let default = source.item.default.as_ref().map(|value| format!(" = {value}"));
        let text = format!("`{}{}` here", source.item.ty, default.unwrap_or_default());
        source.label(source.item.at, text)
    };
    sources.iter().map(label).collect()
}

/// An input field that only some subgraphs have: the others would refuse it.
fn missing(
    merge: &mut Merge<'_>,
    place: Place<'_>,
    sources: &[FieldSource<'_>],
    types: &[Source<'_, TypeView>],
) {
    let required =
        |source: &&FieldSource<'_>| source.item.ty.is_non_null() && source.item.default.is_none();
    let Some(first) = sources.iter().find(required) else { return };
    let without = types.iter().filter(|ty| sources.iter().all(|source| source.graph != ty.graph));
    let lacking: Vec<Label> =
        without.clone().map(|ty| ty.label(ty.item.at, "the field is missing here")).collect();
    let help = mend_missing(
        &format!("{}: {}", place.field, first.item.ty),
        place.ty,
        without.map(|ty| ty.view.name.as_str()),
        sources.iter().filter(required).map(|source| source.view.name.as_str()),
    );
    let message = format!("`{place}` is required in some subgraphs and missing in others.");
    merge.found.push(
        Diagnostic::new(Code::RequiredInputFieldMissingInSomeSubgraph, message)
            .help(help)
            .labels(labels(sources))
            .labels(lacking),
    );
}
