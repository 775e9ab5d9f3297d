//! Work to be counted in instructions: what a request and a supergraph are made of, one part each.
//!
//! Each piece of work runs twice to warm up and then some times in [`measured`], the only function
//! in which the counter is on. All is one thread, in process, with the same input each time, so
//! that two counts differ by less than what is looked for. `cargo xtask bench micro` counts, by
//! whole benchmarks and, within them, by functions that are steps of their own.

mod execution;
mod planning;
mod work;

use work::Work;

use crate::{large, subgraphs};

struct Benchmark {
    name: &'static str,
    /// How often it runs while it is counted.
    times: u32,
    make: fn() -> Result<Work, String>,
}

const BENCHMARKS: &[Benchmark] = &[
    Benchmark { name: "document", times: 20, make: planning::document },
    Benchmark { name: "bind", times: 20, make: planning::bind },
    Benchmark { name: "plan", times: 5, make: planning::benchmark },
    Benchmark { name: "plan-choices", times: 1, make: planning::choices },
    Benchmark { name: "program", times: 5, make: execution::program },
    Benchmark { name: "execute", times: 20, make: execution::execute },
    Benchmark { name: "answer", times: 20, make: execution::answer },
    Benchmark { name: "answer-small", times: 100, make: execution::answer_small },
    Benchmark { name: "compose", times: 1, make: compose },
];

/// Runs a benchmark; without a name, prints the name of each, and how often it runs.
pub(crate) fn run(name: Option<&str>) -> Result<(), String> {
    let Some(name) = name else {
        BENCHMARKS.iter().for_each(|it| println!("{} {}", it.name, it.times));
        return Ok(());
    };
    let benchmark = BENCHMARKS.iter().find(|it| it.name == name);
    let benchmark = benchmark.ok_or_else(|| format!("there is no benchmark {name}"))?;
    let mut work = (benchmark.make)()?;
    for _ in 0..2 {
        work();
    }
    measured(&mut work, benchmark.times);
    Ok(())
}

/// What is counted. The counter knows it by its name.
#[inline(never)]
fn measured(work: &mut Work, times: u32) {
    for _ in 0..times {
        work();
    }
}

/// A set of 20 subgraphs, composed.
fn compose() -> Result<Work, String> {
    let sources = large::sources(20, 250, 1);
    subgraphs::composed(&sources)?;
    Ok(Box::new(move || {
        std::hint::black_box(subgraphs::composed(&sources).is_ok());
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choices;

    #[test]
    fn every_benchmark_works() -> Result<(), String> {
        // The two that take long are large only by size.
        for benchmark in
            BENCHMARKS.iter().filter(|it| !matches!(it.name, "plan-choices" | "compose"))
        {
            (benchmark.make)()?();
        }
        Ok(())
    }

    #[test]
    fn the_generated_sets_compose() -> Result<(), String> {
        subgraphs::composed(&large::sources(3, 12, 1))?;
        subgraphs::composed(&choices::sources())?;
        Ok(())
    }
}
