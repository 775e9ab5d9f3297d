//! `tributary plan`.

use std::io::Write;
use std::process::{Output, Stdio};

use crate::folder::Folder;
use crate::router::{configuration, tributary};

fn supergraph() -> Folder {
    let folder = Folder::new();
    folder.write("supergraph.yaml", &configuration("http://users/", "http://posts/", ""));
    let mut command = tributary();
    command.current_dir(folder.path());
    let arguments = ["compose", "--config", "supergraph.yaml", "--output", "supergraph.graphql"];
    let output = command.args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    folder
}

fn plan(folder: &Folder, document: &str, flags: &[&str]) -> Output {
    let mut command = tributary();
    command.current_dir(folder.path()).args(["plan", "--supergraph", "supergraph.graphql", "-"]);
    command.args(flags).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    process.stdin.take().unwrap().write_all(document.as_bytes()).unwrap();
    process.wait_with_output().unwrap()
}

#[test]
fn a_plan_is_shown_for_people_and_machines() {
    let folder = supergraph();
    let query = "query($with: Boolean = true) { me { name posts @include(if: $with) { title } } }";
    let output = plan(&folder, query, &[]);
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("users") && text.contains("posts"), "{text}");
    let output = plan(&folder, query, &["--variables", "{\"with\": false}"]);
    assert!(!String::from_utf8(output.stdout).unwrap().contains("posts"));
    let output = plan(&folder, query, &["--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(json.is_object(), "{json:#}");
}

#[test]
fn wrong_documents_are_told_with_their_place() {
    let folder = supergraph();
    let output = plan(&folder, "{\n  me { shoeSize }\n}", &[]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("-:2:8") && said.contains("GRAPHQL_VALIDATION_FAILED"), "{said}");
    let output = plan(&folder, "query A { me { id } } query B { me { id } }", &[]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("A, B"));
    let output =
        plan(&folder, "query A { me { id } } query B { me { id } }", &["--operation", "B"]);
    assert!(output.status.success(), "{output:?}");
}
