//! `cargo xtask bench router`: our router beside others, on the same requests over the same
//! subgraphs.
//!
//! The router that is measured has one core, the subgraphs and the load have the other. Rounds of
//! the routers take turns, each in a process of its own that was warmed up, so that whatever else
//! the machine does hits all. The processor time is that of the router's process, as the kernel
//! counts it.

use std::path::PathBuf;

use super::bed::{self, Bed, Load, Round};
use super::machine::machine;
use super::numbers::median;
use super::rivals::{Rival, Sharing, all};
use crate::chore::Failure;
use crate::options::Options;
use crate::terminal;

/// What is sent, and what may be shared.
struct Mode {
    name: &'static str,
    title: &'static str,
    sharing: Sharing,
    /// How many operations; 0 for one.
    distinct: usize,
    /// How many connections, where it isn't the usual number.
    connections: Option<usize>,
}

const MODES: [Mode; 5] = [
    Mode {
        name: "none",
        title: "nothing shared",
        sharing: Sharing::None,
        distinct: 0,
        connections: None,
    },
    Mode {
        name: "subgraph",
        title: "subgraph requests shared",
        sharing: Sharing::Subgraph,
        distinct: 0,
        connections: None,
    },
    Mode {
        name: "both",
        title: "subgraph and client requests shared",
        sharing: Sharing::Both,
        distinct: 0,
        connections: None,
    },
    Mode {
        name: "distinct",
        title: "100 distinct operations, all shared",
        sharing: Sharing::Both,
        distinct: 100,
        connections: None,
    },
    Mode {
        name: "crowd",
        title: "nothing shared, 500 connections",
        sharing: Sharing::None,
        distinct: 0,
        connections: Some(500),
    },
];

/// Runs it.
///
/// # Errors
/// When an argument is unknown, or a program fails.
pub(super) fn run(arguments: &[String]) -> Result<(), Failure> {
    let names = ["--rounds", "--seconds", "--connections", "--delay-ms", "--public", "--modes"];
    let options = Options::parse(arguments, &names)?;
    let chosen = options.text("--modes").unwrap_or("none,subgraph,both,distinct,crowd");
    let chosen: Vec<&str> = chosen.split(',').collect();
    if let Some(stray) = chosen.iter().find(|name| MODES.iter().all(|mode| mode.name != **name)) {
        let known: Vec<&str> = MODES.iter().map(|mode| mode.name).collect();
        return Err(format!("there is no mode `{stray}`; there is {}", known.join(", ")));
    }
    bed::build()?;
    let public = options.text("--public").map(PathBuf::from);
    let bed = Bed::make(options.number("--delay-ms", 0)?, public.as_deref())?;
    let bench = Bench {
        rounds: options.number("--rounds", 3)?.max(1),
        seconds: options.number("--seconds", 5)?.max(1),
        connections: options.number("--connections", 50)?.max(1),
        bed,
    };
    println!("\n{}", machine());
    let rivals = all();
    let operation = public.map(|folder| folder.join("operation.graphql"));
    for mode in MODES.iter().filter(|mode| chosen.contains(&mode.name)) {
        bench.bed.ask(operation.as_deref(), mode.distinct)?;
        bench.mode(mode, &rivals)?;
    }
    Ok(())
}

struct Bench {
    rounds: usize,
    seconds: usize,
    connections: usize,
    bed: Bed,
}

impl Bench {
    fn mode(&self, mode: &Mode, rivals: &[Rival]) -> Result<(), Failure> {
        println!("\n{}", terminal::bold(mode.title));
        println!(
            "  round  router           req/s    p50 ms    p99 ms   CPU µs/req   idle MB   peak MB  calls/req  load core"
        );
        let connections = mode.connections.unwrap_or(self.connections);
        let load = Load { connections, seconds: self.seconds, rate: None, count: None };
        let mut rounds: Vec<Vec<Round>> = rivals.iter().map(|_| Vec::new()).collect();
        for number in 1..=self.rounds {
            // Who goes first in one round goes last in the next.
            let mut turns: Vec<usize> = (0..rivals.len()).collect();
            if number % 2 == 0 {
                turns.reverse();
            }
            for turn in turns {
                let round = self.bed.round(&rivals[turn], mode.sharing, load)?;
                tell(number, rivals[turn].name, &round);
                rounds[turn].push(round);
            }
        }
        if let Some((ours, others)) = rounds.split_first() {
            for (rival, theirs) in rivals.iter().skip(1).zip(others) {
                compare(rival.name, ours, theirs)?;
            }
        }
        Ok(())
    }
}

fn tell(number: usize, name: &str, round: &Round) {
    println!(
        "  {number:>5}  {name:<13} {:>8.0} {:>9.2} {:>9.2} {:>12.1} {:>9.1} {:>9.1} {:>10.2} {:>8.0} %",
        round.load.per_second(),
        round.load.p50,
        round.load.p99,
        round.cpu,
        round.idle,
        round.memory,
        round.calls,
        round.busy
    );
}

/// A figure of a round.
type Figure = fn(&Round) -> f64;

/// What is compared.
const RATIOS: [(&str, Figure); 6] = [
    ("CPU/req", |round| round.cpu),
    ("req/s", |round| round.load.per_second()),
    ("p50", |round| round.load.p50),
    ("p99", |round| round.load.p99),
    ("idle", |round| round.idle),
    ("peak", |round| round.memory),
];

/// Prints what ours are beside another's, round by round. Wrong answers have no speed.
fn compare(name: &str, ours: &[Round], theirs: &[Round]) -> Result<(), Failure> {
    for (who, rounds) in [("tributary", ours), (name, theirs)] {
        let wrong: f64 = rounds.iter().map(|round| round.load.wrong).sum();
        if wrong > 0.0 {
            return Err(format!(
                "{wrong} answers of {who} were wrong: there is nothing to compare"
            ));
        }
    }
    println!("  ours / {name}'s");
    for (what, figure) in RATIOS {
        let ratios = ours.iter().zip(theirs).map(|(our, their)| figure(our) / figure(their));
        let ratios: Vec<f64> = ratios.collect();
        let each: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
        println!("    {what:<8} median {:.2}, by round {}", median(ratios), each.join(" "));
    }
    Ok(())
}
