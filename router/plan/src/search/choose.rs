//! The choice at one position: which subgraphs to open, so that every task has one.
//!
//! Opening a subgraph costs once, however many tasks it serves. Forced ones are opened first, then
//! those that serve most for their price until every task is served; then what pays is added and
//! what no longer pays is dropped, until nothing changes.

use std::rc::Rc;

use schema::TypeId;

use super::options::{Candidate, Door};
use super::{Alternative, Cost, Decision, DecisionId, FIELD, Holder, Search};
use crate::PlanError;
use crate::space::{SelId, Task};

struct Table {
    doors: Vec<(Door, Cost)>,
    /// For each task its candidates: door, price, slot.
    rows: Vec<Vec<(usize, Cost, Alternative)>>,
}

impl Search<'_> {
    /// Decides a position. `unknown` is the interface when nobody knows the object's type.
    pub(super) fn choose(
        &mut self,
        sel: SelId,
        holders: &Rc<[Holder]>,
        unknown: Option<TypeId>,
    ) -> Result<Option<Decision>, PlanError> {
        let sel = self.space.sel(sel);
        let mut table = Table { doors: Vec::new(), rows: Vec::new() };
        let mut several = Vec::new();
        let mut row_of = Vec::new();
        let mut together = Vec::new();
        let (mut fixed, mut at_hand) = (0, Vec::new());
        let standing = unknown.is_some().then(|| sel.standing());
        let tasks = standing.as_ref().unwrap_or(&sel.tasks);
        for (index, task) in tasks.iter().enumerate() {
            if self.effective(task, holders).is_empty() {
                continue;
            }
            if let Some(way) = self.at_hand(task, holders) {
                fixed += FIELD;
                at_hand.push((index, vec![way]));
                continue;
            }
            let candidates = self.candidates(task, holders)?;
            let divided = self.divided(task, &candidates, holders)?;
            if !candidates.is_empty() && divided.is_none() {
                row_of.push(index);
                table.add(candidates);
                continue;
            }
            let found = match divided {
                Some(divided) => Some(divided),
                None => self.together(task, holders)?,
            };
            let Some((slots, below)) = found else {
                self.note_stuck(task);
                return Ok(None);
            };
            several.push((index, slots));
            fixed += below.cost;
            together.push(below.id);
        }
        let open = table.open();
        let cost = table.price(&open).expect("open serves every task");
        let mut chosen = table.picks(&open).into_iter();
        let mut picks = Vec::with_capacity(chosen.len() + at_hand.len());
        let mut alternatives = Vec::with_capacity(picks.capacity());
        let mut at_hand = at_hand.into_iter().peekable();
        for (row, task) in table.rows.into_iter().zip(row_of) {
            while let Some(way) = at_hand.next_if(|(earlier, _)| *earlier < task) {
                alternatives.push(way);
                picks.push(0);
            }
            alternatives.push((task, row.into_iter().map(|(_, _, way)| way).collect()));
            picks.extend(chosen.next());
        }
        picks.resize(picks.len() + at_hand.len(), 0);
        alternatives.extend(at_hand);
        let (cost, id) = (cost + fixed, DecisionId::default());
        Ok(Some(Decision { cost, recover: None, picks, several, alternatives, together, id }))
    }

    fn note_stuck(&mut self, task: &Task) {
        if self.stuck.is_none() {
            let parent = &self.space.schema.ty(task.parent).name;
            self.stuck = Some(format!("{parent}.{}", task.name));
        }
    }
}

impl Table {
    /// Adds a task by its candidates.
    fn add(&mut self, candidates: Vec<Candidate>) {
        let mut row = Vec::with_capacity(candidates.len());
        for Candidate { slot, door, open, extra, child, requirement } in candidates {
            let at = match self.doors.iter().position(|(other, _)| *other == door) {
                Some(at) => at,
                None => {
                    self.doors.push((door, 0));
                    self.doors.len() - 1
                }
            };
            self.doors[at].1 = self.doors[at].1.max(open);
            row.push((at, extra, Alternative { slot, child, requirement }));
        }
        self.rows.push(row);
    }

    /// The doors to open.
    fn open(&self) -> Vec<bool> {
        let mut open: Vec<bool> = self.doors.iter().map(|(_, cost)| *cost == 0).collect();
        for row in &self.rows {
            if let [(door, ..)] = row.as_slice() {
                open[*door] = true;
            }
        }
        while let Some(door) = self.most_for_its_price(&open) {
            open[door] = true;
        }
        while self.improve(&mut open) {}
        open
    }

    /// The closed door that serves the tasks without one at the least price for each.
    fn most_for_its_price(&self, open: &[bool]) -> Option<usize> {
        let unserved: Vec<_> =
            self.rows.iter().filter(|row| row.iter().all(|(door, ..)| !open[*door])).collect();
        let each = |door: usize| {
            let prices = unserved.iter().filter_map(|row| {
                row.iter().filter(|(other, ..)| *other == door).map(|(_, price, _)| *price).min()
            });
            let (count, sum) =
                prices.fold((0u64, 0), |(count, sum), price| (count + 1, sum + price));
            (count > 0).then(|| (self.doors[door].1 + sum) / count)
        };
        (0..self.doors.len())
            .filter(|door| !open[*door])
            .filter_map(|door| Some((each(door)?, self.doors[door].0, door)))
            .min()
            .map(|(.., door)| door)
    }

    /// Opens or closes the one door that lowers the price most; false when none does.
    fn improve(&self, open: &mut [bool]) -> bool {
        let now = self.price(open).expect("open serves every task");
        let mut best: Option<(Cost, Door, usize)> = None;
        for door in 0..self.doors.len() {
            let (name, cost) = self.doors[door];
            if cost == 0 {
                continue;
            }
            open[door] = !open[door];
            if let Some(price) = self.price(open).filter(|price| *price < now)
                && best.is_none_or(|(least, first, _)| (price, name) < (least, first))
            {
                best = Some((price, name, door));
            }
            open[door] = !open[door];
        }
        if let Some((.., door)) = best {
            open[door] = !open[door];
        }
        best.is_some()
    }

    /// The price of a set of open doors; `None` when a task is not served.
    fn price(&self, open: &[bool]) -> Option<Cost> {
        let doors = self.doors.iter().zip(open).filter(|(_, open)| **open);
        let mut cost: Cost = doors.map(|((_, cost), _)| *cost).sum();
        for row in &self.rows {
            let served = row.iter().filter(|(door, ..)| open[*door]);
            cost += served.map(|(_, price, _)| *price).min()?;
        }
        Some(cost)
    }

    /// Each task's pick among its candidates, given the open doors.
    fn picks(&self, open: &[bool]) -> Vec<usize> {
        let pick = |row: &Vec<(usize, Cost, Alternative)>| {
            let served = row.iter().enumerate().filter(|(_, (door, ..))| open[*door]);
            let least = served.map(|(pick, (_, price, _))| (*price, pick)).min();
            least.expect("open serves every task").1
        };
        self.rows.iter().map(pick).collect()
    }
}
