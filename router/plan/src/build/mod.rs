//! Building: the decisions of the search become fetches.
//!
//! Walks the selections from the root. A [`Live`] is a holder in use: it knows how its part of a
//! document comes to be, and makes it when the first field is selected from it. What is never
//! selected from is never fetched.

mod enter;
pub(crate) mod groups;
mod live;
mod state;

use std::collections::BTreeSet;
use std::rc::Rc;

use schema::{OperationKind, SubgraphId, TypeId};
use smallvec::SmallVec;

use crate::PlanError;
use crate::maps::{HashMap, some};
use crate::model::PathStep;
use crate::search::{DecisionKey, Holder, PART, Search, Slot, Who};
use crate::space::{SelId, Task};
use groups::{GroupId, Groups, Providers};
use state::{Asked, Build, LiveId, Lives, Position, PositionId};

/// What a field that is selected counts of the work budget.
const BUILT: u64 = 4;

/// What was built: the fetches, and what was decided for them, in the order of need.
pub(crate) struct Built {
    pub groups: Groups,
    pub asked: Vec<DecisionKey>,
}

/// Builds the fetches of an operation with the root selections `sel`.
pub(crate) fn build(
    search: &mut Search<'_>,
    kind: OperationKind,
    sel: SelId,
    open: &BTreeSet<(usize, SubgraphId)>,
) -> Result<Built, PlanError> {
    let root = search.space.sel(sel);
    let ty = root.ty;
    let mut build = Build {
        search,
        groups: Groups::new(),
        positions: positions(ty),
        position_ids: some(),
        lives: Vec::with_capacity(16),
        entered: some(),
        kind,
        asked: Asked::default(),
        open: open.clone(),
        waves: Vec::new(),
        of_groups: Vec::new(),
        last_holders: None,
    };
    if kind == OperationKind::Mutation {
        build.mutation(sel)?;
    } else if !root.tasks.is_empty() {
        build.selections(sel, PositionId(0), &[])?;
    }
    Ok(Built { groups: build.groups, asked: build.asked.order })
}

/// Room for some positions, and the root's.
fn positions(root: TypeId) -> Vec<Position> {
    let mut positions = Vec::with_capacity(16);
    positions.push(Position::root(root));
    positions
}

impl Build<'_, '_> {
    /// Mutation fields run one after the other: each is built on its own, and what belongs to it
    /// has ended before the next begins.
    fn mutation(&mut self, sel: SelId) -> Result<(), PlanError> {
        let root = self.search.space.sel(sel);
        let mut last: Option<GroupId> = None;
        for task in &root.tasks {
            let single = self.search.space.single(root.ty, task);
            let before = self.groups.groups.len();
            self.entered.clear();
            // A neighbour in the same subgraph shares the document if nothing came in between.
            if let Some(last) = last.filter(|last| last.0 + 1 == before) {
                self.reuse_root(last, root.ty);
            }
            self.selections(single, PositionId(0), &[])?;
            let earlier: Providers = (0..before).map(GroupId).collect();
            for index in before..self.groups.groups.len() {
                let group = &mut self.groups.groups[index];
                if group.operation == OperationKind::Mutation {
                    group.after.extend(&earlier);
                    last = Some(GroupId(index));
                }
            }
        }
        Ok(())
    }

