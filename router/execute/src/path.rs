//! Paths into the merged answer and into the client's.

use json::{Json, Object};
use operation::SelectionSet;
use plan::PathStep;
use schema::{Kind, Schema, TypeId};

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PathItem {
    /// A key: in the merged answer a store key, in the client's a response key.
    Key(String),
    /// The index of a list's item, from 0.
    Index(usize),
}

/// An object of the merged answer.
#[derive(Clone, Debug)]
pub(crate) struct Located {
    /// Where it is, in store keys.
    pub path: Vec<PathItem>,
    /// Its object type, when it is known.
    pub ty: Option<TypeId>,
}

/// The object type of an object at a position of static type `ty`: the static type if that is an
/// object type, else what the subgraph said. A root type has another name in some subgraphs, so
/// what they say of it does not count.
pub(crate) fn runtime_type(schema: &Schema, ty: TypeId, object: &Object) -> Option<TypeId> {
    if schema.ty(ty).kind == Kind::Object {
        return Some(ty);
    }
    let name = object.get("__typename")?.as_str()?;
    schema.type_by_name(name).filter(|id| schema.ty(*id).kind == Kind::Object)
}

/// The static type below a key of the merged answer. The name of the field stands before its
/// arguments.
pub(crate) fn type_below(schema: &Schema, ty: TypeId, key: &str) -> Option<TypeId> {
    let name = key.split('(').next().unwrap_or(key);
    let field = schema.ty(ty).fields.get(name)?;
    Some(schema.field(*field).ty.named())
}

/// The objects that a path leads to, through lists of any depth. `root` is the type of `data`.
pub(crate) fn locate(
    schema: &Schema,
    data: &Json,
    root: TypeId,
    steps: &[PathStep],
) -> Vec<Located> {
    let mut found = Vec::new();
    walk(schema, data, (root, steps), &mut Vec::new(), &mut found);
    found
}

fn walk(
    schema: &Schema,
    value: &Json,
    (ty, steps): (TypeId, &[PathStep]),
    path: &mut Vec<PathItem>,
    found: &mut Vec<Located>,
) {
    match value {
        Json::List(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(PathItem::Index(index));
                walk(schema, item, (ty, steps), path, found);
                path.pop();
            }
        }
        Json::Object(object) => {
            let runtime = runtime_type(schema, ty, object);
            let Some((step, rest)) = steps.split_first() else {
                found.push(Located { path: path.clone(), ty: runtime });
                return;
            };
            let followed = match &step.types {
                None => true,
                Some(types) => runtime.is_some_and(|runtime| types.contains(runtime)),
            };
            let below = type_below(schema, runtime.unwrap_or(ty), &step.key);
            if let (true, Some(below), Some(value)) = (followed, below, object.get(&step.key)) {
                path.push(PathItem::Key(step.key.clone()));
                walk(schema, value, (below, rest), path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

/// The value at a path of the merged answer.
pub(crate) fn at<'j>(data: &'j Json, path: &[PathItem]) -> Option<&'j Json> {
    path.iter().try_fold(data, |value, item| match item {
        PathItem::Key(key) => value.get(key),
        PathItem::Index(index) => value.as_list()?.get(*index),
    })
}

/// The value at a path of the merged answer, to be changed.
pub(crate) fn at_mut<'j>(data: &'j mut Json, path: &[PathItem]) -> Option<&'j mut Json> {
    path.iter().try_fold(data, |value, item| match (item, value) {
        (PathItem::Key(key), Json::Object(object)) => object.get_mut(key),
        (PathItem::Index(index), Json::List(items)) => items.get_mut(*index),
        _ => None,
    })
}

/// The client's paths for a path of the merged answer: several when aliases ask for it more than
/// once, at most `most`. Where the path leaves what the client asked for, it ends: the rest is
/// only of inside use.
pub(crate) fn client_paths(
    schema: &Schema,
    data: &Json,
    answer: &SelectionSet,
    path: &[PathItem],
    most: usize,
) -> Vec<Vec<PathItem>> {
    // Each way: the client's path so far, and what is selected where it leads.
    let mut ways: Vec<(Vec<PathItem>, Vec<&SelectionSet>)> = vec![(Vec::new(), vec![answer])];
    let mut value = Some(data);
    for item in path {
        let mut next: Vec<(Vec<PathItem>, Vec<&SelectionSet>)> = Vec::new();
        match item {
            PathItem::Index(index) => {
                for (mut way, sets) in ways {
                    way.push(item.clone());
                    next.push((way, sets));
                }
                value = value.and_then(|value| value.as_list()?.get(*index));
            }
            PathItem::Key(key) => {
                let object = value.and_then(Json::as_object);
                for (way, sets) in &ways {
                    extend(schema, object, (way, sets), key, &mut next);
                    next.truncate(most);
                }
                if next.is_empty() {
                    break;
                }
                value = value.and_then(|value| value.get(key));
            }
        }
        ways = next;
    }
    ways.into_iter().map(|(way, _)| way).collect()
}

/// Goes one key further, once for each response key that asks for it.
fn extend<'a>(
    schema: &Schema,
    object: Option<&Object>,
    (way, sets): (&[PathItem], &[&'a SelectionSet]),
    key: &str,
    next: &mut Vec<(Vec<PathItem>, Vec<&'a SelectionSet>)>,
) {
    for set in sets {
        let runtime = object.and_then(|object| runtime_type(schema, set.ty, object));
        for field in set.fields.iter().filter(|field| field.key == *key) {
            if runtime.is_some_and(|ty| !field.types.contains(ty)) {
                continue;
            }
            let mut longer = way.to_vec();
            longer.push(PathItem::Key(field.response_key.clone()));
            match next.iter_mut().find(|(other, _)| *other == longer) {
                Some((_, sets)) => sets.extend(&field.selection),
                None => next.push((longer, field.selection.iter().collect())),
            }
        }
    }
}
