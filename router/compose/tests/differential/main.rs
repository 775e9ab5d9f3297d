//! Generated sets of subgraphs, composed by us and by an oracle: same verdict, same set of error
//! codes, same API schema, same join facts.
//!
//! `cargo xtask test` installs the oracle. `TRIBUTARY_DIFFERENTIAL_SEED` and `_CASES` vary the run;
//! `_ALL=1` tells every class of difference once, shrunk, instead of stopping early.

#![allow(clippy::unwrap_used, reason = "this is a test")]

mod compare;
mod corpus;
mod dice;
mod generate;
mod known;
mod mutate;
mod oracle;
mod set;
mod shrink;
mod stories;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use compare::{Difference, compare};
use dice::Dice;
use oracle::Oracle;
use set::Set;

/// Both cores of a small machine.
const WORKERS: usize = 2;

/// What was found so far.
#[derive(Default)]
struct Findings {
    composed: u64,
    known: BTreeMap<&'static str, u64>,
    classes: BTreeSet<(Vec<String>, Vec<String>, Option<String>)>,
    different: u64,
    told: Vec<String>,
}

#[test]
fn generated_sets_compose_as_the_oracle_says() {
    let Some(folder) = installed() else { return };
    let seed = number("TRIBUTARY_DIFFERENTIAL_SEED", 1);
    let cases = number("TRIBUTARY_DIFFERENTIAL_CASES", 2_000);
    let next = AtomicU64::new(0);
    let findings = Mutex::new(Findings::default());
    std::thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (folder, next, findings) = (&folder, &next, &findings);
            scope.spawn(move || {
                let id = std::process::id() as usize * WORKERS + worker;
                let mut oracle = Oracle::new(folder, id);
                loop {
                    let case = next.fetch_add(1, Ordering::Relaxed);
                    if case >= cases {
                        break;
                    }
                    one(seed.wrapping_mul(1_000_003).wrapping_add(case), &mut oracle, findings);
                    if case % 1_000 == 999 {
                        eprintln!("{} of {cases} sets", case + 1);
                    }
                }
            });
        }
    });
    let findings = findings.into_inner().unwrap();
    println!("{cases} sets of seed {seed}: {} compose", findings.composed);
    for (name, count) in &findings.known {
        println!("{count} times a known divergence: {name}");
    }
    let told = findings.told.join("\n");
    assert!(findings.different == 0, "{} sets differ:\n\n{told}", findings.different);
    assert!(findings.composed * 4 >= cases, "too few sets compose: {}", findings.composed);
}

/// Where the oracle is.
fn installed() -> Option<std::path::PathBuf> {
    let folder = oracle::folder();
    if folder.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "the oracle is not installed");
        println!("SKIPPED: the oracle is not installed; `cargo xtask test` does it");
    }
    folder
}

fn number(name: &str, otherwise: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(otherwise, |text| text.parse().expect("a number is given"))
}

/// The set of a case.
fn made(seed: u64) -> Set {
    let mut set = generate::generate(seed);
    let mut dice = Dice::new(seed ^ 0x5eed);
    if dice.chance(50) {
        for _ in 0..1 + dice.below(2) {
            mutate::mutate(&mut set, &mut dice);
        }
    }
    set
}

fn one(seed: u64, oracle: &mut Oracle, findings: &Mutex<Findings>) {
    let set = made(seed);
    let Some(difference) = compare(&set.sources(), oracle) else {
        // Both agree; ours is asked again only for the count.
        let composes = tributary_compose::compose(&set.sources(), &Default::default()).is_ok();
        findings.lock().unwrap().composed += u64::from(composes);
        return;
    };
    if let Some(known) = known::explain(&difference) {
        let mut findings = findings.lock().unwrap();
        if !findings.known.contains_key(known.name) {
            println!("known: {}: {}", known.name, known.clause);
        }
        *findings.known.entry(known.name).or_default() += 1;
        return;
    }
    let fresh = {
        let mut findings = findings.lock().unwrap();
        findings.different += 1;
        findings.classes.insert(difference.class()) && findings.told.len() < most()
    };
    if fresh {
        let told = tell(seed, set, &difference, oracle);
        findings.lock().unwrap().told.push(told);
    }
}

fn most() -> usize {
    if std::env::var_os("TRIBUTARY_DIFFERENTIAL_ALL").is_some() { usize::MAX } else { 8 }
}

/// The smallest set that still differs in the same way.
fn tell(seed: u64, set: Set, difference: &Difference, oracle: &mut Oracle) -> String {
    let class = difference.class();
    let small = shrink::shrink(set, 2_000, &mut |less| {
        compare(&less.sources(), oracle).is_some_and(|found| found.class() == class)
    });
    let last = compare(&small.sources(), oracle).map(|found| found.to_string()).unwrap_or_default();
    format!("=== set {seed}\n{last}{}", small.text())
}
