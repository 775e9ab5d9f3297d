//! The rules, one family of codes per file, in the order in which they are asked.
//!
//! Composition stops after the first group that finds errors, since what the next group looks at
//! makes no sense then; inside a group, everything that is wrong is told.

mod auth;
mod bases;
mod composed_links;
mod context;
mod cost_and_list_size;
mod external;
mod field_sets;
mod from_subgraph_does_not_exist;
mod implementations;
mod inaccessible;
mod interface_field_no_implem;
mod interface_keys;
mod interface_object;
mod invalid_field_sharing;
mod kept_names;
mod key_fields;
pub(crate) mod overrides;
mod provides_fields;
mod requires_arguments;
mod requires_fields;
mod roots;
mod shareable_usage;

use crate::diagnostic::Diagnostic;
use crate::merge::Merged;
use crate::subgraph::{View, Views};
use overrides::Overrides;

/// What must be right before a subgraph of federation 1 is upgraded.
pub(crate) fn read(view: &View) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    roots::check(view, &mut out);
    out
}

/// What must be right before a subgraph of federation 1 is looked at.
pub(crate) fn before_upgrade(views: &[View]) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    if views.iter().any(|view| view.federation_1) {
        let views = Views::new(views);
        bases::check(&views, |view, ty| view.federation_1 && ty.kind.has_fields(), &mut out);
        bases::emptied_without_base(&views, &mut out);
    }
    out
}

/// Rules of one subgraph by itself.
pub(crate) fn alone(view: &View) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    bases::names(view, &mut out);
    bases::emptied(view, &mut out);
    if view.federation_1 && !out.is_empty() {
        // It could not be upgraded.
        return out;
    }
    out.extend(read(view));
    key_fields::check(view, &mut out);
    provides_fields::check(view, &mut out);
    requires_fields::check(view, &mut out);
    external::check(view, &mut out);
    shareable_usage::check(view, &mut out);
    interface_keys::on_implementations(view, &mut out);
    interface_object::has_key(view, &mut out);
    context::check(view, &mut out);
    cost_and_list_size::check(view, &mut out);
    auth::on_interfaces(view, &mut out);
    out
}

/// Rules of what has to be known before merging: what interface objects stand for, and which
/// directives the supergraph keeps.
pub(crate) fn kept(views: &Views<'_>) -> Vec<Diagnostic> {
    let mut out: Vec<_> = views.all.iter().flat_map(|view| view.uncomposed.clone()).collect();
    interface_object::of_federation_1(views, &mut out);
    composed_links::check(views, &mut out);
    kept_names::check(views, &mut out);
    out
}

/// Rules between subgraphs, told together with the conflicts of merging.
pub(crate) fn together(views: &Views<'_>) -> (Vec<Diagnostic>, Overrides) {
    let mut out = Vec::new();
    bases::check(views, |_, _| true, &mut out);
    bases::queries(views, &mut out);
    interface_object::stands_for_interface(views, &mut out);
    interface_keys::all_implementations(views, &mut out);
    let overrides = overrides::check(views, &mut out);
    invalid_field_sharing::check(views, &overrides, &mut out);
    external::merged_directives(views, &mut out);
    context::elsewhere(views, &mut out);
    (out, overrides)
}

/// Rules of the merged schema.
pub(crate) fn merged(views: &Views<'_>, merged: &Merged) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    interface_field_no_implem::check(views, &mut out);
    requires_arguments::check(views, &mut out);
    implementations::check(views, merged, &mut out);
    auth::transitive(views, merged, &mut out);
    out
}

/// Rules of the schema that clients see.
pub(crate) fn visible(views: &Views<'_>, merged: &Merged) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    inaccessible::check(views, merged, &mut out);
    out
}
