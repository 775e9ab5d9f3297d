//! Enums: what is only answered may be more, what is only sent must be known everywhere, and what
//! is both must agree.

use super::applied;
use super::model::{MergedValue, Usage};
use super::source::{Merge, Source, description};
use crate::diagnostic::{Code, Diagnostic, names};
use crate::maps::IndexSet;
use crate::subgraph::TypeView;

/// The values of an enum.
pub(super) fn merge(
    merge: &mut Merge<'_>,
    name: &str,
    sources: &[Source<'_, TypeView>],
) -> Vec<MergedValue> {
    let usage = merge.usage(name);
    let names: IndexSet<&sdl::Name> = sources.iter().flat_map(|s| s.item.values.keys()).collect();
    let any = !names.is_empty();
    let values: Vec<MergedValue> =
        names.into_iter().filter_map(|value| one(merge, (name, value), sources, usage)).collect();
    if values.is_empty() && any {
        let message = format!("No value of the enum `{name}` is in all of its subgraphs.");
        let labels = sources.iter().map(|source| source.label(source.item.at, "defined here"));
        merge.found.push(
            Diagnostic::new(Code::EmptyMergedEnumType, message)
                .labels(labels)
                .help(format!("let the subgraphs that define `{name}` share at least one value")),
        );
    }
    values
}

fn one(
    merge: &mut Merge<'_>,
    (name, value): (&str, &str),
    sources: &[Source<'_, TypeView>],
    usage: Usage,
) -> Option<MergedValue> {
    let having: Vec<_> = sources
        .iter()
        .filter_map(|source| Some((source, source.item.values.get(value)?)))
        .collect();
    let everywhere = having.len() == sources.len();
    let hidden = having.iter().any(|(_, value)| value.marks.inaccessible);
    if !everywhere && usage.input && !hidden {
        if !usage.output {
            return None;
        }
        let labels: Vec<_> =
            having.iter().map(|(source, value)| source.label(value.at, "defined here")).collect();
        let without = sources.iter().filter(|source| !source.item.values.contains_key(value));
        let there = names(without.clone().map(|source| source.view.name.as_str()));
        let here = names(having.iter().map(|(source, _)| source.view.name.as_str()));
        let lacking = without.map(|source| source.label(source.item.at, "missing here"));
        let message = format!(
            "`{name}.{value}` is not in all subgraphs, but `{name}` is both sent and answered."
        );
        let found = Diagnostic::new(Code::EnumValueMismatch, message)
            .help(format!("add `{value}` in {there}, or mark it @inaccessible in {here}"));
        merge.found.push(found.labels(labels).labels(lacking));
    }
    let description = description(having.iter().map(|(_, value)| value.description.as_ref()));
    Some(MergedValue {
        name: sdl::Name::new(value),
        description,
        graphs: having.iter().map(|(source, _)| source.graph).collect(),
        applied: applied::merge(
            &merge.once,
            having.iter().map(|(source, value)| (source.graph, &value.marks)),
        ),
    })
}
