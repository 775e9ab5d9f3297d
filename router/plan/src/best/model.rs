//! The decisions as numbers: what each way of each task needs, and whether a set of requests is
//! enough for all of them.
//!
//! Given the requests that there are to be, positions do not depend on each other: each takes its
//! cheapest way, and enters a subgraph with the first request that it is in time for. An earlier
//! request is never worse, so that each (decision, wave) is worked out once.

use std::rc::Rc;

use graph::{EntryKind, Via};
use schema::{Id, SubgraphId};
use smallvec::SmallVec;

use super::finish::Requests;
use super::memo::{Known, Memo};
use crate::PlanError;
use crate::maps::HashMap;
use crate::price::{Cost, ENTITY, FIELD, REQUEST};
use crate::search::{
    Alternative, Decision, DecisionId, DecisionKey, Feed, Holder, Move, Search, Slot,
};
use crate::space::{Sel, Task};

/// Waves that are looked at; a plan that takes more is left as it is.
pub(super) const MOST_WAVES: usize = 32;

/// A way to resolve a task.
#[derive(Default)]
pub(super) struct Way {
    /// The subgraphs that are entered for it, one after the other; none where the object is.
    pub enters: SmallVec<[u16; 8]>,
    /// What is entered besides, at the same time: where a field is divided.
    pub beside: Vec<Way>,
    /// Whether these are root fields; else entities, which never travel with them.
    pub root: bool,
    /// What the entities that are entered cost.
    pub entry: u64,
    /// What fields cost besides: of keys and requirements, those that nobody asked for.
    pub besides: u64,
    /// What the document says below the field besides what is decided there: `__typename`.
    pub below: u64,
    /// What taking the field from there costs besides.
    pub weight: u64,
    /// What is decided below.
    pub child: Option<u32>,
    /// What is decided for what the field requires.
    pub requirement: Option<u32>,
}

/// A task, and the ways to resolve it.
pub(super) struct Ways {
    /// Which task it is, counted with those that are settled.
    at: usize,
    /// Which key of the merged answer it is for.
    pub key: usize,
    /// Whether it is a field, and not only an entry.
    pub field: bool,
    /// Whether a task further up is for the same key, so that it may cost nothing more.
    pub again: bool,
    pub ways: Vec<Way>,
    /// The way that the search takes.
    pub pick: usize,
}

/// The tasks of a decision.
#[derive(Default)]
pub(super) struct Tasks {
    /// Those that something depends on.
    pub open: Vec<Ways>,
    /// What the others cost: leaves that are at hand.
    pub settled: u64,
    /// How many there are in all.
    count: usize,
}

/// The decisions as numbers.
pub(super) struct Model {
    /// By number.
    pub decisions: Vec<Tasks>,
    /// Whether each decision is below the root; those that keys need are not.
    known: Vec<bool>,
    /// What a request to each subgraph costs.
    requests: Vec<Cost>,
}

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

impl Model {
    /// Writes down all that may be decided below a root.
    pub(super) fn new(search: &mut Search<'_>, root: u32) -> Result<Self, PlanError> {
        let mut decisions: Vec<Tasks> = Vec::new();
        decisions.resize_with(search.arena.len(), Tasks::default);
        let mut known = vec![false; search.arena.len()];
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            if std::mem::replace(&mut known[id as usize], true) {
                continue;
            }
            let (key, decision) = &search.arena[id as usize];
            let (key, decision) = ((key.0, Rc::clone(&key.1)), Rc::clone(decision));
            let tasks = tasks(search, &key, &decision)?;
            for way in tasks.open.iter().flat_map(|task| &task.ways) {
                open.extend(way.child);
                open.extend(way.requirement);
            }
            decisions[id as usize] = tasks;
        }
        let weights = search.weights();
        let subgraphs = search.space.schema.subgraphs();
        Ok(Self {
            decisions,
            known,
            requests: subgraphs.map(|(id, _)| weights.request(id)).collect(),
        })
    }

    /// How many decisions there are below the root.
    pub(super) fn reachable(&self) -> usize {
        self.known.iter().filter(|known| **known).count()
    }

    pub(super) fn subgraphs(&self) -> usize {
        self.requests.len()
    }

    /// What a request to a subgraph costs.
    pub(super) fn request(&self, subgraph: SubgraphId) -> Cost {
        self.requests[subgraph.index()]
    }

    /// What the cheapest request costs.
    pub(super) fn cheapest(&self) -> Cost {
        self.requests.iter().copied().min().unwrap_or(REQUEST)
    }

    pub(super) fn len(&self) -> usize {
        self.decisions.len()
    }
}

