//! The state of building: positions, holders in use, and what was entered.

use std::collections::BTreeSet;
use std::rc::Rc;

use graph::{ContextId, EntryKind};
use schema::{FieldSet, OperationKind, SubgraphId, TypeId, TypeSet};
use smallvec::SmallVec;

use super::groups::{Groups, NodeField, NodeId, Providers};
use crate::maps::HashMap;
use crate::model::PathStep;
use crate::search::{DecisionId, DecisionKey, Holder, Search};

/// A position in the merged answer.
#[derive(Clone, Debug)]
pub(crate) struct Position {
    /// Its static type.
    pub(super) ty: TypeId,
    /// The step to it from the position above; the root has none.
    pub(super) step: Option<PathStep>,
    /// Who tells the types that decide the way, where it goes on for some types only.
    pub(super) typed: Providers,
    /// The position above.
    pub(super) above: Option<PositionId>,
    /// The first wave in which a subgraph can be entered for it, where that is before its objects are
    /// at hand.
    pub(super) ready: Option<usize>,
    /// Who provides what arguments from contexts are read of here.
    pub(super) contexts: HashMap<ContextId, Providers>,
}

impl Position {
    pub(super) fn root(ty: TypeId) -> Self {
        Self {
            ty,
            step: None,
            typed: Providers::default(),
            above: None,
            ready: None,
            contexts: HashMap::default(),
        }
    }
}

/// A position, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PositionId(pub(super) usize);

impl PositionId {
    pub(super) fn index(self) -> usize {
        self.0
    }
}

/// What tells the positions below another apart: the key of the merged answer, and the types that
/// are followed.
pub(crate) type StepKey = (PositionId, Rc<str>, Option<TypeSet>);

/// The state of building.
pub(crate) struct Build<'s, 'g> {
    pub(super) search: &'s mut Search<'g>,
    pub(super) groups: Groups,
    pub(super) positions: Vec<Position>,
    pub(super) position_ids: HashMap<StepKey, PositionId>,
    pub(super) lives: Vec<Live>,
    pub(super) entered: HashMap<EntryKey, LiveId>,
    pub(super) kind: OperationKind,
    pub(super) asked: Asked,
    /// The requests that there are to be, by wave; a group leaves with the first that it can.
    pub(super) open: BTreeSet<(usize, SubgraphId)>,
    /// The wave of each group.
    pub(super) waves: Vec<usize>,
    /// The position that each group enters.
    pub(super) of_groups: Vec<PositionId>,
    /// The holders that were asked for last.
    pub(super) last_holders: Option<(Lives, Rc<[Holder]>)>,
}

/// What was decided: everything in the order of need, and what is being built right now.
#[derive(Default)]
pub(crate) struct Asked {
    pub(super) order: Vec<DecisionKey>,
    /// By the number of a decision: nothing is known of it, it is being built, or it was.
    open: Vec<Option<bool>>,
}

impl Asked {
    /// Begins with a decision; false when that needs itself.
    pub(super) fn begin(&mut self, key: &DecisionKey, id: DecisionId) -> bool {
        let at = id.0 as usize;
        if self.open.len() <= at {
            self.open.resize(at + 1, None);
        }
        match self.open[at].replace(true) {
            Some(open) => !open,
            None => {
                self.order.push(key.clone());
                true
            }
        }
    }

    /// Ends it.
    pub(super) fn end(&mut self, id: DecisionId) {
        self.open[id.0 as usize] = Some(false);
    }
}

/// What makes two entries the same: position, subgraph, kind, objects, and what must come along.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct EntryKey {
    pub position: PositionId,
    pub subgraph: SubgraphId,
    pub kind: EntryKind,
    pub types: Option<TypeSet>,
    pub requires: Option<FieldSet>,
    pub contexts: Vec<ContextId>,
}

impl EntryKey {
    pub(super) fn root(position: PositionId, subgraph: SubgraphId, kind: EntryKind) -> Self {
        Self { position, subgraph, kind, types: None, requires: None, contexts: Vec::new() }
    }
}

/// A holder in use, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct LiveId(pub(super) usize);

impl LiveId {
    pub(super) fn index(self) -> usize {
        self.0
    }
}

/// Holders in use, mostly few.
pub(crate) type Lives = SmallVec<[LiveId; 4]>;

/// A holder in use.
#[derive(Debug)]
pub(super) struct Live {
    pub holder: Holder,
    pub origin: Origin,
    /// The first wave after it holds.
    pub ready: usize,
    /// Its part of a document, once something is selected from it.
    pub node: Option<NodeId>,
}

/// How a holder came to hold.
#[derive(Debug)]
pub(super) enum Origin {
    /// Through a field of the position above.
    Field { parent: LiveId, field: NodeField },
    /// By entering the subgraph; the group exists already.
    Group,
}
