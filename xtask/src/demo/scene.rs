//! The files of one run of the demo, in `target/demo`: the configuration with the chosen ports.

use std::path::PathBuf;

use super::options::Options;
use crate::chore::Failure;
use crate::command::{root, target};

/// The address that `subgraphs/supergraph.yaml` names.
const USUAL: &str = "127.0.0.1:4100";

/// Where the files of this run are.
pub(super) struct Scene {
    /// The folder that holds them, and the logs.
    pub(super) folder: PathBuf,
    /// The subgraphs and where to find them.
    pub(super) config: PathBuf,
    /// What the composer makes of them.
    pub(super) supergraph: PathBuf,
}

/// Writes the configuration: that of the repository, with the chosen port, and with paths that
/// hold from the demo's folder.
///
/// # Errors
/// When a file can't be read or written.
pub(super) fn write(options: &Options) -> Result<Scene, Failure> {
    let source = root().join("subgraphs/supergraph.yaml");
    let folder = target().join("demo");
    let config = folder.join("supergraph.yaml");
    let text = std::fs::read_to_string(&source)
        .map_err(|error| format!("{}: {error}", source.display()))?;
    let services = root().join("subgraphs");
    let text = moved(&text, &options.subgraphs().to_string(), &services.to_string_lossy());
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(&config, text))
        .map_err(|error| format!("{}: {error}", config.display()))?;
    let supergraph = folder.join("supergraph.graphql");
    Ok(Scene { folder, config, supergraph })
}

fn moved(text: &str, address: &str, services: &str) -> String {
    text.replace(USUAL, address).replace("file: ./", &format!("file: {services}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_paths_follow() {
        let text = "routing_url: http://127.0.0.1:4100/users/graphql\nfile: ./src/a.graphql";
        let expected = "routing_url: http://127.0.0.1:7/users/graphql\nfile: /x/src/a.graphql";
        assert_eq!(moved(text, "127.0.0.1:7", "/x"), expected);
    }

    #[test]
    fn the_configuration_names_the_usual_address_and_relative_files() {
        let text = std::fs::read_to_string(root().join("subgraphs/supergraph.yaml")).unwrap();
        let files = text.matches("file: ./").count();
        assert_eq!(text.matches("routing_url: ").count(), files);
        assert_eq!(text.matches(&format!("routing_url: http://{USUAL}/")).count(), files);
    }
}
