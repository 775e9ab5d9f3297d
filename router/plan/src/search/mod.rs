//! The choice: which subgraph answers which field, decided bottom-up over positions and holders.
//!
//! A *holder* is a subgraph in which the object of a position is at hand. [`Search::decide`]
//! answers, for the selections of a position and its holders, the cheapest known way to resolve
//! all of them: which further subgraphs to enter, and which of all of them resolves which field.
//! Each (selections, holders) is decided once; what needs itself is no way: circular requirements
//! and keys are decided in rounds, see [`circles`].

mod choose;
mod circles;
mod divide;
mod model;
mod moves;
mod options;
mod rounds;
mod state;
mod views;

use std::rc::Rc;

use graph::{Source, Via};
use schema::{JoinField, TypeId, TypeSet};

use crate::PlanError;
use crate::maps::HashMap;
use crate::space::{Sel, SelId, Task};

pub(crate) use divide::{Dividable, PART};
pub(crate) use model::{
    Alternative, Alternatives, Cost, Decision, DecisionId, DecisionKey, FIELD, Feed, Holder, Move,
    Slot, Slots, Who, interface_of,
};
pub(crate) use state::{Search, Steer};
pub(crate) use views::View;

impl<'g> Search<'g> {
    /// The cheapest known way to resolve selections, given who holds the object; `None` when
    /// there is none.
    ///
    /// # Errors
    /// When the work budget is spent.
    pub(crate) fn decide(
        &mut self,
        sel: SelId,
        holders: &Rc<[Holder]>,
    ) -> Result<Option<Rc<Decision>>, PlanError> {
        let key = (sel, Rc::clone(holders));
        self.in_rounds(|search| search.decide_in_round(&key))
    }

    fn decide_in_round(&mut self, key: &DecisionKey) -> Result<Option<Rc<Decision>>, PlanError> {
        self.spend(1)?;
        if let Some(known) = self.decisions.get(key) {
            self.divisible |= known.as_ref().is_some_and(|known| known.divisible);
            return Ok(known.clone());
        }
        if let Some(found) = self.circles.decisions.begin(key) {
            (self.circular, self.divisible) = (true, true);
            return Ok(found.flatten());
        }
        let outer = std::mem::take(&mut self.circular);
        let divisible = std::mem::take(&mut self.divisible);
        let decided = self.decide_new(key.0, &key.1);
        let decided = decided?.map(|decision| self.number(key, decision));
        self.divisible |= divisible;
        self.circles.decisions.end(key, self.circular.then(|| decided.clone()));
        if !self.circular {
            self.decisions.insert(key.clone(), decided.clone());
        }
        self.circular |= outer;
        Ok(decided)
    }

    fn number(&mut self, key: &DecisionKey, mut decision: Decision) -> Rc<Decision> {
        decision.id = DecisionId(u32::try_from(self.arena.len()).expect("bounded by the budget"));
        decision.divisible = self.divisible;
        let decision = Rc::new(decision);
        self.arena.push((key.clone(), Rc::clone(&decision)));
        decision
    }

    /// What came to be decided in place of a decision that counted for its round only.
    pub(crate) fn settled(&self, id: u32) -> u32 {
        let known = self.decisions.get(&self.arena[id as usize].0);
        known.and_then(Option::as_ref).map_or(id, |decision| decision.id.0)
    }

    /// The decision to build by: the one that is tried, else the cheapest known.
    pub(crate) fn chosen(&mut self, key: &DecisionKey) -> Result<Option<Rc<Decision>>, PlanError> {
        match self.tried.get(key) {
            Some(decision) => Ok(Some(Rc::clone(decision))),
            None => self.decide(key.0, &key.1),
        }
    }

    /// The alternatives that are taken in place of the decision's choices, for an object from which on
    /// a wave subgraphs can be entered.
    pub(crate) fn steer(
        &mut self,
        key: &DecisionKey,
        decision: &Decision,
        ready: usize,
    ) -> Option<Vec<usize>> {
        let steered = self.steered.as_mut()?;
        if self.tried.contains_key(key) { None } else { steered(decision, ready) }
    }

    fn decide_new(
        &mut self,
        sel: SelId,
        holders: &Rc<[Holder]>,
    ) -> Result<Option<Decision>, PlanError> {
        let unknown = interface_of(holders);
        let Some(interface) = unknown else { return self.choose(sel, holders, None) };
        let (needs_type, differ) = {
            let sel = self.space.sel(sel);
            let conditional = sel.tasks.iter().any(|task| task.conditional);
            (sel.typename || conditional, self.differ(&sel))
        };
        if !needs_type
            && !differ
            && let Some(decision) = self.choose(sel, holders, Some(interface))?
        {
            return Ok(Some(decision));
        }
        match self.recover(sel, holders, interface)? {
            None if differ && !needs_type => self.choose(sel, holders, Some(interface)),
            decision => Ok(decision),
        }
    }

