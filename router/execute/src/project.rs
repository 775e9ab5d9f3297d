//! The client's answer, made of the merged answer: selection order, types checked, nulls
//! propagated.

use indexmap::IndexMap;
use json::{Json, Object};
use operation::{Field, Selected, SelectionSet};
use schema::{Kind, Schema, TypeDef, TypeId, TypeRef};

use crate::Execution;
use crate::answer::{Answer, Error};
use crate::faults::Errors;
use crate::path::{PathItem, runtime_type};
use crate::run::Outcome;

/// Makes the client's answer.
pub(crate) fn project(execution: &Execution<'_>, outcome: Outcome) -> Answer {
    let mut projection = Projection {
        schema: execution.schema,
        introspection: execution.introspection,
        most: execution.options.most_errors.get(),
        errors: outcome.errors,
        path: Vec::new(),
    };
    let empty = Object::new();
    let root = outcome.data.as_object().unwrap_or(&empty);
    let answer = &*execution.plan.answer;
    let data = projection.object(&[answer], root);
    Answer {
        data: data.unwrap_or(Json::Null),
        errors: projection.errors.finish(),
        calls: outcome.calls,
    }
}

/// A null that the position can't have: it goes up to the next position that can.
struct Propagated;

struct Projection<'a> {
    schema: &'a Schema,
    introspection: Option<&'a Object>,
    most: usize,
    errors: Errors,
    /// Where it is in the client's answer.
    path: Vec<PathItem>,
}

/// What an object is asked for at one response key: the first field, and the selections of all.
struct Asked<'a> {
    field: &'a Field,
    selections: Vec<&'a SelectionSet>,
}

