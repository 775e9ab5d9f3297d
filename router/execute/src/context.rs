//! The values of arguments that come from contexts: read of the nearest object above that sets the
//! context.

use json::{Json, Object};
use plan::Context;
use schema::{ContextSetter, FieldSet, Schema, SetItem, TypeId, TypeRef};

use crate::path::{Path, Step, runtime_type, type_below};

/// An object on the way to another.
struct Above<'a> {
    /// How many steps lead to it.
    steps: usize,
    object: &'a Object,
    /// Its static type.
    ty: TypeId,
    /// Its object type, when it is known.
    runtime: Option<TypeId>,
}

/// One value for each argument, for the object at `path`; or where that is which lacks. A value that
/// nobody sets is null, as one is that is read of a null.
pub(crate) fn values<'p>(
    schema: &Schema,
    (data, root): (&Json, TypeId),
    path: &[Step<'p>],
    contexts: &'p [Context],
) -> Result<Vec<Json>, Path<'p>> {
    if contexts.is_empty() {
        return Ok(Vec::new());
    }
    let above = above(schema, (data, root), path);
    let value = |context: &'p Context| {
        let setters = &context.argument.setters;
        let set = above.iter().rev().find_map(|it| Some((it, setter(schema, it, setters)?)));
        let Some((above, setter)) = set else { return Ok(Json::Null) };
        read(schema, above.ty, above.object, &setter.selection).map_err(|mut missing| {
            missing.reverse();
            [&path[..above.steps], &missing].concat()
        })
    };
    contexts.iter().map(value).collect()
}

/// The objects that a path goes through before it ends, from the root on.
fn above<'a>(
    schema: &Schema,
    (data, root): (&'a Json, TypeId),
    path: &[Step<'_>],
) -> Vec<Above<'a>> {
    let mut found = Vec::new();
    let (mut value, mut ty) = (data, root);
    for (steps, step) in path.iter().enumerate() {
        let next = match (step, value) {
            (Step::Index(index), Json::List(items)) => items.get(*index),
            (Step::Key(key), Json::Object(object)) => {
                let runtime = runtime_type(schema, ty, object);
                found.push(Above { steps, object, ty, runtime });
                let below = type_below(schema, runtime.unwrap_or(ty), key);
                ty = below.map_or(ty, TypeRef::named);
                object.get(*key)
            }
            _ => None,
        };
        let Some(next) = next else { break };
        value = next;
    }
    found
}

/// Who of those that set a context speaks for an object.
fn setter<'p>(
    schema: &Schema,
    above: &Above<'_>,
    setters: &'p [ContextSetter],
) -> Option<&'p ContextSetter> {
    setters.iter().find(|setter| match above.runtime {
        Some(runtime) => setter.types.contains(runtime),
        None => schema.ty(above.ty).possible.is_subset(&setter.types),
    })
}

/// The value that a selection leads to, from an object of type `ty`; or which keys lack for it,
/// innermost first.
fn read<'p>(
    schema: &Schema,
    ty: TypeId,
    object: &Object,
    set: &'p FieldSet,
) -> Result<Json, Path<'p>> {
    let runtime = runtime_type(schema, ty, object);
    for item in &set.items {
        match item {
            SetItem::Typename => {
                return Ok(runtime.map_or(Json::Null, |ty| schema.ty(ty).name.as_str().into()));
            }
            SetItem::Fragment { on, selection } => {
                let possible = &schema.ty(*on).possible;
                if runtime.is_some_and(|runtime| possible.contains(runtime)) {
                    return read(schema, ty, object, selection);
                }
            }
            SetItem::Field { field, key, selection, .. } => {
                let value = object.get(key).ok_or_else(|| vec![Step::Key(key)])?;
                let below = type_below(schema, runtime.unwrap_or(ty), key);
                let below = below.unwrap_or(&schema.field(*field).ty).named();
                return inside(schema, below, value, selection).map_err(|mut missing| {
                    missing.push(Step::Key(key));
                    missing
                });
            }
        }
    }
    Ok(Json::Null)
}

fn inside<'p>(
    schema: &Schema,
    ty: TypeId,
    value: &Json,
    selection: &'p FieldSet,
) -> Result<Json, Path<'p>> {
    match value {
        _ if selection.is_empty() => Ok(value.clone()),
        Json::Object(object) => read(schema, ty, object, selection),
        Json::List(items) => {
            let item = |(index, item): (usize, &Json)| {
                inside(schema, ty, item, selection).map_err(|mut missing| {
                    missing.push(Step::Index(index));
                    missing
                })
            };
            items.iter().enumerate().map(item).collect::<Result<Vec<_>, _>>().map(Json::List)
        }
        _ => Ok(Json::Null),
    }
}
