//! `INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE`: a field has different types that go together.

use sdl::Type;

use super::element::{One, Place};
use super::sides::few;
use crate::diagnostic::{Code, Diagnostic, names};
use crate::subgraph::FieldView;

/// Told of fields and input fields; `merged` is asked only if there is something to tell.
pub(super) fn check<'m>(
    place: Place<'_>,
    all: &[One<'_, FieldView>],
    merged: impl FnOnce() -> Option<&'m Type>,
    out: &mut Vec<Diagnostic>,
) {
    let Some(first) = all.first().map(|one| &one.item.ty) else { return };
    if all.iter().all(|one| one.item.ty == *first) {
        return;
    }
    let Some(merged) = merged() else { return };
    let others = all.iter().filter(|one| one.item.ty != *merged);
    let same = all.iter().find(|one| one.item.ty == *merged);
    let there = names(others.clone().map(|one| one.view.name.as_str()));
    let message = format!("`{place}` has another type in {there}; it becomes `{merged}`.");
    let labels = same.into_iter().chain(others);
    let labels = labels.map(|one| one.label(format!("`{}` here", one.item.ty)));
    let help = format!("make `{place}` a `{merged}` in {there}, unless the difference is meant");
    let code = Code::InconsistentButCompatibleFieldType;
    out.push(Diagnostic::new(code, message).labels(few(labels)).help(help));
}
