//! Supergraphs of another composer are answered as ours are: all stories over those that the oracle
//! of composition makes of their subgraphs.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use json::Json;
use tributary_stories::{Book, Story, tell_over};

const PROGRAM: &str = include_str!("compose.mjs");

#[test]
fn stories_are_answered_over_supergraphs_as_the_oracle_says() {
    let Some(oracle) = oracle() else {
        println!(
            "SKIPPED: the oracle of composition is not installed; `cargo xtask test` does that"
        );
        return;
    };
    let book = Book::open(&stories_folder()).expect("the stories are there");
    let read = |name: &String| (name.to_owned(), book.story(name).expect("a story can be read"));
    let stories: HashMap<String, Story> = book.names().iter().map(read).collect();
    let mut failures = Vec::new();
    let mut told = 0;
    for line in composed(&oracle, &stories).lines() {
        let answer = json::parse(line.as_bytes(), 10).expect("the oracle answers in JSON");
        let get = |key: &str| answer.get(key).and_then(Json::as_str);
        let name = get("name").expect("the oracle says which story it is about");
        match get("supergraph") {
            Some(supergraph) => {
                told += 1;
                let found = tell_over(&stories[name], supergraph);
                failures
                    .extend(found.iter().map(|it| format!("{name}.md:{}: {}", it.line, it.what)));
            }
            // That it doesn't is what a story with a clause tells.
            None if has_clause(name) => {}
            None => failures.push(format!("{name} does not compose there: {answer}")),
        }
    }
    assert!(told > 0, "no story was told");
    assert!(failures.is_empty(), "of {told}, {} differ\n{}", failures.len(), failures.join("\n\n"));
}

/// Whether a story is about what the other composer does, and names the clause that speaks of it.
fn has_clause(name: &str) -> bool {
    let text = std::fs::read_to_string(stories_folder().join(format!("{name}.md")));
    text.is_ok_and(|text| text.contains("\nClause: "))
}

/// The stories of this crate, or those of another folder, to try some out.
fn stories_folder() -> PathBuf {
    let given = std::env::var_os("TRIBUTARY_STORIES").map(PathBuf::from);
    given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).to_owned())
}

/// The folder into which `cargo xtask test` installed the oracle.
fn oracle() -> Option<PathBuf> {
    let given = std::env::var_os("TRIBUTARY_ORACLE").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("../oracle"));
    folder.join("node_modules/@apollo/composition/package.json").is_file().then_some(folder)
}

/// What the oracle makes of all stories, one a line.
fn composed(oracle: &Path, stories: &HashMap<String, Story>) -> String {
    let program = oracle.join("stories.mjs");
    std::fs::write(&program, PROGRAM).expect("the folder of the oracle can be written");
    let mut child = Command::new("node")
        .arg(&program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node can be started");
    let mut input = child.stdin.take().expect("invariant: it is piped");
    let questions: String =
        stories.iter().filter_map(|(name, story)| question(name, story)).collect();
    let writer = std::thread::spawn(move || input.write_all(questions.as_bytes()));
    let output = child.wait_with_output().expect("node answers");
    writer.join().expect("writing does not panic").expect("node reads to the end");
    String::from_utf8(output.stdout).expect("node writes UTF-8")
}

fn question(name: &str, story: &Story) -> Option<String> {
    let text = |text: &str| Json::from(text);
    let subgraph = |part: tributary_stories::Part<'_>| {
        let url = format!("http://{}.example", part.name);
        Json::from_iter([("name", text(part.name)), ("url", text(&url)), ("sdl", text(part.sdl))])
    };
    let subgraphs: Vec<Json> = story.parts().into_iter().map(subgraph).collect();
    let question =
        Json::from_iter([("name", text(name)), ("subgraphs", Json::List(subgraphs.clone()))]);
    (!subgraphs.is_empty()).then(|| format!("{question}\n"))
}
