//! Arguments: those that all subgraphs have, as strict as the strictest.

use super::applied;
use super::model::MergedArgument;
use super::source::{Merge, Place, Source, description, mend_missing};
use super::types::{self, Direction};
use super::values::is_same;
use crate::diagnostic::{Code, Diagnostic};
use crate::maps::{IndexMap, IndexSet};
use crate::subgraph::{ArgumentView, DirectiveView, FieldView};

/// An argument as one subgraph has it.
type ArgumentSource<'a> = Source<'a, ArgumentView>;

/// What has arguments: a field, or a directive.
pub(super) trait HasArguments {
    fn arguments(&self) -> &IndexMap<sdl::Name, ArgumentView>;
    fn at(&self) -> sdl::Spot;
}

impl HasArguments for FieldView {
    fn arguments(&self) -> &IndexMap<sdl::Name, ArgumentView> {
        &self.arguments
    }

    fn at(&self) -> sdl::Spot {
        self.at
    }
}

impl HasArguments for DirectiveView {
    fn arguments(&self) -> &IndexMap<sdl::Name, ArgumentView> {
        &self.arguments
    }

    fn at(&self) -> sdl::Spot {
        self.at
    }
}

/// The arguments of a field or of a directive.
pub(super) fn merge<T: HasArguments>(
    merge: &mut Merge<'_>,
    place: Place<'_>,
    fields: &[Source<'_, T>],
) -> Vec<MergedArgument> {
    let names: IndexSet<&sdl::Name> =
        fields.iter().flat_map(|field| field.item.arguments().keys()).collect();
    let mut merged: Vec<_> =
        names.into_iter().filter_map(|name| one(merge, place, name, fields)).collect();
    // There are as many of these lists as fields.
    merged.shrink_to_fit();
    merged
}

fn one<T: HasArguments>(
    merge: &mut Merge<'_>,
    place: Place<'_>,
    name: &str,
    fields: &[Source<'_, T>],
) -> Option<MergedArgument> {
    let sources: Vec<ArgumentSource<'_>> = fields
        .iter()
        .filter_map(|field| {
            let item = field.item.arguments().get(name)?;
            Some(Source { graph: field.graph, view: field.view, item })
        })
        .collect();
    // What comes from a context, clients don't give.
    if sources.iter().any(|source| source.item.from_context.is_some()) {
        return None;
    }
    let place = Place { argument: Some(name), ..place };
    if sources.len() < fields.len() {
        missing(merge, place, &sources, fields);
        return None;
    }
    let types: Vec<&sdl::Type> = sources.iter().map(|source| &source.item.ty).collect();
    let default = merge_default(merge, place, &sources);
    let Some(ty) = types::merge(merge.views, &types, Direction::Input) else {
        let message = format!("The types of `{place}` in different subgraphs do not go together.");
        merge.found.push(
            Diagnostic::new(Code::FieldArgumentTypeMismatch, message)
                .labels(labels(&sources))
                .help(format!("give `{place}` the same type in all subgraphs")),
        );
        return None;
    };
    merge.uses(&ty, Direction::Input);
    let description = description(sources.iter().map(|source| source.item.description.as_ref()));
    let description = description.filter(|text| !text.is_empty());
    let applied = applied::merge(
        &merge.once,
        sources.iter().map(|source| (source.graph, &source.item.marks)),
    );
    Some(MergedArgument { name: sdl::Name::new(name), description, ty, default, applied })
}

fn merge_default(
    merge: &mut Merge<'_>,
    place: Place<'_>,
    sources: &[ArgumentSource<'_>],
) -> Option<sdl::Value> {
    let defaults: Vec<Option<&sdl::Value>> =
        sources.iter().map(|source| source.item.default.as_ref()).collect();
    match default(&defaults) {
        Defaults::Agreed(default) => default.cloned(),
        Defaults::Some => None,
        Defaults::Differ => {
            let message = format!("`{place}` has different defaults in different subgraphs.");
            merge.found.push(
                Diagnostic::new(Code::FieldArgumentDefaultMismatch, message)
                    .labels(labels(sources))
                    .help(format!("give `{place}` the same default in all of them, or none")),
            );
            None
        }
    }
}

/// How defaults of several subgraphs go together.
pub(super) enum Defaults<'a> {
    /// All have this one, or none has one.
    Agreed(Option<&'a sdl::Value>),
    /// Some have one and some have none.
    Some,
    /// They are different.
    Differ,
}

/// Compares the defaults of several subgraphs.
pub(super) fn default<'a>(defaults: &[Option<&'a sdl::Value>]) -> Defaults<'a> {
    let given: Vec<&sdl::Value> = defaults.iter().filter_map(|default| *default).collect();
    match given.first() {
        None => Defaults::Agreed(None),
        Some(first) if given.iter().any(|other| !is_same(other, first)) => Defaults::Differ,
        Some(_) if given.len() < defaults.len() => Defaults::Some,
        Some(first) => Defaults::Agreed(Some(first)),
    }
}

fn labels(sources: &[ArgumentSource<'_>]) -> Vec<crate::diagnostic::Label> {
    let label = |source: &ArgumentSource<'_>| {
        let default = source.item.default.as_ref().map(|value| format!(" = {value}"));
        let text = format!("`{}{}` here", source.item.ty, default.unwrap_or_default());
        source.label(source.item.at, text)
    };
    sources.iter().map(label).collect()
}

/// An argument that only some subgraphs have: it can't be given to the others.
fn missing<T: HasArguments>(
    merge: &mut Merge<'_>,
    place: Place<'_>,
    sources: &[ArgumentSource<'_>],
    fields: &[Source<'_, T>],
) {
    let required = |source: &&ArgumentSource<'_>| {
        source.item.ty.is_non_null() && source.item.default.is_none()
    };
    let Some(first) = sources.iter().find(required) else { return };
    let without =
        fields.iter().filter(|field| sources.iter().all(|source| source.graph != field.graph));
    let lacking: Vec<_> = without
        .clone()
        .map(|field| field.label(field.item.at(), "the argument is missing here"))
        .collect();
    let argument = place.argument.unwrap_or_default();
    let help = mend_missing(
        &format!("{argument}: {}", first.item.ty),
        &Place { argument: None, ..place }.to_string(),
        without.map(|field| field.view.name.as_str()),
        sources.iter().filter(required).map(|source| source.view.name.as_str()),
    );
    let message = format!("`{place}` is required in some subgraphs and missing in others.");
    merge.found.push(
        Diagnostic::new(Code::RequiredArgumentMissingInSomeSubgraph, message)
            .help(help)
            .labels(labels(sources))
            .labels(lacking),
    );
}
