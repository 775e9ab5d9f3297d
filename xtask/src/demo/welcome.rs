//! What the demo prints when all is ready: addresses, queries to paste, how to stop.

use std::path::Path;

use super::options::Options;
use super::scene::Scene;
use crate::chore::Failure;
use crate::command::root;
use crate::terminal;

/// The queries to paste, files of `subgraphs/queries`.
const QUERIES: [&str; 3] = ["feed", "profile", "trending"];

/// Prints it.
///
/// # Errors
/// When a query can't be read.
pub(super) fn print(options: &Options, scene: &Scene) -> Result<(), Failure> {
    let graph = format!("http://{}", options.router());
    println!("\n{}\n", terminal::green("Ready."));
    println!("  page      {graph}/            paste the queries below here");
    println!("  graph     {graph}/graphql");
    println!("  health    http://{0}/readyz, metrics http://{0}/metrics", options.admin());
    println!("  services  http://{}/users/graphql and five more", options.subgraphs());
    println!("  files     {} (supergraph, logs)", scene.folder.display());
    for name in QUERIES {
        let text = read(&root().join(format!("subgraphs/queries/{name}.graphql")))?;
        println!("\n{}\n{}", terminal::bold(&format!("-- {name}")), text.trim_end());
    }
    let first = read(&root().join(format!("subgraphs/queries/{}.graphql", QUERIES[0])))?;
    println!("\n{}", terminal::bold(&format!("-- {} from another terminal", QUERIES[0])));
    println!("{}\n", curl(&graph, &first));
    println!("{}", terminal::bold("Ctrl-C stops all of it."));
    Ok(())
}

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

/// A command that sends a query: the query on one line, without its comments. The queries of the
/// demo hold no apostrophe, no backslash and no `#` within a text, and a test sees to that.
fn curl(graph: &str, query: &str) -> String {
    let code = query.lines().filter(|line| !line.trim_start().starts_with('#'));
    let line = code.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
    let line = line.replace('"', "\\\"");
    format!(
        "curl {graph}/graphql -H 'content-type: application/json' \\\n  -d '{{\"query\":\"{line}\"}}'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_becomes_one_line() {
        let text = curl("http://x", "# Front page.\nquery A($i: ID! = \"1\") {\n  a(id: $i)\n}\n");
        assert!(
            text.ends_with(r#"-d '{"query":"query A($i: ID! = \"1\") { a(id: $i) }"}'"#),
            "{text}"
        );
    }

    #[test]
    fn the_queries_can_be_put_between_apostrophes() {
        for name in QUERIES {
            let file = root().join(format!("subgraphs/queries/{name}.graphql"));
            let text = std::fs::read_to_string(&file).unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with('#'));
            let code = code.collect::<Vec<_>>().join("\n");
            assert!(!code.contains(['\'', '\\', '#']), "{name}");
        }
    }
}
