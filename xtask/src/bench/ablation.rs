//! `cargo xtask bench ablation`: what each trick of the router earns.
//!
//! The router with all its tricks, then with one off, and so on, in instructions and calls of the kernel
//! for a request: one connection with nothing shared, many that ask for the same with subgraph requests
//! shared, and with their own requests shared too.
//! What a trick spares the kernel is not seen there, so processor time is measured too, in turns,
//! with clients' requests shared.

use super::bed::{self, Bed, Load};
use super::callgrind::VALGRIND;
use super::machine::machine;
use super::numbers::median;
use super::requests::{Cost, Requests};
use super::rivals::{Off, Sharing, ours};
use crate::chore::Failure;
use crate::options::Options;
use crate::terminal;

/// A trick, and how it is turned off.
struct Trick {
    name: &'static str,
    off: Off,
    /// Whether it spares the kernel work, which counts don't show.
    kernel: bool,
}

/// What the router leaves out, by name.
const WITHOUT: &str = "TRIBUTARY_BENCH_WITHOUT";

const TRICKS: &[Trick] = &[
    Trick {
        name: "a fast executor: rows of places in the body, no trees",
        off: (WITHOUT, "programs"),
        kernel: false,
    },
    Trick {
        name: "members are expected in the order of the document",
        off: (WITHOUT, "expected-order"),
        kernel: false,
    },
    Trick {
        name: "identical subgraph requests share an answer",
        off: ("TRIBUTARY_TRAFFIC_COALESCE_SUBGRAPH_REQUESTS", "false"),
        kernel: false,
    },
    Trick {
        name: "those who share an answer share what was read of it",
        off: (WITHOUT, "shared-readings"),
        kernel: false,
    },
    Trick {
        name: "an answer for many is sent from the kernel's memory",
        off: (WITHOUT, "files-in-memory"),
        kernel: true,
    },
    Trick {
        name: "documents are known by how they are written in requests",
        off: (WITHOUT, "known-texts"),
        kernel: false,
    },
    Trick {
        name: "a runtime with threads, in place of one thread",
        off: (WITHOUT, "threads"),
        kernel: true,
    },
];

/// A trick that earns less is not worth its lines.
const LEAST: f64 = 0.02;

/// Runs it.
///
/// # Errors
/// When an argument is unknown, valgrind is missing, or a program fails.
pub(super) fn run(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::parse(arguments, &["--requests", "--connections", "--rounds"])?;
    let count = options.number("--requests", 400)?.max(1);
    let connections = options.number("--connections", 50)?.max(1);
    let rounds = options.number("--rounds", 3)?;
    let valgrind = VALGRIND.provide()?;
    bed::build()?;
    println!("\n{}", machine());
    let bed = Bed::make(0, None)?;
    bed.ask(None, 0)?;
    let alone =
        Requests { bed: &bed, valgrind: &valgrind, count, connections: 1, sharing: Sharing::None };
    let many = |sharing| Requests { connections, sharing, ..alone };
    instructions(&[&alone, &many(Sharing::Subgraph), &many(Sharing::Both)])?;
    if rounds > 0 {
        time(&bed, connections, rounds)?;
    }
    Ok(())
}

/// What is shared, column by column.
const COLUMNS: [&str; 3] =
    ["one connection, nothing shared", "many: subgraph requests shared", "many: all shared"];

fn instructions(loads: &[&Requests<'_>; 3]) -> Result<(), Failure> {
    println!("\n  {}", COLUMNS.map(|name| format!("{name:>31}")).join("   "));
    let columns = format!("{:>12} {:>9} {:>8}", "instructions", "", "kernel");
    println!("  {}   what is off", [columns.as_str(); 3].join("   "));
    let costs =
        |off| -> Result<Vec<Cost>, Failure> { loads.iter().map(|load| load.cost(off)).collect() };
    let all = costs(None)?;
    let cells: Vec<String> = all.iter().map(|cost| cell(cost, None)).collect();
    println!("  {}   nothing", cells.join("   "));
    for Trick { name, off, kernel } in TRICKS {
        let less = costs(Some(*off))?;
        let change = |(less, all): (&Cost, &Cost)| less.instructions / all.instructions - 1.0;
        let changes: Vec<f64> = less.iter().zip(&all).map(change).collect();
        let cells = less.iter().zip(&changes).map(|(cost, change)| cell(cost, Some(*change)));
        let cells = cells.collect::<Vec<String>>().join("   ");
        let little = changes.iter().all(|change| *change < LEAST);
        let verdict = match (little, kernel) {
            (false, _) => String::new(),
            (true, true) => " (see its processor time)".to_owned(),
            (true, false) => {
                format!(" {}", terminal::yellow("(less than 2 %: it should go)"))
            }
        };
        println!("  {cells}   {name}{verdict}");
    }
    Ok(())
}

fn cell(cost: &Cost, change: Option<f64>) -> String {
    let told = change.map(|change| format!("{:+.1} %", change * 100.0)).unwrap_or_default();
    format!("{:>12.0} {told:>9} {:>8.1}", cost.instructions, cost.calls)
}

/// Processor time, the kernel's included, for the tricks that spare it work.
fn time(bed: &Bed, connections: usize, rounds: usize) -> Result<(), Failure> {
    let load = Load { connections, seconds: 2, rate: None, count: None };
    let mut turns: Vec<(&str, Option<Off>, Vec<f64>)> = vec![("nothing", None, Vec::new())];
    let tricks = TRICKS.iter().filter(|trick| trick.kernel);
    turns.extend(tricks.map(|trick| (trick.name, Some(trick.off), Vec::new())));
    for _ in 0..rounds {
        for (_, off, times) in &mut turns {
            let round = bed.round(&ours(*off), Sharing::Both, load)?;
            if round.load.wrong > 0.0 {
                return Err(format!("{} answers were wrong", round.load.wrong));
            }
            times.push(round.cpu);
        }
    }
    println!("\n  µs of processor time for a request, clients' requests shared; rounds in turns");
    for (name, _, times) in turns {
        let each: Vec<String> = times.iter().map(|time| format!("{time:.1}")).collect();
        println!("  {:>8.1} ({})   {name}", median(times), each.join(" "));
    }
    Ok(())
}
