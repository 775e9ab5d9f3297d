//! Names that say nothing, and words that must not stand in production.

use crate::{Finding, Source, Tree};

/// Parts of names that say nothing of what a thing is.
const EMPTY: &[&str] = &[
    "manager",
    "managers",
    "handler",
    "handlers",
    "helper",
    "helpers",
    "processor",
    "processors",
    "util",
    "utils",
    "common",
];

/// Finds types, traits and modules with empty names.
pub fn names(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in &tree.sources {
        for index in 0..source.tokens.len() {
            let declares = matches!(
                source.word(index),
                "struct" | "enum" | "trait" | "type" | "union" | "mod"
            );
            if !declares || !source.is_word(index + 1) {
                continue;
            }
            let name = source.word(index + 1);
            if let Some(part) = parts(name).find(|part| EMPTY.contains(&part.as_str())) {
                let message =
                    format!("`{name}`: \"{part}\" says nothing; name what it is, or what it does");
                findings.push(Finding::at(&source.path, source.line(index), message));
            }
        }
    }
    findings
}

/// Finds `unwrap()` outside tests. Crates that help tests are tests here.
pub fn unwraps(tree: &Tree, is_test: impl Fn(&str) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in tree.sources.iter().filter(|source| !is_test(&source.path)) {
        for index in source.production() {
            if source.matches(index, &[".", "unwrap", "(", ")"]) {
                let message = "`unwrap()`: return the error, or say with `expect(\"invariant: …\")` \
                               why it can't happen";
                findings.push(Finding::at(&source.path, source.line(index), message));
            }
        }
    }
    findings
}

/// Finds work left over that names no issue.
pub fn promises(tree: &Tree) -> Vec<Finding> {
    tree.sources.iter().flat_map(promises_in).collect()
}

fn promises_in(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for comment in &source.comments {
        for (ahead, line) in source.text[comment.start..comment.end].lines().enumerate() {
            let mut words = line.split(|sign: char| !sign.is_ascii_alphabetic());
            let Some(word) = words.find(|word| matches!(*word, "TODO" | "FIXME")) else { continue };
            if line.contains(&format!("{word}(#")) {
                continue;
            }
            let message = format!("`{word}` without an issue: do it, or write `{word}(#12): why`");
            let number = comment.line + u32::try_from(ahead).unwrap_or(0);
            findings.push(Finding::at(&source.path, number, message));
        }
    }
    findings
}

/// The words of a name: `HttpClient` and `http_client` have two.
fn parts(name: &str) -> impl Iterator<Item = String> + '_ {
    let mut starts: Vec<usize> = name
        .char_indices()
        .filter(|(at, sign)| *at == 0 || sign.is_ascii_uppercase())
        .map(|(at, _)| at)
        .collect();
    starts.push(name.len());
    let camel: Vec<&str> = starts.windows(2).map(|pair| &name[pair[0]..pair[1]]).collect();
    camel.into_iter().flat_map(|part| part.split('_')).map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Tree {
        Tree::of(&[("router/x/src/lib.rs", text)])
    }

    #[test]
    fn names_say_what_a_thing_is() {
        assert_eq!(names(&file("struct Holder; mod commonly; fn helper() {} // Manager")), []);
        for text in ["struct PlanManager;", "mod utils;", "trait http_handler {}", "enum Common {}"]
        {
            assert_eq!(names(&file(text)).len(), 1, "{text}");
        }
    }

    #[test]
    fn only_tests_unwrap() {
        let right = "fn a() { b.expect(\"invariant: c\"); d.unwrap_or(1); }\n\
                     #[cfg(test)]\nmod tests { fn e() { f.unwrap(); } }";
        assert_eq!(unwraps(&file(right), |_| false), []);
        assert_eq!(unwraps(&file("fn a() { b.unwrap(); }"), |_| false).len(), 1);
        assert_eq!(unwraps(&file("fn a() { b.unwrap(); }"), |_| true), []);
    }

    #[test]
    fn work_left_over_names_its_issue() {
        let right = concat!("// TO", "DO(#7): when subscriptions come.\nlet a = \"FIXME\";");
        assert_eq!(promises(&file(right)), []);
        let wrong = concat!("// FIX", "ME later\n/* b\n TO", "DO */");
        let lines: Vec<_> = promises(&file(wrong)).iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [1, 3]);
    }
}
