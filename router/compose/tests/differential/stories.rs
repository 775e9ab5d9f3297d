//! The list of known divergences is true: each has a story, which differs in that very way.

use std::fs;
use std::path::Path;

use tributary_compose::SubgraphSource;

use crate::compare::compare;
use crate::known::{KNOWN, explain};
use crate::oracle::Oracle;

#[test]
fn every_known_divergence_has_a_story() {
    let stories = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stories");
    for known in KNOWN {
        let path = stories.join(known.story);
        let text = fs::read_to_string(&path).unwrap_or_default();
        assert!(text.contains("\nClause: "), "{} has no clause", path.display());
        assert!(!sources(&text).is_empty(), "{} has no subgraphs", path.display());
    }
}

#[test]
fn the_stories_of_divergences_differ() {
    let Some(folder) = crate::installed() else { return };
    let mut oracle = Oracle::new(&folder);
    let stories = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stories");
    for known in KNOWN {
        let text = fs::read_to_string(stories.join(known.story)).unwrap();
        let found = compare(&sources(&text), &mut oracle);
        let found = found.unwrap_or_else(|| panic!("{} does not differ any more", known.story));
        let name = explain(&found).map(|known| known.name);
        assert_eq!(name, Some(known.name), "{}: {found}", known.story);
    }
}

/// The subgraphs of every story, by its path.
pub(crate) fn sets() -> Vec<(String, Vec<SubgraphSource>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stories");
    let mut folders = vec![root.clone()];
    let mut sets = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|ending| ending == "md") {
                let sources = sources(&fs::read_to_string(&entry).unwrap());
                let name = entry.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                sets.push((name, sources));
            }
        }
    }
    sets.retain(|(_, sources)| !sources.is_empty());
    sets.sort_by(|a, b| a.0.cmp(&b.0));
    sets
}

/// The subgraphs of a story.
fn sources(text: &str) -> Vec<SubgraphSource> {
    let blocks = text.split("\n```graphql subgraph=").skip(1);
    let source = |block: &str| {
        let (name, rest) = block.split_once('\n').unwrap();
        let sdl = rest.split("\n```").next().unwrap_or_default().to_owned() + "\n";
        let name = name.to_owned();
        SubgraphSource { url: format!("http://{name}"), file: format!("{name}.graphql"), name, sdl }
    };
    blocks.map(source).collect()
}
