//! The nouns of the search: prices, holders, moves, decisions.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use graph::{Entry, EntryKind, Graph, Via};
use schema::{FieldSet, Id, SetItem, SubgraphId, TypeId, TypeSet};
use smallvec::SmallVec;

use super::views::View;
pub(crate) use crate::price::{Cost, FIELD, WAVE};
use crate::space::{Sel, SelId};

/// A subgraph in which the object of a position is at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Holder {
    /// The subgraph.
    pub subgraph: SubgraphId,
    /// As what it knows the object.
    pub via: Via,
    /// The static type of the object there.
    pub ty: TypeId,
    /// What is provided there.
    pub view: View,
    /// What the first use of the holder costs; 0 when it is in use anyway.
    pub activation: Cost,
}

// Who holds an object is looked up all the time: as few words are hashed as tell holders apart.
impl Hash for Holder {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { subgraph, via, ty, view, activation } = self;
        let via = match via {
            Via::Own => 0,
            Via::InterfaceObject(interface) => interface.index() as u64 + 1,
        };
        state.write_u64((ty.index() as u64) << 32 | via);
        state.write_u64((view.number()) << 16 | subgraph.index() as u64);
        state.write_u64(*activation);
    }
}

/// What a decision is made for.
pub(crate) type DecisionKey = (SelId, Rc<[Holder]>);
/// What moves are found for.
pub(crate) type MoveKey = (Who, Rc<[Holder]>);

/// How the selections of a position are resolved.
#[derive(Clone, Debug)]
pub(crate) struct Decision {
    /// The price.
    pub cost: Cost,
    /// When all holders know the object only as an interface object and its type is needed: the
    /// way to a subgraph that knows, which then is one more holder.
    pub recover: Option<(Who, usize)>,
    /// The alternative that is taken, for each task that has some.
    pub picks: Vec<usize>,
    /// The tasks whose object's fields can only be had of several subgraphs, and of which.
    pub several: Vec<(usize, Vec<Slot>)>,
    /// The tasks that one subgraph alone can resolve, and in which slots it could.
    pub alternatives: Vec<(usize, Alternatives)>,
    /// The decisions below tasks that several subgraphs resolve together.
    pub together: Vec<DecisionId>,
    /// Whether it would be another one if fields could be divided, here or below.
    pub divisible: bool,
    /// Its number.
    pub id: DecisionId,
}

impl Decision {
    /// The tasks with who resolves each, in the order of the tasks; those that no object can have
    /// are left out. `picks` are taken in place of the decision's own, if there are some.
    pub(crate) fn slots<'d>(
        &'d self,
        picks: Option<&'d [usize]>,
    ) -> impl Iterator<Item = (usize, &'d [Slot])> {
        let picks = picks.unwrap_or(&self.picks);
        let mut one = self.alternatives.iter().zip(picks).peekable();
        let mut several = self.several.iter().peekable();
        std::iter::from_fn(move || {
            let next = one.peek().map_or(usize::MAX, |((task, _), _)| *task);
            if several.peek().is_some_and(|(task, _)| *task < next) {
                return several.next().map(|(task, slots)| (*task, slots.as_slice()));
            }
            let ((task, ways), pick) = one.next()?;
            Some((*task, ways[*pick].slots.as_slice()))
        })
    }
}

/// A decision, by number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct DecisionId(pub(crate) u32);

/// Slots, mostly one.
pub(crate) type Slots = SmallVec<[Slot; 1]>;

/// A way to resolve a task, and the decisions that this leads to.
#[derive(Clone, Debug)]
pub(crate) struct Alternative {
    /// The slot; several where the task is divided over them.
    pub slots: Slots,
    /// What is decided below the task.
    pub child: Option<DecisionId>,
    /// What is decided for what the field requires.
    pub requirement: Option<DecisionId>,
}

/// The ways to resolve a task, mostly one.
pub(crate) type Alternatives = SmallVec<[Alternative; 1]>;

/// Who resolves a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The holder of that index.
    Hold(usize),
    /// A subgraph entered for the purpose: the move of that index.
    Enter(Who, usize),
}

/// Which objects move.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    /// Objects of a class: one of its types, and all of them.
    Objects(TypeId, TypeSet),
    /// Objects of which only an interface is known.
    Unknown(TypeId),
}

impl Who {
    /// The type whose entries and fields count.
    pub(crate) fn ty(&self) -> TypeId {
        match self {
            Who::Objects(ty, _) | Who::Unknown(ty) => *ty,
        }
    }
}

/// A way into a subgraph.
#[derive(Debug)]
pub(crate) struct Move<'g> {
    /// The subgraph that is entered.
    pub subgraph: SubgraphId,
    /// What it takes the object for.
    pub kind: EntryKind,
    /// The key.
    pub key: &'g FieldSet,
    /// The key as selections of the position.
    pub key_sel: SelId,
    /// Who feeds each task of the key.
    pub feeds: Feeds,
    /// The price, with everything that comes before it.
    pub cost: Cost,
    /// Whether it is only for what requires other fields.
    pub back: bool,
    /// Whether another key leads there too.
    pub rivals: bool,
    /// Whether no other subgraph could be entered before it instead.
    pub firm: bool,
}

impl Move<'_> {
    /// What another key of the type could save at most, in a position that asks for `sel`: what this
    /// one costs there more than the other.
    pub(crate) fn spare(&self, graph: &Graph, ty: TypeId, sel: &Sel) -> Cost {
        if !self.rivals {
            return 0;
        }
        let asked = |key: &str| sel.tasks.iter().any(|task| *task.key == *key);
        let same = |entry: &&Entry| (entry.subgraph, entry.kind) == (self.subgraph, self.kind);
        let others = graph.entries(ty).iter().filter(same);
        let least = others.map(|entry| unasked(&entry.key, &asked)).min().unwrap_or_default();
        unasked(self.key, &|_| false).min(unasked(self.key, &asked) + nested(self.key)) - least
    }
}

/// What the fields of a key cost that nobody asked for.
fn unasked(set: &FieldSet, asked: &dyn Fn(&str) -> bool) -> Cost {
    let each = |item: &SetItem| match item {
        SetItem::Field { key, .. } if asked(key) => 0,
        SetItem::Field { selection, .. } => FIELD + unasked(selection, &|_| false),
        SetItem::Fragment { selection, .. } => unasked(selection, &|_| false),
        SetItem::Typename => 0,
    };
    set.items.iter().map(each).sum()
}

/// What the fields below those of a key cost.
fn nested(set: &FieldSet) -> Cost {
    let each = |item: &SetItem| match item {
        SetItem::Field { selection, .. } => unasked(selection, &|_| false),
        _ => 0,
    };
    set.items.iter().map(each).sum()
}

/// Who feeds the members of a key, mostly one.
pub(crate) type Feeds = SmallVec<[Feed; 2]>;

/// Who feeds a member of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Feed {
    /// The holder of that index.
    Held(usize),
    /// The subgraph that the move of that index entered.
    Entered(usize),
}

/// The interface, when the object is known to all of its holders as an interface object only.
pub(crate) fn interface_of(holders: &[Holder]) -> Option<TypeId> {
    let mut interface = None;
    for holder in holders {
        match holder.via {
            Via::Own => return None,
            Via::InterfaceObject(ty) => interface = Some(ty),
        }
    }
    interface
}
