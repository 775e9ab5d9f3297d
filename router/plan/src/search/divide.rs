//! Root fields that several subgraphs share, divided over them: each is asked for the part that it
//! resolves, all at once, instead of one after the other by keys.
//!
//! That is right as far as sharing is: a shared field resolves to the same everywhere, the items of
//! lists in the same order.

use std::rc::Rc;

use super::model::DecisionKey;
use super::options::{Candidate, Together};
use super::{Alternative, Decision, DecisionId, FIELD, Feed, Holder, Search, Slot, Who};
use crate::PlanError;
use crate::model::{Fetch, Target};
use crate::space::Task;

impl Search<'_> {
    /// A root field divided over the subgraphs that share it, when that is cheaper than to take it
    /// from one of them.
    pub(super) fn divided(
        &mut self,
        task: &Task,
        candidates: &[Candidate],
        holders: &Rc<[Holder]>,
    ) -> Result<Option<Together>, PlanError> {
        if !self.divide || !holders.is_empty() || candidates.len() < 2 {
            return Ok(None);
        }
        let Some(child) = task.child else { return Ok(None) };
        let Some((mut slots, mut below)) = self.together(task, holders)? else { return Ok(None) };
        // Who is not needed is not asked.
        let all = Rc::clone(&self.arena[below.id.0 as usize].0.1);
        let mut used = vec![false; all.len()];
        self.used(below.id, &mut used)?;
        if used.contains(&false) {
            let mut kept = used.iter();
            slots.retain(|_| kept.next() == Some(&true));
            let kept: Rc<[Holder]> =
                all.iter().zip(&used).filter(|(_, used)| **used).map(|(it, _)| *it).collect();
            match self.decide(child, &kept)? {
                Some(decision) if kept.len() > 1 => below = decision,
                _ => return Ok(None),
            }
        }
        let alone = candidates.iter().map(|it| it.open + it.extra).min().unwrap_or_default();
        Ok((below.cost + FIELD < alone).then_some((slots, below)))
    }

    /// Whether it could help to divide a root field: whether its objects are entered, or those below
    /// them in a subgraph that shares it. `fetches` are of the plan that divides none.
    pub(crate) fn dividable(
        &mut self,
        root: &DecisionKey,
        decision: &Decision,
        fetches: &[Fetch],
    ) -> Result<bool, PlanError> {
        let sel = self.space.sel(root.0);
        for (task, ways) in decision.alternatives.iter().filter(|(_, ways)| ways.len() > 1) {
            let key = &*sel.tasks[*task].key;
            let mut sharing = Vec::new();
            for Alternative { slot, .. } in ways.iter().filter(|way| way.child.is_some()) {
                sharing.push(self.place(slot, &root.1)?.0);
            }
            let helps = |fetch: &Fetch| {
                let mut paths = fetch.parts.iter().filter_map(|part| match &part.target {
                    Target::Entities { path, .. } => Some(path),
                    Target::Root { .. } => None,
                });
                paths.any(|path| {
                    let shares = path.len() == 1 || sharing.contains(&fetch.subgraph);
                    path.first().is_some_and(|step| step.key == key) && shares
                })
            };
            if sharing.len() > 1 && fetches.iter().any(helps) {
                return Ok(true);
            }
        }
        Ok(false)
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
