//! `INCONSISTENT_INPUT_OBJECT_FIELD`: an input field that not every subgraph with the type has.

use super::element::{One, Place, lacking};
use super::sides::{some_have, subgraphs};
use crate::diagnostic::{Code, Diagnostic, names};
use crate::subgraph::{FieldView, TypeView};

/// Told of each field that is left out.
pub(super) fn check(
    place: Place<'_>,
    owners: &[One<'_, TypeView>],
    having: &[One<'_, FieldView>],
    out: &mut Vec<Diagnostic>,
) {
    let without = lacking(owners, having);
    let here = subgraphs(having);
    let there = names(without.clone().map(|one| one.view.name.as_str()));
    let message = format!("Clients can't send `{place}`: it is in {here}, but not in {there}.");
    let help =
        format!("add `{}` to the input type in {there}, or remove it from {here}", place.name());
    let (having, without) = ((having, "defined here"), (without, "the field is missing here"));
    let code = Code::InconsistentInputObjectField;
    out.push(some_have(code, message, having, without).help(help));
}
