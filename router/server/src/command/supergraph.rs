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
        Supergraph::Subgraph(arguments) => {
            subgraph(&read(&arguments.supergraph)?, &arguments.name)?
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

fn subgraph(schema: &Schema, name: &str) -> Result<String, String> {
    let found = schema.subgraphs().find(|(_, subgraph)| subgraph.name == name);
    found.map(|(id, _)| schema.subgraph_sdl(id)).ok_or_else(|| {
        let names: Vec<&str> = schema.subgraphs().map(|(_, s)| s.name.as_str()).collect();
        format!("the supergraph has no subgraph `{name}`; it has {}", names.join(", "))
    })
}

fn read(path: &Path) -> Result<Schema, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("{} can't be read: {error}", path.display()))?;
    Schema::inspect(&text).map_err(|error| format!("{} is no supergraph: {error}", path.display()))
}
