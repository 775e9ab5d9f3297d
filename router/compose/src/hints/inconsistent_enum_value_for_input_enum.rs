//! `INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM`: a value of an enum that clients only send, which not
//! every subgraph with the enum knows.

use super::element::{One, Place, lacking};
use super::sides::{some_have, subgraphs};
use crate::diagnostic::{Code, Diagnostic, names};
use crate::subgraph::{ElementView, TypeView};

/// Told of each value that is left out.
pub(super) fn check(
    place: Place<'_>,
    owners: &[One<'_, TypeView>],
    having: &[One<'_, ElementView>],
    out: &mut Vec<Diagnostic>,
) {
    let hidden = having.iter().any(|one| one.item.marks.inaccessible);
    if having.len() == owners.len() || hidden {
        return;
    }
    let without = lacking(owners, having);
    let here = subgraphs(having);
    let there = names(without.clone().map(|one| one.view.name.as_str()));
    let message = format!("Clients can't send `{place}`: it is in {here}, but not in {there}.");
    let help = format!("add `{}` to the enum in {there}, or remove it from {here}", place.name());
    let (having, without) = ((having, "defined here"), (without, "the value is missing here"));
    let code = Code::InconsistentEnumValueForInputEnum;
    out.push(some_have(code, message, having, without).help(help));
}
