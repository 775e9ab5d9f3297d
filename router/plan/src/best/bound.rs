//! What any plan costs at least: an admissible bound over all choices, given which requests there
//! are in any case and which there may be besides.
//!
//! Of the tasks of a position the one with the most remaining requests counts, since they may share
//! theirs; what entries and fields cost is added up only over what no two tasks can share. On each
//! way only two requests of a subgraph matter: the first that there is, and the first that there
//! may be.

use std::rc::Rc;

use schema::Id;

use super::finish::Requests;
use super::model::{Model, Way};
use crate::price::{FIELD, REQUEST, WAVE};

/// What is left to pay for a decision, at least.
#[derive(Clone, Copy, Default)]
struct Left {
    /// Requests besides those that there are.
    requests: u64,
    /// What entries and fields cost.
    tail: u64,
    /// The first wave after everything is there.
    done: u8,
}

#[derive(Clone, Copy)]
enum Known {
    Unknown,
    Open,
    Is(Option<Left>),
}

/// Works out the bound.
pub(super) struct Bound {
    model: Rc<Model>,
    given: Vec<u32>,
    allowed: Vec<u32>,
    known: Vec<Known>,
    width: usize,
    /// How many decisions were worked out.
    pub work: u64,
}

impl Bound {
    pub(super) fn new(model: &Rc<Model>) -> Self {
        Self {
            model: Rc::clone(model),
            given: Vec::new(),
            allowed: Vec::new(),
            known: Vec::new(),
            width: 0,
            work: 0,
        }
    }

    /// The least price of any plan that sends all the given requests and no others than the allowed
    /// ones; `None` when there is no such plan.
    pub(super) fn least(&mut self, root: u32, given: &Requests, allowed: &Requests) -> Option<u64> {
        self.given = self.masks(given);
        self.allowed = self.masks(allowed);
        let waves = allowed.iter().map(|(wave, _)| *wave + 1).max().unwrap_or_default();
        self.width = waves + 1;
        self.known.clear();
        self.known.resize(self.model.len() * self.width, Known::Unknown);
        let left = self.left(root, 0)?;
        let waves = given.iter().map(|(wave, _)| *wave as u64 + 1).max().unwrap_or_default();
        let requests = given.len() as u64 + left.requests;
        Some(REQUEST * requests + WAVE * waves.max(u64::from(left.done)) + left.tail)
    }

    fn masks(&self, requests: &Requests) -> Vec<u32> {
        let mut masks = vec![0; self.model.subgraphs()];
        for (wave, subgraph) in requests {
            masks[subgraph.index()] |= 1 << wave;
        }
        masks
    }

    fn left(&mut self, decision: u32, ready: u8) -> Option<Left> {
        let at = decision as usize * self.width + usize::from(ready);
        match self.known[at] {
            Known::Is(left) => return left,
            Known::Open => return None,
            Known::Unknown => {}
        }
        self.work += 1;
        self.known[at] = Known::Open;
        let left = self.work_out(decision, ready);
        self.known[at] = Known::Is(left);
        left
    }

    fn work_out(&mut self, decision: u32, ready: u8) -> Option<Left> {
        let model = Rc::clone(&self.model);
        let mut all = Left { done: ready, ..Left::default() };
        let mut entries = 0;
        // Tasks that follow each other under one key are of different object types.
        let mut same_key = (None, 0);
        for task in &model.decisions[decision as usize] {
            let mut least: Option<(Left, u64)> = None;
            for way in &task.ways {
                let Some(left) = self.way(way, ready) else { continue };
                least = Some(match least {
                    None => (left, way.entry),
                    Some((least, known)) => (each_least(least, left), known.min(way.entry)),
                });
            }
            let (left, entered) = least?;
            all.requests = all.requests.max(left.requests);
            all.done = all.done.max(left.done);
            entries = entries.max(entered);
            let tail = if task.field { FIELD } else { 0 } + left.tail;
            let before = if same_key.0 == Some(task.key) { same_key.1 } else { 0 };
            all.tail += tail.saturating_sub(before);
            same_key = (Some(task.key), tail.max(before));
        }
        all.tail += entries;
        Some(all)
    }

    fn way(&mut self, way: &Way, ready: u8) -> Option<Left> {
        let from = match way.requirement {
            None => Left { done: ready, ..Left::default() },
            Some(requirement) => Left { tail: 0, ..self.left(requirement, ready)? },
        };
        self.enter(way, 0, from)
    }

    /// What is left from the entry of that number on.
    fn enter(&mut self, way: &Way, number: usize, from: Left) -> Option<Left> {
        let Some(subgraph) = way.enters.get(number) else {
            let Some(child) = way.child else { return Some(from) };
            let below = self.left(child, from.done)?;
            let requests = from.requests + below.requests;
            let tail = way.below + below.tail;
            return Some(Left { requests, tail, done: below.done.max(from.done) });
        };
        let mut least = None;
        let (given, allowed) =
            (self.given[usize::from(*subgraph)], self.allowed[usize::from(*subgraph)]);
        for (mask, price) in [(given, 0), (allowed & !given, 1)] {
            let later = mask.checked_shr(u32::from(from.done)).unwrap_or_default();
            if later == 0 {
                continue;
            }
            let wave = from.done + u8::try_from(later.trailing_zeros()).expect("below 32");
            let next = Left { requests: from.requests + price, done: wave + 1, ..from };
            if let Some(left) = self.enter(way, number + 1, next) {
                least = Some(least.map_or(left, |least| each_least(least, left)));
            }
        }
        least
    }
}

fn each_least(a: Left, b: Left) -> Left {
    Left {
        requests: a.requests.min(b.requests),
        tail: a.tail.min(b.tail),
        done: a.done.min(b.done),
    }
}
