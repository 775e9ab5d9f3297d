//! The selections that are planned, in an arena: of the client's operation and of the field sets
//! that keys and requirements add, all in one form.
//!
//! A [`Sel`] is the selections of one position. Its [`Task`]s are the fields to be resolved, each
//! for a class of object types that the subgraphs treat alike, so that an abstract selection is
//! taken apart exactly as far as the subgraphs differ.

mod contexts;
mod from_operation;
mod from_set;

use std::hash::{BuildHasher, Hash, Hasher};
use std::rc::Rc;

use graph::{ContextId, Graph};
use schema::{Arguments, FieldId, FieldSet, Schema, SubgraphSet, TypeId, TypeSet};

use smallvec::SmallVec;

use crate::maps::{HashMap, HashSet, some};
use crate::options::Options;

/// A position's selections, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SelId(u32);

/// The selections of one position.
#[derive(Debug)]
pub(crate) struct Sel {
    /// The static type of the position.
    pub ty: TypeId,
    /// The fields to be resolved.
    pub tasks: Vec<Rc<Task>>,
    /// Whether the object's type itself is asked for.
    pub typename: bool,
    /// The arguments from contexts that something here needs and nothing here sets for all.
    pub wants: Vec<ContextId>,
}

/// A field to be resolved for a class of object types.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    /// The object types.
    pub types: TypeSet,
    /// The type that the field was selected on.
    pub parent: TypeId,
    /// The field of the first of them.
    pub field: FieldId,
    /// The field's name.
    pub name: Rc<str>,
    /// Its key in the merged answer.
    pub key: Rc<str>,
    /// Its arguments.
    pub arguments: Rc<Arguments>,
    /// Its selections, when it is of a composite type.
    pub child: Option<SelId>,
    /// Whether it is asked for some of the position's object types only.
    pub conditional: bool,
    /// The arguments from contexts below that are read of it.
    pub contexts: Vec<ContextId>,
}

/// Object types in which the field of a name is treated alike.
struct Class {
    types: TypeSet,
    /// The field of the first of them.
    field: FieldId,
}

impl Sel {
    /// The tasks as they stand where nobody knows the object's type: the first class of a field then
    /// stands for all of them, and the others for no object.
    pub(crate) fn standing(&self) -> Vec<Rc<Task>> {
        let mut types: HashMap<(&str, bool), TypeSet> = HashMap::default();
        for task in &self.tasks {
            let all = types.entry((&*task.key, task.contexts.is_empty())).or_default();
            *all = all.union(&task.types);
        }
        let mut standing = Vec::with_capacity(self.tasks.len());
        for task in &self.tasks {
            let types = types.remove(&(&*task.key, task.contexts.is_empty())).unwrap_or_default();
            standing.push(Rc::new(Task { types, ..Task::clone(task) }));
        }
        standing
    }
}

/// The arena.
pub(crate) struct Space<'g> {
    pub graph: &'g Graph,
    pub schema: &'g Schema,
    sels: Vec<Rc<Sel>>,
    /// By the set itself, which lives as long as the supergraph: it need not be read to be found.
    sets: HashMap<(*const FieldSet, TypeId, TypeSet), SelId>,
    /// The sets, to find one that says the same elsewhere: most subgraphs have the same key.
    written: HashMap<(&'g FieldSet, TypeId, TypeSet), SelId>,
    singles: Vec<(Rc<Task>, SelId)>,
    /// What fields without arguments share.
    none: Rc<Arguments>,
    /// Whether equal selections are one.
    pub share: bool,
    /// By a hash of what tells selections apart.
    shared: HashMap<u64, SelId>,
    /// Positions of the operation that were taken apart already.
    positions: HashMap<PositionKey, SelId>,
    /// Fields of which hints say something: these are no longer like those of other types.
    hinted: HashSet<FieldId>,
    /// How many tasks there are, and how many there may be; beyond that nothing is added any more.
    tasks: u64,
    most_tasks: u64,
}

/// Work that a task stands for, on its way from the operation to the documents.
pub(crate) const WORK_PER_TASK: u64 = 20;

/// The name and the key of a field, which are mostly the same.
fn names(name: &str, key: &str) -> (Rc<str>, Rc<str>) {
    let shared: Rc<str> = name.into();
    let key = if key == name { Rc::clone(&shared) } else { key.into() };
    (shared, key)
}

/// What tells tasks apart.
type Told<'t> = (&'t TypeSet, TypeId, &'t str, Option<SelId>, bool, &'t [ContextId]);

impl Task {
    fn told(&self) -> Told<'_> {
        let Self { types, parent, key, child, conditional, contexts, .. } = self;
        (types, *parent, key, *child, *conditional, contexts)
    }
}

/// What tells positions of the operation apart: type, selection sets by their places, who may hold
/// it, and the object types that count.
type PositionKey = (TypeId, Vec<usize>, SubgraphSet, Option<TypeSet>);

