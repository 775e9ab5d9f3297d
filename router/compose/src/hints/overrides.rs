//! Asks the rules about overrides of each `@override`.

use sdl::Name;

use super::element::Place;
use super::taken::Taken;
use super::{
    overridden_field_can_be_removed, override_directive_can_be_removed,
    override_migration_in_progress,
};
use crate::diagnostic::Diagnostic;
use crate::maps::HashMap;
use crate::merge::{Joins, MergedType};
use crate::subgraph::{Override, View, Views};

/// Every override of every subgraph.
pub(super) fn check(views: &Views<'_>, types: &[MergedType], out: &mut Vec<Diagnostic>) {
    let by_name: HashMap<&Name, &View> = views.all.iter().map(|view| (&view.name, view)).collect();
    for view in views.all {
        for ty in view.types.values() {
            for field in ty.fields.values() {
                if let Some(used) = field.overrides.as_deref()
                    && let Some(from) = by_name.get(&used.from)
                {
                    one(Place::Member(&ty.name, &field.name), (view, used), from, types, out);
                }
            }
        }
    }
}

fn one<'a>(
    place: Place<'a>,
    (view, used): (&'a View, &'a Override),
    from: &'a View,
    types: &[MergedType],
    out: &mut Vec<Diagnostic>,
) {
    let Place::Member(ty, name) = place else { return };
    let known = from.types.get(ty).and_then(|ty| ty.fields.get(name));
    let Some(known) = known.filter(|known| !known.external) else {
        override_directive_can_be_removed::check(place, (view, used), (from, known), out);
        return;
    };
    let still_used = is_still_used(types, from.graph, (ty, name));
    let label = used.label.as_deref();
    let taken = Taken { place, view, from, label, still_used, used, known };
    if label.is_some() {
        override_migration_in_progress::check(&taken, out);
    } else {
        overridden_field_can_be_removed::check(&taken, out);
    }
}

/// Whether merging found the overridden field needed where it was.
fn is_still_used(types: &[MergedType], graph: usize, (ty, field): (&str, &str)) -> bool {
    let Ok(at) = types.binary_search_by(|known| known.name.as_str().cmp(ty)) else { return false };
    let field = types[at].fields.iter().find(|known| known.name == field);
    let Some(Joins::Some(joins)) = field.map(|field| &field.joins) else { return false };
    joins.iter().any(|join| join.graph == graph && join.said().used_overridden)
}
