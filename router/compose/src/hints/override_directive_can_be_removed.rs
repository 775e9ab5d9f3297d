//! `OVERRIDE_DIRECTIVE_CAN_BE_REMOVED`: the field that an `@override` names is not resolved there.

use super::element::Place;
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{FieldView, Override, View};

/// Told of an override from a subgraph that doesn't resolve the field (any more).
pub(super) fn check(
    place: Place<'_>,
    (view, used): (&View, &Override),
    (from, known): (&View, Option<&FieldView>),
    out: &mut Vec<Diagnostic>,
) {
    let Place::Member(ty, _) = place else { return };
    let (by, from_name) = (&view.name, &from.name);
    let message = format!("`{place}` is overridden from {from_name}, which does not resolve it.");
    let help = format!("remove the @override of `{place}` from {by}");
    let code = Code::OverrideDirectiveCanBeRemoved;
    let mut hint =
        Diagnostic::new(code, message).label(view.label(used.at, "nothing to override")).help(help);
    if let Some(known) = known {
        hint = hint.label(from.label(known.at, "only @external here"));
    } else if let Some(ty) = from.types.get(ty) {
        hint = hint.label(from.label(ty.at, "the field is not here"));
    }
    out.push(hint);
}
