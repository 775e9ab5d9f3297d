//! Variables: the values that came with a request, checked against their types.

use apollo_compiler::ast;
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use json::{Json, Object};
use schema::Schema;

use crate::bind::Conditions;
use crate::document::Request;
use crate::error::{Code, RequestError};

/// More findings than this in the variables of one request are not told.
const MOST_FINDINGS: usize = 20;

/// How much of a wrong value is shown, in characters.
const SHOWN: usize = 60;

impl Request {
    /// Checks the values of the variables as `CoerceVariableValues` of the GraphQL specification
    /// does. What comes out has the variables that the operation defines and that have a value,
    /// given or by default, in the order of their definitions; so do the fields of input objects.
    /// Else a value is passed on as it was written: a list around an item is left to the subgraph.
    ///
    /// # Errors
    /// All findings, at most 20, each with the path to the wrong value.
    pub fn coerce(&self, schema: &Schema, values: &Object) -> Result<Object, Vec<RequestError>> {
        let mut check =
            Check { types: &schema.api().schema.types, path: String::new(), found: Vec::new() };
        let mut coerced = Object::new();
        for variable in &self.operation.variables {
            let name = variable.name.as_str();
            let value = match (values.get(name), &variable.default_value) {
                (Some(value), _) => value.clone(),
                (None, Some(default)) => constant(default),
                (None, None) if variable.ty.is_non_null() => {
                    let message = format!(
                        "Variable \"${name}\" of type {} is required, but no value was given.",
                        variable.ty
                    );
                    check.found.push(RequestError::new(Code::BadVariable, message));
                    continue;
                }
                (None, None) => continue,
            };
            check.path = name.to_owned();
            let value = check.value(&variable.ty, value);
            coerced.insert(name.to_owned(), value);
        }
        check.found.truncate(MOST_FINDINGS);
        if check.found.is_empty() { Ok(coerced) } else { Err(check.found) }
    }

    /// The values of the variables that decide `@skip` and `@include`.
    ///
    /// # Errors
    /// When one is null, which only a nullable variable with a default can be.
    pub fn conditions(&self, variables: &Object) -> Result<Conditions, RequestError> {
        let condition = |name: &String| match variables.get(name) {
            Some(Json::Bool(value)) => Ok((name.clone(), *value)),
            _ => Err(RequestError::new(
                Code::BadVariable,
                format!("Variable \"${name}\" decides @skip or @include and must not be null."),
            )),
        };
        self.condition_variables().iter().map(condition).collect()
    }
}

/// A check of one request's values.
struct Check<'s> {
    types: &'s apollo_compiler::collections::IndexMap<apollo_compiler::Name, ExtendedType>,
    /// Where it is, as `input.items[2].count`.
    path: String,
    found: Vec<RequestError>,
}

