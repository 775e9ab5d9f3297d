//! The options of one task: who could resolve it, and at what price.

use std::rc::Rc;

use graph::{EntryKind, Source, Via};
use schema::{SetItem, SubgraphId, TypeId, TypeSet};

use super::moves::source_among;
use super::{
    Alternative, Cost, Decision, DecisionId, FIELD, Holder, Move, Search, Slot, View, Who,
    interface_of,
};
use smallvec::{SmallVec, smallvec};

use crate::PlanError;
use crate::space::{SelId, Task};

/// What can be opened, as far as opening is shared: all classes of a position that enter the same
/// subgraph in the same way do it in one request.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Door {
    Held(usize),
    Entered(SubgraphId, EntryKind),
}

/// Who could resolve a task.
pub(crate) struct Candidate {
    /// What is opened for it, and what the first use of that costs.
    pub doors: SmallVec<[(Door, Cost); 1]>,
    /// What the task costs then.
    pub extra: Cost,
    /// The slots, and what is decided for them.
    pub way: Alternative,
}

/// The slots of several subgraphs, and what is decided below all of them.
pub(super) type Together = (Vec<Slot>, Rc<Decision>);

/// The slots of a task, and what the first use of each costs; mostly few.
type Open = SmallVec<[(Slot, Cost); 2]>;

/// All sources of a task, and the object type that stands for its class.
type Sources<'s> = (&'s [Source], TypeId);

/// Who can be entered.
type Moves<'g> = Rc<Vec<Move<'g>>>;

/// What a task takes in a slot, apart from its selections.
struct Taken {
    cost: Cost,
    requirement: Option<DecisionId>,
    /// Who holds the position below.
    below: Option<Holder>,
}

impl Slot {
    /// Its subgraph, as what that knows the object, and what is provided there.
    fn place(&self, holders: &[Holder], moves: &[Move<'_>]) -> (SubgraphId, Via, View) {
        match self {
            Slot::Hold(index) => {
                let Holder { subgraph, via, view, .. } = holders[*index];
                (subgraph, via, view)
            }
            Slot::Enter(_, index) => {
                let way = &moves[*index];
                (way.subgraph, way.kind.via(), View::default())
            }
        }
    }
}

impl<'g> Search<'g> {
    /// Which objects a task is about, for the choice of moves.
    pub(crate) fn who(&self, task: &Task, holders: &[Holder]) -> Option<Who> {
        match interface_of(holders) {
            Some(interface) if !task.conditional => Some(Who::Unknown(interface)),
            _ => {
                let types = self.effective(task, holders);
                let first = types.first()?;
                Some(Who::Objects(first, types))
            }
        }
    }

    /// A leaf from the one subgraph that holds the object and is asked for it anyway: nobody can be
    /// cheaper, whatever else is decided. Unless another reads it to enter a third one with it.
    pub(super) fn at_hand(
        &self,
        task: &Task,
        who: &Who,
        holders: &[Holder],
    ) -> Option<Alternative> {
        let [holder] = holders else { return None };
        // An interface object stands in for all types alike; who has the type is preferred.
        let stands_in = task.conditional && holder.via != Via::Own;
        let weighted = !self.options.weights.fields.is_empty();
        if task.child.is_some() || weighted || holder.activation > 0 || stands_in {
            return None;
        }
        let relayed = |field| self.space.graph.is_relayed(field);
        let known = !self.space.field_in(who.ty(), task).is_some_and(relayed);
        let way = Alternative { slots: smallvec![Slot::Hold(0)], child: None, requirement: None };
        (known && self.held(self.sources_of(who, task), who, holder)).then_some(way)
    }

    /// All candidates for a task, each with its selections below resolved on its own; and those that
    /// can resolve a part of the selections only.
    pub(crate) fn candidates(
        &mut self,
        task: &Task,
        who: &Who,
        holders: &Rc<[Holder]>,
    ) -> Result<(Vec<Candidate>, Vec<Candidate>), PlanError> {
        let (slots, moves) = self.slots(task, who, holders)?;
        let mut found = Vec::with_capacity(slots.len());
        let mut partial = Vec::new();
        for (slot, open) in slots {
            let Some(taken) = self.price(task, who, &slot, (holders, &moves))? else { continue };
            let (below, child) = match (task.child, taken.below) {
                (Some(child), Some(holder)) => match self.decide(child, &Rc::from([holder]))? {
                    Some(decision) => (decision.cost, Some(decision.id)),
                    None => (0, None),
                },
                _ => (0, None),
            };
            let (door, via) = match &slot {
                Slot::Hold(index) => (Door::Held(*index), holders[*index].via),
                Slot::Enter(_, index) => {
                    let Move { subgraph, kind, .. } = &moves[*index];
                    (Door::Entered(*subgraph, *kind), kind.via())
                }
            };
            // A field that is asked for one object type is rather taken from a subgraph that has the
            // type, if that costs the same: an interface object stands in for all types alike.
            let stand_in = Cost::from(task.conditional && via != Via::Own);
            let extra = taken.cost + below + FIELD + stand_in;
            let (slots, requirement) = (smallvec![slot], taken.requirement);
            let way = Alternative { slots, child, requirement };
            let whole = child.is_some() || task.child.is_none();
            let into = if whole { &mut found } else { &mut partial };
            into.push(Candidate { doors: smallvec![(door, open)], extra, way });
        }
        Ok((found, partial))
    }

