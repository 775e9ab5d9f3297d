//! The objects that a fetch is about, and how they are represented.

use std::collections::HashMap;

use json::{Json, Object};
use plan::{Input, Part, Target};
use schema::{FieldSet, Schema, SetItem, TypeId};

use crate::merge::merge;
use crate::path::{Located, PathItem, locate, runtime_type, type_below};

/// What one part of a request is about.
#[derive(Debug)]
pub(crate) enum Targets {
    /// The objects of a root type that the answer's fields are merged into.
    Roots(Vec<Vec<PathItem>>),
    /// Entities.
    Entities(Entities),
}

/// Representations, each distinct one once, with the objects that it stands for.
#[derive(Debug, Default)]
pub(crate) struct Entities {
    /// What is sent.
    pub representations: Vec<Json>,
    /// Where the objects of each representation are.
    pub positions: Vec<Vec<Vec<PathItem>>>,
}

impl Targets {
    /// Whether there is nothing to ask for.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Targets::Roots(paths) => paths.is_empty(),
            Targets::Entities(entities) => entities.representations.is_empty(),
        }
    }

    /// All positions.
    pub(crate) fn positions(&self) -> impl Iterator<Item = &[PathItem]> {
        let (roots, entities) = match self {
            Targets::Roots(paths) => (Some(paths), None),
            Targets::Entities(entities) => (None, Some(&entities.positions)),
        };
        let entities = entities.into_iter().flatten().flatten();
        roots.into_iter().flatten().chain(entities).map(Vec::as_slice)
    }
}

/// Finds what a part is about. `root` is the type of `data`.
pub(crate) fn gather(schema: &Schema, data: &Json, root: TypeId, part: &Part) -> Targets {
    match &part.target {
        Target::Root { path } => {
            let found = locate(schema, data, root, path);
            Targets::Roots(found.into_iter().map(|located| located.path).collect())
        }
        Target::Entities { path, inputs, .. } => {
            let mut entities = Entities::default();
            // The text of a representation is the representation: equal texts, equal entities.
            let mut known: HashMap<String, usize> = HashMap::new();
            for located in locate(schema, data, root, path) {
                let Some(representation) = represent(schema, data, &located, inputs) else {
                    continue;
                };
                let next = entities.representations.len();
                let index = *known.entry(representation.to_string()).or_insert(next);
                if index == next {
                    entities.representations.push(representation);
                    entities.positions.push(Vec::new());
                }
                entities.positions[index].push(located.path);
            }
            Targets::Entities(entities)
        }
    }
}

/// The representation of an object by the first input for its type; `None` when there is no such
/// input, or something that it needs is not there.
fn represent(schema: &Schema, data: &Json, located: &Located, inputs: &[Input]) -> Option<Json> {
    let input = inputs.iter().find(|input| match (&input.types, located.ty) {
        (None, _) => true,
        (Some(types), Some(ty)) => types.contains(ty),
        (Some(_), None) => false,
    })?;
    let object = crate::path::at(data, &located.path)?.as_object()?;
    let own = located.ty.map(|ty| schema.ty(ty).name.as_str());
    let typename = input.typename.as_deref().or(own)?;
    let ty = located.ty.or_else(|| schema.type_by_name(typename))?;
    let mut representation = Object::new();
    representation.insert("__typename".into(), Json::String(typename.to_owned()));
    let mut representation = Json::Object(representation);
    merge(&mut representation, select(schema, ty, object, &input.key, Nulls::Refused)?);
    for requires in &input.requires {
        merge(&mut representation, select(schema, ty, object, requires, Nulls::Sent)?);
    }
    Some(representation)
}

/// What becomes of nulls: a key can't have them, what a field requires can.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nulls {
    Refused,
    Sent,
}

/// What a field set selects from an object of type `ty`; `None` when something is missing.
fn select(
    schema: &Schema,
    ty: TypeId,
    object: &Object,
    set: &FieldSet,
    nulls: Nulls,
) -> Option<Json> {
    let mut selected = Json::Object(Object::new());
    for item in &set.items {
        let piece = match item {
            SetItem::Typename => single("__typename", object.get("__typename")?.clone()),
            SetItem::Field { field, key, selection, .. } => {
                let value = object.get(key)?;
                let below = type_below(schema, ty, key).or_else(|| {
                    // The field set was bound to an interface whose name the object's type is not.
                    Some(schema.field(*field).ty.named())
                })?;
                let value = select_value(schema, below, value, selection, nulls)?;
                single(&schema.field(*field).name, value)
            }
            SetItem::Fragment { on, selection } => {
                let matches = runtime_type(schema, ty, object)
                    .is_some_and(|ty| schema.ty(*on).possible.contains(ty));
                if !matches {
                    continue;
                }
                select(schema, ty, object, selection, nulls)?
            }
        };
        merge(&mut selected, piece);
    }
    Some(selected)
}

fn single(name: &str, value: Json) -> Json {
    Json::Object(Object::from_iter([(name.to_owned(), value)]))
}

fn select_value(
    schema: &Schema,
    ty: TypeId,
    value: &Json,
    selection: &FieldSet,
    nulls: Nulls,
) -> Option<Json> {
    match value {
        Json::Null => (nulls == Nulls::Sent).then_some(Json::Null),
        _ if selection.items.is_empty() => Some(value.clone()),
        Json::List(items) => {
            let items = items.iter().map(|item| select_value(schema, ty, item, selection, nulls));
            Some(Json::List(items.collect::<Option<_>>()?))
        }
        Json::Object(object) => {
            let selected = select(schema, ty, object, selection, nulls)?;
            if !schema.ty(ty).is_abstract() {
                return Some(selected);
            }
            // Only where the type is abstract does the subgraph need to be told which one it is.
            let mut typed = single("__typename", object.get("__typename")?.clone());
            merge(&mut typed, selected);
            Some(typed)
        }
        _ => None,
    }
}
