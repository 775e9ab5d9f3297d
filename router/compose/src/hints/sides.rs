//! Hints have two sides: the subgraphs that have something and those that don't. Of many, a few
//! are shown, so that a report stays short however many subgraphs there are.

use std::fmt::Write;

use super::element::{Item, One};
use crate::diagnostic::{Code, Diagnostic, Label};

/// So many subgraphs are shown of each side.
const SHOWN: usize = 3;

/// Names as a sentence lists them: a few, and how many more there are.
pub(super) fn names<'n>(mut all: impl Iterator<Item = &'n str> + Clone) -> String {
    let count = all.clone().count();
    let Some(first) = all.next() else { return String::new() };
    let mut text = first.to_owned();
    let more = count.saturating_sub(SHOWN);
    let shown = count.min(SHOWN);
    for (index, name) in all.take(SHOWN - 1).enumerate() {
        let last = index + 2 == shown && more == 0;
        let _ = write!(text, "{}{name}", if last { " and " } else { ", " });
    }
    if more > 0 {
        let _ = write!(text, " and {more} more");
    }
    text
}

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

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn names_are_a_list() {
        let list = |all: &[&str]| names(all.iter().copied());
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b"]), "a and b");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(list(&["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
        assert_eq!(list(&[]), "");
    }
}
