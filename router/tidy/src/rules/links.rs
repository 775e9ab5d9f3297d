//! Every relative link in a Markdown file leads somewhere, headings included.

use crate::{Finding, Tree};

/// Finds links that lead nowhere.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for text in tree.texts.iter().filter(|text| text.path.ends_with(".md")) {
        for (number, line) in prose(&text.text) {
            for target in targets(line) {
                if let Some(why) = broken(tree, &text.path, target) {
                    let message = format!("the link `{target}` leads nowhere: {why}");
                    findings.push(Finding::at(&text.path, number, message));
                }
            }
        }
    }
    findings
}

/// The lines outside fenced blocks, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let mut fenced = false;
    (1..).zip(text.lines()).filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

/// What stands between `](` and `)`, or in `src="…"`, if it is relative.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let between = |open: &'static str, close: char| {
        line.split(open).skip(1).filter_map(move |rest| rest.split(close).next())
    };
    between("](", ')')
        .chain(between("src=\"", '"'))
        .map(|target| target.split(' ').next().unwrap_or(target))
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
}

/// Why a link leads nowhere, if it does.
fn broken(tree: &Tree, from: &str, target: &str) -> Option<String> {
    let (file, heading) = target.split_once('#').unwrap_or((target, ""));
    let path = if file.is_empty() { from.to_owned() } else { join(from, file) };
    if !path.is_empty() && !tree.paths.contains(&path) {
        return Some(format!("there is no `{path}`"));
    }
    if heading.is_empty() || !path.ends_with(".md") {
        return None;
    }
    let text = tree.texts.iter().find(|text| text.path == path)?;
    let found = prose(&text.text).any(|(_, line)| anchor(line).is_some_and(|one| one == heading));
    (!found).then(|| format!("`{path}` has no heading `#{heading}`"))
}

/// The path that a link means, from the top of the repository.
fn join(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.trim_end_matches('/').split('/') {
        match part {
            "." | "" => {}
            // Past the top, the path keeps its dots and so is never found.
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// The anchor that a heading gets: small letters, hyphens for spaces, signs left out.
fn anchor(line: &str) -> Option<String> {
    let heading = line.trim_start_matches('#');
    if heading.len() == line.len() || !heading.starts_with(' ') {
        return None;
    }
    let kept = |sign: &char| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_');
    let signs = heading.trim().chars().filter(kept);
    Some(signs.map(|sign| if sign == ' ' { '-' } else { sign }).collect::<String>().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_readme(text: &str) -> Vec<Finding> {
        let other = ("docs/a/b.md", "# The `b`, at last\n");
        check(&Tree::of(&[("docs/README.md", text), other, ("c.txt", "")]))
    }

    #[test]
    fn links_that_lead_somewhere_are_right() {
        let text = "# Top\n[b](a/b.md) [c](../c.txt) [h](a/b.md#the-b-at-last) [t](#top)\n\
                    [w](https://example.com/x) ![p](a/b.md \"title\")\n```\n[no](nowhere.md)\n```\n";
        assert_eq!(check_readme(text), []);
    }

    #[test]
    fn links_that_lead_nowhere_are_wrong() {
        for text in [
            "[x](a/c.md)",
            "[x](../../c.txt)",
            "[x](a/b.md#the-c)",
            "[x](#top)",
            "<img src=\"d.svg\">",
        ] {
            assert_eq!(check_readme(text).len(), 1, "{text}");
        }
    }
}
