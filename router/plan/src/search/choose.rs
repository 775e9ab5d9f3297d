//! The choice at one position: which subgraphs to open, so that every task has one.
//!
//! Opening a subgraph costs once, however many tasks it serves. Forced ones are opened first, then
//! those that serve most for their price until every task is served; then what pays is added and
//! what no longer pays is dropped, until nothing changes.

use std::rc::Rc;

use schema::TypeId;

use super::options::Candidate;
use super::{Alternative, Cost, Decision, DecisionId, Holder, Search, Slot, Who};
use crate::PlanError;
use crate::space::{SelId, Task};

/// What can be opened, as far as opening is shared: all classes of a position that enter the same
/// subgraph in the same way do it in one request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    Held(usize),
    Entered(schema::SubgraphId, graph::EntryKind),
}

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
        let mut choices: Vec<Vec<Slot>> = vec![Vec::new(); sel.tasks.len()];
        let mut row_of = Vec::new();
        let mut together = Vec::new();
        let mut fixed = 0;
        for (index, task) in sel.standing(unknown.is_some()).iter().enumerate() {
            let Some(task) = task else { continue };
            if self.effective(task, holders).is_empty() {
                continue;
            }
            let candidates = self.candidates(task, holders)?;
            if !candidates.is_empty() {
                row_of.push(index);
                self.add(&mut table, candidates, holders)?;
                continue;
            }
            let Some((slots, below)) = self.together(task, holders)? else {
                self.note_stuck(task);
                return Ok(None);
            };
            choices[index] = slots;
            fixed += below.cost;
            together.push(below.id);
        }
        let open = table.open();
        let (cost, picks) = table.price(&open).expect("open serves every task");
        let mut alternatives = Vec::with_capacity(picks.len());
        for ((row, pick), task) in table.rows.into_iter().zip(picks).zip(row_of) {
            choices[task] = vec![row[pick].2.slot.clone()];
            alternatives.push((task, row.into_iter().map(|(_, _, way)| way).collect()));
        }
        let (cost, id) = (cost + fixed, DecisionId::default());
        Ok(Some(Decision { cost, recover: None, choices, alternatives, together, id }))
    }

    fn add(
        &mut self,
        table: &mut Table,
        candidates: Vec<Candidate>,
        holders: &Rc<[Holder]>,
    ) -> Result<(), PlanError> {
        let mut row = Vec::new();
        for candidate in candidates {
            let door = match &candidate.slot {
                Slot::Hold(index) => Door::Held(*index),
                Slot::Enter(who, index) => self.door(who, *index, holders)?,
            };
            let at = match table.doors.iter().position(|(other, _)| *other == door) {
                Some(at) => at,
                None => {
                    table.doors.push((door, 0));
                    table.doors.len() - 1
                }
            };
            table.doors[at].1 = table.doors[at].1.max(candidate.open);
            let Candidate { slot, child, requirement, .. } = candidate;
            row.push((at, candidate.extra, Alternative { slot, child, requirement }));
        }
        table.rows.push(row);
        Ok(())
    }

    fn door(&mut self, who: &Who, index: usize, holders: &Rc<[Holder]>) -> Result<Door, PlanError> {
        let way = &self.moves(who, holders)?[index];
        Ok(Door::Entered(way.subgraph, way.kind))
    }

    fn note_stuck(&mut self, task: &Task) {
        if self.stuck.is_none() {
            let parent = &self.space.schema.ty(task.parent).name;
            self.stuck = Some(format!("{parent}.{}", task.name));
        }
    }
}

impl Table {
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
            .filter_map(|door| Some((each(door)?, door)))
            .min()
            .map(|(_, door)| door)
    }

    /// Opens or closes the one door that lowers the price most; false when none does.
    fn improve(&self, open: &mut [bool]) -> bool {
        let (now, _) = self.price(open).expect("open serves every task");
        let mut best: Option<(Cost, usize)> = None;
        for door in 0..self.doors.len() {
            if self.doors[door].1 == 0 {
                continue;
            }
            open[door] = !open[door];
            if let Some((price, _)) = self.price(open)
                && price < best.map_or(now, |(price, _)| price)
            {
                best = Some((price, door));
            }
            open[door] = !open[door];
        }
        if let Some((_, door)) = best {
            open[door] = !open[door];
        }
        best.is_some()
    }

    /// The price of a set of open doors, and each task's pick among its candidates; `None` when a
    /// task is not served.
    fn price(&self, open: &[bool]) -> Option<(Cost, Vec<usize>)> {
        let doors = self.doors.iter().zip(open).filter(|(_, open)| **open);
        let mut cost: Cost = doors.map(|((_, cost), _)| *cost).sum();
        let mut picks = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let (price, pick) = row
                .iter()
                .enumerate()
                .filter(|(_, (door, ..))| open[*door])
                .map(|(pick, (_, price, _))| (*price, pick))
                .min()?;
            cost += price;
            picks.push(pick);
        }
        Some((cost, picks))
    }
}