impl Check<'_> {
    /// The depth of values is bounded by the depth of the JSON that they came in.
    fn value(&mut self, ty: &ast::Type, value: Json) -> Json {
        match (ty, value) {
            (_, Json::Null) if !ty.is_non_null() => Json::Null,
            (_, Json::Null) => self.refuse(&ty.to_string(), Json::Null),
            (ast::Type::List(item) | ast::Type::NonNullList(item), Json::List(values)) => {
                let mut checked = Vec::with_capacity(values.len());
                for (index, value) in values.into_iter().enumerate() {
                    let value = self.at(&format!("[{index}]"), |check| check.value(item, value));
                    checked.push(value);
                    if self.found.len() >= MOST_FINDINGS {
                        break;
                    }
                }
                Json::List(checked)
            }
            (ast::Type::List(item) | ast::Type::NonNullList(item), value) => {
                self.value(item, value)
            }
            (ast::Type::Named(name) | ast::Type::NonNullNamed(name), value) => {
                self.named(name, ty, value)
            }
        }
    }

    fn named(&mut self, name: &str, ty: &ast::Type, value: Json) -> Json {
        match (self.types.get(name), value) {
            (Some(ExtendedType::InputObject(definition)), Json::Object(members)) => {
                self.object(definition, members)
            }
            (Some(ExtendedType::Enum(definition)), Json::String(text))
                if definition.values.contains_key(text.as_str()) =>
            {
                Json::String(text)
            }
            (Some(ExtendedType::Scalar(_)), value) => match scalar(name, value) {
                Ok(value) => value,
                Err(value) => self.refuse(&ty.to_string(), value),
            },
            (_, value) => self.refuse(&ty.to_string(), value),
        }
    }

    fn object(&mut self, definition: &InputObjectType, members: Object) -> Json {
        let mut checked = Object::with_capacity(members.len());
        for (key, value) in members {
            match definition.fields.get(key.as_str()) {
                Some(field) => {
                    let value = self.at(&format!(".{key}"), |check| check.value(&field.ty, value));
                    checked.insert(key, value);
                }
                None => self.tell(&format!("{} has no field \"{}\"", definition.name, shown(&key))),
            }
            if self.found.len() >= MOST_FINDINGS {
                break;
            }
        }
        for (name, field) in &definition.fields {
            if checked.contains_key(name.as_str()) {
                continue;
            }
            if let Some(default) = &field.default_value {
                checked.insert(name.to_string(), constant(default));
            } else if field.ty.is_non_null() {
                self.tell(&format!("field \"{name}\" of type {} is required", field.ty));
            }
        }
        let given = checked.values().filter(|value| !value.is_null()).count();
        if definition.is_one_of() && (checked.len() != 1 || given != 1) {
            self.tell(&format!("{} takes exactly one field that is not null", definition.name));
        }
        Json::Object(checked)
    }

    fn at<T>(&mut self, step: &str, check: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.path.len();
        self.path.push_str(step);
        let checked = check(self);
        self.path.truncate(before);
        checked
    }

    fn refuse(&mut self, expected: &str, value: Json) -> Json {
        self.tell(&format!("expected {expected}, found {}", shown(&value.to_string())));
        value
    }

    fn tell(&mut self, what: &str) {
        let message = format!("Variable \"${}\" has a wrong value: {what}.", self.path);
        self.found.push(RequestError::new(Code::BadVariable, message));
    }
}

/// A value of a scalar type, or the value back when it is none. A type that is not built in takes
/// every value.
fn scalar(name: &str, value: Json) -> Result<Json, Json> {
    match (name, value) {
        ("Int", Json::Number(text)) => match integer(&text) {
            Some(integer) => Ok(Json::Number(integer.to_string())),
            None => Err(Json::Number(text)),
        },
        ("Float", Json::Number(text)) if text.parse().is_ok_and(f64::is_finite) => {
            Ok(Json::Number(text))
        }
        ("ID", Json::Number(text)) if text.bytes().all(|b| b.is_ascii_digit() || b == b'-') => {
            Ok(Json::Number(text))
        }
        ("String" | "ID", value @ Json::String(_)) | ("Boolean", value @ Json::Bool(_)) => {
            Ok(value)
        }
        ("Int" | "Float" | "ID" | "String" | "Boolean", value) => Err(value),
        (_, value) => Ok(value),
    }
}

/// The integer of 32 bits that a number is; `1.0` and `1e2` are integers too, since JSON has only
/// one kind of number.
fn integer(text: &str) -> Option<i32> {
    text.parse().ok().or_else(|| {
        let float: f64 = text.parse().ok()?;
        let fits =
            float.fract() == 0.0 && (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&float);
        // In range and without a fraction, the conversion is exact.
        fits.then_some(float as i32)
    })
}

/// A default value as JSON.
fn constant(value: &ast::Value) -> Json {
    match value {
        // Defaults are constant: validation refuses a variable here.
        ast::Value::Null | ast::Value::Variable(_) => Json::Null,
        ast::Value::Enum(name) => Json::String(name.to_string()),
        ast::Value::String(text) => Json::String(text.clone()),
        ast::Value::Float(number) => Json::Number(number.as_str().to_owned()),
        ast::Value::Int(number) => Json::Number(number.as_str().to_owned()),
        ast::Value::Boolean(value) => Json::Bool(*value),
        ast::Value::List(items) => Json::List(items.iter().map(|item| constant(item)).collect()),
        ast::Value::Object(members) => Json::Object(
            members.iter().map(|(key, value)| (key.to_string(), constant(value))).collect(),
        ),
    }
}

fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
