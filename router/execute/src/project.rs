//! The client's answer, made of the merged answer: selection order, types checked, nulls
//! propagated.

use indexmap::IndexMap;
use json::{Json, Object};
use operation::{Field, Selected, SelectionSet};
use plan::Plan;
use schema::{FieldDef, Kind, Schema, TypeId, TypeRef, TypeSet};

use crate::answer::{Answer, Data, Error};
use crate::causes::{Causes, supplier};
use crate::code::{ANSWER, INVALID_VALUE, NULL};
use crate::errors::Errors;
use crate::execution::Execution;
use crate::merge::{OVERHEAD, size};
use crate::path::{Path, Step, runtime_type};
use crate::run::Outcome;
use crate::scalar::fits;

/// Makes the client's answer.
pub(crate) fn project<'a>(execution: &'a Execution<'a>, outcome: Outcome<'a>) -> Answer {
    let mut projection = Projection {
        schema: execution.schema,
        plan: execution.plan,
        introspection: execution.introspection,
        most: execution.options.most_errors.get(),
        left: Some(execution.options.answer_bytes.get()),
        errors: outcome.errors,
        causes: outcome.causes,
        path: Vec::new(),
        store: Vec::new(),
    };
    let empty = Object::new();
    let root = outcome.data.as_object().unwrap_or(&empty);
    let answer = &*execution.plan.answer;
    let mut data = projection.object(answer.ty, &[answer], root).unwrap_or_default();
    if projection.left.is_none() {
        data = Json::Null;
        let most = execution.options.answer_bytes;
        let message = format!("The answer takes more than {most} bytes of memory.");
        projection.errors.push(Error::new(ANSWER, message), projection.most);
    }
    Answer { data: Data::Tree(data), errors: projection.errors.finish(), calls: outcome.calls }
}

/// A null that the position can't have: it goes up to the next position that can.
struct Propagated;

/// A value that became null; whether an error tells why already.
enum Null {
    Plain,
    Told,
}

struct Projection<'a> {
    schema: &'a Schema,
    plan: &'a Plan,
    introspection: Option<&'a Object>,
    most: usize,
    /// How much more the answer may hold; `None` when it was too much.
    left: Option<usize>,
    errors: Errors,
    causes: Causes<'a>,
    /// Where it is in the client's answer.
    path: Path<'a>,
    /// Where it is in the merged answer.
    store: Path<'a>,
}

/// What an object is asked for at one response key: a field, and the selections of all that have
/// the key.
struct Asked<'a> {
    field: &'a Field,
    selections: Vec<&'a SelectionSet>,
    /// The object types that it is asked for.
    types: TypeSet,
}

/// A field that is being completed.
#[derive(Clone, Copy)]
struct Of<'o, 'a> {
    parent: &'o str,
    name: &'o str,
    selections: &'o [&'a SelectionSet],
}

