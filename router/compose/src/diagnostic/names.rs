//! Names in a sentence.

use std::fmt::Write;

/// So many names are shown.
const SHOWN: usize = 3;

/// Names as a sentence lists them: a few, and how many more there are.
pub(crate) fn names<'n>(mut all: impl Iterator<Item = &'n str> + Clone) -> String {
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
