//! `supergraph.graphql` at the top is what the composer makes of the demo today.

use crate::programs::{Folder, top, tributary};

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn the_committed_supergraph_is_current() {
    let folder = Folder::new();
    let composed = folder.path("supergraph.graphql");
    let mut compose = tributary();
    compose.arg("compose").arg("--config").arg(top().join("subgraphs/supergraph.yaml"));
    let output = compose.arg("--output").arg(&composed).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let composed = std::fs::read_to_string(composed).unwrap();
    let committed = std::fs::read_to_string(top().join("supergraph.graphql")).unwrap_or_default();
    assert!(composed == committed, "run `cargo xtask supergraph` and commit supergraph.graphql");
}

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn subgraphs_that_do_not_compose_leave_no_file() {
    let folder = Folder::new();
    folder.write("a.graphql", "type Query { a: Int! }");
    folder.write("b.graphql", "type Query { a: String! }");
    let configuration = folder.write(
        "supergraph.yaml",
        "federation_version: 2\nsubgraphs:\n\
         \x20 a: { routing_url: http://a, schema: { file: a.graphql } }\n\
         \x20 b: { routing_url: http://b, schema: { file: b.graphql } }\n",
    );
    let composed = folder.path("supergraph.graphql");
    let mut compose = tributary();
    compose.arg("compose").arg("--config").arg(configuration).arg("--output").arg(&composed);
    let output = compose.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr).into_owned()
        + &String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("FIELD_TYPE_MISMATCH"), "{told}");
    assert!(!composed.exists());
}
