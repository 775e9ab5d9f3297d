//! `UNUSED_ENUM_TYPE`: an enum that no field and no argument has.

use super::element::One;
use super::sides::{few, subgraphs};
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::TypeView;

/// Told of an enum that is used nowhere.
pub(super) fn check(name: &str, all: &[One<'_, TypeView>], out: &mut Vec<Diagnostic>) {
    let message = format!("The enum `{name}` is defined, but no field or argument has it.");
    let help = format!("remove `{name}` from {}, or use it", subgraphs(all));
    let labels = few(all.iter().map(|one| one.label("defined here")));
    out.push(Diagnostic::new(Code::UnusedEnumType, message).labels(labels).help(help));
}
