//! Generated sets of subgraphs, composed by us and by an oracle: same verdict, same set of error
//! codes, same API schema, same join facts.
//!
//! `cargo xtask test` installs the oracle. `TRIBUTARY_DIFFERENTIAL_SEED`, `_CASES` and `_EDITS` vary
//! the run; `_ALL=1` tells every class of difference once instead of the first eight, and `_SETS`
//! names a folder of sets, laid out like the corpus, that take its place.

#![allow(clippy::unwrap_used, reason = "this is a test")]

mod campaign;
mod compare;
mod corpus;
mod edit;
mod edits;
mod generate;
mod known;
mod mutate;
mod oracle;
mod set;
mod shrink;
mod stories;

use campaign::{Campaign, run};
use compare::{Difference, compare};
use oracle::Oracle;
use set::Set;
use trials::Dice;

#[test]
fn generated_sets_compose_as_the_oracle_says() {
    let Some(folder) = installed() else { return };
    let seed = number("TRIBUTARY_DIFFERENTIAL_SEED", 1);
    let cases = number("TRIBUTARY_DIFFERENTIAL_CASES", 2_000);
    println!("sets of seed {seed}:");
    let findings = run(&Generated { first: seed.wrapping_mul(1_000_003) }, &folder, cases);
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

/// Sets that are thrown, half of them with a slip.
struct Generated {
    /// The seed of the first.
    first: u64,
}

impl Generated {
    fn set(&self, case: u64) -> Set {
        let seed = self.first.wrapping_add(case);
        let mut set = generate::generate(seed);
        let mut dice = Dice::new(seed ^ 0x5eed);
        if dice.chance(50) {
            for _ in 0..1 + dice.below(2) {
                mutate::mutate(&mut set, &mut dice);
            }
        }
        set
    }
}

impl Campaign for Generated {
    fn sources(&self, case: u64) -> Vec<tributary_compose::SubgraphSource> {
        self.set(case).sources()
    }

    fn tell(&self, case: u64, difference: &Difference, oracle: &mut Oracle) -> String {
        let class = difference.class();
        let small = shrink::shrink(self.set(case), 2_000, &mut |less| {
            compare(&less.sources(), oracle).is_some_and(|found| found.class() == class)
        });
        let last = compare(&small.sources(), oracle).map(|found| found.to_string());
        format!("=== set {case}\n{}{}", last.unwrap_or_default(), small.text())
    }
}
