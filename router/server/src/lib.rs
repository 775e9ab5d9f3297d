//! The edge: sockets, configuration, signals; the binary `tributary`.
//!
//! In come a command line, a configuration file, connections of clients and signals; out go
//! answers over HTTP, supergraphs, plans as text, log lines and metrics.
//!
//! Parts: [`cli`] is the command line, [`command`] does what it says, one file for each command;
//! [`config`] reads the one YAML file, and [`options`] lifts it into the options of every other
//! crate, once; [`http`] is GraphQL over HTTP, and [`answers`] the engine behind it; [`sources`]
//! gets schemas of subgraphs.
//!
//! This crate knows no GraphQL beyond the parameters of a request: what an operation means is
//! decided behind `engine`.
//!
//! Invariants: every limit has a default and a key in the configuration; a body is never held
//! beyond its limit; no input of a client ends the process; a failed `compose` writes nothing.

mod answers;
mod cli;
mod command;
mod config;
mod http;
mod options;
mod reference;
mod say;
mod signals;
mod sources;
mod suggest;
mod tls;
mod write;

use std::process::ExitCode;

pub use reference::{
    command_line as command_line_reference, configuration as configuration_reference,
    errors as errors_reference,
};

/// Does what the command line of the process says.
pub fn main() -> ExitCode {
    command::run(cli::Cli::read())
}
