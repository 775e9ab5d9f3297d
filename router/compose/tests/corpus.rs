//! The corpus: sets of subgraphs, each with the verdict and the codes that composition must give.
//!
//! `tests/corpus/NAME/` holds the subgraphs of a set, one file each, and `expected`: `composes`, or
//! the codes of the errors, one to a line, sorted.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tributary_compose::{Options, Report, SubgraphSource, compose};

/// The subgraphs of a set.
fn sources(folder: &Path) -> Vec<SubgraphSource> {
    let mut sources: Vec<SubgraphSource> = fs::read_dir(folder)
        .expect("the set is a folder")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "graphql"))
        .map(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            SubgraphSource {
                url: format!("http://{name}"),
                sdl: fs::read_to_string(&path).expect("the file can be read"),
                file: format!("{name}.graphql"),
                name,
            }
        })
        .collect();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    sources
}

fn codes(report: &Report) -> String {
    let codes: BTreeSet<&str> = report.errors().map(|found| found.code.name()).collect();
    codes.into_iter().collect::<Vec<_>>().join("\n")
}

#[test]
fn every_set_gives_its_verdict() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut wrong = Vec::new();
    let mut counts = (0, 0);
    for entry in fs::read_dir(corpus).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let expected = fs::read_to_string(folder.join("expected")).unwrap();
        let mut sources = sources(&folder);
        let found = match compose(&sources, &Options::default()) {
            Ok(supergraph) => {
                counts.0 += 1;
                match schema::Schema::inspect(&supergraph.sdl) {
                    Ok(_) | Err(schema::ReadError::Unsupported(..)) => {}
                    Err(error) => panic!("{name}: what was composed can't be read back: {error}"),
                }
                sources.reverse();
                let again = compose(&sources, &Options::default()).unwrap().sdl;
                assert_eq!(supergraph.sdl, again, "{name} depends on the order of subgraphs");
                "composes".to_owned()
            }
            Err(report) => {
                counts.1 += 1;
                for found in report.errors() {
                    assert!(!found.note.is_empty(), "{name}: {found:?} gives no reason");
                }
                codes(&report)
            }
        };
        if found != expected.trim() {
            wrong.push(format!("{name}: expected {expected:?}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(counts.0 >= 40 && counts.1 >= 90, "the corpus shrank: {counts:?}");
}
