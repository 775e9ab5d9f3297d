//! The options of one task: who could resolve it, and at what price.

use std::rc::Rc;

use graph::Via;
use schema::{SetItem, TypeSet};

use super::{Cost, Decision, DecisionId, FIELD, Holder, Search, Slot, View, Who, interface_of};
use crate::PlanError;
use crate::space::{SelId, Task};

/// Who could resolve a task.
pub(crate) struct Candidate {
    /// The slot.
    pub slot: Slot,
    /// What the first use of the slot costs.
    pub open: Cost,
    /// What the task costs then.
    pub extra: Cost,
    /// What is decided below it.
    pub child: Option<DecisionId>,
    /// What is decided for what its field requires.
    pub requirement: Option<DecisionId>,
}

/// The slots of several subgraphs, and what is decided below all of them.
type Together = (Vec<Slot>, Rc<Decision>);

/// What a task takes in a slot, apart from its selections.
struct Taken {
    cost: Cost,
    requirement: Option<DecisionId>,
    /// Who holds the position below.
    below: Option<Holder>,
}

impl Search<'_> {
    /// Which objects a task is about, for the choice of moves.
    pub(crate) fn who(&self, task: &Task, holders: &[Holder]) -> Option<Who> {
        match interface_of(holders) {
            Some(interface) if !task.conditional => Some(Who::Unknown(interface)),
            _ => {
                let types = self.effective(task, holders);
                let first = types.iter().next()?;
                Some(Who::Objects(first, types))
            }
        }
    }

    /// All candidates for a task, each with its selections below resolved on its own.
    pub(crate) fn candidates(
        &mut self,
        task: &Task,
        holders: &Rc<[Holder]>,
    ) -> Result<Vec<Candidate>, PlanError> {
        let Some(who) = self.who(task, holders) else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for (slot, open) in self.slots(task, &who, holders)? {
            let Some(taken) = self.price(task, &who, &slot, holders)? else { continue };
            let (below, child) = match (task.child, taken.below) {
                (Some(child), Some(holder)) => match self.decide(child, &Rc::from([holder]))? {
                    Some(decision) => (decision.cost, Some(decision.id)),
                    None => continue,
                },
                _ => (0, None),
            };
            let stand_in = Cost::from(task.conditional && self.is_stand_in(&slot, holders)?);
            let extra = taken.cost + below + FIELD + stand_in;
            let requirement = taken.requirement;
            found.push(Candidate { slot, open, extra, child, requirement });
        }
        Ok(found)
    }

    /// Whether a slot knows the object only as an interface object. A field that is asked for one
    /// object type is rather taken from a subgraph that has the type, if that costs the same: the
    /// stand-in speaks for all types alike.
    fn is_stand_in(&mut self, slot: &Slot, holders: &Rc<[Holder]>) -> Result<bool, PlanError> {
        let via = match slot {
            Slot::Hold(index) => holders[*index].via,
            Slot::Enter(who, index) => self.moves(who, holders)?[*index].kind.via(),
        };
        Ok(via != Via::Own)
    }

    /// Several subgraphs together, when none of them can resolve a task's selections alone: the
    /// fields of a type without a key, spread over the subgraphs that its parent is held in.
    pub(crate) fn together(
        &mut self,
        task: &Task,
        holders: &Rc<[Holder]>,
    ) -> Result<Option<Together>, PlanError> {
        let (Some(who), Some(child)) = (self.who(task, holders), task.child) else {
            return Ok(None);
        };
        let mut slots = Vec::new();
        let mut below = Vec::new();
        for (slot, open) in self.slots(task, &who, holders)? {
            if let Some(Taken { cost, below: Some(mut holder), .. }) =
                self.price(task, &who, &slot, holders)?
            {
                holder.activation = open + cost;
                below.push(holder);
                slots.push(slot);
            }
        }
        if slots.len() < 2 {
            return Ok(None);
        }
        Ok(self.decide(child, &Rc::from(below))?.map(|decision| (slots, decision)))
    }

    /// What the decision of [`Search::together`] took the first use of a slot to cost.
    pub(crate) fn activation(
        &mut self,
        task: &Task,
        slot: &Slot,
        holders: &Rc<[Holder]>,
    ) -> Result<Cost, PlanError> {
        let Some(who) = self.who(task, holders) else { return Ok(0) };
        let open = match slot {
            Slot::Hold(index) => holders[*index].activation,
            Slot::Enter(who, index) => self.moves(who, holders)?[*index].cost,
        };
        let extra = self.price(task, &who, slot, holders)?.map_or(0, |taken| taken.cost);
        Ok(open + extra)
    }

    /// The slots in which a task's field can be resolved: of those that hold the object, else of
    /// those that can be entered.
    fn slots(
        &mut self,
        task: &Task,
        who: &Who,
        holders: &Rc<[Holder]>,
    ) -> Result<Vec<(Slot, Cost)>, PlanError> {
        let mut slots = Vec::new();
        let mut held = Vec::new();
        for (index, holder) in holders.iter().enumerate() {
            if self.held(task, who, holder) {
                held.push((holder.subgraph, holder.via));
                slots.push((Slot::Hold(index), holder.activation));
            }
        }
        let moves = self.moves(who, holders)?;
        for (index, way) in moves.iter().enumerate() {
            if !held.contains(&(way.subgraph, way.kind.via()))
                && self.entered(task, who, index, &moves)
            {
                slots.push((Slot::Enter(who.clone(), index), way.cost));
            }
        }
        Ok(slots)
    }

    fn held(&self, task: &Task, who: &Who, holder: &Holder) -> bool {
        let Some((source, object)) = self.source_in(who, task, holder.subgraph, holder.via) else {
            return false;
        };
        if let (Who::Objects(_, types), Via::Own) = (who, holder.via)
            && !types.is_subset(&self.possible(holder))
        {
            return false;
        }
        // What needs other fields needs a request of its own, which brings them along.
        self.resolvable(&source, holder.view, object).is_some_and(|join| !join.needs_others())
    }

    fn entered(&self, task: &Task, who: &Who, index: usize, moves: &[super::Move]) -> bool {
        let way = &moves[index];
        if let (Who::Unknown(interface), Via::Own) = (who, way.kind.via()) {
            // The interface is known there: each of its object types must have the field, and none
            // may need others for it, since they would go along for that type only.
            let possible = self.space.schema.ty(*interface).join(way.subgraph);
            let Some(possible) = possible.map(|join| &join.possible) else { return false };
            return task.types.intersection(possible).iter().all(|object| {
                let who = Who::Objects(object, TypeSet::one(object));
                let task = Task { types: TypeSet::one(object), ..task.clone() };
                self.source_in(&who, &task, way.subgraph, Via::Own).is_some_and(|(source, _)| {
                    self.resolvable(&source, View::default(), object)
                        .is_some_and(|join| !join.needs_others())
                })
            });
        }
        self.source_in(who, task, way.subgraph, way.kind.via()).is_some_and(|(source, object)| {
            self.resolvable(&source, View::default(), object).is_some()
        })
    }

    /// What a task takes in a slot.
    fn price(
        &mut self,
        task: &Task,
        who: &Who,
        slot: &Slot,
        holders: &Rc<[Holder]>,
    ) -> Result<Option<Taken>, PlanError> {
        self.spend(1)?;
        let (subgraph, via, view) = match slot {
            Slot::Hold(index) => {
                let holder = &holders[*index];
                (holder.subgraph, holder.via, holder.view)
            }
            Slot::Enter(who, index) => {
                let way = &self.moves(who, holders)?[*index];
                (way.subgraph, way.kind.via(), View::default())
            }
        };
        let Some((source, object)) = self.source_in(who, task, subgraph, via) else {
            return Ok(None);
        };
        let (mut cost, mut requirement) = (0, None);
        if let Some(sel) = self.requirement(who, &source, slot) {
            match self.decide(sel, holders)? {
                Some(decision) => (cost, requirement) = (decision.cost, Some(decision.id)),
                None => return Ok(None),
            }
        }
        let below = task.child.map(|_| self.holder_below(&source, view, object, 0));
        Ok(Some(Taken { cost, requirement, below }))
    }

    /// What must be fetched before a source can be resolved, as selections of the same position.
    pub(crate) fn requirement(
        &mut self,
        who: &Who,
        source: &graph::Source,
        slot: &Slot,
    ) -> Option<SelId> {
        if matches!(slot, Slot::Hold(_)) {
            return None;
        }
        let requires = source.join(self.space.schema).requires.as_ref()?;
        debug_assert!(requires.items.iter().all(|item| !matches!(item, SetItem::Typename)));
        let (parent, types) = match who {
            Who::Objects(object, types) => (*object, types.clone()),
            Who::Unknown(interface) => {
                (*interface, self.space.schema.ty(*interface).possible.clone())
            }
        };
        Some(self.space.set(requires, parent, &types))
    }
}
