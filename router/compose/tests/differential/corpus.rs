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
    let mut oracle = Oracle::new(&folder);
    let mut wrong = Vec::new();
    for (name, sources) in sets() {
        let difference = compare(&sources, &mut oracle);
        if let Some(difference) = difference.filter(|found| known::explain(found).is_none()) {
            wrong.push(format!("{name}: {difference}"));
        }
    }
    assert!(wrong.is_empty(), "{} sets differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// The sets of the corpus by name, or those of the folder that the environment names.
pub(crate) fn sets() -> Vec<(String, Vec<SubgraphSource>)> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let given = std::env::var_os("TRIBUTARY_DIFFERENTIAL_SETS");
    let folder = given.map_or(corpus, std::path::PathBuf::from);
    let mut sets: Vec<_> = fs::read_dir(folder).unwrap().map(|set| set.unwrap().path()).collect();
    sets.sort();
    let name = |set: &Path| set.file_name().unwrap().to_string_lossy().into_owned();
    sets.iter().map(|set| (name(set), sources(set))).collect()
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
    let mut sources: Vec<_> = files.map(source).collect();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    sources
}
