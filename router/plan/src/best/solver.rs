//! Whether a set of requests is enough for all decisions, and how each is carried out with them.
//!
//! Given the requests that there are to be, positions do not depend on each other: each takes its
//! cheapest way, and enters a subgraph with the first request that it is in time for. An earlier
//! request is never worse, so that each (decision, wave) is worked out once.

use std::rc::Rc;

use schema::{Id, SubgraphId};
use smallvec::SmallVec;

use super::memo::{Known, Memo};
use super::model::{Model, Way};
use super::requests::Requests;
use crate::price::{Cost, ENTITY, FIELD};

/// An entry: the subgraph, and the first wave after it.
type Door = (u16, u8);
/// What a way enters last, in each of its parts.
type Doors = SmallVec<[Door; 2]>;
/// A way that is taken: its number, what it comes to, what it enters.
type Taken = (usize, Outcome, Doors);

/// How a decision can be carried out.
#[derive(Clone, Copy)]
pub(super) struct Outcome {
    /// What its entries and fields cost.
    pub tail: u64,
    /// The first wave after everything is there.
    pub done: u8,
    /// The requests that it takes, by [`Solver::bit`].
    used: u64,
}

/// What was worked out for one set of requests.
pub(super) struct Solver {
    model: Rc<Model>,
    /// For each subgraph the waves in which it is asked, a bit each.
    masks: Vec<u32>,
    known: Memo<Outcome>,
    /// What was entered for the decisions that are being worked out, each after those above it.
    entered: Vec<Door>,
    /// How many decisions were worked out.
    pub work: u64,
}

impl Solver {
    pub(super) fn new(model: &Rc<Model>) -> Self {
        Self {
            model: Rc::clone(model),
            masks: vec![0; model.doors()],
            known: Memo::new(),
            entered: Vec::new(),
            work: 0,
        }
    }

    /// What is solved.
    pub(super) fn model(&self) -> &Model {
        &self.model
    }

    /// What requests cost.
    pub(super) fn requests(&self, requests: &Requests) -> Cost {
        requests.iter().map(|(_, subgraph)| self.model.request(*subgraph)).sum()
    }

    /// The bit that stands for a request; where there are more requests than bits, some share one.
    fn bit(&self, wave: usize, subgraph: usize) -> u64 {
        1 << ((wave * self.masks.len() + subgraph) % 64)
    }

    /// Whether an outcome may take a request. One that it does not take can go, and nothing changes:
    /// with fewer requests no other way gets better.
    pub(super) fn takes(&self, outcome: &Outcome, (wave, subgraph): (usize, SubgraphId)) -> bool {
        outcome.used & self.bit(wave, subgraph.index()) != 0
    }

    /// Begins with another set of requests.
    pub(super) fn with(&mut self, requests: &Requests) {
        self.masks.fill(0);
        for (wave, subgraph) in requests {
            self.masks[subgraph.index()] |= 1 << wave;
        }
        self.again();
    }

    /// Begins with the requests that are left.
    pub(super) fn again(&mut self) {
        self.known.begin(self.model.len(), waves(&self.masks) + 1);
    }

    /// Takes a request away, from the next beginning on.
    pub(super) fn remove(&mut self, (wave, door): (usize, SubgraphId)) {
        self.masks[door.index()] &= !(1 << wave);
    }

    /// Puts a request back, from the next beginning on.
    pub(super) fn insert(&mut self, (wave, door): (usize, SubgraphId)) {
        self.masks[door.index()] |= 1 << wave;
    }

    /// How a decision can be carried out with them, when its object can be entered from `ready` on;
    /// `None` when they are not enough.
    pub(super) fn solve(&mut self, decision: u32, ready: u8) -> Option<Outcome> {
        if usize::from(ready) >= self.known.waves() {
            return None;
        }
        match self.known.look(decision, ready) {
            Known::Is(outcome) => return outcome,
            Known::Open => return None,
            Known::Unknown => {}
        }
        self.work += 1;
        self.known.note(decision, ready, Known::Open);
        let base = self.entered.len();
        let model = Rc::clone(&self.model);
        let tasks = &model.decisions[decision as usize];
        let mut all = Some(Outcome { tail: tasks.settled, done: ready, used: 0 });
        for task in &tasks.open {
            let Some((_, outcome, doors)) = self.best(&task.ways, ready, base) else {
                all = None;
                break;
            };
            self.entered.extend_from_slice(&doors);
            all = all.map(|all| Outcome {
                tail: all.tail + outcome.tail,
                done: all.done.max(outcome.done),
                used: all.used | outcome.used,
            });
        }
        self.entered.truncate(base);
        self.known.note(decision, ready, Known::Is(all));
        all
    }

