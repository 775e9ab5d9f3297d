//! The state of building: positions, holders in use, and what was entered.

use std::collections::BTreeSet;

use graph::{ContextId, EntryKind};
use schema::{FieldSet, OperationKind, SubgraphId, TypeId, TypeSet};

use super::groups::{Groups, NodeField, NodeId, Providers};
use crate::maps::HashMap;
use crate::model::PathStep;
use crate::search::{DecisionKey, Holder, Search};

/// A position in the merged answer.
#[derive(Clone, Debug)]
pub(crate) struct Position {
    /// Its static type.
    pub(super) ty: TypeId,
    /// The way to it.
    pub(super) path: Vec<PathStep>,
    /// Who tells the types that decide the way, where it goes on for some types only.
    pub(super) typed: Providers,
    /// The position above.
    pub(super) above: Option<PositionId>,
    /// Who provides what arguments from contexts are read of here.
    pub(super) contexts: HashMap<ContextId, Providers>,
}

impl Position {
    pub(super) fn root(ty: TypeId) -> Self {
        Self {
            ty,
            path: Vec::new(),
            typed: Providers::default(),
            above: None,
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

/// The state of building.
pub(crate) struct Build<'s, 'g> {
    pub(super) search: &'s mut Search<'g>,
    pub(super) groups: Groups,
    pub(super) positions: Vec<Position>,
    pub(super) position_ids: HashMap<(PositionId, PathStep), PositionId>,
    pub(super) lives: Vec<Live>,
    pub(super) entered: HashMap<EntryKey, LiveId>,
    pub(super) kind: OperationKind,
    pub(super) asked: Asked,
    /// The requests that there are to be, by wave; a group leaves with the first that it can.
    pub(super) open: BTreeSet<(usize, SubgraphId)>,
    /// The wave of each group.
    pub(super) waves: Vec<usize>,
}

/// What was decided: everything in the order of need, and what is being built right now.
#[derive(Default)]
pub(crate) struct Asked {
    pub(super) order: Vec<DecisionKey>,
    open: HashMap<DecisionKey, bool>,
}

impl Asked {
    /// Begins with a decision; false when that needs itself.
    pub(super) fn begin(&mut self, key: &DecisionKey) -> bool {
        match self.open.insert(key.clone(), true) {
            Some(open) => !open,
            None => {
                self.order.push(key.clone());
                true
            }
        }
    }

    /// Ends it.
    pub(super) fn end(&mut self, key: &DecisionKey) {
        self.open.insert(key.clone(), false);
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

/// A holder in use.
#[derive(Debug)]
pub(super) struct Live {
    pub holder: Holder,
    pub origin: Origin,
    /// The wave from which on it holds.
    pub wave: usize,
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
