//! What the rules about `@key`, `@requires` and `@provides` say alike.

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::field_set::Wrong;
use crate::subgraph::{FieldsArgument, View};

/// A field set that is no selection of its type: at the word that is at fault.
pub(super) fn invalid(
    code: Code,
    what: &str,
    wrong: Wrong,
    (view, fields): (&View, &FieldsArgument),
    otherwise: String,
) -> Diagnostic {
    let at = wrong.at.map_or(fields.at, |at| fields.within(at));
    let help = match (&wrong.near, &wrong.word) {
        (Some(near), Some(word)) => format!("write `{near}` instead of `{word}`"),
        _ => otherwise,
    };
    Diagnostic::new(code, format!("{what}: {}.", wrong.why))
        .label(view.label(at, wrong.why))
        .help(help)
}

/// What a field set that is no string may have meant, as text: `["a", "b"]` was to be `"a b"`.
pub(super) fn as_text(fields: &FieldsArgument) -> &str {
    if fields.meant.is_empty() { "id" } else { &fields.meant }
}
