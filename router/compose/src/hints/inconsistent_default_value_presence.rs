//! `INCONSISTENT_DEFAULT_VALUE_PRESENCE`: an argument or input field has a default in some
//! subgraphs and none in others.

use sdl::Value;

use super::element::{Item, One, Place};
use super::sides::{few, subgraphs};
use crate::diagnostic::{Code, Diagnostic};

/// Told of what all subgraphs have, but not all with a default.
pub(super) fn check<T: Item>(
    place: Place<'_>,
    all: &[One<'_, T>],
    default: impl Fn(&T) -> Option<&Value>,
    out: &mut Vec<Diagnostic>,
) {
    let Some(value) = all.iter().find_map(|one| default(one.item)) else { return };
    let (with, without): (Vec<_>, Vec<_>) =
        all.iter().copied().partition(|one| default(one.item).is_some());
    if without.is_empty() {
        return;
    }
    let (here, there) = (subgraphs(&with), subgraphs(&without));
    let message = format!("`{place}` gets no default: it has one in {here}, but none in {there}.");
    let help = format!("add the default `{value}` in {there}, or remove it from {here}");
    let with = few(with.iter().map(|one| one.label(format!("`{value}` by default here"))));
    let without = few(without.iter().map(|one| one.label("no default here")));
    let code = Code::InconsistentDefaultValuePresence;
    out.push(Diagnostic::new(code, message).labels(with).labels(without).help(help));
}