    /// Selects everything that is asked at a position, given its live holders. The result is who
    /// provides it.
    fn selections(
        &mut self,
        sel: SelId,
        position: PositionId,
        lives: &[LiveId],
    ) -> Result<Providers, PlanError> {
        let holders = self.holders(lives);
        let key = (sel, Rc::clone(&holders));
        let ready = self.ready(position, lives);
        let decision = match self.search.chosen(&key)? {
            // What needs itself has no end.
            Some(decision) if self.asked.begin(&key, decision.id) => decision,
            _ => return Err(self.search.unreachable()),
        };
        let steered = self.search.steer(&key, &decision, ready);
        let mut lives = Lives::from_slice(lives);
        let mut providers = Providers::default();
        if let Some((who, index)) = &decision.recover {
            let entered = self.enter(position, (who, *index), &lives, None)?;
            let node = self.node(entered)?;
            self.groups.node_mut(node).typename = true;
            providers.insert(self.groups.node(node).group);
            lives.push(entered);
        }
        let unknown = decision.recover.is_none() && crate::search::interface_of(&holders).is_some();
        let sel = self.search.space.sel(sel);
        let standing = unknown.then(|| sel.standing());
        let tasks = standing.as_ref().unwrap_or(&sel.tasks);
        for (index, slots) in decision.slots(steered.as_deref()) {
            let task = &tasks[index];
            let divided = decision.several.iter().all(|(other, _)| *other != index);
            let from = self.task(task, (slots, divided), (position, !unknown), &lives)?;
            for id in &task.contexts {
                let known = self.positions[position.0].contexts.entry(*id).or_default();
                known.extend(&from);
            }
            providers.extend(&from);
        }
        self.presence(&lives, position, &mut providers)?;
        self.asked.end(decision.id);
        Ok(providers)
    }

    /// Selects one field from those that resolve it.
    fn task(
        &mut self,
        task: &Task,
        (slots, divided): (&[Slot], bool),
        (position, conditional): (PositionId, bool),
        lives: &[LiveId],
    ) -> Result<Providers, PlanError> {
        self.search.count_built(BUILT)?;
        let mut resolvers = Lives::new();
        for slot in slots {
            resolvers.push(self.resolver(task, slot, position, lives)?);
        }
        let Some(child) = task.child else {
            let mut providers = Providers::default();
            for resolver in resolvers {
                providers.insert(self.select_leaf(resolver, task)?);
            }
            return Ok(providers);
        };
        let who = self.who_at(task, lives);
        let several = resolvers.len() > 1;
        let mut below = Lives::new();
        for (resolver, slot) in resolvers.iter().zip(slots) {
            let activation = match (several, divided) {
                (false, _) => 0,
                (true, true) => PART,
                (true, false) => self.activation(task, slot, lives)?,
            };
            below.push(self.live_below(*resolver, task, &who, activation));
        }
        let ready = self.ready(position, lives);
        let position = self.below(position, task, &who, conditional.then_some(lives))?;
        if several && !divided {
            self.positions[position.0].ready = Some(ready);
        }
        self.selections(child, position, &below)
    }

    /// The live holder that resolves a task: one at hand, or one that is entered for it, with
    /// what the field requires fetched before.
    fn resolver(
        &mut self,
        task: &Task,
        slot: &Slot,
        position: PositionId,
        lives: &[LiveId],
    ) -> Result<LiveId, PlanError> {
        match slot {
            Slot::Hold(index) => Ok(lives[*index]),
            Slot::Enter(who, index) => self.enter(position, (who, *index), lives, Some(task)),
        }
    }

    /// What the decision below was priced with, so that the same decision is found again.
    fn activation(&mut self, task: &Task, slot: &Slot, lives: &[LiveId]) -> Result<u64, PlanError> {
        let holders = self.holders(lives);
        self.search.activation(task, slot, &holders)
    }

    fn who_at(&mut self, task: &Task, lives: &[LiveId]) -> Who {
        let holders = self.holders(lives);
        self.search
            .who(task, &holders)
            .unwrap_or_else(|| Who::Objects(task.parent, task.types.clone()))
    }

