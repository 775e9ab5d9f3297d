//! What any plan costs at least: an admissible bound over all choices, given which requests there
//! are in any case and which there may be besides.
//!
//! Of the tasks of a position the one with the most remaining requests counts, since they may share
//! theirs; what entries and fields cost is added up only over what no two tasks can share. On each
//! way only two requests of a subgraph matter: the first that there is, and the first that there
//! may be.
//!
//! Besides, no plan has fewer requests to a subgraph than are made one after the other on any one
//! way to a field ([`forced`]), whichever way that is; these are added up over the subgraphs.

use std::rc::Rc;

use schema::{Id, SubgraphId};

use super::forced::forced;
use super::memo::{Known, Memo};
use super::model::{Model, Way};
use super::requests::Requests;
use super::solver::waves;
use crate::price::{Cost, ENTITY, FIELD, WAVE};

/// What is left to pay for a decision, at least.
#[derive(Clone, Copy, Default)]
struct Left {
    /// What entries and fields cost.
    tail: u64,
    /// What requests cost besides those that there are.
    requests: u32,
    /// The first wave after everything is there.
    done: u8,
}

/// Works out the bound.
pub(super) struct Bound {
    model: Rc<Model>,
    given: Vec<u32>,
    allowed: Vec<u32>,
    known: Memo<Left>,
    /// How many requests each subgraph gets at least.
    forced: Vec<u64>,
    /// Whether ways are allowed for that are not known here: other keys, others entered before.
    any: bool,
    /// How many decisions were worked out.
    pub work: u64,
}

impl Bound {
    pub(super) fn new(model: &Rc<Model>, root: u32, any: bool) -> Self {
        Self {
            forced: forced(model, root, any),
            any,
            model: Rc::clone(model),
            given: vec![0; model.doors()],
            allowed: vec![0; model.doors()],
            known: Memo::new(),
            work: 0,
        }
    }

    /// What is bounded.
    pub(super) fn model(&self) -> &Rc<Model> {
        &self.model
    }

    /// The least price of any plan that sends all the given requests and no others than the allowed
    /// ones; `None` when there is no such plan.
    pub(super) fn least(&mut self, root: u32, given: &Requests, allowed: &Requests) -> Option<u64> {
        masks(&mut self.given, given);
        masks(&mut self.allowed, allowed);
        self.least_of_masks(root)
    }

    /// The least price of any plan of so many waves; `None` when there is no such plan.
    pub(super) fn least_within(&mut self, root: u32, waves: usize) -> Option<u64> {
        self.given.fill(0);
        self.allowed.fill((1 << waves) - 1);
        self.least_of_masks(root)
    }

    fn least_of_masks(&mut self, root: u32) -> Option<u64> {
        self.known.begin(self.model.len(), waves(&self.allowed) + 1);
        let left = self.left(root, 0)?;
        let (mut there, mut requests) = (0, 0);
        for (index, (given, forced)) in self.given.iter().zip(&self.forced).enumerate() {
            let each = self.model.request(SubgraphId::from_index(index));
            let given = u64::from(given.count_ones());
            there += each * given;
            requests += each * given.max(*forced);
        }
        let requests = requests.max(there + Cost::from(left.requests));
        let waves = (waves(&self.given) as u64).max(u64::from(left.done));
        Some(requests + WAVE * waves + left.tail)
    }

    fn left(&mut self, decision: u32, ready: u8) -> Option<Left> {
        match self.known.look(decision, ready) {
            Known::Is(left) => return left,
            // What needs itself costs something, but what it costs is not known yet.
            Known::Open => return Some(Left { done: ready, ..Left::default() }),
            Known::Unknown => {}
        }
        self.work += 1;
        self.known.note(decision, ready, Known::Open);
        let left = self.work_out(decision, ready);
        self.known.note(decision, ready, Known::Is(left));
        left
    }

    fn work_out(&mut self, decision: u32, ready: u8) -> Option<Left> {
        let model = Rc::clone(&self.model);
        let tasks = &model.decisions[decision as usize];
        let mut all = Left { tail: tasks.settled, requests: 0, done: ready };
        let mut entries = Entries::default();
        // Tasks that follow each other under one key are of different object types.
        let mut same_key = (None, 0);
        for task in &tasks.open {
            let mut least: Option<(Left, Entries)> = None;
            for way in &task.ways {
                let Some(left) = self.way(way, ready) else { continue };
                let own = Entries::of(way, &model, self.any);
                least = Some(match least {
                    None => (left, own),
                    Some((least, known)) => (each_least(least, left), known.or(own)),
                });
            }
            let (left, entered) = least?;
            all.requests = all.requests.max(left.requests);
            all.done = all.done.max(left.done);
            entries = entries.and(entered);
            let tail = if task.field { FIELD } else { 0 } + left.tail;
            let before = match same_key {
                _ if task.again => u64::MAX,
                (Some(key), before) if key == task.key => before,
                _ => 0,
            };
            all.tail += tail.saturating_sub(before);
            same_key = (Some(task.key), tail.max(before));
        }
        all.tail += entries.least();
        Some(all)
    }

