//! `INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD`: a field of an interface without keys that not every
//! subgraph with the interface has.

use super::element::{One, Place, lacking};
use super::sides::{some_have, subgraphs};
use crate::diagnostic::{Code, Diagnostic, names};
use crate::subgraph::{FieldView, TypeView};

/// Told of the fields of interfaces that have no key anywhere.
pub(super) fn check(
    place: Place<'_>,
    owners: &[One<'_, TypeView>],
    having: &[One<'_, FieldView>],
    out: &mut Vec<Diagnostic>,
) {
    if having.len() == owners.len() {
        return;
    }
    let without = lacking(owners, having);
    let here = subgraphs(having);
    let there = names(without.clone().map(|one| one.view.name.as_str()));
    let message = format!("The interface field `{place}` is in {here}, but not in {there}.");
    let help = format!("add `{}` to the interface in {there}", place.name());
    let (having, without) = ((having, "defined here"), (without, "the field is missing here"));
    let code = Code::InconsistentInterfaceValueTypeField;
    out.push(some_have(code, message, having, without).help(help));
}