    /// Whether a field leads to another type for some objects than for others: none of them can
    /// stand for all.
    fn differ(&self, sel: &Sel) -> bool {
        let mut below = HashMap::default();
        sel.tasks.iter().any(|task| {
            let ty = task.child.map(|child| self.space.sel(child).ty);
            *below.entry(&task.key).or_insert(ty) != ty
        })
    }

    /// Enters a subgraph that can tell the types of an interface object, the cheapest one.
    fn recover(
        &mut self,
        sel: SelId,
        holders: &Rc<[Holder]>,
        interface: TypeId,
    ) -> Result<Option<Decision>, PlanError> {
        let who = Who::Unknown(interface);
        let moves = self.moves(&who, holders)?;
        let mut best: Option<Decision> = None;
        for (index, way) in moves.iter().enumerate() {
            if way.kind.via() != Via::Own || way.back {
                continue;
            }
            let with = Self::with_recovered(holders, way, interface);
            if let Some(decision) = self.choose(sel, &with, None)? {
                let cost = decision.cost + way.cost;
                if best.as_ref().is_none_or(|best| cost < best.cost) {
                    let recover = Some((who.clone(), index));
                    best = Some(Decision { cost, recover, ..decision });
                }
            }
        }
        Ok(best)
    }

    /// The holders after a recovery: the one that was entered comes last.
    pub(crate) fn with_recovered(
        holders: &[Holder],
        way: &Move<'_>,
        interface: TypeId,
    ) -> Rc<[Holder]> {
        let entered = Holder {
            subgraph: way.subgraph,
            via: Via::Own,
            ty: interface,
            view: View::default(),
            activation: 0,
        };
        holders.iter().copied().chain([entered]).collect()
    }

    /// The object types that a task's objects can have, given who holds them.
    pub(crate) fn effective(&self, task: &Task, holders: &[Holder]) -> TypeSet {
        if holders.is_empty() || interface_of(holders).is_some() {
            return task.types.clone();
        }
        let own = holders.iter().filter(|holder| holder.via == Via::Own);
        let mut possible = own.filter_map(|holder| self.possible(holder));
        let Some(first) = possible.next() else { return TypeSet::default() };
        let mut found = task.types.intersection(first);
        possible.for_each(|possible| found.extend(&task.types.intersection(possible)));
        found
    }

    /// The object types that an object can have in a holder.
    fn possible(&self, holder: &Holder) -> Option<&'g TypeSet> {
        let join = self.space.schema.ty(holder.ty).join(holder.subgraph);
        join.map(|join| &join.possible)
    }

    /// What the subgraph of a source says of the field, if it can be resolved there at all.
    pub(crate) fn resolvable(
        &self,
        source: &Source,
        view: View,
        object: TypeId,
    ) -> Option<&'g JoinField> {
        let schema = self.space.schema;
        let join = schema.field(source.field).join(source.subgraph)?;
        let provided = self.views.opens(schema, view, object, source.field);
        let avoided = self.options.avoided.contains(&(source.subgraph, source.field));
        if avoided || self.options.disabled.contains(source.subgraph) {
            return None;
        }
        (provided || self.in_force(join) && !join.external).then_some(join)
    }

    fn in_force(&self, join: &JoinField) -> bool {
        match (&join.override_label, &join.overrides) {
            (Some(label), taken) => self.options.override_labels.contains(label) == taken.is_some(),
            (None, _) => !join.used_overridden,
        }
    }

    /// The holder of the position below a field.
    pub(crate) fn holder_below(
        &mut self,
        source: &Source,
        view: View,
        object: TypeId,
        activation: Cost,
    ) -> Holder {
        let schema = self.space.schema;
        let field = schema.field(source.field);
        let join = source.join(schema);
        let ty = join.ty.as_ref().unwrap_or(&field.ty).named();
        let interface_object =
            schema.ty(ty).join(source.subgraph).is_some_and(|join| join.interface_object);
        let via = if interface_object { Via::InterfaceObject(ty) } else { Via::Own };
        // What a required field provides is not known to be there for other entries, but the
        // field's own `@provides` holds wherever the field is resolved.
        let view = self.views.child(schema, view, (object, source.field), join.provides.as_ref());
        Holder { subgraph: source.subgraph, via, ty, view, activation }
    }

    /// Counts work.
    pub(crate) fn spend(&mut self, units: u64) -> Result<(), PlanError> {
        self.work += units;
        if self.work <= self.most_work {
            return Ok(());
        }
        Err(PlanError::TooComplex { budget: self.options.work_budget.get() })
    }

    /// Why there is no way, as an error.
    pub(crate) fn unreachable(&self) -> PlanError {
        let coordinate = self.stuck.clone().unwrap_or_default();
        let disabled = self.options.disabled.iter();
        let names = disabled.map(|id| self.space.schema.subgraph(id).name.to_owned());
        let subgraphs: Vec<String> = names.collect();
        if !subgraphs.is_empty() {
            return PlanError::Disabled { coordinate, subgraphs };
        }
        let reason = "neither the subgraphs that hold its object nor those that can be entered \
                      from there resolve it"
            .to_owned();
        PlanError::Unreachable { coordinate, reason }
    }
}
