//! `cargo xtask supergraph`: composes the demo's supergraph again.

use crate::chore::{Failure, expect_none};
use crate::command::{cargo, root, run as execute};

/// Composes `subgraphs/supergraph.yaml` into `supergraph.graphql` at the top of the workspace.
///
/// # Errors
/// When an argument is unknown or the subgraphs don't compose.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    expect_none(arguments)?;
    let config = root().join("subgraphs/supergraph.yaml");
    let output = root().join("supergraph.graphql");
    let mut compose = cargo(&["run", "--quiet", "--package", "tributary-server", "--"]);
    compose.arg("compose").arg("--config").arg(config).arg("--output").arg(output);
    execute(compose)
}
