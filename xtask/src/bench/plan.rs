//! `cargo xtask bench plan`: our planner beside Hive Router's, on the same supergraphs and
//! operations, in turns in one process.
//!
//! The comparison is a workspace of its own, `loadtests/planners`, with a lock file of its own: what
//! it needs is no dependency of the product.

use crate::chore::Failure;
use crate::command::{cargo, root, run as execute, target};

/// Runs it; the program reads the options.
///
/// # Errors
/// When an argument is unknown, or a planner fails.
pub(super) fn run(arguments: &[String]) -> Result<(), Failure> {
    let manifest = root().join("loadtests/planners/Cargo.toml");
    let mut command = cargo(&["run", "--release", "--quiet", "--locked", "--manifest-path"]);
    command.arg(manifest).arg("--target-dir").arg(target().join("planners"));
    command.arg("--").args(arguments);
    // Relative paths are of the folder in which the chore was called.
    if let Ok(here) = std::env::current_dir() {
        command.current_dir(here);
    }
    execute(command)
}
