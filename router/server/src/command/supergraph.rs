//! `tributary supergraph`: what a supergraph says, taken apart.

use std::path::Path;

use schema::Schema;

use super::failed::Failed;
use crate::cli::Supergraph;
use crate::say;

/// Prints the part that was asked for.
pub(super) fn run(part: &Supergraph) -> Result<(), Failed> {
    let text = match part {
        Supergraph::Api(arguments) => {
            read(&arguments.supergraph)?.api().schema.serialize().to_string()
        }
        Supergraph::Subgraphs(arguments) => {
            let schema = read(&arguments.supergraph)?;
            let line =
                |subgraph: &schema::Subgraph| format!("{} {}\n", subgraph.name, subgraph.url);
            schema.subgraphs().map(|(_, subgraph)| line(subgraph)).collect()
        }
    };
    Ok(say::result(&format!("{}\n", text.trim_end()))?)
}

fn read(path: &Path) -> Result<Schema, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("{} can't be read: {error}", path.display()))?;
    Schema::read(&text).map_err(|error| format!("{} is no supergraph: {error}", path.display()))
}
