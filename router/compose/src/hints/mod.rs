//! Hints: what composed, but deserves a look. One rule per file, named for its code.
//!
//! Each group of rules is asked by one walk: [`types`] over types and what is in them, with their
//! [`arguments`] and the directives [`applied`] to them; [`directives`] over definitions of
//! directives; [`overrides`] over overrides; [`links`] over links. Two codes are told elsewhere,
//! where they are found out: `FROM_SUBGRAPH_DOES_NOT_EXIST` beside the errors that such a name leads
//! to, and `INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN` by satisfiability.
//!
//! Walks are linear in the subgraphs. A hint is written only where it is given, and shows a few of
//! the subgraphs that it speaks of.

mod applied;
mod arguments;
mod contextual_argument_not_contextual_in_all_subgraphs;
mod directive_composition_info;
mod directive_composition_warn;
mod directives;
mod element;
mod implicitly_upgraded_federation_version;
mod inconsistent_argument_presence;
mod inconsistent_but_compatible_argument_type;
mod inconsistent_but_compatible_field_type;
mod inconsistent_default_value_presence;
mod inconsistent_description;
mod inconsistent_entity;
mod inconsistent_enum_value_for_input_enum;
mod inconsistent_enum_value_for_output_enum;
mod inconsistent_executable_directive_locations;
mod inconsistent_executable_directive_presence;
mod inconsistent_executable_directive_repeatable;
mod inconsistent_input_object_field;
mod inconsistent_interface_value_type_field;
mod inconsistent_non_repeatable_directive_arguments;
mod inconsistent_object_value_type_field;
mod inconsistent_type_system_directive_locations;
mod inconsistent_type_system_directive_repeatable;
mod inconsistent_union_member;
mod inherited;
mod links;
mod merged_non_repeatable_directive_arguments;
mod no_executable_directive_intersection;
mod overridden_field_can_be_removed;
mod override_directive_can_be_removed;
mod override_migration_in_progress;
mod overrides;
mod sides;
mod taken;
mod types;
mod unused_enum_type;
mod uses;

use crate::diagnostic::Diagnostic;
use crate::merge::Merged;
use crate::subgraph::Views;
use applied::Once;
use element::{One, Place};
use types::Shared;

/// All hints on subgraphs that compose.
pub(crate) fn hints(views: &Views<'_>, merged: &Merged) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let once = Once::new(&merged.directives);
    let schemas: Vec<_> =
        views.all.iter().map(|view| One { name: &view.name, view, item: view }).collect();
    inconsistent_description::check(Place::Schema, &schemas, &mut out);
    links::check(views.all, &mut out);
    directives::check(views.all, merged, &once, &mut out);
    overrides::check(views, &merged.types, &mut out);
    inherited::check(views, merged, &once, &mut out);
    for merged in &merged.types {
        let of = views.of(&merged.name);
        let all: Vec<_> =
            of.iter().map(|&(view, item)| One { name: &item.name, view, item }).collect();
        Shared::new(merged, &all, &once).check(&mut out);
    }
    out
}
