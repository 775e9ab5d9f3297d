//! The choice at one position: which subgraphs to open, so that every task has one.
//!
//! Opening a subgraph costs once, however many tasks it serves. Forced ones are opened first, then
//! those that serve most for their price until every task is served; then what pays is added and
//! what no longer pays is dropped, until nothing changes.

use std::rc::Rc;

use schema::TypeId;
use smallvec::{SmallVec, smallvec};

use super::options::{Candidate, Door};
use super::{Alternatives, Cost, Decision, DecisionId, FIELD, Holder, Search};
use crate::PlanError;
use crate::space::{SelId, Task};

struct Table {
    doors: SmallVec<[(Door, Cost); 4]>,
    /// For each task its candidates.
    rows: Vec<Row>,
}

/// The candidates for a task.
type Row = SmallVec<[Candidacy; 2]>;

/// Which doors are open.
type Open = SmallVec<[bool; 16]>;

/// Doors by number.
type Doors = SmallVec<[usize; 2]>;

struct Candidacy {
    doors: Doors,
    price: Cost,
}

impl Candidacy {
    fn is_served(&self, open: &[bool]) -> bool {
        self.doors.iter().all(|door| open[*door])
    }
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
        let standing = unknown.is_some().then(|| sel.standing());
        let tasks = standing.as_ref().unwrap_or(&sel.tasks);
        let mut table = Table { doors: SmallVec::new(), rows: Vec::new() };
        let mut several = Vec::new();
        let mut row_of: SmallVec<[usize; 16]> = SmallVec::new();
        let (mut fixed, mut together) = (0, Vec::new());
        let mut picks = Vec::with_capacity(tasks.len());
        let mut alternatives: Vec<(usize, Alternatives)> = Vec::with_capacity(tasks.len());
        for (index, task) in tasks.iter().enumerate() {
            let Some(who) = self.who(task, holders).filter(|_| !task.types.is_empty()) else {
                continue;
            };
            if let Some(way) = self.at_hand(task, &who, holders) {
                fixed += FIELD;
                alternatives.push((index, smallvec![way]));
                picks.push(0);
                continue;
            }
            let (mut candidates, partial) = self.candidates(task, &who, holders)?;
            if !candidates.is_empty() {
                let divided = self.divided((task, &who), (&candidates, &partial), holders)?;
                candidates.extend(divided);
                row_of.push(picks.len());
                picks.push(0);
                table.add(&candidates);
                alternatives.push((index, candidates.into_iter().map(|it| it.way).collect()));
                continue;
            }
            let Some((slots, below)) = self.together(task, &who, holders)? else {
                self.note_stuck(task);
                return Ok(None);
            };
            several.push((index, slots));
            fixed += below.cost;
            together.push(below.id);
        }
        let open = table.open();
        let cost = table.price(&open).expect("open serves every task");
        row_of.into_iter().zip(table.picks(&open)).for_each(|(at, pick)| picks[at] = pick);
        Ok(Some(Decision {
            cost: cost + fixed,
            recover: None,
            picks,
            several,
            alternatives,
            together,
            divisible: false,
            id: DecisionId::default(),
        }))
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
    fn add(&mut self, candidates: &[Candidate]) {
        let mut row = Row::with_capacity(candidates.len());
        for Candidate { doors, extra, .. } in candidates {
            let mut numbers = Doors::new();
            doors.iter().for_each(|(door, open)| numbers.push(self.door(*door, *open)));
            let doors = numbers;
            row.push(Candidacy { doors, price: *extra });
        }
        self.rows.push(row);
    }

    /// The number of a door.
    fn door(&mut self, door: Door, open: Cost) -> usize {
        let at = match self.doors.iter().position(|(other, _)| *other == door) {
            Some(at) => at,
            None => {
                self.doors.push((door, 0));
                self.doors.len() - 1
            }
        };
        self.doors[at].1 = self.doors[at].1.max(open);
        at
    }

    /// The doors to open.
    fn open(&self) -> Open {
        let mut open: Open = self.doors.iter().map(|(_, cost)| *cost == 0).collect();
        for row in &self.rows {
            if let [only] = row.as_slice() {
                only.doors.iter().for_each(|door| open[*door] = true);
            }
        }
        // Each door is somebody's only one.
        if self.rows.iter().all(|row| row.len() == 1) {
            return open;
        }
        while let Some(doors) = self.most_for_its_price(&open) {
            doors.iter().for_each(|door| open[*door] = true);
        }
        while self.improve(&mut open) {}
        open
    }

