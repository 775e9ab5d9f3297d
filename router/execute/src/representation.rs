//! How an object is represented to a subgraph.

use json::{Json, Object};
use plan::Input;
use schema::{FieldSet, Schema, SetItem, TypeId, TypeRef};

use crate::path::{Located, Path, Step, at, runtime_type, type_below};

/// Where that is which an object lacks, from the object, innermost key first.
type Missing<'p> = Path<'p>;

/// The representation of an object by the first input for its type, or what it lacks for that;
/// `None` when no input is for it.
pub(crate) fn represent<'p>(
    schema: &Schema,
    data: &Json,
    located: &Located<'_>,
    inputs: &'p [Input],
) -> Option<Result<Json, Missing<'p>>> {
    let input = inputs.iter().find(|input| match (&input.types, located.ty) {
        (None, _) => true,
        (Some(types), Some(ty)) => types.contains(ty),
        (Some(_), None) => false,
    })?;
    let object = at(data, &located.path)?.as_object()?;
    let own = located.ty.map(|ty| schema.ty(ty).name.as_str());
    let typename = input.typename.as_deref().or(own)?;
    let ty = located.ty.or_else(|| schema.type_by_name(typename))?;
    Some(made(schema, (typename, ty), object, input))
}

fn made<'p>(
    schema: &Schema,
    (typename, ty): (&str, TypeId),
    object: &Object,
    input: &'p Input,
) -> Result<Json, Missing<'p>> {
    let mut made = Object::from_iter([("__typename".to_owned(), Json::from(typename))]);
    let key = Selecting { schema, nulls: Nulls::Refused };
    key.object(ty, object, &input.key, &mut made)?;
    let required = Selecting { schema, nulls: Nulls::Sent };
    for requires in &input.requires {
        required.object(ty, object, requires, &mut made)?;
    }
    Ok(Json::Object(made))
}

/// What becomes of nulls: a key can't have them, what a field requires can.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nulls {
    Refused,
    Sent,
}

#[derive(Clone, Copy)]
struct Selecting<'a> {
    schema: &'a Schema,
    nulls: Nulls,
}

impl Selecting<'_> {
    /// Adds what a field set selects from an object of type `ty` to `made`.
    fn object<'p>(
        self,
        ty: TypeId,
        object: &Object,
        set: &'p FieldSet,
        made: &mut Object,
    ) -> Result<(), Missing<'p>> {
        let schema = self.schema;
        let runtime = runtime_type(schema, ty, object);
        for item in &set.items {
            match item {
                SetItem::Typename => {
                    if let Some(runtime) = runtime {
                        let name = &schema.ty(runtime).name;
                        made.entry("__typename".into()).or_insert_with(|| name.as_str().into());
                    }
                }
                SetItem::Field { field, key, selection, .. } => {
                    let value = object.get(key).ok_or_else(|| vec![Step::Key(key)])?;
                    let def = schema.field(*field);
                    // The set may be bound to an interface that the object's type is not.
                    let below = type_below(schema, runtime.unwrap_or(ty), key).unwrap_or(&def.ty);
                    let place = made.entry(def.name.to_owned()).or_default();
                    self.value(below, value, selection, place).map_err(|mut missing| {
                        missing.push(Step::Key(key));
                        missing
                    })?;
                }
                SetItem::Fragment { on, selection } => {
                    let possible = &schema.ty(*on).possible;
                    if runtime.is_some_and(|runtime| possible.contains(runtime)) {
                        self.object(ty, object, selection, made)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Adds what a field set selects from a value to what is at its place already.
    fn value<'p>(
        self,
        ty: &TypeRef,
        value: &Json,
        selection: &'p FieldSet,
        made: &mut Json,
    ) -> Result<(), Missing<'p>> {
        match (ty, value) {
            (_, Json::Null) if self.nulls == Nulls::Refused => Err(Missing::new()),
            (_, Json::Null) => Ok(()),
            _ if selection.is_empty() => {
                *made = value.clone();
                Ok(())
            }
            (TypeRef::List(item, _), Json::List(items)) => {
                if made.is_null() {
                    *made = Json::List(vec![Json::Null; items.len()]);
                }
                let Json::List(places) = made else { return Err(Missing::new()) };
                for (index, (value, place)) in items.iter().zip(places).enumerate() {
                    self.value(item, value, selection, place).map_err(|mut missing| {
                        missing.push(Step::Index(index));
                        missing
                    })?;
                }
                Ok(())
            }
            (TypeRef::Named(ty, _), Json::Object(object)) => {
                if made.is_null() {
                    *made = Json::Object(Object::new());
                }
                let Json::Object(made) = made else { return Err(Missing::new()) };
                // Only where the type is abstract must the subgraph be told which one it is.
                if let (true, Some(name)) =
                    (self.schema.ty(*ty).is_abstract(), object.get("__typename"))
                {
                    made.entry("__typename".into()).or_insert_with(|| name.clone());
                }
                self.object(*ty, object, selection, made)
            }
            _ => Err(Missing::new()),
        }
    }
}
