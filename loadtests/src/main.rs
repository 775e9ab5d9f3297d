//! `tributary-loadtests`: what a router is measured with.
//!
//! `subgraphs` serves the four subgraphs of the benchmark and `supergraph` prints what they
//! compose to; `requests` and `expected` print what is asked and what must be answered; `load`
//! sends requests to a router and says how it went; `stopped` says how steady a core is. `micro` does work whose instructions are
//! counted; `compose` composes large sets. `cargo xtask bench` puts them together.

mod choices;
mod clock;
mod data;
mod expected;
mod large;
mod load;
mod micro;
mod subgraphs;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// The router's own: what is measured here should cost what it costs there.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[derive(Parser)]
#[command(about = "Subgraphs and load to measure a router with")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the subgraphs on a port of the system's choice, each under its name; the first line
    /// printed is the port. GET /calls says how many requests came.
    Subgraphs {
        /// Milliseconds before each answer.
        #[arg(long, default_value_t = 0)]
        delay_ms: u64,
    },
    /// Print the supergraph of the benchmark.
    Supergraph {
        /// The port of the subgraphs.
        #[arg(long)]
        port: u16,
        /// Another supergraph whose subgraphs have the same names: only their URLs are changed.
        #[arg(long)]
        of: Option<PathBuf>,
    },
    /// Print the bodies of requests, one a line.
    Requests {
        /// A document to be sent as it is, in place of the benchmark's own.
        #[arg(long)]
        operation: Option<PathBuf>,
        /// How many distinct operations with distinct variables; 0 for one and the same.
        #[arg(long, default_value_t = 0)]
        distinct: usize,
    },
    /// Print the right answers to bodies of requests, one a line.
    Expected {
        /// The supergraph that the router serves.
        #[arg(long)]
        supergraph: PathBuf,
        /// A file with bodies, one a line.
        #[arg(long)]
        requests: PathBuf,
    },
    /// Send requests over connections that each wait for their answer.
    Load(load::Load),
    /// Print for how many milliseconds a core was stopped or another's, looking so many seconds.
    Stopped {
        #[arg(long, default_value_t = 2.5)]
        seconds: f64,
    },
    /// Run one piece of work for a counter of instructions; without a name, list them.
    Micro { name: Option<String> },
    /// Compose a large set of subgraphs again and again, and print the milliseconds of each round.
    Compose {
        #[command(flatten)]
        set: Set,
        #[arg(long, default_value_t = 0)]
        rounds: usize,
        /// Where the set is written, for other composers.
        #[arg(long)]
        folder: PathBuf,
    },
}

/// A large set of subgraphs.
#[derive(Args)]
struct Set {
    #[arg(long)]
    subgraphs: usize,
    #[arg(long)]
    types: usize,
    #[arg(long)]
    seed: u64,
}

fn main() -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    match Arguments::parse().command {
        Command::Subgraphs { delay_ms } => runtime.block_on(subgraphs::serve(delay_ms)),
        Command::Supergraph { port, of } => {
            let sdl = match of {
                Some(file) => Some(read(&file)?),
                None => None,
            };
            print!("{}", subgraphs::supergraph(port, sdl)?);
            Ok(())
        }
        Command::Requests { operation, distinct } => {
            let document = match operation {
                Some(file) => read(&file)?,
                None => data::OPERATION.to_owned(),
            };
            data::requests(&document, distinct).iter().for_each(|body| println!("{body}"));
            Ok(())
        }
        Command::Expected { supergraph, requests } => {
            let answers = expected::answers(&read(&supergraph)?, &read(&requests)?)?;
            answers.iter().for_each(|answer| println!("{answer}"));
            Ok(())
        }
        Command::Micro { name } => micro::run(name.as_deref()),
        Command::Stopped { seconds } => {
            let stopped = clock::stopped(std::time::Duration::from_secs_f64(seconds));
            println!("{:.1}", stopped.as_secs_f64() * 1e3);
            Ok(())
        }
        Command::Compose { set, rounds, folder } => {
            let sources = large::sources(set.subgraphs, set.types, set.seed);
            large::write(&folder, &sources).map_err(|error| error.to_string())?;
            large::compose(&sources, rounds)
        }
        Command::Load(load) => runtime.block_on(load::run(&load)),
    }
}

fn read(file: &std::path::Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}
