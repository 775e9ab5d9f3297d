//! `INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM`: a value of an enum that clients never send, which not
//! every subgraph with the enum knows.

use super::element::{One, Place, lacking};
use super::sides::{some_have, subgraphs};
use crate::diagnostic::{Code, Diagnostic, names};
use crate::subgraph::{ElementView, TypeView};

/// Told of each such value.
pub(super) fn check(
    place: Place<'_>,
    owners: &[One<'_, TypeView>],
    having: &[One<'_, ElementView>],
    out: &mut Vec<Diagnostic>,
) {
    if having.len() == owners.len() {
        return;
    }
    let without = lacking(owners, having);
    let here = subgraphs(having);
    let there = names(without.clone().map(|one| one.view.name.as_str()));
    let message = format!("Clients may be given `{place}`: it is in {here}, but not in {there}.");
    let help = format!("add `{}` to the enum in {there}, if it can be given there", place.name());
    let (having, without) = ((having, "defined here"), (without, "the value is missing here"));
    let code = Code::InconsistentEnumValueForOutputEnum;
    out.push(some_have(code, message, having, without).help(help));
}