/// Which tasks are for the same key of the merged answer.
struct Keys {
    /// For each task the first one of its key.
    first: SmallVec<[usize; 16]>,
    /// Whether there are several of its key.
    shared: SmallVec<[bool; 16]>,
}

/// So many tasks are found faster by looking at each of them.
const FEW: usize = 12;

impl Keys {
    fn of(tasks: &[Rc<Task>]) -> Self {
        let mut index: HashMap<&str, usize> = HashMap::default();
        let shared = SmallVec::from_elem(false, tasks.len());
        let mut found = Self { first: SmallVec::with_capacity(tasks.len()), shared };
        for (at, task) in tasks.iter().enumerate() {
            let first = match tasks.len() {
                0..=FEW => tasks[..at].iter().position(|other| other.key == task.key).unwrap_or(at),
                _ => *index.entry(&task.key).or_insert(at),
            };
            if first != at {
                found.shared[first] = true;
                found.shared[at] = true;
            }
            found.first.push(first);
        }
        found
    }
}

impl Tasks {
    /// Adds what is not a field, but has to be entered.
    fn enter(&mut self, way: Way) {
        let (at, ways) = (self.count, vec![way]);
        self.open.push(Ways { at, key: usize::MAX, field: false, again: false, ways, pick: 0 });
        self.count += 1;
    }
}

/// The tasks of a decision, with their ways.
fn tasks(
    search: &mut Search<'_>,
    (sel, holders): &DecisionKey,
    decision: &Decision,
) -> Result<Tasks, PlanError> {
    let sel = search.space.sel(*sel);
    let mut with = Rc::clone(holders);
    let mut tasks = Tasks::default();
    let keys = Keys::of(&sel.tasks);
    if let Some((who, index)) = &decision.recover {
        let moves = search.moves(who, holders)?;
        with = Search::with_recovered(holders, &moves[*index], who.ty());
        tasks.enter(chain(search, &moves, *index, &sel));
    }
    for ((task, alternatives), pick) in decision.alternatives.iter().zip(&decision.picks) {
        let key = keys.first[*task];
        if let [Alternative { slots, child: None, requirement: None }] = alternatives.as_slice()
            && let [Slot::Hold(_)] = slots.as_slice()
            && search.weights().fields.is_empty()
            && !keys.shared[*task]
        {
            tasks.settled += FIELD;
            tasks.count += 1;
            continue;
        }
        let mut ways = Vec::with_capacity(alternatives.len());
        // All of a task's entries are of the same objects.
        let mut slots = alternatives.iter().flat_map(|way| &way.slots);
        let moves = slots.find_map(|slot| match slot {
            Slot::Enter(who, _) => Some(who),
            Slot::Hold(_) => None,
        });
        let moves = moves.map(|who| search.moves(who, &with)).transpose()?.unwrap_or_default();
        for Alternative { slots, child, requirement } in alternatives {
            let mut parts = slots.iter().map(|slot| match slot {
                Slot::Hold(_) => Way::default(),
                Slot::Enter(_, index) => chain(search, &moves, *index, &sel),
            });
            let mut way = parts.next().unwrap_or_default();
            way.beside = parts.collect();
            if let Some(requirement) = requirement {
                let ((wanted, _), _) = &search.arena[requirement.0 as usize];
                let wanted = search.space.sel(*wanted);
                way.besides = way.besides.max(unasked(&wanted, &sel));
            }
            way.below = child.map_or(0, |id| typename(search, id));
            way.child = child.map(|id| id.0);
            way.requirement = requirement.map(|id| id.0);
            for slot in slots {
                way.weight += weight(search, &sel.tasks[*task], slot, &with)?;
            }
            ways.push(way);
        }
        let again = key != *task && tasks.open.last().is_none_or(|last| last.key != key);
        tasks.open.push(Ways { at: tasks.count, key, field: true, again, ways, pick: *pick });
        tasks.count += 1;
    }
    for below in &decision.together {
        tasks.enter(Way { child: Some(below.0), ..Way::default() });
    }
    Ok(tasks)
}

