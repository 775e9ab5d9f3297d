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
use super::{Alternative, Cost, DecisionId, FIELD, Feed, Holder, Search, Slot, Slots, Who};
use crate::PlanError;
use crate::model::{Fetch, Part, Target};
use crate::space::Task;

/// What it counts to take a part of a divided field from one more subgraph, which is there anyway.
pub(crate) const PART: Cost = 2 * FIELD;

impl Search<'_> {
    /// A field of objects divided over the subgraphs that could resolve it, or a part of what is below
    /// it: a further candidate.
    pub(super) fn divided(
        &mut self,
        (task, who): (&Task, &Who),
        (candidates, partial): (&[Candidate], &[Candidate]),
        holders: &Rc<[Holder]>,
    ) -> Result<Option<Candidate>, PlanError> {
        let Some(child) = task.child else { return Ok(None) };
        if candidates.len() + partial.len() < 2 {
            return Ok(None);
        }
        self.divisible = true;
        if !self.divide {
            return Ok(None);
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
        if all.len() < 2 {
            return Ok(None);
        }
        let all: Rc<[Holder]> = Rc::from(all);
        let Some(mut below) = self.decide(child, &all)? else { return Ok(None) };
        // Who is not needed is not asked.
        let mut used = vec![false; all.len()];
        self.used(below.id, &mut used)?;
        if used.contains(&false) {
            let mut kept = used.iter();
            parts.retain(|_| kept.next() == Some(&true));
            let kept: Rc<[Holder]> =
                all.iter().zip(&used).filter(|(_, used)| **used).map(|(it, _)| *it).collect();
            match self.decide(child, &kept)? {
                Some(decision) if kept.len() > 1 => below = decision,
                _ => return Ok(None),
            }
        }
        let slots: Slots = parts.iter().map(|(it, _)| it.way.slots[0].clone()).collect();
        let fields: Cost = parts.iter().map(|(_, weight)| FIELD + weight).sum();
        let doors = parts.iter().flat_map(|(it, _)| it.doors.iter().copied()).collect();
        let way = Alternative { slots, child: Some(below.id), requirement: None };
        Ok(Some(Candidate { doors, extra: below.cost + fields, way }))
    }

    /// Whether it could help to divide fields: whether objects below a shared one are entered in a
    /// subgraph that shares it, and what is saved is a wave or a request. `fetches` are of the plan
    /// that divides none, `asked` are its decisions.
    pub(crate) fn dividable(
        &mut self,
        asked: &[DecisionKey],
        fetches: &[Fetch],
    ) -> Result<bool, PlanError> {
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
        Ok(saves(fetches, &sooner))
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
