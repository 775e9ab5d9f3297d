//! The plans that the documents show are those that the program prints.

use crate::programs::{Folder, top, tributary};

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn plans_in_the_documents_are_current() {
    let guide = read("docs/guides/read-a-plan.md");
    let trending = plan(&read("subgraphs/queries/trending.graphql"));
    assert!(guide.contains(&trending), "docs/guides/read-a-plan.md should show:\n{trending}");

    let architecture = read("docs/ARCHITECTURE.md");
    let begin = architecture.find("query Front").expect("the worked example");
    let example = architecture[begin..].split("```").next().unwrap();
    let front = plan(example);
    assert!(architecture.contains(&front), "docs/ARCHITECTURE.md should show:\n{front}");
}

fn read(path: &str) -> String {
    std::fs::read_to_string(top().join(path)).unwrap()
}

/// The text of an operation's plan over the demo, without the end of its last line.
fn plan(operation: &str) -> String {
    let folder = Folder::new();
    let file = folder.write("operation.graphql", operation);
    let mut plan = tributary();
    plan.arg("plan").arg("--supergraph").arg(top().join("supergraph.graphql")).arg(file);
    let output = plan.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}