    /// The closed doors that serve the tasks without one at the least price for each: one, or as many
    /// as a candidate needs.
    fn most_for_its_price(&self, open: &[bool]) -> Option<Doors> {
        let unserved: SmallVec<[&Row; 16]> =
            self.rows.iter().filter(|row| row.iter().all(|it| !it.is_served(open))).collect();
        if unserved.is_empty() {
            return None;
        }
        let singles = (0..self.doors.len()).filter(|door| !open[*door]).map(|door| smallvec![door]);
        let several = unserved.iter().flat_map(|row| row.iter()).filter(|it| it.doors.len() > 1);
        let several = several.map(|it| self.closed(it, open));
        // What a task costs in any case says nothing about doors.
        let each = |doors: &Doors| {
            let prices = unserved.iter().filter_map(|row| {
                let served = row
                    .iter()
                    .filter(|it| it.doors.iter().all(|door| open[*door] || doors.contains(door)));
                let least = row.iter().map(|it| it.price).min()?;
                served.map(|it| it.price - least).min()
            });
            let (count, sum) =
                prices.fold((0u64, 0), |(count, sum), price| (count + 1, sum + price));
            let cost: Cost = doors.iter().map(|door| self.doors[*door].1).sum();
            (count > 0).then(|| (cost + sum) / count)
        };
        let name = |doors: &Doors| doors.iter().map(|door| self.doors[*door].0).collect::<Vec<_>>();
        singles
            .chain(several)
            .filter_map(|doors: Doors| Some((each(&doors)?, doors)))
            .min_by(|(a, first), (b, second)| a.cmp(b).then_with(|| name(first).cmp(&name(second))))
            .map(|(_, doors)| doors)
    }

    fn closed(&self, candidate: &Candidacy, open: &[bool]) -> Doors {
        candidate.doors.iter().copied().filter(|door| !open[*door]).collect()
    }

    /// Opens or closes the one door that lowers the price most, or opens all that one candidate needs;
    /// false when nothing does.
    fn improve(&self, open: &mut [bool]) -> bool {
        let now = self.price(open).expect("open serves every task");
        let mut best: Option<(Cost, Door, Doors)> = None;
        let singles = (0..self.doors.len()).map(|door| smallvec![door]);
        let several = self.rows.iter().flatten().filter(|it| it.doors.len() > 1);
        let several: Vec<Doors> = several.map(|it| self.closed(it, open)).collect();
        for doors in singles.chain(several.into_iter().filter(|doors| doors.len() > 1)) {
            let (name, cost) = self.doors[doors[0]];
            if cost == 0 {
                continue;
            }
            flip(open, &doors);
            if let Some(price) = self.price(open).filter(|price| *price < now)
                && best.as_ref().is_none_or(|(least, first, _)| (price, name) < (*least, *first))
            {
                best = Some((price, name, Doors::clone(&doors)));
            }
            flip(open, &doors);
        }
        if let Some((.., doors)) = &best {
            flip(open, doors);
        }
        best.is_some()
    }

    /// The price of a set of open doors; `None` when a task is not served.
    fn price(&self, open: &[bool]) -> Option<Cost> {
        let doors = self.doors.iter().zip(open).filter(|(_, open)| **open);
        let mut cost: Cost = doors.map(|((_, cost), _)| *cost).sum();
        for row in &self.rows {
            let served = row.iter().filter(|it| it.is_served(open));
            cost += served.map(|it| it.price).min()?;
        }
        Some(cost)
    }

    /// Each task's pick among its candidates, given the open doors.
    fn picks(&self, open: &[bool]) -> SmallVec<[usize; 16]> {
        let pick = |row: &Row| {
            let served = row.iter().enumerate().filter(|(_, it)| it.is_served(open));
            let least = served.map(|(pick, it)| (it.price, pick)).min();
            least.expect("open serves every task").1
        };
        self.rows.iter().map(pick).collect()
    }
}

fn flip(open: &mut [bool], doors: &Doors) {
    doors.iter().for_each(|door| open[*door] = !open[*door]);
}
