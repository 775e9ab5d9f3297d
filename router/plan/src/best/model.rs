//! The decisions as numbers: what each way of each task needs, and whether a set of requests is
//! enough for all of them.
//!
//! Given the requests that there are to be, positions do not depend on each other: each takes its
//! cheapest way, and enters a subgraph with the first request that it is in time for. An earlier
//! request is never worse, so that each (decision, wave) is worked out once.

use std::rc::Rc;

use graph::{EntryKind, Via};
use schema::{Id, SubgraphId};

use super::finish::Requests;
use crate::PlanError;
use crate::price::{ENTITY, FIELD};
use crate::search::{
    Alternative, Decision, DecisionId, DecisionKey, Feed, Holder, Search, Slot, Who,
};
use crate::space::Sel;

/// Waves that are looked at; a plan that takes more is left as it is.
pub(super) const MOST_WAVES: usize = 32;

/// A way to resolve a task.
pub(super) struct Way {
    /// The subgraphs that are entered for it, one after the other; none where the object is.
    pub enters: Rc<[u16]>,
    /// What that costs at least, with fields of keys that nobody asked for.
    pub entry: u64,
    /// What the document says below the field besides what is decided there: `__typename`.
    pub below: u64,
    /// What is decided below.
    pub child: Option<u32>,
    /// What is decided for what the field requires.
    pub requirement: Option<u32>,
}

/// A task, and the ways to resolve it.
pub(super) struct Ways {
    /// Which key of the merged answer it is for.
    pub key: usize,
    /// Whether it is a field, and not only an entry.
    pub field: bool,
    pub ways: Vec<Way>,
}

/// The decisions as numbers.
pub(super) struct Model {
    /// For each decision, the ways of each of its tasks.
    pub decisions: Vec<Vec<Ways>>,
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
    width: usize,
    /// How many decisions were worked out.
    pub work: u64,
}

impl Model {
    pub(super) fn new(search: &mut Search<'_>) -> Result<Self, PlanError> {
        let arena = search.arena.clone();
        let mut decisions = Vec::with_capacity(arena.len());
        for (key, decision) in &arena {
            decisions.push(tasks(search, key, decision)?);
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

/// The tasks of a decision, with their ways.
fn tasks(
    search: &mut Search<'_>,
    (sel, holders): &DecisionKey,
    decision: &Decision,
) -> Result<Vec<Ways>, PlanError> {
    let sel = search.space.sel(*sel);
    let mut with = Rc::clone(holders);
    let mut tasks = Vec::new();
    if let Some((who, index)) = &decision.recover {
        let moves = search.moves(who, holders)?;
        with = Search::with_recovered(holders, &moves[*index], who.ty());
        let (enters, entry) = chain(search, who, *index, holders, &sel)?;
        let way = Way { enters, entry, below: 0, child: None, requirement: None };
        tasks.push(Ways { key: usize::MAX, field: false, ways: vec![way] });
    }
    for (task, alternatives) in &decision.alternatives {
        let mut ways = Vec::with_capacity(alternatives.len());
        for Alternative { slot, child, requirement } in alternatives {
            let (enters, entry) = match slot {
                Slot::Hold(_) => (Rc::from([]), 0),
                Slot::Enter(who, index) => chain(search, who, *index, &with, &sel)?,
            };
            let below = child.map_or(0, |id| typename(search, id));
            let child = child.map(|id| id.0);
            let requirement = requirement.map(|id| id.0);
            ways.push(Way { enters, entry, below, child, requirement });
        }
        let name = &sel.tasks[*task].key;
        let key = sel.tasks.iter().position(|task| task.key == *name).unwrap_or(*task);
        tasks.push(Ways { key, field: true, ways });
    }
    for below in &decision.together {
        let child = Some(below.0);
        let way = Way { enters: Rc::from([]), entry: 0, below: 0, child, requirement: None };
        tasks.push(Ways { key: usize::MAX, field: false, ways: vec![way] });
    }
    Ok(tasks)
}

/// What tells the type or the presence of the objects of a decision, apart from its tasks.
fn typename(search: &Search<'_>, id: DecisionId) -> u64 {
    let ((sel, holders), _) = &search.arena[id.0 as usize];
    let sel = search.space.sel(*sel);
    let own = holders.iter().all(|holder| holder.via == Via::Own);
    let told = own && search.space.schema.ty(sel.ty).is_abstract();
    if told || sel.tasks.is_empty() { FIELD } else { 0 }
}

/// The subgraphs that a move enters, one after the other, and what that costs at least: the fields
/// of its key may be asked for anyway.
fn chain(
    search: &mut Search<'_>,
    who: &Who,
    index: usize,
    holders: &Rc<[Holder]>,
    sel: &Sel,
) -> Result<(Rc<[u16]>, u64), PlanError> {
    let moves = search.moves(who, holders)?;
    let key = search.space.sel(moves[index].key_sel);
    let asked = |key: &str| sel.tasks.iter().any(|task| task.key == key);
    let mut entry = FIELD * key.tasks.iter().filter(|task| !asked(&task.key)).count() as u64;
    let mut enters = Vec::new();
    let mut next = Some(index);
    while let Some(index) = next {
        let way = &moves[index];
        enters.push(u16::try_from(way.subgraph.index()).expect("ids of subgraphs are 16 bits"));
        if way.kind != EntryKind::Root {
            entry += ENTITY;
        }
        // A key is fed by earlier moves only; the last of them stands for all.
        let entered = way.feeds.iter().filter_map(|feed| match feed {
            Feed::Entered(index) => Some(*index),
            Feed::Held(_) => None,
        });
        next = entered.max();
    }
    enters.reverse();
    Ok((enters.into(), entry))
}

impl Solver {
    pub(super) fn new(model: &Rc<Model>) -> Self {
        Self {
            model: Rc::clone(model),
            masks: vec![0; model.subgraphs],
            known: Vec::new(),
            width: 0,
            work: 0,
        }
    }

    /// Begins with another set of requests.
    pub(super) fn with(&mut self, requests: &Requests) {
        self.masks.fill(0);
        for (wave, subgraph) in requests {
            self.masks[subgraph.index()] |= 1 << wave;
        }
        let waves = requests.iter().map(|(wave, _)| *wave + 1).max().unwrap_or_default();
        self.width = waves + 1;
        self.known.clear();
        self.known.resize(self.model.len() * self.width, Known::Unknown);
    }

    /// How a decision can be carried out with them, when its object can be entered from `ready` on;
    /// `None` when they are not enough.
    pub(super) fn solve(&mut self, decision: u32, ready: u8) -> Option<Outcome> {
        if usize::from(ready) >= self.width {
            return None;
        }
        let at = decision as usize * self.width + usize::from(ready);
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
            let Some((_, outcome, door)) = self.best(&task.ways, ready, &entered) else {
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
            let (pick, _, door) = self.best(&task.ways, ready, &entered)?;
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
