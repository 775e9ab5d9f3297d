//! `cargo xtask bench micro`: how many instructions the parts of a request and of a supergraph
//! take, beside baselines that are part of the repository.
//!
//! `--check` fails when one takes 5 % more than its baseline; `--update` writes the baselines anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::bed::{self, Bed};
use super::callgrind::{Counts, VALGRIND, counted, file};
use super::process::printed;
use super::requests::Requests;
use super::rivals::Sharing;
use crate::chore::Failure;
use crate::command::{binary, program, root};
use crate::terminal;

/// How much more than its baseline is a regression.
const TOLERANCE: f64 = 0.05;

/// The function in which the counter is on.
const MEASURED: &str = "--toggle-collect=*micro*measured*";

/// Steps within a benchmark: the benchmark, what the step is called, and its function.
const STEPS: &[(&str, &str, &str)] = &[
    ("execute", "parse", "fast::parse::parse"),
    ("execute", "representations", "fast::gather::Gather::part"),
    ("execute", "link", "fast::gather::link"),
    ("execute", "write", "fast::write::write"),
];

/// Runs it.
///
/// # Errors
/// When an argument is unknown, valgrind is missing, or, with `--check`, something takes more than
/// its baseline allows.
pub(super) fn run(arguments: &[String]) -> Result<(), Failure> {
    let (mut check, mut update) = (false, false);
    for argument in arguments {
        match argument.as_str() {
            "--check" => check = true,
            "--update" => update = true,
            stray => return Err(format!("there is no `{stray}` here; there is --check, --update")),
        }
    }
    let valgrind = match VALGRIND.provide() {
        Ok(valgrind) => valgrind,
        Err(why) if check => return Err(why),
        Err(why) => {
            println!("{} counting of instructions: {why}", terminal::yellow("SKIPPED"));
            return Ok(());
        }
    };
    bed::build()?;
    let mut counts = count(&valgrind)?;
    counts.extend(served(&valgrind)?);
    let compiler = printed(program("rustc", &["--version"]))?.trim().to_owned();
    let path = root().join("loadtests/baselines.txt");
    let baselines = Baselines::read(&path)?;
    let worse = baselines.compare(&counts);
    if baselines.compiler != compiler {
        println!(
            "{} the baselines were counted with {}, this is {compiler}",
            terminal::yellow("note:"),
            baselines.compiler
        );
    }
    if update {
        Baselines { compiler, counts }.write(&path)?;
        println!("{} is written", path.display());
    } else if check && !worse.is_empty() {
        return Err(format!(
            "more than {:.0} % above the baseline, or without one: {}; if it is worth it, \
             `cargo xtask bench micro --update`",
            TOLERANCE * 100.0,
            worse.join(", ")
        ));
    }
    Ok(())
}

/// The instructions of each benchmark and of its steps, for one time.
fn count(valgrind: &Path) -> Result<BTreeMap<String, u64>, Failure> {
    let tool = binary("release", "tributary-loadtests");
    let mut counts = BTreeMap::new();
    for line in printed(program(&tool, &["micro"]))?.lines() {
        let (name, times) = line.split_once(' ').ok_or_else(|| format!("what is {line}?"))?;
        let times: u64 = times.parse().map_err(|_| format!("no number: {line}"))?;
        let out = file(&format!("micro-{name}.out"))?;
        let work = program(&tool, &["micro", name]);
        printed(counted(valgrind, &work, &out, &[MEASURED]))?;
        let counted = Counts::read(&out)?;
        counts.insert(name.to_owned(), counted.instructions() / times);
        for (_, step, function) in STEPS.iter().filter(|(of, ..)| *of == name) {
            let instructions = counted.function(function).ok_or_else(|| {
                format!("no call of {function} was counted in {name}: is it inlined, or renamed?")
            })?;
            counts.insert(format!("{name}/{step}"), instructions / times);
        }
    }
    Ok(counts)
}

/// The instructions that the whole router takes for a request: of the benchmark, and the smallest.
fn served(valgrind: &Path) -> Result<BTreeMap<String, u64>, Failure> {
    let bed = Bed::make(0, None)?;
    let small = bed.file("small.graphql", "query Small { __typename }\n")?;
    let requests =
        Requests { bed: &bed, valgrind, count: 300, connections: 1, sharing: Sharing::None };
    let mut counts = BTreeMap::new();
    for (name, operation) in [("serve", None), ("serve-small", Some(small.as_path()))] {
        bed.ask(operation, 0)?;
        counts.insert(name.to_owned(), requests.cost(None)?.instructions as u64);
    }
    Ok(counts)
}

struct Baselines {
    compiler: String,
    counts: BTreeMap<String, u64>,
}

impl Baselines {
    fn read(path: &PathBuf) -> Result<Self, Failure> {
        let text = match std::fs::read_to_string(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            text => text.map_err(|error| format!("{}: {error}", path.display()))?,
        };
        let mut baselines = Self { compiler: String::new(), counts: BTreeMap::new() };
        for line in text.lines() {
            match line.split_once(' ') {
                Some(("#", compiler)) => baselines.compiler = compiler.to_owned(),
                Some((name, count)) => {
                    let count = count.trim().parse().map_err(|_| format!("no number: {line}"))?;
                    baselines.counts.insert(name.to_owned(), count);
                }
                None => return Err(format!("{}: what is {line}?", path.display())),
            }
        }
        Ok(baselines)
    }

    fn write(&self, path: &Path) -> Result<(), Failure> {
        let mut text = format!("# {}\n", self.compiler);
        for (name, count) in &self.counts {
            text.push_str(&format!("{name:<24} {count:>12}\n"));
        }
        std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Prints counts beside their baselines; the result are the names of those that are worse.
    fn compare(&self, counts: &BTreeMap<String, u64>) -> Vec<String> {
        println!("\n  {:<24} {:>14} {:>14} {:>8}", "instructions", "now", "baseline", "");
        let mut worse = Vec::new();
        for (name, now) in counts {
            let before = self.counts.get(name).copied();
            let change = before.map(|before| *now as f64 / before as f64 - 1.0);
            let (told, fails) = match change {
                None => ("new".to_owned(), true),
                Some(change) => (format!("{:+.1} %", change * 100.0), change > TOLERANCE),
            };
            let told = if fails { terminal::red(&told) } else { told };
            println!("  {name:<24} {now:>14} {:>14} {told:>8}", before.unwrap_or(0));
            if fails {
                worse.push(name.to_owned());
            }
        }
        let gone = self.counts.keys().filter(|name| !counts.contains_key(*name));
        worse.extend(gone.map(|name| format!("{name} (gone)")));
        worse
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_a_twentieth_is_worse_and_less_is_not() {
        let of = |counts: &[(&str, u64)]| {
            counts.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect()
        };
        let baselines = Baselines {
            compiler: String::new(),
            counts: of(&[("a", 1000), ("b", 1000), ("c", 1000), ("gone", 1)]),
        };
        let worse = baselines.compare(&of(&[("a", 1049), ("b", 1051), ("c", 10), ("new", 5)]));
        assert_eq!(worse, ["b", "new", "gone (gone)"]);
    }
}
