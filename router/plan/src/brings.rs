//! What a request brings, and what it waits for: what an explanation says could be changed.

use std::collections::BTreeSet;

use schema::{FieldId, FieldSet, Model, SetItem, TypeId, TypeSet};

use crate::alternatives::position;
use crate::model::{Fetch, Input, Plan, Target};

/// Whether all that a request brings is for later requests, and nothing for the client.
pub(crate) fn only_enters(plan: &Plan, fetch: &Fetch) -> bool {
    fetch.parts.iter().all(|part| {
        let Target::Entities { path, .. } = &part.target else { return false };
        let asked = position(&plan.answer, path).map_or(&[][..], |set| &set.fields);
        let brought = &part.selection.fields;
        brought.iter().all(|brought| asked.iter().all(|asked| asked.key != brought.key))
    })
}

/// What the fields of a request need besides the key, as a sentence names it.
pub(crate) fn required(schema: &Model, fetch: &Fetch) -> Option<String> {
    let mut sets: Vec<String> = Vec::new();
    for part in &fetch.parts {
        let Target::Entities { inputs, .. } = &part.target else { continue };
        for input in inputs {
            sets.extend(input.requires.iter().map(|set| format!("`{}`", set.text(schema))));
        }
    }
    sets.sort();
    sets.dedup();
    (!sets.is_empty()).then(|| sets.join(", "))
}

/// Whether a request needs any of some fields besides its key.
pub(crate) fn requires_any(schema: &Model, fetch: &Fetch, names: &[&str]) -> bool {
    fetch.parts.iter().any(|part| match &part.target {
        Target::Entities { inputs, .. } => {
            let mut sets = inputs.iter().flat_map(|input| &input.requires);
            sets.any(|set| has_any(schema, set, names))
        }
        Target::Root { .. } => false,
    })
}

fn has_any(schema: &Model, set: &FieldSet, names: &[&str]) -> bool {
    set.items.iter().any(|item| match item {
        SetItem::Field { field, selection, .. } => {
            names.contains(&schema.field(*field).name.as_str()) || has_any(schema, selection, names)
        }
        SetItem::Fragment { selection, .. } => has_any(schema, selection, names),
        SetItem::Typename => false,
    })
}

/// The fields of a request that require others.
pub(crate) fn requiring<'a>(schema: &Model, fetch: &'a Fetch) -> Vec<&'a str> {
    let mut found = BTreeSet::new();
    for part in &fetch.parts {
        let Target::Entities { inputs, .. } = &part.target else { continue };
        let typename = |input: &Input| schema.type_by_name(input.typename.as_deref()?);
        let named = inputs.iter().filter_map(typename);
        let types = inputs.iter().filter_map(|input| input.types.as_ref());
        let types: Vec<TypeId> = types.flat_map(TypeSet::iter).chain(named).collect();
        for field in &part.selection.fields {
            let name = field.key.split('(').next().unwrap_or(&field.key);
            let fields = types.iter().filter_map(|ty| schema.ty(*ty).fields.get(name));
            let join = |field: &FieldId| schema.field(*field).join(fetch.subgraph);
            if fields.filter_map(join).any(|join| join.requires.is_some()) {
                found.insert(field.wire.as_str());
            }
        }
    }
    found.into_iter().collect()
}

/// What the parts of a request select of their objects, each name once; nothing where these are objects
/// themselves, of which nobody else keeps a copy.
pub(crate) fn leaves(fetch: &Fetch) -> Option<Vec<&str>> {
    let fields = || fetch.parts.iter().flat_map(|part| &part.selection.fields);
    if fields().any(|field| field.selection.is_some()) {
        return None;
    }
    let names = fields().map(|field| field.wire.as_str()).filter(|name| !name.starts_with("__"));
    Some(names.collect::<BTreeSet<_>>().into_iter().collect())
}
