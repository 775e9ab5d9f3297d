//! Who can answer what, and how to get there.
//!
//! In comes a [`Schema`]; out comes a [`Graph`]: for each field of each object type its
//! [`Source`]s, for each type its [`Entry`] points, and for each object type an entity class, so
//! that object types which the subgraphs treat alike can be planned together; and for each field
//! its arguments from contexts. Interface objects are resolved here: what a subgraph knows of an
//! interface is a source and an entry of each implementation.
//!
//! This crate knows no operation and prices nothing.
//!
//! Invariants: a source is listed whether or not it is external or overridden (the planner decides
//! with the views and labels of the request); an entry is listed only if the key is resolvable
//! there, or leads back; all lists are ordered by subgraph, so that whatever is built from them is deterministic.

mod contexts;
mod entries;
mod sources;

use std::collections::HashMap;
use std::sync::Arc;

use schema::{ContextArgument, FieldId, Id, IdSet, Kind, Model, Schema, TypeId};

use contexts::Contexts;

pub use contexts::ContextId;
pub use entries::{Entry, EntryKind};
pub use sources::{Source, Via};

/// The supergraph as a graph of ways: made once for each supergraph.
#[derive(Debug)]
pub struct Graph {
    schema: Arc<Schema>,
    /// By field.
    sources: Vec<Vec<Source>>,
    /// By type.
    entries: Vec<Vec<Entry>>,
    /// By field.
    field_classes: Vec<u32>,
    relayed: IdSet<FieldId>,
    contexts: Contexts,
}

impl Graph {
    /// Prepares a supergraph for planning.
    pub fn build(schema: Arc<Schema>) -> Self {
        let sources = sources::all(&schema);
        let entries = entries::all(&schema);
        let classes = classes(&schema, &sources, &entries);
        let field_classes = field_classes(&schema, &sources, &classes);
        let contexts = Contexts::collect(&schema, &sources);
        let relayed = entries::relayed(&schema, &entries);
        Self { schema, sources, entries, field_classes, relayed, contexts }
    }

    /// The supergraph.
    #[inline]
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The subgraphs that have a field of a type. For an object type with fields from interface
    /// objects these are among them; for an interface they are the subgraphs that say it of the
    /// interface itself.
    #[inline]
    pub fn sources(&self, ty: TypeId, field: FieldId) -> &[Source] {
        debug_assert_eq!(self.schema.field(field).parent, ty, "a field is of one type");
        &self.sources[field.index()]
    }

    /// Where an object of a type can be entered. For an interface type: an object of which only
    /// the interface is known.
    #[inline]
    pub fn entries(&self, ty: TypeId) -> &[Entry] {
        &self.entries[ty.index()]
    }

    /// Fields of object types that are of the same class can be planned as one: their objects have
    /// the same keys, and the same subgraphs say the same of the fields.
    #[inline]
    pub fn field_class(&self, field: FieldId) -> u32 {
        self.field_classes[field.index()]
    }

    /// Whether a field may be read in a subgraph only to enter another one with it, since its type has
    /// different keys.
    #[inline]
    pub fn is_relayed(&self, field: FieldId) -> bool {
        self.relayed.contains(field)
    }

    /// Whether any field has arguments from contexts.
    pub fn has_contexts(&self) -> bool {
        !self.contexts.arguments.is_empty()
    }

    /// The arguments from contexts that a field of an object or interface type has in any subgraph.
    pub fn contexts(&self, field: FieldId) -> &[ContextId] {
        self.contexts.needed.get(&field).map_or(&[], Vec::as_slice)
    }

    /// An argument from a context.
    pub fn context(&self, id: ContextId) -> &ContextArgument {
        &self.contexts.arguments[id.index()]
    }

    /// The number of an argument from a context.
    pub fn context_id(&self, argument: &ContextArgument) -> Option<ContextId> {
        self.contexts.find(argument)
    }
}

/// Numbers the classes of the fields of object types. A field that is external somewhere or
/// requires others is alone in its class, since views and requirements differ by type; likewise
/// one with arguments from contexts.
fn field_classes(schema: &Model, sources: &[Vec<Source>], classes: &[u32]) -> Vec<u32> {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut all = Vec::with_capacity(sources.len());
    for (id, field) in schema.fields() {
        if schema.ty(field.parent).kind != Kind::Object {
            all.push(u32::MAX);
            continue;
        }
        let mut text = format!("{} {} {:?};", classes[field.parent.index()], field.name, field.ty);
        let mut alone = schema.root_kind(field.parent).is_some();
        for source in &sources[id.index()] {
            let join = source.join(schema);
            alone |= join.external || join.requires.is_some() || join.overrides.is_some();
            alone |= !join.contexts.is_empty();
            text.push_str(&format!("{:?} {join:?};", source.via));
        }
        if alone {
            text.push_str(&schema.ty(field.parent).name);
        }
        let next = u32::try_from(numbers.len()).expect("fewer classes than fields");
        all.push(*numbers.entry(text).or_insert(next));
    }
    all
}

/// Numbers the classes of object types by the text of everything that entering them depends on.
fn classes(schema: &Model, sources: &[Vec<Source>], entries: &[Vec<Entry>]) -> Vec<u32> {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    schema
        .types()
        .map(|(id, ty)| {
            if ty.kind != Kind::Object {
                return u32::MAX;
            }
            let mut text = String::new();
            let mut key_fields: Vec<&str> = Vec::new();
            for entry in &entries[id.index()] {
                text.push_str(&format!("{:?} {:?} {};", entry.subgraph, entry.kind, entry.back));
                entries::each_field(schema, &entry.key, &mut |name| {
                    text.push_str(name);
                    text.push(' ');
                    key_fields.push(name);
                });
            }
            key_fields.sort_unstable();
            key_fields.dedup();
            for name in key_fields {
                let Some(field) = ty.fields.get(name) else { continue };
                for source in &sources[field.index()] {
                    let join = source.join(schema);
                    text.push_str(&format!("{name} {:?} {join:?};", source.via));
                }
            }
            let next = u32::try_from(numbers.len()).expect("fewer classes than types");
            *numbers.entry(text).or_insert(next)
        })
        .collect()
}
