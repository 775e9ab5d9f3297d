//! `OVERRIDDEN_FIELD_CAN_BE_REMOVED`: a field that another subgraph has taken over.

use super::taken::Taken;
use crate::diagnostic::{Code, Diagnostic};

/// Told of an override without a label that takes a field over.
pub(super) fn check(taken: &Taken<'_>, out: &mut Vec<Diagnostic>) {
    let Taken { view, from, place, .. } = taken;
    let (by, from) = (&view.name, &from.name);
    let message = format!("`{place}` is overridden by {by}: it is never asked of {from}.");
    let help = if taken.still_used {
        format!(
            "mark `{place}` @external in {from}, where field sets or an interface still need it"
        )
    } else {
        format!("remove `{place}` from {from}, then the @override from {by}")
    };
    let labels = [taken.label_there("never asked here"), taken.label_here("overridden here")];
    let code = Code::OverriddenFieldCanBeRemoved;
    out.push(Diagnostic::new(code, message).labels(labels).help(help));
}
