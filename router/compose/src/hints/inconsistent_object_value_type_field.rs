//! `INCONSISTENT_OBJECT_VALUE_TYPE_FIELD`: a field of an object type without keys that not every
//! subgraph with the type has.

use super::element::{One, Place, lacking};
use super::sides::{some_have, subgraphs};
use crate::diagnostic::{Code, Diagnostic, names};
use crate::subgraph::{FieldView, TypeView};

/// Told of the fields of object types that have no key anywhere, roots aside.
pub(super) fn check(
    place: Place<'_>,
    owners: &[One<'_, TypeView>],
    having: &[One<'_, FieldView>],
    out: &mut Vec<Diagnostic>,
) {
    let without = lacking(owners, having);
    if without.clone().next().is_none() {
        return;
    }
    let here = subgraphs(having);
    let there = names(without.clone().map(|one| one.view.name.as_str()));
    let message = format!("`{place}` is in {here}, but not in {there}.");
    let help = format!(
        "add `{}` to the type in {there}, or give the type a @key in {there} and in {here}",
        place.name()
    );
    let (having, without) = ((having, "defined here"), (without, "the field is missing here"));
    let code = Code::InconsistentObjectValueTypeField;
    out.push(some_have(code, message, having, without).help(help));
}