impl<'a> Projection<'a> {
    /// An object at a position of type `ty`; `sets` are all selections that are made on it.
    fn object(
        &mut self,
        ty: TypeId,
        sets: &[&'a SelectionSet],
        object: &Object,
    ) -> Result<Json, Propagated> {
        let runtime = runtime_type(self.schema, ty, object);
        let mut projected = Object::new();
        for (response_key, asked) in self.collect(sets, (ty, runtime)) {
            self.spend(response_key.len() + OVERHEAD);
            self.path.push(Step::Key(response_key));
            self.store.push(Step::Key(&asked.field.key));
            let value = self.field((ty, runtime), &asked, object);
            self.store.pop();
            self.path.pop();
            projected.insert(response_key.to_owned(), value?);
        }
        Ok(Json::Object(projected))
    }

    /// CollectFields of the GraphQL specification. Of an object whose type is not known, only what
    /// is asked for all types is collected.
    fn collect(
        &self,
        sets: &[&'a SelectionSet],
        (ty, runtime): (TypeId, Option<TypeId>),
    ) -> IndexMap<&'a str, Asked<'a>> {
        let mut fields: IndexMap<&'a str, Asked<'a>> = IndexMap::new();
        for field in sets.iter().flat_map(|set| &set.fields) {
            if runtime.is_some_and(|runtime| !field.types.contains(runtime)) {
                continue;
            }
            let types = TypeSet::default();
            let asked = fields.entry(&field.response_key).or_insert_with(|| Asked {
                field,
                selections: Vec::new(),
                types,
            });
            if asked.field.key == field.key {
                asked.types = asked.types.union(&field.types);
                asked.selections.extend(&field.selection);
            }
        }
        if runtime.is_none() {
            let possible = &self.schema.ty(ty).possible;
            fields.retain(|_, asked| possible.is_subset(&asked.types));
        }
        fields
    }

    /// The value of a field of an object.
    fn field(
        &mut self,
        (ty, runtime): (TypeId, Option<TypeId>),
        asked: &Asked<'a>,
        object: &Object,
    ) -> Result<Json, Propagated> {
        let schema = self.schema;
        let parent = schema.ty(runtime.unwrap_or(ty));
        match asked.field.what {
            Selected::Introspection => {
                let value = self.introspection.and_then(|all| all.get(&asked.field.response_key));
                self.spend(value.map_or(0, size));
                Ok(value.cloned().unwrap_or_default())
            }
            Selected::Typename if runtime.is_some() => {
                self.spend(parent.name.len());
                Ok(parent.name.as_str().into())
            }
            Selected::Typename => {
                let of = Of { parent: &parent.name, name: "__typename", selections: &[] };
                Err(self.refused(Null::Plain, of))
            }
            Selected::Field(id) => {
                let name = &schema.field(id).name;
                let own: &FieldDef = schema.field(parent.fields.get(name).copied().unwrap_or(id));
                let of = Of { parent: &parent.name, name, selections: &asked.selections };
                self.complete(&own.ty, object.get(&asked.field.key).unwrap_or(&Json::Null), of)
            }
        }
    }

    /// CompleteValue of the GraphQL specification.
    fn complete(&mut self, ty: &TypeRef, value: &Json, of: Of<'_, 'a>) -> Result<Json, Propagated> {
        self.spend(OVERHEAD);
        if self.left.is_none() {
            return Err(Propagated);
        }
        let null = match (ty, value) {
            (_, Json::Null) => Null::Plain,
            (TypeRef::List(item, _), Json::List(items)) => match self.list(item, items, of) {
                Ok(completed) => return Ok(completed),
                Err(Propagated) => Null::Told,
            },
            (TypeRef::Named(id, _), Json::Object(object)) if self.schema.ty(*id).is_composite() => {
                match self.composite(*id, object, of) {
                    Ok(Ok(completed)) => return Ok(completed),
                    Ok(Err(null)) => null,
                    Err(Propagated) => Null::Told,
                }
            }
            (TypeRef::Named(id, _), value) if self.is_leaf(*id, value) => {
                self.spend(size(value));
                return Ok(value.clone());
            }
            _ => {
                let ty = self.schema.type_text(ty);
                let what = format!("a value that is no {}", ty.trim_end_matches('!'));
                self.misfit(&what, of)
            }
        };
        if ty.non_null() { Err(self.refused(null, of)) } else { Ok(Json::Null) }
    }

    fn is_leaf(&self, id: TypeId, value: &Json) -> bool {
        let def = self.schema.ty(id);
        match def.kind {
            Kind::Scalar => fits(def, value),
            Kind::Enum => {
                value.as_str().is_some_and(|text| def.enum_values.iter().any(|known| known == text))
            }
            _ => false,
        }
    }

    fn list(&mut self, item: &TypeRef, items: &[Json], of: Of<'_, 'a>) -> Result<Json, Propagated> {
        let mut completed = Vec::with_capacity(items.len());
        for (index, value) in items.iter().enumerate() {
            self.path.push(Step::Index(index));
            self.store.push(Step::Index(index));
            let value = self.complete(item, value, of);
            self.store.pop();
            self.path.pop();
            completed.push(value?);
        }
        Ok(Json::List(completed))
    }

    fn composite(
        &mut self,
        id: TypeId,
        object: &Object,
        of: Of<'_, 'a>,
    ) -> Result<Result<Json, Null>, Propagated> {
        let def = self.schema.ty(id);
        if def.is_abstract() && object.contains_key("__typename") {
            let runtime = runtime_type(self.schema, id, object);
            match runtime.filter(|runtime| def.possible.contains(*runtime)) {
                // Clients don't know the type, so they can't be told of it either.
                Some(runtime) if self.schema.ty(runtime).inaccessible => {
                    return Ok(Err(Null::Plain));
                }
                Some(_) => {}
                None => {
                    let what = format!("an object that is no {}", def.name);
                    return Ok(Err(self.misfit(&what, of)));
                }
            }
        }
        if self.lacks_type(id, of.selections, object) {
            return Ok(Err(self.untold(of)));
        }
        self.object(id, of.selections, object).map(Ok)
    }

    /// Whether what is asked for depends on the type of an object, and nobody told that.
    fn lacks_type(&self, id: TypeId, sets: &[&'a SelectionSet], object: &Object) -> bool {
        if runtime_type(self.schema, id, object).is_some() {
            return false;
        }
        let shown = self.collect(sets, (id, None));
        let mut asked = sets.iter().flat_map(|set| &set.fields);
        asked.any(|field| !shown.contains_key(field.response_key.as_str()))
    }

    /// An object whose type nobody told: that some failed to is told already, or else here.
    fn untold(&mut self, of: Of<'_, 'a>) -> Null {
        self.store.push(Step::Key("__typename"));
        let explained = self.causes.explain(&self.store);
        self.store.pop();
        if explained { Null::Told } else { self.misfit("an object whose type nobody knows", of) }
    }

    /// A value that is not of the type: null, and an error.
    fn misfit(&mut self, what: &str, Of { parent, name, .. }: Of<'_, '_>) -> Null {
        let fetch = supplier(self.plan, &self.store);
        let subgraph = fetch.map(|fetch| self.schema.subgraph(fetch.subgraph).name.to_owned());
        let who = match &subgraph {
            Some(name) => format!("Subgraph \"{name}\""),
            None => "A subgraph".to_owned(),
        };
        let message = format!("{who} answered with {what} for field {parent}.{name}.");
        let error = Error { subgraph, ..Error::new(INVALID_VALUE, message) };
        self.errors.push(error.at(&self.path), self.most);
        Null::Told
    }

    /// A null that the position can't have, told unless something that is told explains it.
    fn refused(&mut self, null: Null, Of { parent, name, .. }: Of<'_, '_>) -> Propagated {
        if matches!(null, Null::Plain) && !self.causes.explain(&self.store) {
            let message = format!("Cannot return null for non-nullable field {parent}.{name}.");
            let error = Error::new(NULL, message);
            self.errors.push(error.at(&self.path), self.most);
        }
        Propagated
    }

    fn spend(&mut self, size: usize) {
        self.left = self.left.and_then(|left| left.checked_sub(size));
    }
}
