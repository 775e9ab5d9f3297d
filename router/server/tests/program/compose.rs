//! `tributary compose`.

use std::process::Output;

use crate::folder::Folder;
use crate::router::tributary;
use crate::subgraph::{Mood, POSTS, Subgraph, USERS};

const CONFIG: &str = "federation_version: =2.9.0\nsubgraphs:\n  users:\n    \
                      routing_url: http://127.0.0.1:4001/\n    schema: {file: ./users.graphql}\n  \
                      posts:\n    routing_url: http://127.0.0.1:4002/\n    \
                      schema: {file: ./posts.graphql}\n";

/// Two schemas that contradict each other.
const CLASH: &str = "type Query { latest: Int }\ntype User { name: String! }\n";

fn folder(posts: &str) -> Folder {
    let folder = Folder::new();
    folder.write("supergraph.yaml", CONFIG);
    folder.write("users.graphql", USERS);
    folder.write("posts.graphql", posts);
    folder
}

fn compose(folder: &Folder, flags: &[&str]) -> Output {
    let config = folder.path().join("supergraph.yaml");
    let mut command = tributary();
    // From elsewhere: paths are relative to the configuration.
    command.current_dir("/").arg("compose").arg("--config").arg(config).args(flags);
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_supergraph_is_written_to_a_file_or_standard_output() {
    let folder = folder(POSTS);
    let printed = compose(&folder, &[]);
    assert!(printed.status.success(), "{printed:?}");
    assert!(text(&printed.stdout).contains("enum join__Graph"));
    let file = folder.path().join("out.graphql");
    let written = compose(&folder, &["--output", file.to_str().unwrap()]);
    assert!(written.status.success() && written.stdout.is_empty(), "{written:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text(&printed.stdout));
    let names = folder.names();
    assert_eq!(names, ["out.graphql", "posts.graphql", "supergraph.yaml", "users.graphql"]);
}

#[test]
fn what_does_not_compose_writes_nothing() {
    let folder = folder(CLASH);
    let file = folder.write("out.graphql", "as before");
    let output = compose(&folder, &["--output", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "as before");
    let said = text(&output.stderr);
    for expected in ["INVALID_FIELD_SHARING", "users.graphql", "posts.graphql", "User.name"] {
        assert!(said.contains(expected), "no {expected} in\n{said}");
    }
    assert!(output.stdout.is_empty() && !said.contains('\u{1b}'), "{output:?}");
}

#[test]
fn machines_get_json_or_annotations() {
    let folder = folder(CLASH);
    let output = compose(&folder, &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let first = &report["errors"][0];
    for key in ["code", "message", "labels", "help"] {
        assert!(!first[key].is_null(), "no {key} in {report:#}");
    }
    let printed = report.to_string();
    assert!(
        printed.contains("INVALID_FIELD_SHARING") && printed.contains("\"line\""),
        "{report:#}"
    );
    let output = compose(&folder, &["--format", "github"]);
    assert!(text(&output.stderr).starts_with("::error "), "{output:?}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_report_for_machines_is_all_that_is_printed() {
    let folder = folder(POSTS);
    let output = compose(&folder, &["--format", "json"]);
    assert!(output.status.success(), "{output:?}");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["errors"], serde_json::json!([]));
}

#[test]
fn hints_of_the_least_weight_are_told_when_asked_for() {
    let folder = folder(&format!("{POSTS}\nenum Mood {{ GOOD }}\n"));
    let told = |flags: &[&str]| text(&compose(&folder, flags).stderr).contains("UNUSED_ENUM_TYPE");
    assert!(!told(&[]));
    assert!(told(&["--verbose"]));
    let output = compose(&folder, &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let hints = report["hints"].as_array().unwrap();
    let hint = hints.iter().find(|hint| hint["code"] == "UNUSED_ENUM_TYPE").unwrap();
    assert_eq!(hint["level"], "debug");
    assert_eq!(hint["labels"][0]["subgraph"], "posts");
}

#[test]
fn a_contract_shows_a_part_of_the_graph() {
    let folder = folder(POSTS);
    let output = compose(&folder, &["--include-tags", "nobody,else"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("leaves nothing to query"), "{output:?}");
    let output = compose(&folder, &["--exclude-tags", "nothing-has-it"]);
    assert!(output.status.success() && text(&output.stdout).contains("join__Graph"), "{output:?}");
}

#[test]
fn codes_are_explained() {
    let explain = |code: &str| tributary().args(["compose", "--explain", code]).output().unwrap();
    let output = explain("invalid_field_sharing");
    assert!(output.status.success(), "{output:?}");
    let page = text(&output.stdout);
    assert!(page.starts_with("INVALID_FIELD_SHARING\n") && page.contains("Why"), "{page}");
    for part in ["Does not compose\n", "\n    error[INVALID_FIELD_SHARING]", "Composes\n"] {
        assert!(page.contains(part), "{page}");
    }
    assert!(!page.contains("```"), "{page}");
    let output = explain("INVALID_FIELD_SHARIN");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("did you mean INVALID_FIELD"), "{output:?}");
}

#[test]
fn a_supergraph_is_taken_apart() {
    let folder = folder(POSTS);
    let file = folder.path().join("out.graphql");
    assert!(compose(&folder, &["--output", file.to_str().unwrap()]).status.success());
    let part = |name: &str| {
        let arguments = ["supergraph", name, "--supergraph", file.to_str().unwrap()];
        text(&tributary().args(arguments).output().unwrap().stdout).to_owned()
    };
    let api = part("api");
    assert!(api.contains("type User") && !api.contains("join__"), "{api}");
    assert_eq!(part("subgraphs").lines().count(), 2);
    let subgraph = |name: &str| {
        let arguments = ["supergraph", "subgraph", name, "--supergraph", file.to_str().unwrap()];
        tributary().args(arguments).output().unwrap()
    };
    let posts = subgraph("posts");
    assert!(text(&posts.stdout).contains("@key(fields: \"id\")"), "{posts:?}");
    let unknown = subgraph("nobody");
    assert!(text(&unknown.stderr).contains("it has posts, users"), "{unknown:?}");
}

#[test]
fn unparsable_schemas_are_told_with_their_place() {
    let folder = folder("type Query {\n  latest: \n}\n");
    let output = compose(&folder, &[]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("INVALID_GRAPHQL") && said.contains("posts.graphql:3"), "{said}");
}

#[test]
fn missing_files_and_silent_subgraphs_are_all_told() {
    let folder = Folder::new();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let page = Subgraph::start(USERS, Mood::Html);
    let config = format!(
        "subgraphs:\n  a: {{schema: {{subgraph_url: 'http://{free}/'}}}}\n  \
         b: {{routing_url: 'http://b/', schema: {{file: b.graphql}}}}\n  \
         c: {{schema: {{subgraph_url: '{}'}}}}\n",
        page.url()
    );
    folder.write("supergraph.yaml", &config);
    let output = compose(&folder, &[]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    for expected in ["`a`", "refused", "`b`", "b.graphql can't be read", "`c`", "no JSON"] {
        assert!(said.contains(expected), "no {expected:?} in\n{said}");
    }
}