    fn way(&mut self, way: &Way, ready: u8) -> Option<Left> {
        let from = match way.requirement {
            None => Left { done: ready, ..Left::default() },
            Some(requirement) => Left { tail: 0, ..self.left(requirement, ready)? },
        };
        // Something is entered in place of what need not be.
        let after = |skipped: usize, done: u8| done.max(ready + u8::from(skipped > 0));
        let skipped = way.skipped(self.any);
        let done = after(skipped, from.done);
        let mut all = self.enter(way, skipped, Left { tail: way.weight, done, ..from })?;
        for part in &way.beside {
            let skipped = part.skipped(self.any);
            let done = after(skipped, ready);
            let other = self.enter(part, skipped, Left { done, ..Left::default() })?;
            // What is below is asked later, so that requests of other subgraphs come on top.
            let apart = part.enters.len() == 1 && !way.enters.contains(&part.enters[0]);
            all.requests = match apart && way.beside.len() == 1 {
                true => all.requests.saturating_add(other.requests),
                false => all.requests.max(other.requests),
            };
            all.done = all.done.max(other.done);
        }
        Some(all)
    }

    /// What is left from the entry of that number on.
    fn enter(&mut self, way: &Way, number: usize, from: Left) -> Option<Left> {
        let Some(subgraph) = way.enters.get(number) else {
            let Some(child) = way.child else { return Some(from) };
            let below = self.left(child, from.done)?;
            let requests = from.requests.saturating_add(below.requests);
            let tail = from.tail + way.below + below.tail;
            return Some(Left { requests, tail, done: below.done.max(from.done) });
        };
        let mut least = None;
        let (given, allowed) =
            (self.given[usize::from(*subgraph)], self.allowed[usize::from(*subgraph)]);
        let request = self.model.request(SubgraphId::from_index(usize::from(*subgraph)));
        let request = u32::try_from(request).unwrap_or(u32::MAX);
        for (mask, price) in [(given, 0), (allowed & !given, request)] {
            let later = mask.checked_shr(u32::from(from.done)).unwrap_or_default();
            if later == 0 {
                continue;
            }
            let wave = from.done + u8::try_from(later.trailing_zeros()).expect("below 32");
            let requests = from.requests.saturating_add(price);
            let next = Left { requests, done: wave + 1, ..from };
            if let Some(left) = self.enter(way, number + 1, next) {
                least = Some(least.map_or(left, |least| each_least(least, left)));
            }
        }
        least
    }
}

/// For each subgraph the waves in which it is asked, a bit each.
fn masks(masks: &mut [u32], requests: &Requests) {
    masks.fill(0);
    for (wave, subgraph) in requests {
        masks[subgraph.index()] |= 1 << wave;
    }
}

/// What entering costs at one position.
#[derive(Clone, Copy, Default)]
struct Entries {
    /// Subgraphs that are entered in any case, a bit each, as far as there are bits.
    forced: u64,
    /// What the entities of one task cost.
    entities: u64,
    /// What the fields of keys and requirements of one task cost.
    besides: u64,
}

impl Entries {
    /// What is entered above is entered once for all that is below it, and counts nothing here.
    fn of(way: &Way, model: &Model, any: bool) -> Self {
        let bit = |door: &u16| 1u64.checked_shl(u32::from(*door)).unwrap_or_default();
        let entered = way.enters[way.above.max(way.skipped(any))..].iter();
        let entities = entered.filter(|door| !model.is_root(usize::from(**door)));
        let forced = entities.map(bit).fold(0, |all, bit| all | bit);
        let (entities, besides) = match any {
            true if way.unsure > 0 => (way.entry.min(2 * ENTITY), 0),
            true => (way.entry, way.besides.saturating_sub(way.spare)),
            false => (way.entry, way.besides),
        };
        Self { forced, entities, besides }
    }

    /// When one way or the other is taken.
    fn or(self, other: Self) -> Self {
        Self {
            forced: self.forced & other.forced,
            entities: self.entities.min(other.entities),
            besides: self.besides.min(other.besides),
        }
    }

    /// When one task is there and the other.
    fn and(self, other: Self) -> Self {
        Self {
            forced: self.forced | other.forced,
            entities: self.entities.max(other.entities),
            besides: self.besides.max(other.besides),
        }
    }

    fn least(self) -> u64 {
        self.entities.max(ENTITY * u64::from(self.forced.count_ones())) + self.besides
    }
}

fn each_least(a: Left, b: Left) -> Left {
    Left {
        requests: a.requests.min(b.requests),
        tail: a.tail.min(b.tail),
        done: a.done.min(b.done),
    }
}
