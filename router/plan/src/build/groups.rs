//! The fetches while they are being built: groups, and the nodes of their documents.

use std::collections::BTreeSet;
use std::rc::Rc;

use graph::{ContextId, EntryKind};
use schema::{Arguments, FieldSet, Id, IdSet, OperationKind, SetItem, SubgraphId, TypeId, TypeSet};

use crate::maps::HashMap;
use crate::model::{Input, PathStep};

/// A fetch that is being built, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct GroupId(pub(crate) usize);

impl Id for GroupId {
    fn from_index(index: usize) -> Self {
        Self(index)
    }

    fn index(self) -> usize {
        self.0
    }
}

/// A selection set of a document, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeId(usize);

/// The groups that a piece of data comes from.
pub(crate) type Providers = IdSet<GroupId>;

/// A fetch that is being built.
#[derive(Debug)]
pub(crate) struct Group {
    /// Who is asked.
    pub subgraph: SubgraphId,
    /// What is sent.
    pub operation: OperationKind,
    /// The way to the objects that it is about.
    pub path: Vec<PathStep>,
    /// How they are entered; `Root` for root fields.
    pub kind: EntryKind,
    /// How representations are made.
    pub inputs: Vec<Input>,
    /// The arguments of its fields that come from contexts.
    pub contexts: BTreeSet<ContextId>,
    /// The groups whose data it needs.
    pub after: Providers,
    /// What it selects: one node, or several after merging.
    pub nodes: Vec<NodeId>,
}

/// A selection set of a document.
#[derive(Debug)]
pub(crate) struct Node {
    /// The group that it belongs to.
    pub group: GroupId,
    /// The static type there; `None` directly below `_entities` for objects entered by own type.
    pub ty: Option<TypeId>,
    /// Whether `__typename` is selected.
    pub typename: bool,
    /// Whether something must be selected although nothing is asked: the object's presence.
    pub presence: bool,
    /// The fields.
    pub fields: Vec<NodeField>,
}

/// A field of a document.
#[derive(Clone, Debug)]
pub(crate) struct NodeField {
    /// The object types that it is for.
    pub types: TypeSet,
    /// The type that it was selected on.
    pub parent: TypeId,
    /// Its name.
    pub name: Rc<str>,
    /// Its key in the merged answer.
    pub key: Rc<str>,
    /// Its arguments.
    pub arguments: Rc<Arguments>,
    /// Its selections.
    pub child: Option<NodeId>,
}

/// So many fields are found faster by looking at each of them.
const FEW: usize = 12;

type IndexKey = (NodeId, Rc<str>, TypeSet);

fn index_key(node: NodeId, field: &NodeField, composite: bool) -> IndexKey {
    let types = if composite { field.types.clone() } else { TypeSet::default() };
    (node, Rc::clone(&field.key), types)
}

/// All groups and nodes of a plan.
#[derive(Debug)]
pub(crate) struct Groups {
    pub groups: Vec<Group>,
    nodes: Vec<Node>,
    /// Fields of nodes with many of them by key and types (leaves: by key), for reuse.
    index: HashMap<IndexKey, usize>,
}

impl Groups {
    /// Nothing yet, and room for what a small operation takes.
    pub(crate) fn new() -> Self {
        let (groups, nodes) = (Vec::with_capacity(8), Vec::with_capacity(16));
        Self { groups, nodes, index: HashMap::default() }
    }

    /// Adds a group whose document is still empty.
    pub(crate) fn group(
        &mut self,
        subgraph: SubgraphId,
        operation: OperationKind,
        path: Vec<PathStep>,
        kind: EntryKind,
        ty: Option<TypeId>,
    ) -> GroupId {
        let id = GroupId(self.groups.len());
        let node = self.new_node(id, ty, false);
        self.groups.push(Group {
            subgraph,
            operation,
            path,
            kind,
            inputs: Vec::new(),
            contexts: BTreeSet::new(),
            after: Providers::default(),
            nodes: vec![node],
        });
        id
    }

    fn new_node(&mut self, group: GroupId, ty: Option<TypeId>, typename: bool) -> NodeId {
        let fields = Vec::with_capacity(8);
        let node = Node { group, ty, typename, presence: false, fields };
        self.nodes.push(node);
        NodeId(self.nodes.len() - 1)
    }

    pub(crate) fn of(&self, id: GroupId) -> &Group {
        &self.groups[id.0]
    }

