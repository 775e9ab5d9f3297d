//! The commands, one file each.

mod compose;
mod deep;
mod diff;
mod explain;
mod failed;
mod latency;
mod plan;
mod planned;
mod serve;
mod supergraph;

use std::process::ExitCode;

use crate::cli::{Cli, Command};
use failed::Failed;

/// Does what the command line says.
pub(crate) fn run(cli: Cli) -> ExitCode {
    let result = match cli.command {
        Command::Compose(arguments) => compose::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Plan(arguments) => plan::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Supergraph(part) => supergraph::run(&part),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed::Told) => ExitCode::FAILURE,
        Err(Failed::Because(reasons)) => {
            for reason in reasons {
                crate::say::error(&reason);
            }
            ExitCode::FAILURE
        }
    }
}
