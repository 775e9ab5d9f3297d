//! Asks the rules about arguments, of fields and of directives for operations.

use sdl::{Name, Value};

use super::applied::Once;
use super::element::{Item, One, Place, groups, parts};
use super::{
    contextual_argument_not_contextual_in_all_subgraphs as contextual,
    inconsistent_argument_presence, inconsistent_but_compatible_argument_type,
    inconsistent_default_value_presence, inconsistent_description,
};
use crate::diagnostic::Diagnostic;
use crate::maps::IndexMap;
use crate::merge::MergedArgument;
use crate::subgraph::ArgumentView;

/// Every argument of a field or directive.
pub(super) fn check<'a, O: Item>(
    owner: Place<'_>,
    owners: &[One<'a, O>],
    of: impl Fn(&'a O) -> &'a IndexMap<Name, ArgumentView>,
    merged: &[MergedArgument],
    once: &Once<'_>,
    out: &mut Vec<Diagnostic>,
) {
    if owners.iter().all(|one| of(one.item).is_empty()) {
        return;
    }
    let all = parts(owners, of);
    for having in groups(&all) {
        let name = having[0].name;
        let place = owner.argument(name);
        if having.iter().any(|one| one.item.from_context.is_some()) {
            contextual::check(place, having, out);
            continue;
        }
        if having.len() < owners.len() {
            inconsistent_argument_presence::check(place, owners, having, out);
            continue;
        }
        let ty = || merged.iter().find(|known| known.name == *name).map(|known| &known.ty);
        inconsistent_but_compatible_argument_type::check(place, having, ty, out);
        inconsistent_default_value_presence::check(place, having, default, out);
        inconsistent_description::check(place, having, out);
        once.check(place, having, |argument| &argument.marks, out);
    }
}

fn default(argument: &ArgumentView) -> Option<&Value> {
    argument.default.as_ref()
}
