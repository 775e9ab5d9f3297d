//! Many sets before both composers, on both cores of a small machine.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use tributary_compose::SubgraphSource;

use crate::compare::{Difference, compare};
use crate::known;
use crate::oracle::Oracle;

const WORKERS: usize = 2;

/// What makes the sets, each of a number.
pub(crate) trait Campaign: Sync {
    /// The set of a case.
    fn sources(&self, case: u64) -> Vec<SubgraphSource>;

    /// A set that differs, as small as it can be made, for a person to read.
    fn tell(&self, case: u64, difference: &Difference, oracle: &mut Oracle) -> String;
}

/// What was found.
#[derive(Default)]
pub(crate) struct Findings {
    /// How many sets compose.
    pub(crate) composed: u64,
    known: BTreeMap<&'static str, u64>,
    classes: BTreeSet<(Vec<String>, Vec<String>, Option<String>)>,
    different: u64,
    told: Vec<String>,
}

/// Compares as many sets as there are cases.
///
/// # Panics
/// When a set differs in a way that is no known divergence.
pub(crate) fn run(campaign: &impl Campaign, folder: &Path, cases: u64) -> Findings {
    let next = AtomicU64::new(0);
    let findings = Mutex::new(Findings::default());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            let (next, findings) = (&next, &findings);
            scope.spawn(move || {
                let mut oracle = Oracle::new(folder);
                loop {
                    let case = next.fetch_add(1, Ordering::Relaxed);
                    if case >= cases {
                        break;
                    }
                    one(campaign, case, &mut oracle, findings);
                    if case % 1_000 == 999 {
                        eprintln!("{} of {cases} sets", case + 1);
                    }
                }
            });
        }
    });
    let findings = findings.into_inner().unwrap();
    println!("{cases} sets: {} compose", findings.composed);
    for (name, count) in &findings.known {
        println!("{count} times a known divergence: {name}");
    }
    let told = findings.told.join("\n");
    assert!(findings.different == 0, "{} sets differ:\n\n{told}", findings.different);
    findings
}

fn one(campaign: &impl Campaign, case: u64, oracle: &mut Oracle, findings: &Mutex<Findings>) {
    let sources = campaign.sources(case);
    let Some(difference) = compare(&sources, oracle) else {
        // Both agree; ours is asked again only for the count.
        let composes = tributary_compose::compose(&sources, &Default::default()).is_ok();
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
        let told = campaign.tell(case, &difference, oracle);
        findings.lock().unwrap().told.push(told);
    }
}

/// How many classes of differences are told.
fn most() -> usize {
    if std::env::var_os("TRIBUTARY_DIFFERENTIAL_ALL").is_some() { usize::MAX } else { 8 }
}
