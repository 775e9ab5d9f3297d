//! How many requests each subgraph gets in any plan at least.
//!
//! Requests that wait for each other are different ones. So, for each subgraph, the most of its
//! requests on any one way to a field counts, when the field takes the way that has the fewest. No
//! task can make up for another here: the subgraphs are counted each by itself, so that what is
//! forced in one place and what is forced in another add up where they are of different subgraphs.
//! Root fields never travel with entities, so that they are a door of their own.

use smallvec::SmallVec;

use super::model::{Model, Way};

/// For each door, how many requests it gets at least.
pub(super) fn forced(model: &Model, root: u32, any: bool) -> Vec<u64> {
    let width = model.doors();
    let mut walk = Walk {
        model,
        any,
        width,
        counts: vec![0; model.len() * width],
        known: vec![false; model.len()],
    };
    walk.decision(root);
    walk.counts[root as usize * width..][..width].iter().map(|count| u64::from(*count)).collect()
}

/// Counts of one decision.
type Counts = SmallVec<[u8; 32]>;

struct Walk<'m> {
    model: &'m Model,
    /// Whether ways are allowed for that are not known here.
    any: bool,
    /// A count for each door.
    width: usize,
    /// The counts of each decision, one after the other.
    counts: Vec<u8>,
    known: Vec<bool>,
}

impl Walk<'_> {
    /// Works out the counts of a decision. One that needs itself counts nothing there.
    fn decision(&mut self, decision: u32) {
        if std::mem::replace(&mut self.known[decision as usize], true) {
            return;
        }
        let model = self.model;
        if model.decisions[decision as usize].open.is_empty() {
            return;
        }
        let none = || Counts::from_elem(0, self.width);
        let (mut all, mut least, mut own) = (none(), none(), none());
        for task in &model.decisions[decision as usize].open {
            least.fill(u8::MAX);
            for way in &task.ways {
                self.way(way, &mut own);
                each(&mut least, &own, u8::min);
            }
            if !task.ways.is_empty() {
                each(&mut all, &least, u8::max);
            }
        }
        let at = decision as usize * self.width;
        self.counts[at..at + self.width].copy_from_slice(&all);
    }

    fn way(&mut self, way: &Way, own: &mut [u8]) {
        for below in [way.requirement, way.child].into_iter().flatten() {
            self.decision(below);
        }
        own.fill(0);
        for door in &way.enters[way.skipped(self.any)..] {
            own[usize::from(*door)] += 1;
        }
        for part in &way.beside {
            let mut other = Counts::from_elem(0, self.width);
            for door in &part.enters[part.skipped(self.any)..] {
                other[usize::from(*door)] += 1;
            }
            each(own, &other, u8::max);
        }
        if let Some(requirement) = way.requirement {
            // The last entry waits for what is required, those before it need not.
            let mut other = Counts::from_slice(self.of(requirement));
            if let Some(last) = way.enters.last() {
                other[usize::from(*last)] += 1;
            }
            each(own, &other, u8::max);
        }
        if let Some(child) = way.child {
            each(own, self.of(child), u8::saturating_add);
        }
    }

    fn of(&self, decision: u32) -> &[u8] {
        let at = decision as usize * self.width;
        &self.counts[at..at + self.width]
    }
}

fn each(all: &mut [u8], other: &[u8], join: impl Fn(u8, u8) -> u8) {
    all.iter_mut().zip(other).for_each(|(one, other)| *one = join(*one, *other));
}
