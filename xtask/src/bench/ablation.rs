//! `cargo xtask bench ablation`: what each trick of the router earns, in instructions for a request.
//!
//! The router with all its tricks, then with one off, and so on. Two loads: one connection with
//! nothing shared, and many that ask for the same at the same time.

use super::bed::{self, Bed};
use super::callgrind::VALGRIND;
use super::machine::machine;
use super::requests::{Cost, Requests};
use super::rivals::Sharing;
use crate::chore::Failure;
use crate::options::Options;
use crate::terminal;

/// A trick, and how it is turned off.
struct Trick {
    name: &'static str,
    /// What is done in its place.
    without: &'static str,
    /// A variable of the environment, and its value.
    off: (&'static str, &'static str),
}

/// What the router itself can leave out.
const WITHOUT: &str = "TRIBUTARY_BENCH_WITHOUT";

const TRICKS: &[Trick] = &[
    Trick {
        name: "identical subgraph requests share an answer",
        without: "each is sent",
        off: ("TRIBUTARY_TRAFFIC_COALESCE_SUBGRAPH_REQUESTS", "false"),
    },
    Trick { name: "a plan has a program", without: "trees are merged", off: (WITHOUT, "programs") },
    Trick {
        name: "what was read of an answer is shared",
        without: "each reads it",
        off: (WITHOUT, "shared-readings"),
    },
    Trick {
        name: "members are expected in order",
        without: "each key is looked up",
        off: (WITHOUT, "expected-order"),
    },
    Trick {
        name: "the room for an answer is what the last one took",
        without: "it is guessed from what came",
        off: (WITHOUT, "sized-answers"),
    },
];

/// A trick that earns less is not worth its lines.
const LEAST: f64 = 0.02;

/// Runs it.
///
/// # Errors
/// When an argument is unknown, valgrind is missing, or a program fails.
pub(super) fn run(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::parse(arguments, &["--requests", "--connections"])?;
    let count = options.number("--requests", 400)?.max(1);
    let connections = options.number("--connections", 50)?.max(1);
    let valgrind = VALGRIND.provide()?;
    bed::build()?;
    println!("\n{}", machine());
    let bed = Bed::make(0, None)?;
    bed.ask(None, 0)?;
    let alone =
        Requests { bed: &bed, valgrind: &valgrind, count, connections: 1, sharing: Sharing::None };
    let many = Requests { connections, sharing: Sharing::Subgraph, ..alone };
    println!("\n  {:>38}   {:>38}", "one connection, nothing shared", "many that ask for the same");
    let columns = format!("{:>14} {:>8} {:>14}", "instructions", "", "kernel calls");
    println!("  {columns}   {columns}   trick that is off");
    let all = [alone.cost(&[])?, many.cost(&[])?];
    println!("  {}   {}   none", cell(&all[0], None), cell(&all[1], None));
    for Trick { name, without, off } in TRICKS {
        let less = [alone.cost(&[*off])?, many.cost(&[*off])?];
        let change = |at: usize| less[at].instructions / all[at].instructions - 1.0;
        let (first, second) = (cell(&less[0], Some(change(0))), cell(&less[1], Some(change(1))));
        println!("  {first}   {second}   {name}: {without}");
        if change(0).max(change(1)) < LEAST {
            let told = format!("less than {:.0} %: it should go", LEAST * 100.0);
            println!("  {:>84}{}", "", terminal::yellow(&told));
        }
    }
    Ok(())
}

fn cell(cost: &Cost, change: Option<f64>) -> String {
    let told = change.map(|change| format!("{:+.1} %", change * 100.0)).unwrap_or_default();
    format!("{:>14.0} {told:>8} {:>14.1}", cost.instructions, cost.calls)
}