/// What it costs besides to resolve a task in a slot.
fn weight(
    search: &mut Search<'_>,
    task: &Task,
    slot: &Slot,
    holders: &Rc<[Holder]>,
) -> Result<u64, PlanError> {
    if search.weights().fields.is_empty() {
        return Ok(0);
    }
    let Some(who) = search.who(task, holders) else { return Ok(0) };
    let (subgraph, via, _) = search.place(slot, holders)?;
    let source = search.source_in(&who, task, subgraph, via);
    Ok(source.map_or(0, |(source, _)| search.weights().field(subgraph, source.field)))
}

/// What tells the type or the presence of the objects of a decision, apart from its tasks.
fn typename(search: &Search<'_>, id: DecisionId) -> u64 {
    let ((sel, holders), _) = &search.arena[id.0 as usize];
    let sel = search.space.sel(*sel);
    let own = holders.iter().all(|holder| holder.via == Via::Own);
    let told = own && search.space.schema.ty(sel.ty).is_abstract();
    if told || sel.tasks.is_empty() { FIELD } else { 0 }
}

/// What fields of a selection cost that the position does not ask for itself.
fn unasked(wanted: &Sel, sel: &Sel) -> u64 {
    let asked = |key: &str| sel.tasks.iter().any(|task| *task.key == *key);
    FIELD * wanted.tasks.iter().filter(|task| !asked(&task.key)).count() as u64
}

/// The subgraphs that a move enters, one after the other, and what that costs at least.
fn chain(search: &Search<'_>, moves: &[Move<'_>], index: usize, sel: &Sel) -> Way {
    let key = search.space.sel(moves[index].key_sel);
    let mut found = Way { besides: unasked(&key, sel), ..Way::default() };
    let mut next = Some(index);
    while let Some(index) = next {
        let way = &moves[index];
        let subgraph = u16::try_from(way.subgraph.index()).expect("ids of subgraphs are 16 bits");
        found.enters.push(subgraph);
        match way.kind {
            EntryKind::Root => found.root = true,
            _ => found.entry += ENTITY,
        }
        // A key is fed by earlier moves only; the last of them stands for all.
        let entered = way.feeds.iter().filter_map(|feed| match feed {
            Feed::Entered(index) => Some(*index),
            Feed::Held(_) => None,
        });
        next = entered.max();
    }
    found.enters.reverse();
    found
}

impl Solver {
    pub(super) fn new(model: &Rc<Model>) -> Self {
        Self {
            model: Rc::clone(model),
            masks: vec![0; model.subgraphs()],
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
    pub(super) fn remove(&mut self, (wave, subgraph): (usize, SubgraphId)) {
        self.masks[subgraph.index()] &= !(1 << wave);
    }

    /// Puts a request back, from the next beginning on.
    pub(super) fn insert(&mut self, (wave, subgraph): (usize, SubgraphId)) {
        self.masks[subgraph.index()] |= 1 << wave;
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
            if !self.entered[base..].contains(&opened) {
                outcome.tail += ENTITY + FIELD;
            }
            if last {
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

/// The request of a subgraph in a wave.
pub(super) fn request(wave: usize, subgraph: usize) -> (usize, SubgraphId) {
    (wave, SubgraphId::from_index(subgraph))
}
