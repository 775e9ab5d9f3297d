//! The corpus before the oracle: what each set is expected to give, the oracle gives too.

use std::fs;
use std::path::Path;

use tributary_compose::SubgraphSource;

use crate::compare::compare;
use crate::known;
use crate::oracle::Oracle;

#[test]
fn the_corpus_composes_as_the_oracle_says() {
    let Some(folder) = crate::installed() else { return };
    let mut oracle = Oracle::new(&folder, usize::MAX - std::process::id() as usize);
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut sets: Vec<_> = fs::read_dir(corpus).unwrap().map(|set| set.unwrap().path()).collect();
    sets.sort();
    let mut wrong = Vec::new();
    for set in sets {
        let name = set.file_name().unwrap().to_string_lossy().into_owned();
        let difference = compare(&sources(&set), &mut oracle);
        if let Some(difference) = difference.filter(|found| known::explain(found).is_none()) {
            wrong.push(format!("{name}: {difference}"));
        }
    }
    assert!(wrong.is_empty(), "{} sets differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// The subgraphs of a set.
fn sources(folder: &Path) -> Vec<SubgraphSource> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|ending| ending == "graphql"));
    let source = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let sdl = fs::read_to_string(&path).unwrap();
        SubgraphSource { url: format!("http://{name}"), sdl, file: format!("{name}.graphql"), name }
    };
    files.map(source).collect()
}
