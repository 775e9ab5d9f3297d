//! The corpus and the stories with one to three small edits: what a person who works on a set has
//! between two good states.

use tributary_compose::SubgraphSource;

use crate::campaign::{Campaign, run};
use crate::compare::Difference;
use crate::edit::edit;
use crate::oracle::Oracle;
use crate::{corpus, number, stories};
use trials::Dice;

/// The sets that are edited, one after the other, in rounds.
struct Edited {
    sets: Vec<(String, Vec<SubgraphSource>)>,
    seed: u64,
}

impl Edited {
    /// The name decides on the edits, so that a set that is added later changes nothing of the others.
    fn set(&self, case: u64) -> (&str, Vec<SubgraphSource>) {
        let index = usize::try_from(case).unwrap();
        let (name, sources) = &self.sets[index % self.sets.len()];
        let round = self.seed.wrapping_mul(1_000_003) + (index / self.sets.len()) as u64;
        let named = name
            .bytes()
            .fold(round, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        let mut dice = Dice::new(named);
        let mut sources = sources.clone();
        for _ in 0..1 + dice.below(3) {
            edit(&mut sources, &mut dice);
        }
        (name, sources)
    }
}

impl Campaign for Edited {
    fn sources(&self, case: u64) -> Vec<SubgraphSource> {
        self.set(case).1
    }

    fn tell(&self, case: u64, difference: &Difference, _: &mut Oracle) -> String {
        let (name, sources) = self.set(case);
        let file = |source: &SubgraphSource| format!("--- {}\n{}", source.name, source.sdl);
        let texts: String = sources.iter().map(file).collect();
        format!("=== {name} with the edits of case {case}\n{difference}{texts}")
    }
}

#[test]
fn edited_sets_compose_as_the_oracle_says() {
    let Some(folder) = crate::installed() else { return };
    let seed = number("TRIBUTARY_DIFFERENTIAL_SEED", 1);
    let mut sets = corpus::sets();
    sets.extend(stories::sets());
    let cases = number("TRIBUTARY_DIFFERENTIAL_EDITS", sets.len() as u64);
    println!("edits of seed {seed}:");
    run(&Edited { sets, seed }, &folder, cases);
}
