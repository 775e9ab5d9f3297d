//! `cargo xtask bench ablation`: what each trick of the router earns, in instructions for a request.
//!
//! The router runs under callgrind, once for few requests and once for many; the difference is what
//! the requests took, without the start and the warm-up. Then again with one trick off, and so on.
//! Two loads: one connection with nothing shared, and many that ask for the same at the same time.
//! What the kernel does is not counted, but its calls are.

use std::process::{Command, Stdio};

use super::bed::{self, Bed, Load};
use super::callgrind::{Counts, VALGRIND, counted, file};
use super::machine::machine;
use super::process::{Core, Running, free_port, pinned, wait_for};
use super::rivals::{Rival, Setting, Sharing, ours};
use crate::chore::Failure;
use crate::options::Options;
use crate::terminal;

/// A trick, and how it is turned off.
struct Trick {
    name: &'static str,
    /// What is done in its place.
    without: &'static str,
    off: Off,
}

enum Off {
    /// By a variable of the environment.
    Variable(&'static str, &'static str),
}

const TRICKS: &[Trick] = &[Trick {
    name: "identical subgraph requests share an answer",
    without: "each is sent",
    off: Off::Variable("TRIBUTARY_TRAFFIC_COALESCE_SUBGRAPH_REQUESTS", "false"),
}];

/// A trick that earns less is not worth its lines.
const LEAST: f64 = 0.02;

const FEW: usize = 100;

/// Runs it.
///
/// # Errors
/// When an argument is unknown, valgrind is missing, or a program fails.
pub(super) fn run(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::parse(arguments, &["--requests", "--connections"])?;
    let requests = options.number("--requests", 400)?.max(1);
    let connections = options.number("--connections", 50)?.max(1);
    let valgrind = VALGRIND.provide()?;
    bed::build()?;
    println!("\n{}", machine());
    let bed = Bed::make(0, None)?;
    bed.ask(None, 0)?;
    let bench = Bench { bed, valgrind, rival: ours(), requests };
    let loads = [
        ("one connection, nothing shared", Sharing::None, 1),
        ("subgraph requests shared", Sharing::Subgraph, connections),
    ];
    for (title, sharing, connections) in loads {
        let title = format!("{title}: {connections} connections, {requests} requests");
        println!("\n{}", terminal::bold(&title));
        println!("  {:>14} {:>8} {:>10}  {}", "instructions", "", "calls of", "trick that is off");
        println!("  {:>14} {:>8} {:>10}", "per request", "", "the kernel");
        let all = bench.cost(sharing, connections, None)?;
        tell(&all, None, "none");
        for trick in TRICKS {
            let without = bench.cost(sharing, connections, Some(trick))?;
            let change = without.instructions / all.instructions - 1.0;
            let told = format!("{}: {}", trick.name, trick.without);
            tell(&without, Some(change), &told);
        }
    }
    println!("\na trick that earns less than {:.0} % in each load should go", LEAST * 100.0);
    Ok(())
}

struct Bench {
    bed: Bed,
    valgrind: std::path::PathBuf,
    rival: Rival,
    requests: usize,
}

/// What a request took.
struct Cost {
    instructions: f64,
    /// Calls of the kernel.
    calls: f64,
}

impl Bench {
    fn cost(
        &self,
        sharing: Sharing,
        connections: usize,
        off: Option<&Trick>,
    ) -> Result<Cost, Failure> {
        let (few, many) = (
            self.counts(sharing, connections, off, FEW)?,
            self.counts(sharing, connections, off, FEW + self.requests)?,
        );
        let of = |event: &str| {
            let total = |counts: &Counts| counts.totals.get(event).copied().unwrap_or(0) as f64;
            (total(&many) - total(&few)) / self.requests as f64
        };
        Ok(Cost { instructions: of("Ir"), calls: of("sysCount") })
    }

    /// What the router does from its start to its end, with so many requests.
    fn counts(
        &self,
        sharing: Sharing,
        connections: usize,
        off: Option<&Trick>,
        requests: usize,
    ) -> Result<Counts, Failure> {
        let port = free_port()?;
        let (supergraph, out) = (self.bed.supergraph(), file("router.out")?);
        let setting = Setting { supergraph: &supergraph, folder: self.bed.folder(), port, sharing };
        let mut command: Command = self.rival.command(&setting)?;
        if let Some(Trick { off: Off::Variable(name, value), .. }) = off {
            command.env(name, value);
        }
        // A file of an earlier run must not pass for this one's.
        let _ = std::fs::remove_file(&out);
        let command = counted(&self.valgrind, &command, &out, &["--collect-systime=usec"]);
        let mut command = pinned(command, Core::Router);
        let router = Running::start(command.stdout(Stdio::null()).stderr(Stdio::null()))?;
        wait_for(port)?;
        let load = Load { connections, seconds: 300, rate: None, count: Some(requests) };
        let loaded = self.bed.load((port, "/graphql"), load)?;
        if loaded.wrong > 0.0 || loaded.requests as usize != requests {
            return Err(format!("{} of {} answers were wrong", loaded.wrong, loaded.requests));
        }
        router.end()?;
        Counts::read(&out)
    }
}

fn tell(cost: &Cost, change: Option<f64>, trick: &str) {
    let told = change.map(|change| format!("{:+.1} %", change * 100.0)).unwrap_or_default();
    println!("  {:>14.0} {told:>8} {:>10.1}  {trick}", cost.instructions, cost.calls);
}
