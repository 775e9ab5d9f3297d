//! The values of arguments and variables, coerced as far as answering from data needs it.

use apollo_compiler::ast::{FieldDefinition, Value};
use apollo_compiler::executable::{Field, Operation};
use json::{Json, Object};

/// The variables of a request, defaults put in. An absent variable stays absent.
pub(crate) fn variables(operation: &Operation, given: &Object) -> Result<Object, String> {
    let mut values = Object::new();
    for variable in &operation.variables {
        let name = variable.name.as_str();
        match (given.get(name), &variable.default_value) {
            (Some(value), _) => {
                if value.is_null() && variable.ty.is_non_null() {
                    return Err(format!("the variable ${name} of type {} is null", variable.ty));
                }
                values.insert(name.to_owned(), value.to_owned());
            }
            (None, Some(default)) => {
                values.extend(value(default, &Object::new()).map(|value| (name.to_owned(), value)));
            }
            (None, None) if variable.ty.is_non_null() => {
                return Err(format!("the variable ${name} of type {} is missing", variable.ty));
            }
            (None, None) => {}
        }
    }
    let unknown = given
        .keys()
        .find(|name| operation.variables.iter().all(|variable| variable.name != name.as_str()));
    match unknown {
        Some(name) => Err(format!("the document has no variable ${name}, but a value was sent")),
        None => Ok(values),
    }
}

/// The arguments of a field, as its definition has them. An argument that is absent and has no default stays absent.
pub(crate) fn arguments(
    (field, definition): (&Field, &FieldDefinition),
    variables: &Object,
) -> Object {
    let mut values = Object::new();
    for definition in &definition.arguments {
        let given = field.arguments.iter().find(|argument| argument.name == definition.name);
        let default = || definition.default_value.as_ref().and_then(|it| value(it, variables));
        let found = given.and_then(|argument| value(&argument.value, variables)).or_else(default);
        values.extend(found.map(|value| (definition.name.to_string(), value)));
    }
    values
}

/// A value with variables put in; `None` for a variable that is absent.
pub(crate) fn value(written: &Value, variables: &Object) -> Option<Json> {
    Some(match written {
        Value::Null => Json::Null,
        Value::Variable(name) => variables.get(name.as_str())?.to_owned(),
        Value::Enum(name) => Json::from(name.as_str()),
        Value::String(text) => Json::from(text.as_str()),
        Value::Float(number) => Json::Number(number.as_str().to_owned()),
        Value::Int(number) => Json::Number(number.as_str().to_owned()),
        Value::Boolean(value) => Json::Bool(*value),
        Value::List(items) => {
            items.iter().map(|item| value(item, variables).unwrap_or_default()).collect()
        }
        Value::Object(members) => members
            .iter()
            .filter_map(|(name, item)| Some((name.as_str(), value(item, variables)?)))
            .collect(),
    })
}