    /// The position below a field. Only objects for which the field is asked are followed, unless
    /// their types can't be known: then there are no `lives` that tell them.
    fn below(
        &mut self,
        position: PositionId,
        task: &Task,
        who: &Who,
        lives: Option<&[LiveId]>,
    ) -> Result<PositionId, PlanError> {
        let schema = self.search.space.schema;
        let parent = self.positions[position.0].ty;
        let all = task.types == schema.ty(parent).possible;
        let lives = lives.filter(|_| !all);
        let types = lives.map(|_| task.types.clone());
        let mut typed = self.positions[position.0].typed.clone();
        if let Some(lives) = lives {
            typed.extend(&self.tellers(position, lives)?);
        }
        let key = (position, Rc::clone(&task.key), types);
        if let Some(known) = self.position_ids.get(&key) {
            self.positions[known.0].typed.extend(&typed);
            return Ok(*known);
        }
        let object = match who {
            Who::Objects(object, _) => *object,
            Who::Unknown(interface) => *interface,
        };
        let field = self.search.space.field_in(object, task);
        let ty = field.map_or(parent, |field| schema.field(field).ty.named());
        let step = Some(PathStep { types: key.2.clone(), key: (*task.key).to_owned() });
        let id = PositionId(self.positions.len());
        let above = Some(position);
        let contexts = HashMap::default();
        self.positions.push(Position { ty, step, typed, above, contexts, ready: None });
        self.position_ids.insert(key, id);
        Ok(id)
    }

    /// The way to a position.
    fn path(&self, position: PositionId) -> Vec<PathStep> {
        let mut way: SmallVec<[&PathStep; 16]> = SmallVec::new();
        let mut here = Some(position);
        while let Some(at) = here {
            let position = &self.positions[at.index()];
            way.extend(&position.step);
            here = position.above;
        }
        way.into_iter().rev().cloned().collect()
    }

    /// Who tells the types of a position's objects, when some of its holders can't: those are
    /// interface objects.
    fn tellers(&mut self, position: PositionId, lives: &[LiveId]) -> Result<Providers, PlanError> {
        let own = |live: &&LiveId| self.lives[live.index()].holder.via == graph::Via::Own;
        let is_abstract = self.search.space.schema.ty(self.positions[position.0].ty).is_abstract();
        match lives.iter().find(own) {
            Some(teller) if is_abstract && !lives.iter().all(|live| own(&live)) => {
                let node = self.node(*teller)?;
                Ok(Providers::one(self.groups.node(node).group))
            }
            _ => Ok(Providers::default()),
        }
    }

    /// Sees to it that the object itself is fetched, when none of its fields is from those that
    /// hold it: whether it is null is part of the answer.
    fn presence(
        &mut self,
        lives: &[LiveId],
        position: PositionId,
        providers: &mut Providers,
    ) -> Result<(), PlanError> {
        let Some(first) = lives.first() else { return Ok(()) };
        let used = lives.iter().any(|live| self.in_use(*live));
        if !used || self.shows_nothing(lives) {
            let node = self.node(*first)?;
            let schema = self.search.space.schema;
            let of_root = schema.root_kind(self.positions[position.0].ty).is_some();
            let own = self.lives[first.index()].holder.via == graph::Via::Own;
            let node = self.groups.node_mut(node);
            // The type's name in the subgraph is of no use where it may differ from ours.
            if own && !of_root {
                node.typename = true
            } else {
                node.presence = true
            }
            providers.insert(node.group);
        }
        Ok(())
    }

    fn shows_nothing(&self, lives: &[LiveId]) -> bool {
        lives.iter().filter_map(|live| self.lives[live.index()].node).all(|node| {
            let node = self.groups.node(node);
            node.fields.is_empty() && !node.typename && !node.presence
        })
    }

    /// The first wave in which a subgraph can be entered with the objects of a position. What several
    /// resolve together is decided before any of them is entered for it.
    fn ready(&self, position: PositionId, lives: &[LiveId]) -> usize {
        let ready = lives.iter().map(|live| self.lives[live.index()].ready).max();
        self.positions[position.0].ready.or(ready).unwrap_or_default()
    }

    fn holders(&mut self, lives: &[LiveId]) -> Rc<[Holder]> {
        // The tasks of a position have the same.
        if let Some((last, holders)) = &self.last_holders
            && last.as_slice() == lives
        {
            return Rc::clone(holders);
        }
        let holders: Rc<[Holder]> =
            lives.iter().map(|live| self.lives[live.index()].holder).collect();
        self.last_holders = Some((Lives::from_slice(lives), Rc::clone(&holders)));
        holders
    }
}
