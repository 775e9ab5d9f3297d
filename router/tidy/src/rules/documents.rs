//! Every Rust file says in its first line what is in it; every story is in the table of contents.

use crate::{Finding, Tree};

/// The folder of the stories and their table of contents.
const STORIES: &str = "router/stories/";
const CONTENTS: &str = "router/stories/README.md";

/// Finds Rust files that do not begin with `//!`.
pub fn first_lines(tree: &Tree) -> Vec<Finding> {
    tree.sources
        .iter()
        .filter(|source| !source.text.starts_with("//! "))
        .map(|source| {
            Finding::at(&source.path, 1, "begin with a `//!` line that says what is in here")
        })
        .collect()
}

/// Finds stories that the table of contents does not link.
pub fn stories(tree: &Tree) -> Vec<Finding> {
    let contents = tree.texts.iter().find(|text| text.path == CONTENTS);
    let contents = contents.map_or("", |text| text.text.as_str());
    tree.texts
        .iter()
        .filter_map(|text| {
            let story = text.path.strip_prefix(STORIES)?;
            let is_story = story.ends_with(".md") && !story.ends_with("README.md");
            let linked = [format!("]({story})"), format!("](./{story})")];
            (is_story && !linked.iter().any(|link| contents.contains(link))).then(|| {
                Finding::of(&text.path, format!("nobody finds this story: link it in {CONTENTS}"))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_begins_with_its_doc() {
        assert_eq!(first_lines(&Tree::of(&[("a.rs", "//! Says it.\nfn a() {}")])), []);
        assert_eq!(first_lines(&Tree::of(&[("a.rs", "fn a() {}\n//! Says it late.")])).len(), 1);
        assert_eq!(first_lines(&Tree::of(&[("a.rs", "//!\n")])).len(), 1);
    }

    #[test]
    fn a_story_is_linked() {
        let story = ("router/stories/entities/jump.md", "# Jump");
        let right = ("router/stories/README.md", "* [Jump](entities/jump.md)");
        let wrong = ("router/stories/README.md", "* entities/jump.md");
        assert_eq!(stories(&Tree::of(&[story, right])), []);
        assert_eq!(stories(&Tree::of(&[story, wrong])).len(), 1);
        assert_eq!(stories(&Tree::of(&[story])).len(), 1);
    }
}
