//! `tributary plan` and `tributary explain`.

use std::io::Write;
use std::process::{Output, Stdio};

use crate::folder::Folder;
use crate::router::{Router, configuration, tributary};

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
    about("plan", folder, document, flags)
}

fn about(what: &str, folder: &Folder, document: &str, flags: &[&str]) -> Output {
    let mut command = tributary();
    command.current_dir(folder.path()).args([what, "--supergraph", "supergraph.graphql", "-"]);
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

const QUERY: &str = "{ me { name posts { title } } }";

#[test]
fn a_plan_is_explained_without_being_executed() {
    let folder = supergraph();
    let output = about("explain", &folder, QUERY, &[]);
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    for part in ["cost ", "price 2", "* 1 users\n", "* 2 posts after 1\n", "10 to 20 ms: 2 posts\n"]
    {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
    assert!(!text.contains("actual"), "{text}");
    let output = about("explain", &folder, QUERY, &["--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(json["cost"]["total"].is_u64() && json["fetches"][1]["critical"] == true, "{json:#}");
}

#[test]
fn latencies_are_said_or_read_from_metrics() {
    let folder = supergraph();
    let metrics = "http_client_request_duration_seconds_sum{subgraph=\"posts\"} 3\n\
                   http_client_request_duration_seconds_count{subgraph=\"posts\"} 100\n";
    folder.write("metrics.txt", metrics);
    let metrics = folder.path().join("metrics.txt");
    let metrics = metrics.to_str().unwrap();
    for (flags, line) in [
        (&["--latency", "3", "--latency", "users=4.5"][..], "4.5 to 7.5 ms: 2 posts\n"),
        (&["--metrics", metrics], "10 to 40 ms: 2 posts\n"),
        (&["--metrics", metrics, "--latency", "posts=1"], "10 to 11 ms: 2 posts\n"),
    ] {
        let output = about("explain", &folder, QUERY, flags);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains(line), "no {line:?} in\n{text}");
    }
    for wrong in ["x", "posts=-1", "nobody=3", "posts=1e9"] {
        let output = about("explain", &folder, QUERY, &["--latency", wrong]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(&format!("--latency {wrong}: ")), "{said}");
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn a_subgraph_can_be_left_out() {
    let folder = supergraph();
    let output = about("explain", &folder, "{ me { name } }", &["--disable", "posts"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("posts is disabled: it is not asked for anything\n"), "{text}");
    let output = plan(&folder, QUERY, &["--disable", "posts"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("as long as posts is disabled"), "{said}");
    assert_eq!(output.status.code(), Some(1));
    let router = Router::fine("planning: {disable: [posts]}\n", &[]);
    let answer = router.ask(QUERY);
    assert_eq!((answer.status, answer.code().as_str()), (503, "SUBGRAPH_DISABLED"));
    let answer = router.ask("{ me { name } }");
    assert!(answer.status == 200 && answer.json()["errors"].is_null(), "{answer:?}");
}

#[test]
fn a_plan_is_explained_after_a_router_executed_it() {
    let folder = supergraph();
    let router = Router::fine("", &["--dev"]);
    let url = format!("http://{}/graphql", router.address);
    let flags = ["--analyze", "--endpoint", &url, "--header", "x-team: sre"];
    let output = about("explain", &folder, QUERY, &flags);
    let text = String::from_utf8(output.stdout).unwrap();
    let told = text.lines().filter(|line| line.contains("actual:   1 call")).count();
    assert_eq!(told, 2, "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("(1 distinct)") && text.contains(" ms"), "{text}");
    let other = "{ me { id } }";
    let output =
        about("explain", &folder, other, &["--analyze", "--endpoint", &url, "--header", "x"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("is not `name: value`"), "{output:?}");
}

#[test]
fn a_router_that_keeps_its_plans_to_itself_is_told() {
    let folder = supergraph();
    let router = Router::fine("", &[]);
    let url = format!("http://{}/graphql", router.address);
    let output = about("explain", &folder, QUERY, &["--analyze", "--endpoint", &url]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("set expose.plan"), "{output:?}");
    let output = about(
        "explain",
        &folder,
        QUERY,
        &["--analyze", "--endpoint", "http://127.0.0.1:1/graphql"],
    );
    assert!(String::from_utf8_lossy(&output.stderr).contains("gave no answer"), "{output:?}");
}

#[test]
fn a_change_of_the_supergraph_that_makes_plans_dearer_is_told() {
    let folder = supergraph();
    let old = std::fs::read_to_string(folder.path().join("supergraph.graphql")).unwrap();
    std::fs::create_dir_all(folder.path().join("queries/deep")).unwrap();
    folder.write(
        "queries/me.graphql",
        "query Me { me { id } } query All { me { name posts { title } } }",
    );
    folder.write(
        "queries/deep/if.graphql",
        "query($with: Boolean!) { me { posts @include(if: $with) { title } } }",
    );
    folder.write("queries/deep/if.json", "{\"with\": false}");
    let diff = |flags: &[&str]| {
        let mut command = tributary();
        command.current_dir(folder.path()).args(["plan", "diff", "--old", "supergraph.graphql"]);
        command.args(["--new", "new.graphql", "--operations", "queries"]).args(flags);
        command.output().unwrap()
    };
    folder.write("new.graphql", &old);
    let output = diff(&[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text == "3 operations: 3 same\n", "{text}");
    // The name moves to the subgraph of the posts.
    let moved = old.replace(
        "name: String! @join__field(graph: USERS)",
        "name: String! @join__field(graph: POSTS)",
    );
    assert!(moved != old, "{old}");
    folder.write("new.graphql", &moved);
    folder.write("queries/name.graphql", "{ me { name } }");
    let output = diff(&[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("dearer   name.graphql: price 100.1 to 201.15, 101.05 dearer"), "{text}");
    assert!(
        text.ends_with(
            "4 operations: 1 dearer, 1 changed, 2 same; 1 beyond the threshold of 0 %\n"
        ),
        "{text}"
    );
    assert!(diff(&["--threshold", "200"]).status.success());
    assert_eq!(diff(&["--threshold", "-1"]).status.code(), Some(2));
    let output = diff(&["--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let found: Vec<_> = json["operations"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["regression"] == true)
        .collect();
    assert_eq!(found.len(), 1, "{json:#}");
    folder.write("new.graphql", &old.replace("  name: ", "  fullName: "));
    let text = String::from_utf8(diff(&[]).stdout).unwrap();
    assert!(text.contains("broken   name.graphql: 1:8: "), "{text}");
}