impl<'g> Space<'g> {
    /// A space for as many tasks as may be planned with the work that the options allow.
    pub(crate) fn new(graph: &'g Graph, options: &Options) -> Self {
        let avoided = options.avoided.iter().map(|(_, field)| *field);
        let weighted = options.weights.fields.iter().map(|((_, field), _)| *field);
        Self {
            graph,
            schema: graph.schema(),
            sels: Vec::with_capacity(32),
            sets: some(),
            written: some(),
            singles: Vec::new(),
            none: Rc::default(),
            share: true,
            shared: some(),
            positions: HashMap::default(),
            hinted: avoided.chain(weighted).collect(),
            tasks: 0,
            most_tasks: options.work_budget.get() / WORK_PER_TASK,
        }
    }

    /// How much work the tasks stand for; more than there may be when some were left out.
    pub(crate) fn work(&self) -> u64 {
        self.tasks * WORK_PER_TASK
    }

    fn is_full(&self) -> bool {
        self.tasks > self.most_tasks
    }

    /// The selections of a number.
    pub(crate) fn sel(&self, id: SelId) -> Rc<Sel> {
        Rc::clone(&self.sels[id.0 as usize])
    }

    fn push(&mut self, sel: Sel) -> SelId {
        let id = SelId(u32::try_from(self.sels.len()).expect("bounded by the expanded selections"));
        self.sels.push(Rc::new(sel));
        id
    }

    /// Adds the selections of a position; equal ones are one.
    fn share(&mut self, sel: Sel) -> SelId {
        if !self.share {
            return self.push(sel);
        }
        let mut hasher = self.shared.hasher().build_hasher();
        (sel.ty, sel.typename).hash(&mut hasher);
        sel.tasks.iter().for_each(|task| task.told().hash(&mut hasher));
        let hash = hasher.finish();
        if let Some(known) = self.shared.get(&hash) {
            let other = &self.sels[known.0 as usize];
            let same = |(a, b): (&Rc<Task>, &Rc<Task>)| Rc::ptr_eq(a, b) || a.told() == b.told();
            if (other.ty, other.typename) == (sel.ty, sel.typename)
                && other.tasks.len() == sel.tasks.len()
                && other.tasks.iter().zip(&sel.tasks).all(same)
            {
                return *known;
            }
        }
        let id = self.push(sel);
        self.shared.insert(hash, id);
        id
    }

    /// Adds selections of one task, which nobody else has.
    pub(crate) fn alone(&mut self, ty: TypeId, task: &Rc<Task>) -> SelId {
        self.push(Sel { ty, tasks: vec![Rc::clone(task)], typename: false, wants: Vec::new() })
    }

    /// Adds the selections of one task's position.
    pub(crate) fn single(&mut self, ty: TypeId, task: &Rc<Task>) -> SelId {
        if let Some((_, sel)) = self.singles.iter().find(|(known, _)| Rc::ptr_eq(known, task)) {
            return *sel;
        }
        let sel = self.alone(ty, task);
        self.singles.push((Rc::clone(task), sel));
        sel
    }

    /// The field of a task, as an object or interface type has it.
    pub(crate) fn field_in(&self, ty: TypeId, task: &Task) -> Option<FieldId> {
        match self.schema.field(task.field).parent == ty {
            true => Some(task.field),
            false => self.field_of(ty, &task.name),
        }
    }

    /// The field of an object or interface type by name.
    pub(crate) fn field_of(&self, ty: TypeId, name: &str) -> Option<FieldId> {
        self.schema.ty(ty).fields.get(name).copied()
    }

    /// Arguments, to be shared.
    fn arguments(&self, arguments: &Arguments) -> Rc<Arguments> {
        match arguments.is_empty() {
            true => Rc::clone(&self.none),
            false => Rc::new(arguments.to_owned()),
        }
    }

    /// Splits object types into classes in which the field of that name is treated alike.
    fn classes(&self, types: &TypeSet, name: &str) -> SmallVec<[Class; 1]> {
        let mut classes: SmallVec<[Class; 1]> = SmallVec::new();
        let alike = |field| (self.graph.field_class(field), self.hinted.get(&field));
        for object in types.iter() {
            let Some(field) = self.field_of(object, name) else { continue };
            match classes.iter_mut().find(|class| alike(class.field) == alike(field)) {
                Some(class) => {
                    class.types.insert(object);
                }
                None => classes.push(Class { types: TypeSet::one(object), field }),
            }
        }
        classes
    }

    /// The type below a field, if it is one that has fields; the object types of a class agree on it.
    fn type_below(&self, field: FieldId) -> Option<TypeId> {
        let below = self.schema.field(field).ty.named();
        self.schema.ty(below).is_composite().then_some(below)
    }
}