impl Projection<'_> {
    /// An object; `sets` are all selections that are made on it.
    fn object(&mut self, sets: &[&SelectionSet], object: &Object) -> Result<Json, Propagated> {
        let Some(first) = sets.first() else { return Ok(Json::Object(Object::new())) };
        let ty = runtime_type(self.schema, first.ty, object);
        let mut projected = Object::new();
        for (response_key, asked) in self.collect(sets, ty) {
            self.path.push(PathItem::Key(response_key.to_owned()));
            let value = self.field(ty.unwrap_or(first.ty), ty, &asked, object);
            self.path.pop();
            projected.insert(response_key.to_owned(), value?);
        }
        Ok(Json::Object(projected))
    }

    /// CollectFields of the GraphQL specification. Of an object whose type is not known, only what
    /// is asked for all types is collected.
    fn collect<'s>(
        &self,
        sets: &[&'s SelectionSet],
        ty: Option<TypeId>,
    ) -> IndexMap<&'s str, Asked<'s>> {
        let mut fields: IndexMap<&str, Asked<'_>> = IndexMap::new();
        for set in sets {
            for field in &set.fields {
                let applies = match ty {
                    Some(ty) => field.types.contains(ty),
                    None => self.schema.ty(set.ty).possible.is_subset(&field.types),
                };
                if !applies {
                    continue;
                }
                let asked = fields
                    .entry(&field.response_key)
                    .or_insert_with(|| Asked { field, selections: Vec::new() });
                asked.selections.extend(&field.selection);
            }
        }
        fields
    }

    /// The value of a field of an object: `ty` is the object's type, or the interface that is all
    /// that is known of it.
    fn field(
        &mut self,
        ty: TypeId,
        runtime: Option<TypeId>,
        asked: &Asked<'_>,
        object: &Object,
    ) -> Result<Json, Propagated> {
        let field = match asked.field.what {
            Selected::Introspection => {
                let value = self.introspection.and_then(|all| all.get(&asked.field.response_key));
                return Ok(value.cloned().unwrap_or_default());
            }
            Selected::Typename => {
                let Some(runtime) = runtime else {
                    let parent = self.schema.ty(ty);
                    return self.refused_null(&parent.name, "__typename");
                };
                return Ok(Json::String(self.schema.ty(runtime).name.clone()));
            }
            Selected::Field(id) => {
                let name = &self.schema.field(id).name;
                let own = self.schema.ty(ty).fields.get(name).copied();
                self.schema.field(own.unwrap_or(id))
            }
        };
        let value = object.get(&asked.field.key).unwrap_or(&Json::Null);
        let parent = (ty, field.name.as_str());
        self.complete(&field.ty, value, asked, parent)
    }

    /// CompleteValue of the GraphQL specification.
    fn complete(
        &mut self,
        ty: &TypeRef,
        value: &Json,
        asked: &Asked<'_>,
        (parent, name): (TypeId, &str),
    ) -> Result<Json, Propagated> {
        let completed = match (ty, value) {
            (_, Json::Null) => Ok(Json::Null),
            (TypeRef::List(item, _), Json::List(items)) => {
                self.list(item, items, asked, (parent, name))
            }
            (TypeRef::List(..), _) => self.misfit(ty, parent, name),
            (TypeRef::Named(id, _), _) => {
                let def = self.schema.ty(*id);
                match def.kind {
                    Kind::Scalar => match fits(def, value) {
                        true => Ok(value.clone()),
                        false => self.misfit(ty, parent, name),
                    },
                    Kind::Enum => match value.as_str() {
                        Some(text) if def.enum_values.iter().any(|known| known == text) => {
                            Ok(value.clone())
                        }
                        _ => self.misfit(ty, parent, name),
                    },
                    _ => self.composite(*id, value, asked, (parent, name)),
                }
            }
        };
        match completed {
            Ok(Json::Null) if ty.non_null() => {
                let parent = self.schema.ty(parent).name.clone();
                self.refused_null(&parent, name)
            }
            Err(Propagated) if !ty.non_null() => Ok(Json::Null),
            completed => completed,
        }
    }

    fn list(
        &mut self,
        item: &TypeRef,
        items: &[Json],
        asked: &Asked<'_>,
        parent: (TypeId, &str),
    ) -> Result<Json, Propagated> {
        let mut completed = Vec::with_capacity(items.len());
        for (index, value) in items.iter().enumerate() {
            self.path.push(PathItem::Index(index));
            let value = self.complete(item, value, asked, parent);
            self.path.pop();
            completed.push(value?);
        }
        Ok(Json::List(completed))
    }

    fn composite(
        &mut self,
        id: TypeId,
        value: &Json,
        asked: &Asked<'_>,
        (parent, name): (TypeId, &str),
    ) -> Result<Json, Propagated> {
        let Json::Object(object) = value else {
            return self.misfit(&TypeRef::Named(id, false), parent, name);
        };
        let def = self.schema.ty(id);
        let said = object.get("__typename").and_then(Json::as_str);
        let runtime = runtime_type(self.schema, id, object);
        let possible =
            runtime.is_some_and(|ty| def.possible.contains(ty) && !self.schema.ty(ty).inaccessible);
        if !possible && said.is_some() && def.kind != Kind::Object {
            // A type that clients don't know: its name must not be told either.
            let message = format!(
                "A subgraph answered with an object that is no public {} for field {}.{name}.",
                def.name,
                self.schema.ty(parent).name
            );
            self.tell("INVALID_SUBGRAPH_VALUE", message);
            return Ok(Json::Null);
        }
        self.object(&asked.selections, object)
    }

    /// A value that is none of the type: null, and an error.
    fn misfit(&mut self, ty: &TypeRef, parent: TypeId, name: &str) -> Result<Json, Propagated> {
        let message = format!(
            "A subgraph answered with a value that is no {} for field {}.{name}.",
            self.schema.type_text(ty).trim_end_matches('!'),
            self.schema.ty(parent).name
        );
        self.tell("INVALID_SUBGRAPH_VALUE", message);
        Ok(Json::Null)
    }

    /// A null that a non-null field can't have, told unless an error at hand explains it.
    fn refused_null(&mut self, parent: &str, name: &str) -> Result<Json, Propagated> {
        if !self.errors.explain(&self.path) {
            let message = format!("Cannot return null for non-nullable field {parent}.{name}.");
            self.tell("NULL_IN_NON_NULLABLE_FIELD", message);
        }
        Err(Propagated)
    }

    fn tell(&mut self, code: &str, message: String) {
        let error = Error { path: self.path.clone(), ..Error::new(code, message) };
        self.errors.push(error, self.most);
    }
}

/// Whether a value is one of a scalar type. What is not built in takes every value.
fn fits(scalar: &TypeDef, value: &Json) -> bool {
    match (scalar.name.as_str(), value) {
        ("Int", Json::Number(text)) => is_int(text),
        ("Float", Json::Number(_)) => true,
        ("ID", Json::Number(text)) => text.bytes().all(|b| b.is_ascii_digit() || b == b'-'),
        ("String" | "ID", Json::String(_)) | ("Boolean", Json::Bool(_)) => true,
        ("Int" | "Float" | "ID" | "String" | "Boolean", _) => false,
        _ => true,
    }
}

/// Whether a number is an integer of 32 bits, as `1.0` is too.
fn is_int(text: &str) -> bool {
    text.parse::<i32>().is_ok()
        || text.parse::<f64>().is_ok_and(|number| {
            number.fract() == 0.0 && (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number)
        })
}