    pub(crate) fn of_mut(&mut self, id: GroupId) -> &mut Group {
        &mut self.groups[id.0]
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    pub(crate) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0]
    }

    /// Selects a field in a node, once. The result is the node of its selections, which is of
    /// static type `below`, if it has any.
    pub(crate) fn select(
        &mut self,
        node: NodeId,
        field: NodeField,
        below: Option<(TypeId, bool)>,
    ) -> Option<NodeId> {
        let group = self.node(node).group;
        let at = match self.find(node, &field, below.is_some()) {
            Some(at) => {
                self.nodes[node.0].fields[at].types.extend(&field.types);
                at
            }
            None => {
                self.nodes[node.0].fields.push(field);
                let added = self.nodes[node.0].fields.len() - 1;
                self.remember(node, added, below.is_some());
                added
            }
        };
        if let (None, Some((ty, typename))) = (self.nodes[node.0].fields[at].child, below) {
            let child = self.new_node(group, Some(ty), typename);
            self.nodes[node.0].fields[at].child = Some(child);
        }
        self.nodes[node.0].fields[at].child
    }

    /// The place of a field in a node. A leaf is one field for all types that it is asked for; below a
    /// field of a composite type each class may go on in its own way.
    fn find(&self, node: NodeId, field: &NodeField, composite: bool) -> Option<usize> {
        let fields = &self.node(node).fields;
        if fields.len() > FEW {
            return self.index.get(&index_key(node, field, composite)).copied();
        }
        fields.iter().position(|known| {
            known.child.is_some() == composite
                && known.key == field.key
                && (!composite || known.types == field.types)
        })
    }

    /// Writes down where the field of that number is, and those before it once there are many.
    fn remember(&mut self, node: NodeId, added: usize, composite: bool) {
        let fields = &self.nodes[node.0].fields;
        match added {
            0..FEW => {}
            FEW => {
                let (last, others) = fields.split_last().expect("one was added");
                let known = others.iter().map(|known| (known, known.child.is_some()));
                for (at, (known, composite)) in known.chain([(last, composite)]).enumerate() {
                    self.index.insert(index_key(node, known, composite), at);
                }
            }
            _ => {
                self.index.insert(index_key(node, &fields[added], composite), added);
            }
        }
    }

    /// All groups that must have ended before any of `ids` has, these included.
    pub(crate) fn ancestors(&self, ids: &Providers) -> Providers {
        let mut all = Providers::default();
        let mut todo: Vec<GroupId> = ids.iter().collect();
        while let Some(id) = todo.pop() {
            if all.insert(id) {
                todo.extend(self.of(id).after.iter());
            }
        }
        all
    }

    /// Takes a group out and closes the gap: what waited for it waits for others instead.
    pub(crate) fn remove(&mut self, id: GroupId, instead: &Providers) -> Group {
        let gone = self.groups.remove(id.0);
        let closed = |other: GroupId| if other.0 > id.0 { GroupId(other.0 - 1) } else { other };
        for group in &mut self.groups {
            let waited = group.after.remove(id);
            let instead = instead.iter().filter(|_| waited);
            group.after = group.after.iter().chain(instead).map(closed).collect();
        }
        gone
    }

    /// Whether nothing is selected in a group: a place to ask that nobody came to need.
    pub(crate) fn is_empty(&self, group: &Group) -> bool {
        group.nodes.iter().all(|node| {
            let node = self.node(*node);
            node.fields.is_empty() && !node.typename && !node.presence
        })
    }

    /// Adds how the objects of some types are represented, unless they are already.
    pub(crate) fn add_input(&mut self, id: GroupId, input: Input) {
        add_input(&mut self.groups[id.0].inputs, input);
    }
}

/// Adds how the objects of some types are represented to how others are.
pub(crate) fn add_input(inputs: &mut Vec<Input>, input: Input) {
    let Some(types) = &input.types else {
        match inputs.iter_mut().find(|other| other.types.is_none()) {
            Some(other) => add_requires(other, &input),
            None => inputs.push(input),
        }
        return;
    };
    let mut rest = types.clone();
    let mut parts = Vec::new();
    for other in inputs.iter_mut().filter(|other| other.typename == input.typename) {
        let Some(known) = &other.types else { continue };
        let both = known.intersection(&rest);
        if both.is_empty() {
            continue;
        }
        rest = rest.difference(&both);
        let others = known.difference(&both);
        if others.is_empty() {
            add_requires(other, &input);
        } else if input.requires.iter().any(|requires| !other.requires.contains(requires)) {
            // Nobody sees to it that the rest of those objects has what these require.
            let mut part = Input { types: Some(both), ..other.clone() };
            add_requires(&mut part, &input);
            parts.push(part);
            other.types = Some(others);
        }
    }
    inputs.extend(parts);
    if rest.is_empty() {
        return;
    }
    let same = |other: &&mut Input| {
        other.typename == input.typename
            && other.types.is_some()
            && other.requires.is_empty()
            && input.requires.is_empty()
            && same_names(&other.key, &input.key)
    };
    match inputs.iter_mut().find(same) {
        Some(other) => other.types = other.types.as_ref().map(|types| types.union(&rest)),
        None => inputs.push(Input { types: Some(rest), ..input }),
    }
}

fn add_requires(input: &mut Input, other: &Input) {
    for requires in &other.requires {
        if !input.requires.contains(requires) {
            input.requires.push(requires.clone());
        }
    }
}

/// Whether sets say the same by names: the same key of two object types is one way to represent them.
fn same_names(a: &FieldSet, b: &FieldSet) -> bool {
    let same = |(a, b): (&SetItem, &SetItem)| match (a, b) {
        (SetItem::Typename, SetItem::Typename) => true,
        (
            SetItem::Field { key, selection, .. },
            SetItem::Field { key: other, selection: others, .. },
        ) => key == other && same_names(selection, others),
        (
            SetItem::Fragment { on, selection },
            SetItem::Fragment { on: other, selection: others },
        ) => on == other && same_names(selection, others),
        _ => false,
    };
    a.items.len() == b.items.len() && a.items.iter().zip(&b.items).all(same)
}
