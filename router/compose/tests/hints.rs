//! Hints: for each code, a set of subgraphs that is given the hint and one that is not.
//!
//! `tests/hints/CODE/given/` and `tests/hints/CODE/silent/` hold the subgraphs, one file each. Both
//! compose. Hints say where they see what they tell, and name what to do.

use std::fs;
use std::path::Path;

use tributary_compose::{Code, Options, Report, Severity, SubgraphSource, compose};

fn hints(folder: &Path) -> Report {
    let sources: Vec<SubgraphSource> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("the folder can be read").path())
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
    match compose(&sources, &Options::default()) {
        Ok(supergraph) => supergraph.hints,
        Err(report) => panic!("{} does not compose:\n{report}", folder.display()),
    }
}

/// The codes that are hints, or can be.
fn codes() -> impl Iterator<Item = Code> {
    let both = Code::ContextualArgumentNotContextualInAllSubgraphs;
    let is_hint = move |code: &Code| code.severity() != Severity::Error || *code == both;
    Code::ALL.iter().copied().filter(is_hint)
}

/// Of these codes, one place is all there is: nothing stands in a second one.
fn has_one_place(code: Code) -> bool {
    matches!(
        code,
        Code::FromSubgraphDoesNotExist | Code::UnusedEnumType | Code::DirectiveCompositionInfo
    )
}

#[test]
fn every_hint_is_given_where_it_should_be_and_nowhere_else() {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hints");
    for code in codes() {
        let given = hints(&all.join(code.name()).join("given"));
        let silent = hints(&all.join(code.name()).join("silent"));
        assert!(silent.hints().all(|hint| hint.code != code), "{code}:\n{silent}");
        let found: Vec<_> = given.hints().filter(|hint| hint.code == code).collect();
        assert_eq!(found.len(), 1, "{code}:\n{given}");
        let hint = found[0];
        let places = hint.labels.iter().filter(|label| !label.text.is_empty()).count();
        assert!(places >= if has_one_place(code) { 1 } else { 2 }, "{code}:\n{given}");
        assert!(hint.message.ends_with('.') && !hint.note.is_empty(), "{code}:\n{given}");
        let help = hint.help.as_deref().unwrap_or_default();
        assert!(!help.is_empty() && !help.ends_with('.'), "{code}:\n{given}");
    }
}

#[test]
fn every_folder_is_a_code() {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hints");
    for entry in fs::read_dir(all).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(codes().any(|code| code.name() == name), "{name} is no code of a hint");
    }
}

/// A subgraph of many: a report names a few of them and says how many more there are.
#[test]
fn a_hint_of_many_subgraphs_stays_short() {
    let source = |index: usize| {
        let field = if index == 0 { "  width: Int\n" } else { "" };
        SubgraphSource {
            name: format!("s{index:03}"),
            url: "http://s".to_owned(),
            sdl: format!(
                "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", import: \
                 [\"@shareable\"])\ntype Query {{ size: Size @shareable }}\n\
                 type Size @shareable {{\n  height: Int\n{field}}}\n"
            ),
            file: format!("s{index:03}.graphql"),
        }
    };
    let sources: Vec<_> = (0..120).map(source).collect();
    let report = compose(&sources, &Options::default()).expect("it composes").hints;
    let hints: Vec<_> = report.hints().collect();
    assert_eq!(hints.len(), 1, "{report}");
    assert_eq!(hints[0].labels.len(), 4, "{report}");
    assert!(hints[0].message.contains("and 116 more"), "{report}");
}
