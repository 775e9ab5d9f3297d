//! Random supergraphs, data and operations: the routed answer is the answer of one merged server.

mod case;
mod data;
mod fuzz;
mod operations;
mod oracle;
mod sdl;
mod shrink;
mod values;
mod world;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use tributary_stories::Stage;

use crate::case::Case;
use crate::oracle::Oracle;

/// How many supergraphs are tried, unless `TRIBUTARY_MERGED_CASES` says otherwise;
/// `TRIBUTARY_MERGED_SEED` says where to begin, or which one to try alone.
const CASES: u64 = 2_000;
/// How many operations on each.
const OPERATIONS: usize = 4;
/// Planning in a debug build uses much of it.
const STACK: usize = 32 << 20;
/// One in as many supergraphs is composed by the oracle as well, where there is one.
const SHARE: u64 = 10;
/// How many failures are shrunk and told.
const TOLD: usize = 4;

/// What came of the cases so far.
#[derive(Default)]
struct Findings {
    played: u64,
    /// Operations that were compared over the oracle's supergraph, too.
    theirs: u64,
    refused: u64,
    /// By the first words of why.
    reasons: BTreeMap<String, u64>,
    failed: u64,
    told: Vec<String>,
}

#[test]
fn routed_answers_are_those_of_one_merged_server() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seed = number("TRIBUTARY_MERGED_SEED");
    let cases = number("TRIBUTARY_MERGED_CASES").unwrap_or(if seed.is_some() { 1 } else { CASES });
    let first = seed.unwrap_or(1);
    let next = AtomicU64::new(0);
    let findings = Mutex::new(Findings::default());
    let workers = std::thread::available_parallelism().map_or(1, |it| it.get().min(8));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let worker = std::thread::Builder::new().stack_size(STACK);
            let (next, findings) = (&next, &findings);
            let spawned = worker.spawn_scoped(scope, move || {
                let mut oracle = Oracle::start();
                loop {
                    let case = next.fetch_add(1, Ordering::Relaxed);
                    if case >= cases {
                        break;
                    }
                    let asked = oracle.as_mut().filter(|_| case % SHARE == 0);
                    play(first + case, asked, findings);
                    if case % 1_000 == 999 {
                        let findings = findings.lock().expect("no worker panics");
                        let Findings { played, failed, .. } = &*findings;
                        println!(
                            "{} of {cases} supergraphs, {played} operations, {failed} failed",
                            case + 1
                        );
                    }
                }
            });
            spawned.expect("a thread can be started");
        }
    });
    let findings = findings.into_inner().expect("no worker panicked");
    let Findings { played, theirs, refused, reasons, failed, told } = findings;
    println!("{cases} supergraphs: {played} operations compared; {refused} do not compose");
    println!("{theirs} of them over the oracle's supergraphs as well");
    if number("TRIBUTARY_MERGED_REASONS").is_some() {
        for (reason, count) in &reasons {
            println!("{count:6} {reason}");
        }
    }
    assert!(failed == 0, "{failed} of {cases} cases failed:\n\n{}", told.join("\n\n"));
    assert!(played >= cases, "only {played} operations were compared");
}

/// Plays one supergraph.
fn play(seed: u64, oracle: Option<&mut Oracle>, findings: &Mutex<Findings>) {
    let (mut case, stage) = match Case::throw(seed) {
        Ok(case) => case,
        Err(why) => {
            let mut findings = findings.lock().expect("no worker panics");
            if why.starts_with("broken") {
                findings.failed += 1;
                findings.told.push(format!("# Seed {seed}\n\n{why}"));
            } else {
                findings.refused += 1;
                for line in why.lines() {
                    let short: String = line.chars().take(90).collect();
                    *findings.reasons.entry(short).or_default() += 1;
                }
            }
            return;
        }
    };
    let theirs = oracle.and_then(|oracle| by(oracle, &case, findings));
    for number in 0..OPERATIONS {
        let operation = case.operation(&stage, number % 2 == 0);
        let (text, variables) = (operation.text(), operation.variables());
        let by_theirs = |valid| match &theirs {
            Some(theirs) => case.texts.play(theirs, (&text, &variables)),
            None => Ok(valid),
        };
        match case.texts.play(&stage, (&text, &variables)).and_then(by_theirs) {
            Ok(valid) => {
                let mut findings = findings.lock().expect("no worker panics");
                findings.played += u64::from(valid);
                findings.theirs += u64::from(valid && theirs.is_some());
            }
            Err(wrong) => {
                let tell = {
                    let mut findings = findings.lock().expect("no worker panics");
                    findings.failed += 1;
                    findings.told.len() < TOLD
                };
                if tell {
                    let told = shrink::shrink(&case.texts, operation, &wrong);
                    let told = format!("# Seed {seed}\n\n{told}");
                    findings.lock().expect("no worker panics").told.push(told);
                }
                return;
            }
        }
    }
}

/// The stage of a case with the supergraph of the oracle.
fn by(oracle: &mut Oracle, case: &Case, findings: &Mutex<Findings>) -> Option<Stage> {
    let stage = oracle
        .compose(&case.texts)
        .and_then(|supergraph| case.texts.set_by(&supergraph).map_err(|why| format!("{why:?}")));
    let told = |why: String| {
        let short: String = why.replace('\n', " ").chars().take(700).collect();
        println!("the oracle differs on seed {}: {short}", case.seed);
        *findings.lock().expect("no worker panics").reasons.entry(short).or_default() += 1;
    };
    stage.map_err(told).ok()
}
