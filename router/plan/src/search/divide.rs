//! Fields that several subgraphs share, divided over them: each is asked for the part that it
//! resolves, all at once, instead of one after the other by keys.
//!
//! That is right as far as sharing is: a shared field resolves to the same everywhere, the items of
//! lists in the same order.

use std::rc::Rc;

use graph::Via;
use schema::{SubgraphId, TypeId};

use super::model::DecisionKey;
use super::options::Candidate;
use super::{
    Alternative, Cost, Decision, DecisionId, FIELD, Feed, Holder, Search, Slot, Slots, Who,
};
use crate::PlanError;
use crate::model::{Fetch, Part, Target};
use crate::space::{SelId, Task};

/// In so many ways a field is divided at most.
const MOST_DIVIDED: usize = 3;

/// What it counts to take a part of a divided field from one more subgraph, which is there anyway.
pub(crate) const PART: Cost = 2 * FIELD;

/// Which of several holders are needed, and what is decided with them.
type Needed = (Vec<bool>, Rc<Decision>);

/// What could be saved if fields were divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dividable {
    /// Nothing.
    Nothing,
    /// So many places whose objects are entered, and what that takes.
    ForEntries(u64),
    /// A wave or a request.
    ForLess,
}

impl Search<'_> {
    /// A field of objects divided over the subgraphs that could resolve it, or a part of what is below
    /// it: further candidates.
    pub(super) fn divided(
        &mut self,
        (task, who): (&Task, &Who),
        (candidates, partial): (&[Candidate], &[Candidate]),
        holders: &Rc<[Holder]>,
    ) -> Result<Vec<Candidate>, PlanError> {
        let Some(child) = task.child else { return Ok(Vec::new()) };
        if candidates.len() + partial.len() < 2 {
            return Ok(Vec::new());
        }
        self.divisible = true;
        if !self.divide {
            return Ok(Vec::new());
        }
        let (mut parts, mut all) = (Vec::new(), Vec::new());
        // What requires other fields, and what stands in for types that it does not know, is left out.
        let sharers = candidates.iter().chain(partial);
        for candidate in sharers.filter(|it| it.way.requirement.is_none()) {
            let slot = &candidate.way.slots[0];
            let (subgraph, via, view) = self.place(slot, holders)?;
            let Some((source, object)) = self.source_in(who, task, subgraph, via) else {
                continue;
            };
            let holder = self.holder_below(&source, view, object, PART);
            // Where one says a narrower type than another, or knows fewer objects of the same type, it
            // has nothing of the other's objects.
            let alike = all.first().is_none_or(|first: &Holder| {
                first.ty == holder.ty && self.possible(first) == self.possible(&holder)
            });
            if via == Via::Own && alike {
                all.push(holder);
                parts.push((candidate, self.weights().field(subgraph, source.field)));
            }
        }
        let mut found: Vec<Candidate> = Vec::new();
        let mut tried: Vec<Vec<bool>> = Vec::new();
        let mut open = vec![vec![true; all.len()]];
        while let Some(asked) = open.pop().filter(|_| found.len() < MOST_DIVIDED) {
            let Some((used, below)) = self.needed(child, &all, &asked)? else { continue };
            if tried.contains(&used) {
                continue;
            }
            if found.is_empty() && self.work < self.most_work / 2 {
                // Another may be asked anyway, and do as well as one of those.
                let others = (0..used.len()).rev().filter(|at| used[*at]);
                open.extend(others.map(|gone| (0..used.len()).map(|at| at != gone).collect()));
            }
            let parts = parts.iter().zip(&used).filter(|(_, used)| **used).map(|(part, _)| part);
            let slots: Slots = parts.clone().map(|(it, _)| it.way.slots[0].clone()).collect();
            let fields: Cost = parts.clone().map(|(_, weight)| FIELD + weight).sum();
            let doors = parts.flat_map(|(it, _)| it.doors.iter().copied()).collect();
            let way = Alternative { slots, child: Some(below.id), requirement: None };
            found.push(Candidate { doors, extra: below.cost + fields, way });
            tried.push(used);
        }
        Ok(found)
    }

    /// What is decided below a field that some of its holders are asked for: of those, only the ones
    /// that are needed; `None` when that is no more than one.
    fn needed(
        &mut self,
        child: SelId,
        all: &[Holder],
        asked: &[bool],
    ) -> Result<Option<Needed>, PlanError> {
        let at: Vec<usize> = (0..all.len()).filter(|at| asked[*at]).collect();
        let holders: Rc<[Holder]> = at.iter().map(|at| all[*at]).collect();
        if holders.len() < 2 {
            return Ok(None);
        }
        let Some(below) = self.decide(child, &holders)? else { return Ok(None) };
        // Who is not needed is not asked.
        let mut taken = vec![false; holders.len()];
        self.used(below.id, &mut taken)?;
        let mut used = vec![false; all.len()];
        at.iter().zip(&taken).for_each(|(at, taken)| used[*at] = *taken);
        if !taken.contains(&false) {
            return Ok(Some((used, below)));
        }
        let kept = holders.iter().zip(&taken).filter(|(_, taken)| **taken);
        let kept: Rc<[Holder]> = kept.map(|(holder, _)| *holder).collect();
        if kept.len() < 2 {
            return Ok(None);
        }
        Ok(self.decide(child, &kept)?.map(|below| (used, below)))
    }

    /// What it could save to divide fields: a wave or a request, if objects below a shared one are
    /// entered in a subgraph that shares it, and one is left to save. `fetches` are of the plan that
    /// divides none, `asked` are its decisions.
    pub(crate) fn dividable(
        &mut self,
        asked: &[DecisionKey],
        fetches: &[Fetch],
    ) -> Result<Dividable, PlanError> {
        let mut sooner = vec![false; fetches.len()];
        for key in asked {
            let Some(decision) = self.chosen(key)?.filter(|it| it.recover.is_none()) else {
                continue;
            };
            let leaf = |ways: &[Alternative]| ways.iter().all(|way| way.child.is_none());
            let divisible = decision.alternatives.iter().filter(|(_, ways)| !leaf(ways));
            for (task, _) in divisible.filter(|_| decision.divisible) {
                self.sooner(key, *task, fetches, &mut sooner)?;
            }
        }
        let entered = |(fetch, _): &(&Fetch, &bool)| {
            let entities = |part: &&Part| matches!(part.target, Target::Entities { .. });
            fetch.parts.iter().filter(entities).count() as u64
        };
        let marked = fetches.iter().zip(&sooner).filter(|(_, sooner)| **sooner);
        let entries: u64 = marked.map(|marked| entered(&marked)).sum();
        Ok(match saves(fetches, &sooner) {
            true => Dividable::ForLess,
            false if entries > 0 => Dividable::ForEntries(entries),
            false => Dividable::Nothing,
        })
    }

    /// Marks the fetches that could leave sooner if a task were divided.
    fn sooner(
        &mut self,
        (sel, holders): &DecisionKey,
        task: usize,
        fetches: &[Fetch],
        sooner: &mut [bool],
    ) -> Result<(), PlanError> {
        let sel = self.space.sel(*sel);
        let Some(who) = self.who(&sel.tasks[task], holders) else { return Ok(()) };
        let (slots, _) = self.slots(&sel.tasks[task], &who, holders)?;
        let mut sharing = Vec::new();
        let mut entered = false;
        for (slot, _) in &slots {
            entered |= matches!(slot, Slot::Enter(..));
            sharing.push(self.place(slot, holders)?.0);
        }
        // What is at hand is not waited for.
        if sharing.len() < 2 || !entered {
            return Ok(());
        }
        let key = &*sel.tasks[task].key;
        let below = sel.tasks[task].child.map(|child| self.space.sel(child).ty);
        for (fetch, sooner) in fetches.iter().zip(sooner) {
            *sooner |= fetch.parts.iter().any(|part| {
                let (Target::Entities { path, .. } | Target::Root { path }) = &part.target;
                let at_root = holders.is_empty() && path.len() == 1;
                let shares = at_root || sharing.contains(&fetch.subgraph);
                let ends = || path.last().is_some_and(|step| step.key == key);
                shares && path.iter().any(|step| step.key == key)
                    || ends() && below.is_some_and(|ty| self.have_some(&sharing, ty, part))
            });
        }
        Ok(())
    }

    /// Whether any of those subgraphs has a field of what a part asks of objects of a type.
    fn have_some(&self, sharing: &[SubgraphId], ty: TypeId, part: &Part) -> bool {
        part.selection.fields.iter().any(|field| {
            let name = field.key.split('(').next().unwrap_or_default();
            let field = self.space.field_of(ty, name).map(|id| self.space.schema.field(id));
            let joins = || sharing.iter().filter_map(|subgraph| field?.join(*subgraph));
            joins().any(|join| !join.external)
        })
    }

    /// Marks the holders that a decision takes something from.
    fn used(&mut self, id: DecisionId, used: &mut [bool]) -> Result<(), PlanError> {
        let ((_, holders), decision) = &self.arena[id.0 as usize];
        let (holders, decision) = (Rc::clone(holders), Rc::clone(decision));
        if let Some((who, index)) = &decision.recover {
            self.feeders((who, *index), &holders, used)?;
        }
        for slot in decision.slots(None).flat_map(|(_, slots)| slots) {
            match slot {
                // One that was recovered comes after those at hand.
                Slot::Hold(index) => used.iter_mut().skip(*index).take(1).for_each(|it| *it = true),
                Slot::Enter(who, index) => self.feeders((who, *index), &holders, used)?,
            }
        }
        for ((_, ways), pick) in decision.alternatives.iter().zip(&decision.picks) {
            if let Some(requirement) = ways[*pick].requirement {
                self.used(requirement, used)?;
            }
        }
        Ok(())
    }

    /// Marks the holders that feed the key of a move.
    fn feeders(
        &mut self,
        (who, index): (&Who, usize),
        holders: &Rc<[Holder]>,
        used: &mut [bool],
    ) -> Result<(), PlanError> {
        let moves = self.moves(who, holders)?;
        let mut open = vec![index];
        while let Some(index) = open.pop() {
            for feed in moves.get(index).into_iter().flat_map(|way| &way.feeds) {
                match feed {
                    Feed::Held(index) => {
                        used.iter_mut().skip(*index).take(1).for_each(|it| *it = true)
                    }
                    // Feeders were entered before.
                    Feed::Entered(index) => open.push(*index),
                }
            }
        }
        Ok(())
    }
}

/// Whether a wave or a request could be saved if those fetches left sooner: a wave, when everything
/// that leaves last does or waits for one that does; a request, when there is another one before it
/// to the same subgraph.
fn saves(fetches: &[Fetch], sooner: &[bool]) -> bool {
    let mut waves: Vec<usize> = Vec::with_capacity(fetches.len());
    let mut moves: Vec<bool> = Vec::with_capacity(fetches.len());
    for (fetch, sooner) in fetches.iter().zip(sooner) {
        waves.push(fetch.after.iter().map(|at| waves[*at] + 1).max().unwrap_or_default());
        moves.push(*sooner || fetch.after.iter().any(|at| moves[*at]));
    }
    let last = waves.iter().max();
    let mut at_last = moves.iter().zip(&waves).filter(|(_, wave)| Some(*wave) == last);
    let travels = |at: usize| {
        let earlier = fetches.iter().zip(&waves).take(at);
        let mut earlier = earlier.filter(|(_, wave)| **wave < waves[at]);
        earlier.any(|(other, _)| other.subgraph == fetches[at].subgraph)
    };
    at_last.all(|(moves, _)| *moves) || (0..fetches.len()).any(|at| sooner[at] && travels(at))
}
