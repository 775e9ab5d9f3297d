//! `INCONSISTENT_ENTITY`: some subgraphs say by which key an object is found, others don't.

use super::element::{One, Place};
use super::sides::{some_have, subgraphs};
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{Kind, TypeView};

/// Told of object types.
pub(super) fn check(name: &str, all: &[One<'_, TypeView>], out: &mut Vec<Diagnostic>) {
    if all.iter().any(|one| one.item.kind != Kind::Object) {
        return;
    }
    let (with, without): (Vec<_>, Vec<_>) =
        all.iter().copied().partition(|one| !one.item.keys.is_empty());
    let Some(key) = with.first().and_then(|one| one.item.keys.first()) else { return };
    if without.is_empty() {
        return;
    }
    let (here, there) = (subgraphs(&with), subgraphs(&without));
    let place = Place::Type(name);
    let message = format!("`{place}` has a @key in {here} and none in {there}.");
    let text = key.fields.text.as_deref().unwrap_or_default().trim();
    let help = format!(
        "add @key(fields: \"{text}\") to `{place}` in {there}, so that the objects given there can \
         be continued elsewhere"
    );
    let sides = ((with.as_slice(), "has a @key"), (without.iter(), "has no @key"));
    out.push(some_have(Code::InconsistentEntity, message, sides.0, sides.1).help(help));
}
