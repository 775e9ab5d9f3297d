//! `OVERRIDE_MIGRATION_IN_PROGRESS`: a field that moves to another subgraph step by step.

use super::taken::Taken;
use crate::diagnostic::{Code, Diagnostic};

/// Told of an override with a label.
pub(super) fn check(taken: &Taken<'_>, out: &mut Vec<Diagnostic>) {
    let Taken { view, from, place, .. } = taken;
    let (by, from) = (&view.name, &from.name);
    let label = taken.label.unwrap_or_default();
    let message =
        format!("`{place}` is being moved from {from} to {by} under the label `{label}`.");
    let then = if taken.still_used {
        format!("mark `{place}` @external in {from}, where field sets or an interface need it")
    } else {
        format!("remove `{place}` from {from}")
    };
    let help = format!("when the move is over, remove the label in {by} and {then}");
    let labels = [taken.label_here("moved here"), taken.label_there("moved away from here")];
    let code = Code::OverrideMigrationInProgress;
    out.push(Diagnostic::new(code, message).labels(labels).help(help));
}
