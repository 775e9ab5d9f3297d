//! Every chore has one command: `cargo xtask` lists them, `cargo xtask NAME` does one.
//!
//! In comes the name of a chore; out go its progress, with the time of each step, and an exit
//! status that is 0 only if nothing failed and, under `CI=true`, nothing was skipped.
//!
//! Chores: [`test`] (and its quick part, `check`), [`demo`], [`stories`], [`supergraph`],
//! [`bench`], [`soak`]. Shared by them: [`options`] reads their options, [`steps`] times and sums
//! up, [`command`] runs programs, [`needs`] fetches what a test needs from outside the workspace,
//! [`terminal`] paints.
//!
//! This crate knows no crate of the router: it starts programs, as a developer would.
//!
//! Invariants: a program that a chore started is ended by its process id; a step that was left out
//! is told in the closing lines.

mod bench;
mod chore;
mod command;
mod demo;
mod needs;
mod options;
mod soak;
mod steps;
mod stories;
mod supergraph;
mod terminal;
mod test;

use std::process::ExitCode;

use chore::Failure;

/// One chore: how it is called, what it does, how long it takes, and the door to it.
struct Chore {
    name: &'static str,
    arguments: &'static str,
    summary: &'static str,
    lasts: &'static str,
    /// What it consists of, with the options of each, and what that is.
    parts: &'static [(&'static str, &'static str)],
    run: fn(&[String]) -> Result<(), Failure>,
}

/// All chores, in the order in which a newcomer meets them.
const CHORES: &[Chore] = &[
    Chore {
        name: "demo",
        arguments: "[--release] [--port N] [--admin-port N] [--subgraphs-port N]",
        summary: "builds and starts six services and the router, prints queries to paste",
        lasts: "minutes to build, then seconds",
        parts: &[],
        run: demo::run,
    },
    Chore {
        name: "test",
        arguments: "",
        summary: "sets up what the tests need and runs them all",
        lasts: "under 25 min the first time, then under 3",
        parts: &[],
        run: test::run,
    },
    Chore {
        name: "check",
        arguments: "",
        summary: "the quick part of `test`: format, lints, the bar",
        lasts: "seconds after the first time",
        parts: &[],
        run: test::check,
    },
    Chore {
        name: "stories",
        arguments: "[--update]",
        summary: "runs the stories; --update rewrites their expected plans and answers",
        lasts: "seconds after the build",
        parts: &[],
        run: stories::run,
    },
    Chore {
        name: "bench",
        arguments: "[PART] [--option VALUE …]",
        summary: "measures us beside others, on the same work in the same run, and parts beside baselines",
        lasts: "a few minutes each after the build",
        parts: bench::PARTS,
        run: bench::run,
    },
    Chore {
        name: "soak",
        arguments: "PART [--option VALUE …]",
        summary: "generated sets beside the oracle; answers beside one server's; broken texts",
        lasts: "minutes to an hour",
        parts: soak::PARTS,
        run: soak::run,
    },
    Chore {
        name: "supergraph",
        arguments: "",
        summary: "composes supergraph.graphql again from subgraphs/supergraph.yaml",
        lasts: "seconds after the build",
        parts: &[],
        run: supergraph::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        list();
        return ExitCode::SUCCESS;
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        list();
        return ExitCode::SUCCESS;
    }
    let Some(chore) = CHORES.iter().find(|chore| chore.name == name) else {
        eprintln!("{} no chore is called `{name}`; these are:", terminal::red("error:"));
        list();
        return ExitCode::from(2);
    };
    if rest.iter().any(|argument| matches!(argument.as_str(), "--help" | "-h")) {
        tell(chore);
        return ExitCode::SUCCESS;
    }
    match (chore.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{} {failure}", terminal::red("error:"));
            ExitCode::FAILURE
        }
    }
}

fn list() {
    println!("cargo xtask CHORE\n");
    for chore in CHORES {
        tell(chore);
    }
}

fn tell(chore: &Chore) {
    let call = format!("{} {}", chore.name, chore.arguments);
    println!("  {}", terminal::bold(call.trim_end()));
    println!("      {} ({})", chore.summary, chore.lasts);
    for (part, summary) in chore.parts {
        println!("      {} {summary}", terminal::bold(&format!("{part:<54}")));
    }
}