    /// The way that each task of a decision takes, if it is one of those below the root.
    pub(super) fn picks(&mut self, decision: u32, ready: u8) -> Option<Vec<usize>> {
        if self.model.known.get(decision as usize) != Some(&true) {
            return None;
        }
        let model = Rc::clone(&self.model);
        let tasks = &model.decisions[decision as usize];
        let mut picks = vec![0; tasks.count];
        self.entered.clear();
        for task in &tasks.open {
            let (pick, _, doors) = self.best(&task.ways, ready, 0)?;
            self.entered.extend_from_slice(&doors);
            picks[task.at] = pick;
        }
        Some(picks)
    }

    /// The cheapest way of a task, and what it enters.
    fn best(&mut self, task: &[Way], ready: u8, base: usize) -> Option<Taken> {
        let mut best: Option<Taken> = None;
        for (index, way) in task.iter().enumerate() {
            let Some((outcome, doors)) = self.way(way, ready, base) else { continue };
            let key = |outcome: &Outcome| (outcome.tail, outcome.done);
            if best.as_ref().is_none_or(|(_, best, _)| key(&outcome) < key(best)) {
                best = Some((index, outcome, doors));
            }
        }
        best
    }

    fn way(&mut self, way: &Way, ready: u8, base: usize) -> Option<(Outcome, Doors)> {
        let mut outcome = Outcome { tail: way.weight + FIELD, done: ready, used: 0 };
        let mut doors = Doors::new();
        let mut there = ready;
        if !way.enters.is_empty() {
            there = self.enter(way, ready, base, (&mut outcome, &mut doors))?;
        }
        for part in &way.beside {
            outcome.tail += FIELD;
            there = there.max(self.enter(part, ready, base, (&mut outcome, &mut doors))?);
        }
        outcome.done = there;
        if let Some(child) = way.child {
            let below = self.solve(child, there)?;
            outcome.tail += below.tail;
            outcome.used |= below.used;
            outcome.done = outcome.done.max(below.done);
        }
        Some((outcome, doors))
    }

    /// Enters the subgraphs of a way; the result is the first wave after that.
    fn enter(
        &mut self,
        way: &Way,
        ready: u8,
        base: usize,
        (outcome, doors): (&mut Outcome, &mut Doors),
    ) -> Option<u8> {
        let mut from = ready;
        for (at, subgraph) in way.enters.iter().enumerate() {
            let last = at + 1 == way.enters.len();
            if let Some(requirement) = way.requirement.filter(|_| last) {
                let needed = self.solve(requirement, ready)?;
                outcome.tail += needed.tail;
                outcome.used |= needed.used;
                from = from.max(needed.done);
            }
            let later = self.masks[usize::from(*subgraph)].checked_shr(u32::from(from))?;
            if later == 0 {
                return None;
            }
            from += u8::try_from(later.trailing_zeros()).expect("below 32") + 1;
            outcome.used |= self.bit(usize::from(from) - 1, usize::from(*subgraph));
            let opened = (*subgraph, from);
            if !self.entered[base..].contains(&opened)
                && !self.model.is_root(usize::from(*subgraph))
            {
                outcome.tail += ENTITY + FIELD;
            }
            if last || at < way.above {
                doors.push(opened);
            }
        }
        Some(from)
    }
}

/// How many waves there are requests in, those before the last ones counted.
pub(super) fn waves(masks: &[u32]) -> usize {
    let last = masks.iter().fold(0, |all, mask| all | mask);
    (u32::BITS - last.leading_zeros()) as usize
}
