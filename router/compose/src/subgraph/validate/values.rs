//! Whether a literal is a value of a type.

use sdl::{Kind, Name, Type, Value};

use super::world::World;
use crate::subgraph::near::nearest;

/// The types that a literal can be of.
pub(crate) trait InputTypes {
    /// The kind of a type that is no built-in scalar, if there is such a type.
    fn kind_of(&self, name: &str) -> Option<Kind>;
    /// The values of an enum.
    fn values(&self, name: &str) -> Vec<&Name>;
    /// The fields of an input type: name, type, and whether there is a default.
    fn input_fields(&self, name: &str) -> Vec<(&Name, &Type, bool)>;
}

impl InputTypes for World<'_> {
    fn kind_of(&self, name: &str) -> Option<Kind> {
        self.types.get(name).map(|ty| ty.kind)
    }

    fn values(&self, name: &str) -> Vec<&Name> {
        let pieces = self.types.get(name).into_iter().flat_map(|ty| &ty.all);
        pieces.flat_map(|piece| &piece.values).map(|value| &value.name).collect()
    }

    fn input_fields(&self, name: &str) -> Vec<(&Name, &Type, bool)> {
        let pieces = self.types.get(name).into_iter().flat_map(|ty| &ty.all);
        let fields = pieces.flat_map(|piece| &piece.inputs);
        fields.map(|field| (&field.name, &field.ty, field.default.is_some())).collect()
    }
}

/// What is wrong with a literal for a type, as a sentence without its end; `None` if it fits.
pub(crate) fn misfit(world: &impl InputTypes, ty: &Type, value: &Value) -> Option<String> {
    let no = || Some(format!("`{value}` is no value of type `{ty}`"));
    match value {
        Value::Null if ty.is_non_null() => return no(),
        Value::Null => return None,
        Value::Variable(_) => return no(),
        _ => {}
    }
    if ty.is_list() {
        return match value {
            Value::List(items) => items.iter().find_map(|item| misfit(world, ty.item_type(), item)),
            single => misfit(world, ty.item_type(), single),
        };
    }
    let name = ty.inner_named_type().as_str();
    let fits = match (name, value) {
        ("Int", Value::Int(text)) => text.parse::<i32>().is_ok(),
        ("Float", Value::Int(_) | Value::Float(_))
        | ("String" | "ID", Value::String(_))
        | ("ID", Value::Int(_))
        | ("Boolean", Value::Boolean(_)) => true,
        ("Int" | "Float" | "String" | "ID" | "Boolean", _) => false,
        _ => return of_defined(world, name, value),
    };
    if fits { None } else { no() }
}

fn of_defined(world: &impl InputTypes, name: &str, value: &Value) -> Option<String> {
    let no = || Some(format!("`{value}` is no value of type `{name}`"));
    if name == "link__Purpose" {
        let known = |value: &Value| matches!(value, Value::Enum(name) if name == "SECURITY" || name == "EXECUTION");
        return if known(value) { None } else { no() };
    }
    match (world.kind_of(name)?, value) {
        (Kind::Enum, Value::Enum(given)) => {
            let values = world.values(name);
            let why = || format!("the enum `{name}` has no value `{given}`");
            (!values.contains(&given)).then(|| why() + &meant(given, values.into_iter()))
        }
        (Kind::Input, Value::Object(members)) => {
            let fields = world.input_fields(name);
            for (given, value) in members {
                match fields.iter().find(|(field, ..)| *field == given) {
                    None => {
                        let fields = fields.iter().map(|(field, ..)| *field);
                        return Some(
                            format!("`{name}` has no field `{given}`") + &meant(given, fields),
                        );
                    }
                    Some((_, ty, _)) => {
                        if let Some(why) = misfit(world, ty, value) {
                            return Some(why);
                        }
                    }
                }
            }
            let missing = fields.iter().find(|(field, ty, default)| {
                let given = members.iter().any(|(given, _)| given == *field);
                ty.is_non_null() && !default && !given
            });
            missing.map(|(field, ..)| format!("the field `{field}` of `{name}` is missing"))
        }
        (Kind::Enum | Kind::Input, _) => no(),
        _ => None,
    }
}

/// The name that may have been meant, in parentheses.
fn meant<'n>(name: &str, names: impl Iterator<Item = &'n Name>) -> String {
    let near = nearest(name, names.map(Name::as_str));
    near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default()
}
