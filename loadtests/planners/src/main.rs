//! Our planner beside the planner of Hive Router, on the same supergraphs and operations, in turns
//! in one process.
//!
//! [`cases`] gathers what is planned: operations of our own over five supergraphs, generated ones,
//! those of a folder. [`ours`] and [`theirs`] plan, and bring a plan to the same [`shape`]: requests,
//! waves, price, and which leaves of the client's operation it fetches. [`report`] compares.

mod cases;
mod ours;
mod report;
mod shape;
mod theirs;
mod wide;

// The generator of the comparison with one merged server.
#[allow(dead_code)]
#[path = "../../../router/stories/tests/merged/operations.rs"]
mod operations;
#[allow(dead_code)]
#[path = "../../../router/stories/tests/merged/sdl.rs"]
mod sdl;
#[path = "../../../router/stories/tests/merged/values.rs"]
mod values;
#[allow(dead_code)]
#[path = "../../../router/stories/tests/merged/world/mod.rs"]
mod world;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Parser;

use crate::cases::{Case, Set};
use crate::report::{Line, Report};

/// The allocator of our router, for both.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// What is compared.
#[derive(Parser)]
#[command(about = "Our planner beside Hive Router's")]
struct Arguments {
    /// Where the generated supergraphs and operations begin.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many operations are generated.
    #[arg(long, default_value_t = 50)]
    generated: usize,
    /// How often each operation is planned by each planner.
    #[arg(long, default_value_t = 21)]
    rounds: usize,
    /// Folders with `supergraph.graphql` and `operation.graphql`, themselves or in folders below.
    #[arg(long)]
    public: Vec<PathBuf>,
    /// A supergraph, to be compared with one operation only.
    #[arg(long, requires = "operation")]
    supergraph: Option<PathBuf>,
    /// The operation for it.
    #[arg(long, requires = "supergraph")]
    operation: Option<PathBuf>,
    /// Compare only operations whose name has this in it.
    #[arg(long, default_value = "")]
    only: String,
    /// Print the supergraph, the operation and both plans of each operation that is compared.
    #[arg(long)]
    plans: bool,
    /// Plan with ours alone and print what each plan comes to: to compare before and after a change.
    #[arg(long)]
    alone: bool,
    /// End with a failure when ours is dominated.
    #[arg(long)]
    gate: bool,
}

fn main() -> Result<(), String> {
    let arguments = Arguments::parse();
    let mut sets = Vec::new();
    if let (Some(supergraph), Some(operation)) = (&arguments.supergraph, &arguments.operation) {
        sets.push(Set {
            title: "one operation".to_owned(),
            cases: vec![cases::one(supergraph, operation)?],
        });
    } else {
        sets.push(Set { title: "ours: 5 supergraphs".to_owned(), cases: cases::own()? });
        let title = format!("generated from seed {}", arguments.seed);
        sets.push(Set { title, cases: cases::generated(arguments.seed, arguments.generated)? });
        for folder in &arguments.public {
            let title = format!("files of {}", folder.display());
            sets.push(Set { title, cases: cases::public(folder)? });
        }
    }
    if arguments.alone {
        let cases = sets.iter().flat_map(|set| &set.cases);
        return cases
            .filter(|case| case.name.contains(&arguments.only))
            .try_for_each(|case| alone(case, &arguments));
    }
    let mut report = Report::default();
    for set in &sets {
        report.begin(&set.title);
        for case in set.cases.iter().filter(|case| case.name.contains(&arguments.only)) {
            report.add(compare(case, &arguments)?);
        }
        report.end();
    }
    match report.finish() {
        0 => Ok(()),
        dominated if arguments.gate => Err(format!("{dominated} plans of ours are dominated")),
        _ => Ok(()),
    }
}

/// Plans one operation with both planners, in turns.
fn compare(case: &Case, arguments: &Arguments) -> Result<Line, String> {
    let ours = ours::Planner::new(case)?;
    // Their panics are told in our report.
    std::panic::set_hook(Box::new(|_| ()));
    let theirs = caught(|| theirs::Planner::new(case, &ours));
    let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
    for round in 0..arguments.rounds.max(1) {
        // Who comes first takes turns too.
        if round % 2 == 0 {
            our_times.push(timed(|| ours.plan()));
        }
        if let Ok(theirs) = &theirs {
            their_times.push(timed(|| caught(|| theirs.plan())));
        }
        if round % 2 == 1 {
            our_times.push(timed(|| ours.plan()));
        }
    }
    let our_shape = ours.shape()?;
    let their_shape = theirs.as_ref().map_err(Clone::clone);
    let their_shape = their_shape.and_then(|theirs| caught(|| theirs.shape()));
    drop(std::panic::take_hook());
    if arguments.plans {
        println!("{}\n\n{}\n{}", case.name, case.supergraph, case.operation);
        println!("\nours:\n{}", ours.text());
        if let Ok(theirs) = &theirs {
            let text = caught(|| Ok(theirs.text()));
            println!("theirs:\n{}", text.unwrap_or_else(|why| why));
        }
    }
    Ok(Line {
        name: case.name.clone(),
        ours: our_shape,
        theirs: their_shape,
        our_times,
        their_times,
    })
}

/// Plans one operation with ours; the line has requests, waves, price, and by how much it may be above
/// the least; prices in thousandths.
fn alone(case: &Case, arguments: &Arguments) -> Result<(), String> {
    let ours = ours::Planner::new(case)?;
    for _ in 0..arguments.rounds.max(1) {
        std::hint::black_box(ours.plan().map_err(|error| format!("{}: {error}", case.name))?);
    }
    let (price, gap) = (ours.shape()?.price, ours.gap()?);
    println!("{}\t{}\t{}\t{}\t{gap}", case.name, price.requests, price.waves, price.thousandths());
    if arguments.plans {
        println!("{}", ours.text());
    }
    Ok(())
}

/// What another's code makes, also when it panics.
fn caught<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err("it panics".to_owned()))
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let started = Instant::now();
    let made = std::hint::black_box(work());
    let took = started.elapsed();
    drop(made);
    took
}
