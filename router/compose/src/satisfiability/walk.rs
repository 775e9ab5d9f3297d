//! The walk over every position that a query can reach, breadth first, so that the first query
//! that fails is a shortest one.
//!
//! A state is an object type and the set of entries in which an object of it can be continued.
//! Paths do not matter beyond that, and a state that holds more than one already seen can't fail
//! where that one did not: so there are few states, and each is looked at once.

use std::collections::VecDeque;

use super::reach::{Child, EntryId, Reach};
use super::world::{ContextIx, Kind, Name, Root, TypeIx};
use crate::maps::{HashMap, HashSet};

/// A field that a client can ask for, where no subgraph at hand can answer it.
pub(super) struct DeadEnd {
    /// The lines of the query, outermost first, up to and with the field or type condition.
    pub path: Vec<String>,
    pub root: Root,
    pub object: TypeIx,
    pub kind: DeadEndKind,
    /// What could be continued there.
    pub held: Vec<EntryId>,
}

/// What can't be answered, or deserves a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum DeadEndKind {
    /// This field.
    Field(Name),
    /// Which type an interface object is of.
    TypeOfInterfaceObject,
    /// The subgraphs that share this field agree on no type for it.
    NoTypeInCommon(Name),
    /// They agree on some types only, which stops nobody.
    OtherTypes(Name),
}

/// What subgraphs that share a field think of the types that it can have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Agreement {
    All,
    Some,
    Nothing,
}

/// Where a walk stands: an object or abstract type, the raw entries, and how it got there.
#[derive(Clone)]
struct Position {
    ty: TypeIx,
    entries: Vec<EntryId>,
    parent: Option<usize>,
    /// The field that leads here; none leads to a root.
    step: Option<Step>,
    root: Root,
    /// The contexts that are set above, in order.
    contexts: Vec<ContextIx>,
}

/// A field of an object, by its place, and whether the object's type must be asked for.
#[derive(Clone, Copy)]
struct Step {
    cast: bool,
    object: TypeIx,
    field: usize,
}

/// What an object was walked with: its entries and the contexts above it, both in order.
type Seen = (Vec<EntryId>, Vec<ContextIx>);

/// Walks from every root; the dead ends are in the order in which they were met.
pub(super) fn walk(reach: &mut Reach<'_>) -> Vec<DeadEnd> {
    let mut walk = Walk::new(reach);
    walk.start();
    walk.run();
    walk.found
}

struct Walk<'r, 'w> {
    reach: &'r mut Reach<'w>,
    positions: Vec<Position>,
    open: VecDeque<usize>,
    seen: HashMap<TypeIx, Vec<Seen>>,
    found: Vec<DeadEnd>,
    told: HashSet<(TypeIx, DeadEndKind)>,
}

/// An object that is held in more entries, as a root is, has each of its fields in few of them.
const MANY: usize = 8;

impl<'r, 'w> Walk<'r, 'w> {
    fn new(reach: &'r mut Reach<'w>) -> Self {
        Self {
            reach,
            positions: Vec::new(),
            open: VecDeque::new(),
            seen: HashMap::default(),
            found: Vec::new(),
            told: HashSet::default(),
        }
    }

    fn run(&mut self) {
        while let Some(position) = self.open.pop_front() {
            self.visit(position);
        }
    }

    fn start(&mut self) {
        for (root, ty) in self.reach.world.roots.clone() {
            let local = &self.reach.world.ty(ty).local;
            let subgraphs: Vec<_> = local.iter().map(|(subgraph, _)| *subgraph).collect();
            let entries = subgraphs.into_iter().map(|subgraph| self.reach.root(ty, subgraph));
            let entries = entries.collect();
            let (parent, step, contexts) = (None, None, Vec::new());
            self.push(Position { ty, entries, parent, step, root, contexts });
        }
    }

    fn push(&mut self, position: Position) {
        self.open.push_back(self.positions.len());
        self.positions.push(position);
    }

    fn visit(&mut self, index: usize) {
        // Nobody looks at them again; how the walk got here is kept for what is told.
        let entries = std::mem::take(&mut self.positions[index].entries);
        let ty = self.positions[index].ty;
        let types = self.reach.stable(|reach| reach.runtime_types(&entries));
        let is_abstract = self.reach.world.ty(ty).kind == Kind::Abstract;
        let untold = |walk: &Self| {
            entries.iter().any(|id| walk.reach.is_interface_object(walk.reach.entry(*id)))
        };
        let can_be_any = !self.reach.world.ty(ty).possible.is_empty();
        if is_abstract && types.is_empty() && can_be_any && untold(self) {
            self.dead_end(index, None, ty, DeadEndKind::TypeOfInterfaceObject, entries);
            return;
        }
        for object in types {
            if !self.reach.world.ty(object).visible {
                continue;
            }
            let held = self.reach.stable(|reach| reach.as_object(&entries, object));
            if self.is_new(index, object, &held) {
                self.fields(index, object, is_abstract, held);
            }
        }
    }

    /// Whether nothing that holds as little was walked from; if so, it is noted.
    fn is_new(&mut self, index: usize, object: TypeIx, held: &[EntryId]) -> bool {
        fn within(less: &[u32], more: &[u32]) -> bool {
            less.iter().all(|id| more.binary_search(id).is_ok())
        }
        let contexts = &self.positions[index].contexts;
        let seen = self.seen.entry(object).or_default();
        if seen.iter().any(|(less, set)| within(less, held) && within(set, contexts)) {
            return false;
        }
        seen.push((held.to_vec(), contexts.clone()));
        true
    }