    /// Several subgraphs together, when none of them can resolve a task's selections alone: the
    /// fields of a type without a key, spread over the subgraphs that its parent is held in.
    pub(crate) fn together(
        &mut self,
        task: &Task,
        who: &Who,
        holders: &Rc<[Holder]>,
    ) -> Result<Option<Together>, PlanError> {
        let Some(child) = task.child else { return Ok(None) };
        let (all, moves) = self.slots(task, who, holders)?;
        let mut slots = Vec::new();
        let mut below = Vec::new();
        for (slot, open) in all {
            if let Some(Taken { cost, below: Some(mut holder), .. }) =
                self.price(task, who, &slot, (holders, &moves))?
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
        let moves = self.moves(&who, holders)?;
        let open = match slot {
            Slot::Hold(index) => holders[*index].activation,
            Slot::Enter(_, index) => moves[*index].cost,
        };
        let taken = self.price(task, &who, slot, (holders, &moves))?;
        let extra = taken.map_or(0, |taken| taken.cost);
        Ok(open + extra)
    }

    /// The slots in which a task's field can be resolved: of those that hold the object, else of
    /// those that can be entered; and these.
    pub(super) fn slots(
        &mut self,
        task: &Task,
        who: &Who,
        holders: &Rc<[Holder]>,
    ) -> Result<(Open, Moves<'g>), PlanError> {
        let mut slots = Open::new();
        let mut held: SmallVec<[(SubgraphId, Via); 4]> = SmallVec::new();
        let sources = self.sources_of(who, task);
        for (index, holder) in holders.iter().enumerate() {
            if self.held(sources, who, holder) {
                held.push((holder.subgraph, holder.via));
                slots.push((Slot::Hold(index), holder.activation));
            }
        }
        // Most fields are in one subgraph only, and need nobody else to be looked for.
        if let (Who::Objects(..), Some((sources, _))) = (who, sources)
            && sources.iter().all(|source| held.contains(&(source.subgraph, source.via)))
        {
            return Ok((slots, Rc::default()));
        }
        let moves = self.moves(who, holders)?;
        for (index, way) in moves.iter().enumerate() {
            if !held.contains(&(way.subgraph, way.kind.via()))
                && self.entered((task, sources), who, way)
            {
                slots.push((Slot::Enter(who.clone(), index), way.cost));
            }
        }
        Ok((slots, moves))
    }

    fn held(&self, sources: Option<Sources<'_>>, who: &Who, holder: &Holder) -> bool {
        let Some((sources, object)) = sources else { return false };
        let Some(source) = source_among(sources, holder.subgraph, holder.via) else { return false };
        if let (Who::Objects(_, types), Via::Own) = (who, holder.via)
            && !self.possible(holder).is_some_and(|possible| types.is_subset(possible))
        {
            return false;
        }
        // What needs other fields needs a request of its own, which brings them along.
        self.resolvable(&source, holder.view, object).is_some_and(|join| !join.needs_others())
    }

    fn entered(
        &self,
        (task, sources): (&Task, Option<Sources<'_>>),
        who: &Who,
        way: &Move<'_>,
    ) -> bool {
        if let (Who::Unknown(interface), Via::Own) = (who, way.kind.via()) {
            // The interface is known there: each of its object types must have the field, and none
            // may need others for it, since they would go along for that type only.
            let possible = self.space.schema.ty(*interface).join(way.subgraph);
            let Some(possible) = possible.map(|join| &join.possible) else { return false };
            return !way.back
                && task.types.intersection(possible).iter().all(|object| {
                    let who = Who::Objects(object, TypeSet::one(object));
                    let task = Task { types: TypeSet::one(object), ..task.clone() };
                    self.source_in(&who, &task, way.subgraph, Via::Own).is_some_and(
                        |(source, _)| {
                            self.resolvable(&source, View::default(), object)
                                .is_some_and(|join| !join.needs_others())
                        },
                    )
                });
        }
        let Some((sources, object)) = sources else { return false };
        source_among(sources, way.subgraph, way.kind.via()).is_some_and(|source| {
            let join = self.resolvable(&source, View::default(), object);
            join.is_some_and(|join| !way.back || join.needs_others())
        })
    }

    /// What a task takes in a slot.
    fn price(
        &mut self,
        task: &Task,
        who: &Who,
        slot: &Slot,
        (holders, moves): (&Rc<[Holder]>, &[Move<'_>]),
    ) -> Result<Option<Taken>, PlanError> {
        self.spend(1)?;
        let (subgraph, via, view) = slot.place(holders, moves);
        let Some((source, object)) = self.source_in(who, task, subgraph, via) else {
            return Ok(None);
        };
        let mut cost = self.options.weights.field(subgraph, source.field);
        let mut requirement = None;
        let entered = matches!(slot, Slot::Enter(..));
        if entered && let Some(sel) = self.requirement(who, &source) {
            match self.decide(sel, holders)? {
                Some(decision) => {
                    cost += decision.cost;
                    requirement = Some(decision.id);
                }
                None => return Ok(None),
            }
        }
        let below = task.child.map(|_| self.holder_below(&source, view, object, 0));
        Ok(Some(Taken { cost, requirement, below }))
    }

    /// The subgraph of a slot, as what it knows the object, and what is provided there.
    pub(crate) fn place(
        &mut self,
        slot: &Slot,
        holders: &Rc<[Holder]>,
    ) -> Result<(SubgraphId, Via, View), PlanError> {
        let moves = match slot {
            Slot::Hold(_) => Rc::default(),
            Slot::Enter(who, _) => self.moves(who, holders)?,
        };
        Ok(slot.place(holders, &moves))
    }

    /// What must be fetched before a source that is entered can be resolved, as selections of the same
    /// position.
    pub(crate) fn requirement(&mut self, who: &Who, source: &graph::Source) -> Option<SelId> {
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
