//! Nothing points outside the repository: no path of one machine, no folder beside it.

use crate::{Finding, Tree};

/// Beginnings of paths that exist on one machine only. Written in two parts, so that this file is
/// no finding of its own.
const OUTSIDE: &[(&str, &str)] =
    &[("../", "shared"), ("/ro", "ot/"), ("/ho", "me/"), ("/Us", "ers/"), ("/wo", "rk/")];

/// Finds such paths in every text file.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let rust = tree.sources.iter().map(|source| (&source.path, &source.text));
    let other = tree.texts.iter().map(|text| (&text.path, &text.text));
    let patterns: Vec<String> = OUTSIDE.iter().map(|(a, b)| format!("{a}{b}")).collect();
    let mut findings = Vec::new();
    for (path, text) in rust.chain(other) {
        // Most files hold none of them: the lines are counted only for those that do.
        for pattern in patterns.iter().filter(|pattern| text.contains(pattern.as_str())) {
            for (number, line) in (1..).zip(text.lines()) {
                if stands_alone(line, pattern) {
                    let message = format!("`{pattern}` exists on one machine only: leave it out");
                    findings.push(Finding::at(path, number, message));
                }
            }
        }
    }
    findings
}

/// Whether the path begins here, rather than in the middle of a longer one or of an address.
fn stands_alone(line: &str, pattern: &str) -> bool {
    line.match_indices(pattern).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|sign| {
            sign.is_alphanumeric() || matches!(sign, '.' | '/' | '-' | '_' | '}')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_repository_are_right() {
        let text = "see docs/ro/home.md, http://example.com/home/x and ../docs/a.md";
        assert_eq!(check(&Tree::of(&[("a.md", text)])), []);
    }

    #[test]
    fn paths_of_a_machine_are_wrong() {
        for (left, right) in OUTSIDE {
            let text = format!("a\nb `{left}{right}x`");
            let findings = check(&Tree::of(&[("a.md", &text)]));
            assert_eq!(findings.iter().map(|found| found.line).collect::<Vec<_>>(), [2], "{text}");
        }
    }
}
