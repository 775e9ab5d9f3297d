//! `cargo xtask bench compose`: our composer beside the oracle, on the same sets in the same run.
//!
//! Both compose the same files: in a process of their own each time, from its start to its end,
//! and again and again in one process, after a warm-up. Rounds of the two take turns, so that
//! whatever else the machine does hits both.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::bed;
use super::numbers::{median, megabytes, peak};
use crate::chore::Failure;
use crate::command::{binary, program, root, target};
use crate::needs;
use crate::options::Options;
use crate::terminal;

/// The sets: subgraphs and types in all. The second and the third show how time grows.
const SETS: [(usize, usize); 3] = [(20, 250), (100, 1_250), (200, 2_500)];

/// Runs it.
///
/// # Errors
/// When an argument is unknown, or a composer fails.
pub(super) fn run(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::parse(arguments, &["--seed", "--rounds"])?;
    let (seed, rounds) = (options.number("--seed", 1)?, options.number("--rounds", 5)?.max(1));
    let oracle = needs::oracle()?;
    bed::build()?;
    let script = root().join("router/compose/tests/differential/oracle/speed.mjs");
    std::fs::copy(&script, oracle.join("speed.mjs")).map_err(|error| error.to_string())?;
    let mut growth = Vec::new();
    for (subgraphs, types) in SETS {
        let folder = target().join(format!("bench/compose-{subgraphs}-{seed}"));
        let bench = Bench { folder, set: (subgraphs, types, seed), oracle: &oracle, rounds };
        times(&mut bench.again(0))?;
        growth.push(bench.run(subgraphs)?);
    }
    let times = growth[2] / growth[1];
    println!("\ntwice the schema (100 and 200 subgraphs) takes {times:.2} times as long");
    Ok(())
}

struct Bench<'a> {
    folder: PathBuf,
    /// Subgraphs, types in all, and the seed.
    set: (usize, usize, usize),
    oracle: &'a Path,
    rounds: usize,
}

/// A run of a process: how long it took, and the most memory that it held.
struct Run {
    time: Duration,
    bytes: u64,
}

impl Bench<'_> {
    /// Measures one set; the result is our time for it in milliseconds, warm.
    fn run(&self, subgraphs: usize) -> Result<f64, Failure> {
        let bytes = sdl_bytes(&self.folder)?;
        let title = format!("{subgraphs} subgraphs, {} kB of SDL", bytes / 1000);
        println!("\n{}", terminal::bold(&title));
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        println!(
            "  round      ours    oracle     times  ours MB oracle MB   (a process of its own)"
        );
        for round in 1..=self.rounds {
            let (our, their) = (measure(self.ours())?, measure(self.theirs(1))?);
            let times = their.time.as_secs_f64() / our.time.as_secs_f64();
            println!(
                "  {round:>5} {:>7.1} ms {:>7.1} ms {times:>7.1} {:>8.1} {:>9.1}",
                milliseconds(our.time),
                milliseconds(their.time),
                megabytes(our.bytes),
                megabytes(their.bytes)
            );
            ours.push(our);
            theirs.push(their);
        }
        let time = |runs: &[Run]| median(runs.iter().map(|run| milliseconds(run.time)).collect());
        let memory = |runs: &[Run]| median(runs.iter().map(|run| megabytes(run.bytes)).collect());
        println!(
            "  median: {:.1} times as fast, with 1/{:.1} of the memory",
            time(&theirs) / time(&ours),
            memory(&theirs) / memory(&ours)
        );
        self.warm()
    }

    /// Rounds in one process; the first third of them is the warm-up.
    fn warm(&self) -> Result<f64, Failure> {
        let rounds = self.rounds * 3;
        let ours = times(&mut self.again(rounds))?;
        let theirs = times(&mut self.theirs(rounds))?;
        let (ours, theirs) =
            (median(ours[rounds / 3..].into()), median(theirs[rounds / 3..].into()));
        println!(
            "  warm, median of {}: ours {ours:.2} ms, oracle {theirs:.1} ms, {:.1} times as fast",
            rounds - rounds / 3,
            theirs / ours
        );
        Ok(ours)
    }

    fn ours(&self) -> Command {
        let mut command = program(binary("release", "tributary"), &["compose", "--config"]);
        command.arg(self.folder.join("supergraph.yaml")).arg("--output");
        command.arg(self.folder.join("supergraph.out"));
        command
    }

    /// Writes the set, and composes it so often in one process.
    fn again(&self, rounds: usize) -> Command {
        let (subgraphs, types, seed) = self.set;
        let mut command = program(binary("release", "tributary-loadtests"), &["compose"]);
        command.arg("--folder").arg(&self.folder);
        let numbers = [
            ("--subgraphs", subgraphs),
            ("--types", types),
            ("--seed", seed),
            ("--rounds", rounds),
        ];
        for (name, value) in numbers {
            command.args([name, &value.to_string()]);
        }
        command
    }

    fn theirs(&self, rounds: usize) -> Command {
        let mut command = program("node", &[]);
        // Node looks for packages beside the script.
        command.arg(self.oracle.join("speed.mjs")).arg(&self.folder).arg(rounds.to_string());
        command
    }
}

/// Runs a process, and looks at its memory while it runs.
fn measure(mut command: Command) -> Result<Run, Failure> {
    let started = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| error.to_string())?;
    let status = format!("/proc/{}/status", child.id());
    let mut bytes = 0;
    loop {
        bytes = peak(&status).unwrap_or(0).max(bytes);
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(ended) if ended.success() => return Ok(Run { time: started.elapsed(), bytes }),
            Some(ended) => return Err(format!("a composer ended with {ended}")),
            None => std::thread::sleep(Duration::from_micros(200)),
        }
    }
}

/// The numbers that a process prints.
fn times(command: &mut Command) -> Result<Vec<f64>, Failure> {
    let output = command.output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().map(|line| line.parse().map_err(|_| format!("no number: {line}"))).collect()
}

fn sdl_bytes(folder: &Path) -> Result<u64, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| error.to_string())?;
    let files =
        entries.flatten().filter(|entry| entry.path().extension().is_some_and(|e| e == "graphql"));
    Ok(files.filter_map(|entry| entry.metadata().ok()).map(|file| file.len()).sum())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
