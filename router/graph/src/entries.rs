//! Where objects of a type can be entered: by which key, in which subgraph, under which name.

use schema::{FieldId, FieldSet, Id, IdSet, JoinField, Kind, Model, SetItem, SubgraphId, TypeId};

use crate::sources::Via;

/// A way into a subgraph for an object of a type.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The subgraph that is entered.
    pub subgraph: SubgraphId,
    /// What the subgraph takes the object for.
    pub kind: EntryKind,
    /// What must be known of the object; empty only for root types.
    pub key: FieldSet,
    /// Whether it leads only back, into a subgraph that has the object at hand, and only for what
    /// requires other fields: no key of the subgraph is resolvable, but what is required must come
    /// along with one.
    pub back: bool,
}

/// What a subgraph takes an entered object for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntryKind {
    /// The object's own type.
    Object,
    /// An interface whose implementations the subgraph tells apart.
    Interface(TypeId),
    /// An `@interfaceObject`.
    InterfaceObject(TypeId),
    /// A root type: there is only one object, which needs no key.
    Root,
}

impl EntryKind {
    /// As what the subgraph knows the object.
    pub fn via(self) -> Via {
        match self {
            EntryKind::InterfaceObject(interface) => Via::InterfaceObject(interface),
            _ => Via::Own,
        }
    }

    /// The interface under which the object is entered, if it is not entered by its own type.
    pub fn interface(self) -> Option<TypeId> {
        match self {
            EntryKind::Interface(interface) | EntryKind::InterfaceObject(interface) => {
                Some(interface)
            }
            _ => None,
        }
    }
}

/// The entries of each type, by type id.
pub(crate) fn all(schema: &Model) -> Vec<Vec<Entry>> {
    let mut all: Vec<Vec<Entry>> = vec![Vec::new(); schema.types().count()];
    for (id, ty) in schema.types() {
        let entries = &mut all[id.index()];
        if schema.root_kind(id).is_some() {
            entries.extend(ty.joins.iter().map(|join| Entry {
                subgraph: join.subgraph,
                kind: EntryKind::Root,
                key: FieldSet::default(),
                back: false,
            }));
            continue;
        }
        match ty.kind {
            Kind::Object => {
                entries.extend(of(schema, id, |_| Some(EntryKind::Object)));
                for interface in &ty.implements {
                    entries.extend(of(schema, *interface, |object| {
                        object.then_some(EntryKind::InterfaceObject(*interface))
                    }));
                }
            }
            Kind::Interface => entries.extend(of(schema, id, |object| {
                let kind = if object { EntryKind::InterfaceObject } else { EntryKind::Interface };
                Some(kind(id))
            })),
            _ => {}
        }
        entries.sort_by_key(|entry| (entry.subgraph, entry.kind));
    }
    all
}

/// The entries by the keys of one type; `kind` is asked with whether it is an interface object.
fn of<'s>(
    schema: &'s Model,
    id: TypeId,
    kind: impl Fn(bool) -> Option<EntryKind> + 's,
) -> impl Iterator<Item = Entry> + 's {
    let ty = schema.ty(id);
    ty.joins.iter().flat_map(move |join| {
        let kind = kind(join.interface_object);
        let said = |field: &FieldId| schema.field(*field).join(join.subgraph);
        let back = join.keys.iter().all(|key| !key.resolvable)
            && ty.fields.values().filter_map(said).any(JoinField::needs_others);
        join.keys.iter().filter(move |key| key.resolvable || back).filter_map(move |key| {
            Some(Entry { subgraph: join.subgraph, kind: kind?, key: key.fields.clone(), back })
        })
    })
}

/// The fields that may be read in a subgraph only to enter another one with them: those of types whose
/// entries have different keys.
pub(crate) fn relayed(schema: &Model, entries: &[Vec<Entry>]) -> IdSet<FieldId> {
    let mut found = IdSet::default();
    for (id, ty) in schema.types() {
        let all = |entry: &Entry| {
            let mut names: Vec<&str> = Vec::new();
            each_field(schema, &entry.key, &mut |name| names.push(name));
            names
        };
        let entries = entries[id.index()].iter().filter(|entry| !entry.back);
        let mut keys: Vec<Vec<&str>> = entries.map(all).collect();
        keys.sort_unstable();
        keys.dedup();
        if keys.len() > 1 {
            let names = keys.iter().flatten();
            found = found.union(&names.filter_map(|name| ty.fields.get(*name)).copied().collect());
        }
    }
    found
}

/// Calls `visit` with the name of each field of a set, nested ones included.
pub(crate) fn each_field<'s>(schema: &'s Model, set: &FieldSet, visit: &mut impl FnMut(&'s str)) {
    for item in &set.items {
        match item {
            SetItem::Typename => {}
            SetItem::Field { field, selection, .. } => {
                visit(&schema.field(*field).name);
                each_field(schema, selection, visit);
            }
            SetItem::Fragment { selection, .. } => each_field(schema, selection, visit),
        }
    }
}
