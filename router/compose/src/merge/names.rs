//! The names of federation's directives in the supergraph: those that the subgraphs give them.

use sdl::Name;

use super::model::{Kept, Merged, MergedType};
use crate::subgraph::{Applied, Views};

/// Collects the names of the directives, and gives these names to what stands on elements.
pub(crate) fn name(merged: &mut Merged, views: &Views<'_>) {
    let mut kept = Kept::new();
    for (name, local) in views.all.iter().flat_map(|view| &view.kept_names) {
        kept.entry(name).or_insert_with(|| local.clone());
    }
    if hides(merged) {
        kept.entry("inaccessible").or_insert(Name::new_static("inaccessible"));
    }
    if kept.iter().any(|(name, local)| name != local) {
        let on_types = merged.types.iter_mut().flat_map(all);
        for applied in merged.applied.iter_mut().chain(on_types) {
            if let Some(local) = kept.get(applied.name.as_str()) {
                applied.name = local.clone();
            }
        }
    }
    merged.kept = kept;
}

/// Whether anything is hidden: a contract hides what no subgraph does.
fn hides(merged: &mut Merged) -> bool {
    merged.types.iter_mut().flat_map(all).any(|applied| applied.name == "inaccessible")
}

/// Every directive on a type and on what it has.
fn all(ty: &mut MergedType) -> impl Iterator<Item = &mut Applied> {
    let values = ty.values.iter_mut().flat_map(|value| &mut value.applied);
    let fields = ty.fields.iter_mut().flat_map(|field| {
        let arguments = field.arguments.iter_mut().flat_map(|argument| &mut argument.applied);
        field.applied.iter_mut().chain(arguments)
    });
    ty.applied.iter_mut().chain(values).chain(fields)
}
