//! The decisions as numbers: what each way of each task needs.

use std::rc::Rc;

use graph::{EntryKind, Via};
use schema::{Id, IdSet, SubgraphId, TypeId};
use smallvec::SmallVec;

use crate::PlanError;
use crate::maps::HashMap;
use crate::price::{Cost, ENTITY, FIELD, REQUEST};
use crate::search::{
    Alternative, Decision, DecisionId, DecisionKey, Feed, Holder, Move, Search, Slot,
};
use crate::space::{Sel, Task};

/// Waves that are looked at; a plan that takes more is left as it is.
pub(super) const MOST_WAVES: usize = 32;

/// What is entered, one after the other.
type Enters = SmallVec<[u16; 8]>;

/// A way to resolve a task.
#[derive(Default)]
pub(super) struct Way {
    /// What is entered for it, one after the other, see [`Model::door`]; nothing where the object is.
    pub enters: Enters,
    /// How many of these are entered for the object above, by whoever comes first.
    pub above: usize,
    /// How many of these another plan could replace by other ones, though not by none.
    pub unsure: usize,
    /// What other keys could save that lead there too.
    pub spare: u64,
    /// What is entered besides, at the same time: where a field is divided.
    pub beside: Vec<Way>,
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

impl Way {
    /// How many of the first doors need not be entered, where `any` way counts.
    pub(super) fn skipped(&self, any: bool) -> usize {
        if any { self.unsure } else { 0 }
    }
}

/// A task, and the ways to resolve it.
pub(super) struct Ways {
    /// Which task it is, counted with those that are settled.
    pub at: usize,
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
    pub count: usize,
}

/// The decisions as numbers.
pub(super) struct Model {
    /// By number.
    pub decisions: Vec<Tasks>,
    /// Whether each decision is below the root; those that keys need are not.
    pub known: Vec<bool>,
    /// What a request through each door costs.
    requests: Vec<Cost>,
    /// Which doors are entered at the root, and which below it.
    entered: [IdSet<SubgraphId>; 2],
    /// Whether others could be entered before some than those that are known here.
    pub unsure: bool,
    /// What other keys could save at most.
    pub spare: u64,
}

/// What is entered above for each holder of a decision, as soon as something is taken from it.
type Reach = Rc<[Enters]>;

impl Model {
    /// Writes down all that may be decided below a root.
    pub(super) fn new(search: &mut Search<'_>, root: u32) -> Result<Self, PlanError> {
        let mut decisions: Vec<Tasks> = Vec::new();
        decisions.resize_with(search.arena.len(), Tasks::default);
        let mut known = vec![false; search.arena.len()];
        let mut reaches: HashMap<u32, Reach> = HashMap::default();
        let mut entered: [IdSet<SubgraphId>; 2] = Default::default();
        let (mut unsure, mut spare) = (false, 0);
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            if std::mem::replace(&mut known[id as usize], true) {
                continue;
            }
            let (key, decision) = &search.arena[id as usize];
            let (key, decision) = ((key.0, Rc::clone(&key.1)), Rc::clone(decision));
            let reach = reaches.get(&id).cloned().unwrap_or_default();
            let mut tasks = tasks(search, &key, (&decision, &reach))?;
            for (below, (_, slots)) in decision.together.iter().zip(&decision.several) {
                let reach = reach_of(search, &key, slots, &reach)?;
                let below = if search.met_circle { search.settled(below.0) } else { below.0 };
                reaches.entry(below).or_insert(reach);
            }
            if search.met_circle {
                tasks.settle(search);
            }
            let ways = tasks.open.iter().flat_map(|task| &task.ways);
            for way in ways.flat_map(|way| std::iter::once(way).chain(&way.beside)) {
                open.extend([way.child, way.requirement].into_iter().flatten());
                unsure |= way.unsure > 0;
                spare += way.spare;
                let doors = |enters: &[u16]| -> IdSet<SubgraphId> {
                    enters.iter().map(|door| SubgraphId::from_index(usize::from(*door))).collect()
                };
                entered[usize::from(id != root)].extend(&doors(&way.enters));
                // What is entered above may be entered at the root.
                entered[0].extend(&doors(&way.enters[..way.above]));
            }
            decisions[id as usize] = tasks;
        }
        let weights = search.weights();
        let requests = search.space.schema.subgraphs().map(|(id, _)| weights.request(id));
        let requests: Vec<Cost> = requests.collect();
        Ok(Self {
            decisions,
            known,
            requests: [&*requests, &*requests].concat(),
            entered,
            unsure,
            spare,
        })
    }

    /// A subgraph, or its root fields: those never travel with entities, so that they are a door of
    /// their own.
    pub(super) fn door(&self, subgraph: SubgraphId, root: bool) -> SubgraphId {
        SubgraphId::from_index(subgraph.index() + if root { self.doors() / 2 } else { 0 })
    }

