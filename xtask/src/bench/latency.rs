//! `cargo xtask bench latency`: what a router adds to the time of its subgraph, and whether it
//! holds requests back.
//!
//! An operation of one fetch over subgraphs that take 4 ms. Requests come at a rate, half of what
//! the router can do, whether answers came or not; each is timed from the moment at which it was
//! due. The subgraph is measured in the same way beside it, in turns, and what is above it was
//! added. Where the machine itself stops a core for milliseconds every second (a host does that to
//! virtual ones), more than a hundredth of a router's answers are late, of whichever router; so the 99th
//! percentile is told a second time for a typical tenth of a second, the median over all tenths.
//! Nothing is shared here: who joins a fetch that is half done would be faster than the
//! subgraph.
//!
//! Then one connection alone, for which there is nothing to share: as long as with sharing as
//! without it, or something waits for company.

use super::bed::{self, Bed, Load, Round};
use super::machine::machine;
use super::numbers::median;
use super::rivals::{Rival, Sharing, all};
use crate::chore::Failure;
use crate::options::Options;
use crate::terminal;

/// One field of one subgraph, and where that subgraph is asked.
const OPERATION: &str = "query Listing { topProducts { upc name price } }\n";
const SUBGRAPH: &str = "/products";

/// Enough that none of them waits for a free one.
const CONNECTIONS: usize = 256;

/// Runs it.
///
/// # Errors
/// When an argument is unknown, or a program fails.
pub(super) fn run(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::parse(arguments, &["--rounds", "--seconds", "--delay-ms"])?;
    let rounds = options.number("--rounds", 3)?.max(1);
    let seconds = options.number("--seconds", 5)?.max(1);
    bed::build()?;
    println!("\n{}", machine());
    let rivals = all();
    let bed = Bed::make(options.number("--delay-ms", 4)?, None)?;
    let operation = bed.file("operation.graphql", OPERATION)?;
    bed.ask(Some(&operation), 0)?;
    for rival in &rivals {
        added(&bed, rival, rounds, seconds)?;
    }
    drop(bed);
    let bed = Bed::make(0, None)?;
    bed.ask(None, 0)?;
    alone(&bed, &rivals, rounds, seconds)
}

/// What a router adds at half of its peak.
fn added(bed: &Bed, rival: &Rival, rounds: usize, seconds: usize) -> Result<(), Failure> {
    let closed = Load { connections: CONNECTIONS, seconds, rate: None, count: None };
    let peak = bed.round(rival, Sharing::None, closed)?;
    let rate = peak.load.per_second() / 2.0;
    let title = format!(
        "{}: one fetch, at {rate:.0} requests per second, half of its peak (load core {:.0} % busy at the peak)",
        rival.name, peak.busy
    );
    println!("\n{}", terminal::bold(&title));
    println!("  round           p50 ms    p99 ms   typical   req/s  load core");
    let open = Load { rate: Some(rate), ..closed };
    let (mut p50, mut p99, mut typical) = (Vec::new(), Vec::new(), Vec::new());
    for number in 1..=rounds {
        let own = bed.measure(std::process::id(), || bed.load((bed.port, SUBGRAPH), open))?;
        let through = bed.round(rival, Sharing::None, open)?;
        for (what, round) in [("subgraph", &own), ("router", &through)] {
            right(rival.name, round)?;
            println!(
                "  {number:>5}  {what:<8} {:>7.2} {:>9.2} {:>9.2} {:>7.0} {:>8.0} %",
                round.load.p50,
                round.load.p99,
                round.load.typical,
                round.load.per_second(),
                round.busy
            );
        }
        p50.push(through.load.p50 - own.load.p50);
        p99.push(through.load.p99 - own.load.p99);
        typical.push(through.load.typical - own.load.typical);
    }
    println!(
        "  added, median of the rounds: p50 {:.2} ms, p99 {:.2} ms ({:.2} ms in a typical tenth of a second)",
        median(p50),
        median(p99),
        median(typical)
    );
    Ok(())
}

/// One connection alone, with and without sharing.
fn alone(bed: &Bed, rivals: &[Rival], rounds: usize, seconds: usize) -> Result<(), Failure> {
    println!("\n{}", terminal::bold("one connection alone: nothing to share, nothing to wait for"));
    println!("  router         shared      p50 ms by round        median  calls/req");
    let load = Load { connections: 1, seconds: seconds.min(2), rate: None, count: None };
    let modes =
        [("nothing", Sharing::None), ("subgraph", Sharing::Subgraph), ("both", Sharing::Both)];
    for rival in rivals {
        let mut of: [Vec<Round>; 3] = Default::default();
        for _ in 0..rounds {
            for ((_, sharing), of) in modes.iter().zip(&mut of) {
                let round = bed.round(rival, *sharing, load)?;
                right(rival.name, &round)?;
                of.push(round);
            }
        }
        for ((name, _), of) in modes.iter().zip(&of) {
            let times: Vec<f64> = of.iter().map(|round| round.load.p50).collect();
            let each: Vec<String> = times.iter().map(|time| format!("{time:.3}")).collect();
            println!(
                "  {:<13}  {name:<9} {:<24} {:>6.3} {:>10.2}",
                rival.name,
                each.join(" "),
                median(times),
                median(of.iter().map(|round| round.calls).collect())
            );
        }
    }
    Ok(())
}

fn right(name: &str, round: &Round) -> Result<(), Failure> {
    match round.load.wrong {
        0.0 => Ok(()),
        wrong => Err(format!("{wrong} answers of {name} or its subgraph were wrong")),
    }
}