    fn fields(&mut self, index: usize, object: TypeIx, cast: bool, held: Vec<EntryId>) {
        let contexts = self.positions[index].contexts.clone();
        let mut below = contexts.clone();
        below.extend(&self.reach.world.ty(object).contexts);
        below.sort_unstable();
        below.dedup();
        let having = (held.len() > MANY).then(|| self.reach.having(&held));
        for at in 0..self.reach.world.ty(object).fields.len() {
            let field = &self.reach.world.ty(object).fields[at];
            let (name, ty) = (field.name, field.ty);
            let with_it = having.as_ref().map(|all| all.get(&name).map_or(&[][..], Vec::as_slice));
            let children = self.reach.children_within(with_it.unwrap_or(&held), name, &contexts);
            let step = Some(Step { cast, object, field: at });
            if children.is_empty() {
                let kind = DeadEndKind::Field(name);
                let held = held.clone();
                self.dead_end(index, step, object, kind, held);
                continue;
            }
            let entries: Vec<_> = children.iter().filter_map(Child::entry).collect();
            if entries.is_empty() {
                continue;
            }
            if entries.len() > 1 && self.reach.world.ty(ty).kind == Kind::Abstract {
                match self.agreement(&entries) {
                    Agreement::All => {}
                    Agreement::Some => {
                        let kind = DeadEndKind::OtherTypes(name);
                        self.dead_end(index, step, object, kind, entries.clone());
                    }
                    Agreement::Nothing => {
                        let kind = DeadEndKind::NoTypeInCommon(name);
                        self.dead_end(index, step, object, kind, held.clone());
                        continue;
                    }
                }
            }
            let (root, parent) = (self.positions[index].root, Some(index));
            let next = Position { ty, entries, parent, step, root, contexts: below.clone() };
            let top = self.positions[index].parent.is_none();
            if top && root == Root::Mutation && next.entries.len() > 1 {
                self.each_alone(index, next);
            } else {
                self.push(next);
            }
        }
    }

    /// A mutation is called in one subgraph: one of those that share it must do for all queries.
    fn each_alone(&mut self, index: usize, shared: Position) {
        let mut first: Option<Vec<DeadEnd>> = None;
        for entry in &shared.entries {
            let top = self.positions[index].clone();
            let mut walk = Walk::new(self.reach);
            walk.positions.push(top);
            walk.push(Position { entries: vec![*entry], parent: Some(0), ..shared.clone() });
            walk.run();
            let wrong = |found: &DeadEnd| !matches!(found.kind, DeadEndKind::OtherTypes(_));
            if !walk.found.iter().any(wrong) {
                self.found.extend(walk.found);
                return;
            }
            first.get_or_insert(walk.found);
        }
        self.found.extend(first.unwrap_or_default());
    }

    /// Whether the subgraphs give the same types, of those that clients can see. That is asked where
    /// more than one of them leaves the type open.
    fn agreement(&mut self, entries: &[EntryId]) -> Agreement {
        let open = |id: &&EntryId| {
            let entry = self.reach.entry(**id);
            let kind = self.reach.world.ty(entry.local).kind;
            kind == Kind::Abstract && !self.reach.is_interface_object(entry)
        };
        if entries.iter().filter(open).count() < 2 {
            return Agreement::All;
        }
        let types = |id: &EntryId| {
            let mut types = self.reach.stable(|reach| reach.runtime_types(&[*id]));
            types.retain(|ty| self.reach.world.ty(*ty).visible);
            types
        };
        let all: Vec<Vec<TypeIx>> = entries.iter().map(types).collect();
        let Some((first, rest)) = all.split_first() else { return Agreement::All };
        if rest.iter().all(|types| types == first) {
            return Agreement::All;
        }
        let shared = first.iter().any(|ty| rest.iter().all(|types| types.contains(ty)));
        if shared { Agreement::Some } else { Agreement::Nothing }
    }

    /// A step as a query writes it.
    fn lines(&self, step: Step) -> Vec<String> {
        let world = &self.reach.world;
        let field = &world.ty(step.object).fields[step.field];
        let arguments = field.arguments.as_deref().unwrap_or_default();
        let call = format!("{}{arguments}", world.name(field.name));
        let cast = step.cast.then(|| format!("... on {}", world.type_name(step.object)));
        cast.into_iter().chain([call]).collect()
    }

    fn dead_end(
        &mut self,
        index: usize,
        step: Option<Step>,
        object: TypeIx,
        kind: DeadEndKind,
        held: Vec<EntryId>,
    ) {
        if !self.told.insert((object, kind)) {
            return;
        }
        let mut steps: Vec<_> = step.into_iter().collect();
        let mut at = Some(index);
        while let Some(position) = at.map(|at| &self.positions[at]) {
            steps.extend(position.step);
            at = position.parent;
        }
        let path = steps.into_iter().rev().flat_map(|step| self.lines(step)).collect();
        let root = self.positions[index].root;
        self.found.push(DeadEnd { path, root, object, kind, held });
    }
}
