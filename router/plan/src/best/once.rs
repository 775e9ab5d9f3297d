//! The requests that the search's own choices come to, when each leaves as soon as it can.

use super::model::{Model, Way};
use super::requests::{Requests, request};
use crate::maps::HashMap;

/// The requests of the choices that the search made below a root.
pub(super) fn at_once(model: &Model, root: u32) -> Requests {
    let mut walk = Walk { model, requests: Requests::new(), done: HashMap::default() };
    walk.decision(root, 0);
    walk.requests
}

struct Walk<'m> {
    model: &'m Model,
    requests: Requests,
    /// For each decision and the wave in which its object is there, the first wave after it.
    done: HashMap<(u32, usize), usize>,
}

impl Walk<'_> {
    /// Carries out a decision; the result is the first wave after everything is there.
    fn decision(&mut self, decision: u32, ready: usize) -> usize {
        if let Some(done) = self.done.get(&(decision, ready)) {
            return *done;
        }
        self.done.insert((decision, ready), ready);
        let tasks = &self.model.decisions[decision as usize].open;
        let taken = tasks.iter().filter_map(|task| task.ways.get(task.pick));
        let done = taken.map(|way| self.way(way, ready)).max().unwrap_or(ready);
        self.done.insert((decision, ready), done);
        done
    }

    fn way(&mut self, way: &Way, ready: usize) -> usize {
        let parts = std::iter::once(way).chain(&way.beside);
        let there = parts.map(|part| self.enter(part, ready)).max().unwrap_or(ready);
        way.child.map_or(there, |child| self.decision(child, there).max(there))
    }

    /// Enters the subgraphs of a way; the result is the first wave after that.
    fn enter(&mut self, way: &Way, ready: usize) -> usize {
        let mut from = ready;
        for (at, subgraph) in way.enters.iter().enumerate() {
            let last = at + 1 == way.enters.len();
            if let Some(requirement) = way.requirement.filter(|_| last) {
                from = from.max(self.decision(requirement, ready));
            }
            self.requests.insert(request(from, usize::from(*subgraph)));
            from += 1;
        }
        from
    }
}
