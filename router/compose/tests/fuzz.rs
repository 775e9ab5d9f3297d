//! Fuzzing: whatever stands in a file, composition ends with a supergraph that can be read, or
//! with a report, soon, and the same the next time.
//!
//! `cargo test` runs some thousand cases, `cargo xtask soak fuzz` many more.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sdl::Limits;
use tributary_compose::{Options, SubgraphSource, compose};

/// How many cases each test runs: `TRIBUTARY_FUZZ_CASES`, or some thousands.
fn cases() -> usize {
    let asked = std::env::var("TRIBUTARY_FUZZ_CASES").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(3_000)
}

/// No case may take longer, on the slowest machine: they are a few kilobytes.
const LONGEST: Duration = Duration::from_secs(20);

/// The texts of the corpus, set by set.
static CORPUS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut sets: Vec<_> = entries(&folder).into_iter().map(|set| texts(&set)).collect();
    sets.retain(|set| !set.is_empty());
    sets
});

fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    paths.sort();
    paths
}

fn texts(set: &Path) -> Vec<String> {
    let is_graphql = |path: &std::path::PathBuf| path.extension().is_some_and(|e| e == "graphql");
    let files = entries(set).into_iter().filter(is_graphql);
    files.map(|path| fs::read_to_string(path).expect("the file can be read")).collect()
}

/// Checks one case; whether it composes.
fn check(texts: &[String]) -> bool {
    let sources: Vec<SubgraphSource> = texts
        .iter()
        .enumerate()
        .map(|(number, sdl)| SubgraphSource {
            name: format!("s{number}"),
            url: "http://s".into(),
            sdl: sdl.into(),
            file: "s.graphql".into(),
        })
        .collect();
    let started = Instant::now();
    let first = compose(&sources, &Options::default());
    assert!(started.elapsed() < LONGEST, "it took {:?}", started.elapsed());
    match (first, compose(&sources, &Options::default())) {
        (Ok(first), Ok(again)) => {
            assert_eq!(first.sdl, again.sdl);
            match schema::Schema::inspect(&first.sdl) {
                Ok(_) | Err(schema::ReadError::Unsupported(..)) => {}
                Err(error) => panic!("what was composed can't be read: {error}\n{texts:#?}"),
            }
            true
        }
        (Err(first), Err(again)) => {
            assert!(first.has_errors() && !first.render(true).is_empty());
            assert_eq!(first.to_json(), again.to_json());
            false
        }
        _ => panic!("the verdict changed:\n{texts:#?}"),
    }
}

/// One change of a text: what is done, where, and how much of it.
type Edit = (u8, u16, u16);

/// Drops, doubles, swaps and mixes words of the texts of a set.
fn edited(set: u16, edits: &[Edit]) -> Vec<String> {
    const MARKS: [&str; 12] =
        ["!", "{", "}", "(", ")", "@", "\"", ":", "|", "=", "@external", "interface"];
    let originals = &CORPUS[usize::from(set) % CORPUS.len()];
    let split = |text: &String| text.split_inclusive([' ', '\n']).map(str::to_owned).collect();
    let mut texts: Vec<Vec<String>> = originals.iter().map(split).collect();
    for (what, at, with) in edits.iter().take(usize::from(set) % 4) {
        let (at, with) = (usize::from(*at), usize::from(*with));
        let number = at % texts.len();
        let other = &texts[with % originals.len()];
        let other = other.get(with % other.len().max(1)).cloned().unwrap_or_default();
        let words = &mut texts[number];
        if words.is_empty() {
            continue;
        }
        let (place, second) = (at % words.len(), with % words.len());
        match what % 5 {
            0 => drop(words.remove(place)),
            1 => words.insert(place, words[second].to_owned()),
            2 => words.swap(place, second),
            3 => words[place] = other,
            _ => words.insert(place, MARKS[with % MARKS.len()].to_owned()),
        }
    }
    texts.into_iter().map(|words| words.concat()).collect()
}

#[test]
fn any_bytes_are_a_subgraph_or_no_subgraph() {
    bolero::check!().with_iterations(cases()).with_type::<Vec<u8>>().for_each(|bytes| {
        check(&[String::from_utf8_lossy(bytes).into_owned()]);
    });
}

#[test]
fn edited_subgraphs_compose_or_are_told() {
    let target = bolero::check!().with_iterations(cases()).with_type::<(u16, Vec<Edit>)>();
    let composed = AtomicUsize::new(0);
    target.for_each(|(set, edits)| {
        composed.fetch_add(usize::from(check(&edited(*set, edits))), Ordering::Relaxed);
    });
    let composed = composed.into_inner();
    assert!(composed * 50 > cases(), "too few cases compose: {composed}");
}

#[test]
fn any_text_is_a_field_set_or_none() {
    let limits = Limits { bytes: 1 << 16, tokens: 1 << 12, nesting: 50 };
    bolero::check!().with_iterations(cases() * 5).with_type::<String>().for_each(|text| {
        let _ = sdl::field_set(text, limits);
        let _ = sdl::parse(text, limits);
    });
}
