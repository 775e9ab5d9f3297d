//! Hostile supergraphs and operations: planning ends within a second and 256 MiB, with a plan or
//! with a refusal that names the limit; the same plan in every process.
//!
//! Each case is planned in a process of its own, so that its memory is its own: this program calls
//! itself. `TRIBUTARY_HOSTILE_CASES` and `_SEED` vary the run; `TRIBUTARY_HOSTILE_CASE` is one of
//! them, for the child.

mod operations;
mod schemas;

use std::collections::BTreeMap;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tributary_stories::{Dice, Part, Stage, planned};

/// How many cases are tried in tests.
const CASES: u64 = 162;
/// How long planning may take, optimized; else more.
const LONGEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 1 });
/// How much memory a process may use, its supergraph included.
const MOST_KIB: u64 = 256 << 10;
/// The stack of a planning thread, as the engine has it.
const STACK: usize = 64 << 20;

fn main() -> ExitCode {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    if let Some(case) = number("TRIBUTARY_HOSTILE_CASE") {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || child(case));
        return match thread.map(std::thread::JoinHandle::join) {
            Ok(Ok(())) => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        };
    }
    // Libtest's flags come along; of them only those that leave these tests out count.
    let left_out = |flag: &str| std::env::args().any(|argument| argument == flag);
    if left_out("--list") || left_out("--ignored") {
        return ExitCode::SUCCESS;
    }
    let seed = number("TRIBUTARY_HOSTILE_SEED").unwrap_or(1);
    run(seed, number("TRIBUTARY_HOSTILE_CASES").unwrap_or(CASES))
}

/// What a child says of its case.
struct Said {
    case: u64,
    shape: String,
    /// `planned` or why it was refused, and a digest of the plan.
    outcome: String,
    took: Duration,
    peak: u64,
}

fn run(seed: u64, cases: u64) -> ExitCode {
    let next = AtomicU64::new(0);
    let all: Mutex<Vec<Said>> = Mutex::default();
    let broken: Mutex<Vec<String>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= cases {
                        break;
                    }
                    let case = seed.wrapping_mul(1_000_000).wrapping_add(at);
                    // Some are planned twice, in two processes.
                    let again = at.is_multiple_of(5).then(|| ask(case));
                    match (ask(case), again) {
                        (Ok(said), Some(Ok(again))) if said.outcome != again.outcome => {
                            let (first, second) = (said.outcome, again.outcome);
                            let told = format!("case {case}: once {first}, once {second}");
                            broken.lock().expect("no worker panics").push(told);
                        }
                        (Ok(said), _) => all.lock().expect("no worker panics").push(said),
                        (Err(why), _) => broken.lock().expect("no worker panics").push(why),
                    }
                    if at % 1_000 == 999 {
                        println!("{} of {cases} hostile operations", at + 1);
                    }
                }
            });
        }
    });
    let mut all = all.into_inner().expect("no worker panicked");
    let mut broken = broken.into_inner().expect("no worker panicked");
    tell(&mut all, &mut broken);
    if broken.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("{} of {cases} failed:\n{}", broken.len(), broken.join("\n"));
    ExitCode::FAILURE
}

/// Sums up, and says what was beyond the bounds.
fn tell(all: &mut [Said], broken: &mut Vec<String>) {
    let planned = all.iter().filter(|said| said.outcome.starts_with("planned")).count();
    println!(
        "{} hostile operations: {planned} planned, {} refused",
        all.len(),
        all.len() - planned
    );
    all.sort_by_key(|said| std::cmp::Reverse(said.took));
    let line = |said: &Said| {
        let Said { case, shape, outcome, took, peak } = said;
        let short: String = outcome.chars().take(100).collect();
        format!("case {case} ({shape}): {took:?}, {} MiB, {short}", peak >> 10)
    };
    for said in all.iter().take(8) {
        println!("{}", line(said));
    }
    if let Some(largest) = all.iter().max_by_key(|said| said.peak) {
        println!("most memory: {}", line(largest));
    }
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for said in all.iter().filter(|said| !said.outcome.starts_with("planned")) {
        let short = said.outcome.replace(|c: char| c.is_ascii_digit(), "");
        *reasons.entry(short.chars().take(80).collect()).or_default() += 1;
    }
    for (reason, count) in reasons {
        println!("{count} refused: {reason}");
    }
    let names_a_limit =
        |text: &str| text.contains("the limit is") || text.contains("units of work");
    let fits = |said: &Said| {
        let told = said.outcome.starts_with("planned") || names_a_limit(&said.outcome);
        told && said.took <= LONGEST && said.peak <= MOST_KIB
    };
    broken.extend(all.iter().filter(|said| !fits(said)).map(line));
}

/// Plans a case in a process of its own.
fn ask(case: u64) -> Result<Said, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let child = Command::new(program)
        .env("TRIBUTARY_HOSTILE_CASE", case.to_string())
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&child.stdout).into_owned();
    let words: Vec<&str> = text.trim().split('\t').collect();
    let number = |at: usize| words.get(at).and_then(|word| word.parse::<u64>().ok());
    match (child.status.success(), number(2), number(3)) {
        (true, Some(micros), Some(peak)) => Ok(Said {
            case,
            shape: words[0].to_owned(),
            outcome: words[1].to_owned(),
            took: Duration::from_micros(micros),
            peak,
        }),
        _ => {
            let errors = String::from_utf8_lossy(&child.stderr);
            Err(format!("case {case} ({text}) ended with {}: {errors}", child.status))
        }
    }
}

/// Plans a case and says what came of it: shape, outcome, microseconds, peak of memory in KiB.
fn child(case: u64) {
    let shapes = (schemas::SHAPES.len() as u64, operations::SHAPES.len() as u64);
    let (schema_name, set) = schemas::SHAPES[(case % shapes.0) as usize];
    let (operation_name, write) = operations::SHAPES[(case / shapes.0 % shapes.1) as usize];
    let mut dice = Dice::new(case);
    let set = set(&mut dice);
    let parts: Vec<Part<'_>> =
        set.iter().map(|(name, sdl)| Part { name, sdl, data: "{}" }).collect();
    let stage = match Stage::set(&parts, None) {
        Ok(stage) => stage,
        Err(why) => panic!("{schema_name} does not compose: {why:?}"),
    };
    let text = write(&mut operations::Writer::new(stage.schema(), dice));
    if let Some(path) = std::env::var_os("TRIBUTARY_HOSTILE_WRITE") {
        std::fs::write(path, &text).expect("the file can be written");
    }
    // What composing used does not count; Linux alone tells.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let (started, before) = (Instant::now(), worked());
    let outcome = planned(&stage, &text);
    // Others may use the processors too: what counts is the work, where the system tells it.
    let took = match (before, worked()) {
        (Some(before), Some(after)) => after - before,
        _ => started.elapsed(),
    };
    let outcome = match outcome {
        Ok(plan) => format!("planned {plan}"),
        Err(why) => why.replace(['\t', '\n'], " "),
    };
    println!("{schema_name}, {operation_name}\t{outcome}\t{}\t{}", took.as_micros(), peak());
}

/// The time that this thread was on a processor, where the system tells.
fn worked() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split(' ').next()?.parse().ok()?))
}

/// The most memory that this process had at a time, in KiB; 0 where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB"));
    number.and_then(|number| number.trim().parse().ok()).unwrap_or_default()
}
