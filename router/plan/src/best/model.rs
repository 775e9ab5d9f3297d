//! The decisions as numbers: what each way of each task needs, and whether a set of requests is
//! enough for all of them.
//!
//! Given the requests that there are to be, positions do not depend on each other: each takes its
//! cheapest way, and enters a subgraph with the first request that it is in time for. An earlier
//! request is never worse, so that each (decision, wave) is worked out once.

use std::rc::Rc;

use schema::{Id, SubgraphId};

use super::finish::Requests;
use crate::PlanError;
use crate::price::{ENTITY, FIELD};
use crate::search::{DecisionId, Feed, Holder, Search, Slot, Who};

/// Waves that are looked at; a plan that takes more is left as it is.
pub(super) const MOST_WAVES: usize = 32;

/// A way to resolve a task.
struct Way {
    /// The subgraphs that are entered for it, one after the other; none where the object is.
    enters: Rc<[u16]>,
    child: Option<u32>,
    requirement: Option<u32>,
}

/// The decisions as numbers.
pub(super) struct Model {
    /// For each decision, the ways of each of its tasks.
    decisions: Vec<Vec<Vec<Way>>>,
    subgraphs: usize,
}

/// An entry: the subgraph, and the first wave after it.
type Door = (u16, u8);
/// A way that is taken: its number, what it comes to, what it enters.
type Taken = (usize, Outcome, Option<Door>);

/// How a decision can be carried out.
#[derive(Clone, Copy)]
pub(super) struct Outcome {
    /// What its entries and fields cost.
    pub tail: u64,
    /// The first wave after everything is there.
    pub done: u8,
}

#[derive(Clone, Copy)]
enum Known {
    Unknown,
    /// It is being worked out: what needs itself has no end.
    Open,
    Is(Option<Outcome>),
}

/// What was worked out for one set of requests.
pub(super) struct Solver {
    model: Rc<Model>,
    /// For each subgraph the waves in which it is asked, a bit each.
    masks: Vec<u32>,
    known: Vec<Known>,
    /// How many decisions were worked out.
    pub work: u64,
}

impl Model {
    pub(super) fn new(search: &mut Search<'_>) -> Result<Self, PlanError> {
        let arena = search.arena.clone();
        let mut decisions = Vec::with_capacity(arena.len());
        for ((_, holders), decision) in &arena {
            let with = match &decision.recover {
                Some((who, index)) => {
                    let moves = search.moves(who, holders)?;
                    Search::with_recovered(holders, &moves[*index], who.ty())
                }
                None => Rc::clone(holders),
            };
            let number = |id: Option<DecisionId>| id.map(|id| id.0);
            let mut tasks = Vec::new();
            if let Some((who, index)) = &decision.recover {
                let enters = chain(search, who, *index, holders)?;
                tasks.push(vec![Way { enters, child: None, requirement: None }]);
            }
            for (_, alternatives) in &decision.alternatives {
                let mut ways = Vec::with_capacity(alternatives.len());
                for alternative in alternatives {
                    let enters = match &alternative.slot {
                        Slot::Hold(_) => Rc::from([]),
                        Slot::Enter(who, index) => chain(search, who, *index, &with)?,
                    };
                    let (child, requirement) =
                        (number(alternative.child), number(alternative.requirement));
                    ways.push(Way { enters, child, requirement });
                }
                tasks.push(ways);
            }
            for below in &decision.together {
                tasks.push(vec![Way {
                    enters: Rc::from([]),
                    child: Some(below.0),
                    requirement: None,
                }]);
            }
            decisions.push(tasks);
        }
        Ok(Self { decisions, subgraphs: search.space.schema.subgraphs().count() })
    }

    pub(super) fn subgraphs(&self) -> usize {
        self.subgraphs
    }

    pub(super) fn len(&self) -> usize {
        self.decisions.len()
    }
}

/// The subgraphs that a move enters, one after the other.
fn chain(
    search: &mut Search<'_>,
    who: &Who,
    index: usize,
    holders: &Rc<[Holder]>,
) -> Result<Rc<[u16]>, PlanError> {
    let moves = search.moves(who, holders)?;
    let mut enters = Vec::new();
    let mut next = Some(index);
    while let Some(index) = next {
        let way = &moves[index];
        enters.push(u16::try_from(way.subgraph.index()).expect("ids of subgraphs are 16 bits"));
        // A key is fed by earlier moves only; the last of them stands for all.
        next = way
            .feeds
            .iter()
            .filter_map(|feed| match feed {
                Feed::Entered(index) => Some(*index),
                Feed::Held(_) => None,
            })
            .max();
    }
    enters.reverse();
    Ok(enters.into())
}