    /// Whether what is entered are root fields.
    pub(super) fn is_root(&self, door: usize) -> bool {
        door >= self.doors() / 2
    }

    /// The doors that can be entered in a wave.
    pub(super) fn entered(&self, wave: usize) -> impl Iterator<Item = SubgraphId> {
        self.entered[usize::from(wave > 0)].iter()
    }

    /// How many decisions there are below the root.
    pub(super) fn reachable(&self) -> usize {
        self.known.iter().filter(|known| **known).count()
    }

    pub(super) fn doors(&self) -> usize {
        self.requests.len()
    }

    /// What a request through a door costs.
    pub(super) fn request(&self, door: SubgraphId) -> Cost {
        self.requests[door.index()]
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

    /// Has the ways lead to what the last round decided, where what needs itself was decided in rounds.
    fn settle(&mut self, search: &Search<'_>) {
        for way in self.open.iter_mut().flat_map(|task| &mut task.ways) {
            for id in [&mut way.child, &mut way.requirement].into_iter().flatten() {
                *id = search.settled(*id);
            }
        }
    }
}

/// The tasks of a decision, with their ways.
fn tasks(
    search: &mut Search<'_>,
    (sel, holders): &DecisionKey,
    (decision, reach): (&Decision, &Reach),
) -> Result<Tasks, PlanError> {
    let sel = search.space.sel(*sel);
    let mut with = Rc::clone(holders);
    let mut tasks = Tasks::default();
    let keys = Keys::of(&sel.tasks);
    if let Some((who, index)) = &decision.recover {
        let moves = search.moves(who, holders)?;
        with = Search::with_recovered(holders, &moves[*index], who.ty());
        tasks.enter(chain(search, (&moves, *index, who.ty()), &sel, reach));
    }
    for ((task, alternatives), pick) in decision.alternatives.iter().zip(&decision.picks) {
        let key = keys.first[*task];
        if let [Alternative { slots, child: None, requirement: None }] = alternatives.as_slice()
            && let [Slot::Hold(holder)] = slots.as_slice()
            && reach.get(*holder).is_none_or(Enters::is_empty)
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
                Slot::Hold(index) => reached(reach.get(*index)),
                Slot::Enter(who, index) => chain(search, (&moves, *index, who.ty()), &sel, reach),
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

/// The way to what a holder has: nothing but what is entered above for it.
fn reached(enters: Option<&Enters>) -> Way {
    let enters = enters.cloned().unwrap_or_default();
    Way { above: enters.len(), enters, ..Way::default() }
}

/// What is entered for the slots that resolve a task together.
fn reach_of(
    search: &mut Search<'_>,
    (sel, holders): &DecisionKey,
    slots: &[Slot],
    reach: &Reach,
) -> Result<Reach, PlanError> {
    let sel = search.space.sel(*sel);
    let mut found = Vec::with_capacity(slots.len());
    for slot in slots {
        found.push(match slot {
            Slot::Hold(index) => reach.get(*index).cloned().unwrap_or_default(),
            Slot::Enter(who, index) => {
                let moves = search.moves(who, holders)?;
                chain(search, (&moves, *index, who.ty()), &sel, reach).enters
            }
        });
    }
    Ok(Rc::from(found))
}

/// What a move enters, one after the other, and what that costs at least.
fn chain(
    search: &Search<'_>,
    (moves, index, ty): (&[Move<'_>], usize, TypeId),
    sel: &Sel,
    reach: &Reach,
) -> Way {
    let key = search.space.sel(moves[index].key_sel);
    let mut found = Way { besides: unasked(&key, sel), ..Way::default() };
    let roots = search.space.schema.subgraphs().count();
    let mut next = Some(index);
    while let Some(index) = next {
        let way = &moves[index];
        let root = way.kind == EntryKind::Root;
        let door = way.subgraph.index() + if root { roots } else { 0 };
        found.enters.push(u16::try_from(door).expect("ids of doors are 16 bits"));
        if !root {
            found.entry += ENTITY;
        }
        // A key is fed by earlier moves only; the last of them stands for all.
        let entered = way.feeds.iter().filter_map(|feed| match feed {
            Feed::Entered(index) => Some(*index),
            Feed::Held(_) => None,
        });
        next = entered.max();
        let held = way.feeds.iter().filter_map(|feed| match feed {
            Feed::Held(index) => reach.get(*index),
            Feed::Entered(_) => None,
        });
        if let Some(held) = held.max_by_key(|held| held.len()).filter(|_| next.is_none()) {
            found.above = held.len();
            found.enters.extend(held.iter().rev().copied());
        }
    }
    found.enters.reverse();
    found.unsure = if moves[index].firm { 0 } else { found.enters.len() - 1 };
    found.spare = moves[index].spare(search.space.graph, ty, sel);
    found
}
