//! Whether a literal is a value of a type.

use sdl::{Kind, Type, Value};

use super::world::World;

/// What is wrong with a literal for a type, as a sentence without its end; `None` if it fits.
pub(super) fn misfit(world: &World<'_>, ty: &Type, value: &Value) -> Option<String> {
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

fn of_defined(world: &World<'_>, name: &str, value: &Value) -> Option<String> {
    let no = || Some(format!("`{value}` is no value of type `{name}`"));
    if name == "link__Purpose" {
        let known = |value: &Value| matches!(value, Value::Enum(name) if name == "SECURITY" || name == "EXECUTION");
        return if known(value) { None } else { no() };
    }
    let ty = world.types.get(name)?;
    match (ty.kind, value) {
        (Kind::Enum, Value::Enum(given)) => {
            let mut values = ty.all.iter().flat_map(|piece| &piece.values);
            let known = values.any(|value| value.name == *given);
            if known { None } else { Some(format!("the enum `{name}` has no value `{given}`")) }
        }
        (Kind::Input, Value::Object(members)) => {
            let fields = || ty.all.iter().flat_map(|piece| &piece.inputs);
            for (given, value) in members {
                match fields().find(|field| field.name == *given) {
                    None => return Some(format!("`{name}` has no field `{given}`")),
                    Some(field) => {
                        if let Some(why) = misfit(world, &field.ty, value) {
                            return Some(why);
                        }
                    }
                }
            }
            let missing = fields().find(|field| {
                let given = members.iter().any(|(given, _)| *given == field.name);
                field.ty.is_non_null() && field.default.is_none() && !given
            });
            missing.map(|field| format!("the field `{}` of `{name}` is missing", field.name))
        }
        (Kind::Enum | Kind::Input, _) => no(),
        _ => None,
    }
}