impl Solver {
    pub(super) fn new(model: &Rc<Model>) -> Self {
        let known = vec![Known::Unknown; model.len() * (MOST_WAVES + 1)];
        Self { model: Rc::clone(model), masks: vec![0; model.subgraphs], known, work: 0 }
    }

    /// Begins with another set of requests.
    pub(super) fn with(&mut self, requests: &Requests) {
        self.masks.fill(0);
        for (wave, subgraph) in requests {
            self.masks[subgraph.index()] |= 1 << wave;
        }
        self.known.fill(Known::Unknown);
    }

    /// How a decision can be carried out with them, when its object can be entered from `ready` on;
    /// `None` when they are not enough.
    pub(super) fn solve(&mut self, decision: u32, ready: u8) -> Option<Outcome> {
        let at = decision as usize * (MOST_WAVES + 1) + usize::from(ready);
        match self.known[at] {
            Known::Is(outcome) => return outcome,
            Known::Open => return None,
            Known::Unknown => {}
        }
        self.work += 1;
        self.known[at] = Known::Open;
        let mut entered = Vec::new();
        let model = Rc::clone(&self.model);
        let mut all = Some(Outcome { tail: 0, done: ready });
        for task in &model.decisions[decision as usize] {
            let Some((_, outcome, door)) = self.best(task, ready, &entered) else {
                all = None;
                break;
            };
            entered.extend(door);
            all = all.map(|all| Outcome {
                tail: all.tail + outcome.tail,
                done: all.done.max(outcome.done),
            });
        }
        self.known[at] = Known::Is(all);
        all
    }

    /// The way that each task of a decision takes.
    pub(super) fn picks(&mut self, decision: u32, ready: u8) -> Option<Vec<usize>> {
        let mut entered = Vec::new();
        let mut picks = Vec::new();
        let model = Rc::clone(&self.model);
        for task in &model.decisions[decision as usize] {
            let (pick, _, door) = self.best(task, ready, &entered)?;
            entered.extend(door);
            picks.push(pick);
        }
        Some(picks)
    }

    /// The cheapest way of a task, and what it enters.
    fn best(&mut self, task: &[Way], ready: u8, entered: &[Door]) -> Option<Taken> {
        let mut best: Option<Taken> = None;
        for (index, way) in task.iter().enumerate() {
            let Some((outcome, door)) = self.way(way, ready, entered) else { continue };
            let key = |outcome: &Outcome| (outcome.tail, outcome.done);
            if best.as_ref().is_none_or(|(_, best, _)| key(&outcome) < key(best)) {
                best = Some((index, outcome, door));
            }
        }
        best
    }

    fn way(&mut self, way: &Way, ready: u8, entered: &[Door]) -> Option<(Outcome, Option<Door>)> {
        let mut outcome = Outcome { tail: FIELD, done: ready };
        let mut from = ready;
        let mut door = None;
        for (at, subgraph) in way.enters.iter().enumerate() {
            if at + 1 == way.enters.len()
                && let Some(requirement) = way.requirement
            {
                let needed = self.solve(requirement, ready)?;
                outcome.tail += needed.tail;
                from = from.max(needed.done);
            }
            let later = self.masks[usize::from(*subgraph)].checked_shr(u32::from(from))?;
            if later == 0 {
                return None;
            }
            from += u8::try_from(later.trailing_zeros()).expect("below 32") + 1;
            let opened = (*subgraph, from);
            if !entered.contains(&opened) {
                outcome.tail += ENTITY + FIELD;
            }
            door = Some(opened);
        }
        outcome.done = from;
        if let Some(child) = way.child {
            let below = self.solve(child, from)?;
            outcome.tail += below.tail;
            outcome.done = outcome.done.max(below.done);
        }
        Some((outcome, door))
    }
}

/// The request of a subgraph in a wave.
pub(super) fn request(wave: usize, subgraph: usize) -> (usize, SubgraphId) {
    (wave, SubgraphId::from_index(subgraph))
}
