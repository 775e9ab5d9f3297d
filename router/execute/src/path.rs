//! Paths into the merged answer and into the client's.

use indexmap::IndexMap;
use json::{Json, Object};
use operation::SelectionSet;
use plan::PathStep;
use schema::{Kind, Schema, TypeId, TypeRef};

/// One step of a path; keys are those of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step<'p> {
    /// A key: of the merged answer, or a response key.
    Key(&'p str),
    /// The index of a list's item, from 0.
    Index(usize),
}

/// A way from the root.
pub(crate) type Path<'p> = Vec<Step<'p>>;

/// An object of the merged answer.
#[derive(Clone, Debug)]
pub(crate) struct Located<'p> {
    /// Where it is, in keys of the merged answer.
    pub path: Path<'p>,
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
pub(crate) fn type_below<'s>(schema: &'s Schema, ty: TypeId, key: &str) -> Option<&'s TypeRef> {
    let name = key.split('(').next().unwrap_or(key);
    let field = schema.ty(ty).fields.get(name)?;
    Some(&schema.field(*field).ty)
}

/// The objects that a path leads to, through as many lists as the types have. `root` is the type
/// of `data`.
pub(crate) fn locate<'p>(
    schema: &Schema,
    data: &Json,
    root: TypeId,
    steps: &'p [PathStep],
) -> Vec<Located<'p>> {
    let mut found = Vec::new();
    let root = TypeRef::Named(root, true);
    walk(schema, data, (&root, steps), &mut Vec::new(), &mut found);
    found
}

fn walk<'p>(
    schema: &Schema,
    value: &Json,
    (ty, steps): (&TypeRef, &'p [PathStep]),
    path: &mut Path<'p>,
    found: &mut Vec<Located<'p>>,
) {
    match (ty, value) {
        (TypeRef::List(item, _), Json::List(items)) => {
            for (index, value) in items.iter().enumerate() {
                path.push(Step::Index(index));
                walk(schema, value, (item, steps), path, found);
                path.pop();
            }
        }
        (TypeRef::Named(ty, _), Json::Object(object)) => {
            let runtime = runtime_type(schema, *ty, object);
            let Some((step, rest)) = steps.split_first() else {
                found.push(Located { path: path.to_vec(), ty: runtime });
                return;
            };
            let followed = match &step.types {
                None => true,
                Some(types) => runtime.is_some_and(|runtime| types.contains(runtime)),
            };
            let below = type_below(schema, runtime.unwrap_or(*ty), &step.key);
            if let (true, Some(below), Some(value)) = (followed, below, object.get(&step.key)) {
                path.push(Step::Key(&step.key));
                walk(schema, value, (below, rest), path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

/// The value at a path of the merged answer.
pub(crate) fn at<'j>(data: &'j Json, path: &[Step<'_>]) -> Option<&'j Json> {
    path.iter().try_fold(data, |value, item| match item {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.as_list()?.get(*index),
    })
}

/// The value at a path of the merged answer, to be changed.
pub(crate) fn at_mut<'j>(data: &'j mut Json, path: &[Step<'_>]) -> Option<&'j mut Json> {
    path.iter().try_fold(data, |value, item| match (item, value) {
        (Step::Key(key), Json::Object(object)) => object.get_mut(*key),
        (Step::Index(index), Json::List(items)) => items.get_mut(*index),
        _ => None,
    })
}

/// The client's paths for a path of the merged answer: several when aliases ask for it more than
/// once, at most `most`. Where the path leaves what the client asked for, it ends: the rest is
/// only of inside use.
pub(crate) fn client_paths<'p>(
    schema: &Schema,
    data: &Json,
    answer: &'p SelectionSet,
    path: &[Step<'_>],
    most: usize,
) -> Vec<Path<'p>> {
    let mut ways: Vec<Way<'_>> = vec![(Vec::new(), vec![answer])];
    let mut value = Some(data);
    let mut ty = Some(answer.ty);
    for item in path {
        match item {
            Step::Index(index) => {
                ways.iter_mut().for_each(|(way, _)| way.push(Step::Index(*index)));
                value = value.and_then(|value| value.as_list()?.get(*index));
            }
            Step::Key(key) => {
                let object = value.and_then(Json::as_object);
                let runtime = ty.zip(object).and_then(|(ty, it)| runtime_type(schema, ty, it));
                let next = extend(&ways, runtime, key, most);
                if next.is_empty() {
                    break;
                }
                ways = next;
                ty = runtime.or(ty).and_then(|ty| Some(type_below(schema, ty, key)?.named()));
                value = object.and_then(|object| object.get(*key));
            }
        }
    }
    ways.into_iter().map(|(way, _)| way).collect()
}

/// A client's path so far, and what is selected where it leads.
type Way<'p> = (Path<'p>, Vec<&'p SelectionSet>);

/// Goes one key further from an object, once for each response key that asks for it.
fn extend<'a>(ways: &[Way<'a>], runtime: Option<TypeId>, key: &str, most: usize) -> Vec<Way<'a>> {
    let mut next: Vec<Way<'a>> = Vec::new();
    for (way, sets) in ways {
        let mut longer: IndexMap<&'a str, Vec<&'a SelectionSet>> = IndexMap::new();
        for field in sets.iter().flat_map(|set| &set.fields).filter(|field| field.key == key) {
            if runtime.is_none_or(|ty| field.types.contains(ty)) {
                longer.entry(&field.response_key).or_default().extend(&field.selection);
            }
        }
        for (response_key, sets) in longer {
            if next.len() == most {
                return next;
            }
            next.push(([way.as_slice(), &[Step::Key(response_key)]].concat(), sets));
        }
    }
    next
}
