//! `INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_REPEATABLE`: a composed directive that only some subgraphs
//! let stand more than once.

use super::element::{One, Place};
use super::sides::{some_have, subgraphs};
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::DirectiveView;

/// Told of a directive that `@composeDirective` keeps.
pub(super) fn check(place: Place<'_>, all: &[One<'_, DirectiveView>], out: &mut Vec<Diagnostic>) {
    let (with, without): (Vec<_>, Vec<_>) =
        all.iter().copied().partition(|one| one.item.repeatable);
    if with.is_empty() || without.is_empty() {
        return;
    }
    let (here, there) = (subgraphs(&with), subgraphs(&without));
    let message = format!("`{place}` is repeatable in {here}, but not in {there}.");
    let help = format!("add `repeatable` to `{place}` in {there}, or remove it in {here}");
    let sides = ((with.as_slice(), "repeatable here"), (without.iter(), "not repeatable here"));
    let code = Code::InconsistentTypeSystemDirectiveRepeatable;
    out.push(some_have(code, message, sides.0, sides.1).help(help));
}
