//! Hints have two sides: the subgraphs that have something and those that don't. Of many, a few
//! are shown, so that a report stays short however many subgraphs there are.

use super::element::{Item, One};
use crate::diagnostic::{Code, Diagnostic, Label, names};

/// So many subgraphs are shown of each side.
const SHOWN: usize = 3;

/// The names of subgraphs, as a sentence lists them.
pub(super) fn subgraphs<T>(of: &[One<'_, T>]) -> String {
    names(of.iter().map(|one| one.view.name.as_str()))
}

/// A few of the labels.
pub(super) fn few(labels: impl Iterator<Item = Label>) -> impl Iterator<Item = Label> {
    labels.take(SHOWN)
}

/// A hint that some have something and others don't: labelled at those that have it, then at
/// those that lack it.
pub(super) fn some_have<'s, 'a: 's, T: Item + 'a, O: Item + 'a>(
    code: Code,
    message: String,
    (having, here): (&[One<'a, T>], &str),
    (lacking, missing): (impl Iterator<Item = &'s One<'a, O>>, &str),
) -> Diagnostic {
    Diagnostic::new(code, message)
        .labels(few(having.iter().map(|one| one.label(here))))
        .labels(few(lacking.map(|one| one.label(missing))))
}
