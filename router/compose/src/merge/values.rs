//! Literals: whether two of them mean the same.

use sdl::{Name, Value};

/// Whether two literals are one value: members of objects come in any order, numbers are written
/// in several ways, and custom scalars take a name for a text.
pub(super) fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let has = |(name, value): &(Name, Value)| {
                b.iter().any(|(other, known)| name == other && is_same(value, known))
            };
            a.len() == b.len() && a.iter().all(has)
        }
        (Value::Int(a) | Value::Float(a), Value::Int(b) | Value::Float(b)) => {
            a == b || a.parse::<f64>().is_ok_and(|a| b.parse::<f64>().is_ok_and(|b| a == b))
        }
        (Value::Enum(a) | Value::String(a), Value::Enum(b) | Value::String(b)) => a == b,
        _ => a == b,
    }
}

/// A default of a custom scalar: which kind of value a bare name is there, only the subgraph knows,
/// so it is written as a text.
pub(super) fn of_scalar(value: &mut Value) {
    match value {
        Value::Enum(name) => *value = Value::String(name.clone()),
        Value::List(items) => items.iter_mut().for_each(of_scalar),
        Value::Object(members) => members.iter_mut().for_each(|(_, value)| of_scalar(value)),
        _ => {}
    }
}

/// A default of an id: one that is a whole number is written as one.
pub(super) fn of_id(value: &mut Value) {
    let is_whole = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = !digits.starts_with('0') || digits.len() == 1;
        !digits.is_empty() && plain && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    match value {
        Value::String(text) if is_whole(text) => *value = Value::Int(text.clone()),
        Value::List(items) => items.iter_mut().for_each(of_id),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(text: &str) -> Value {
        Value::Int(Name::new(text))
    }

    #[test]
    fn ids_that_are_whole_numbers() {
        for (text, whole) in [("1", true), ("-20", true), ("0", true), ("01", false), ("a", false)]
        {
            let mut value = Value::List(vec![Value::String(Name::new(text))]);
            of_id(&mut value);
            assert_eq!(value == Value::List(vec![int(text)]), whole, "{text}");
        }
    }

    #[test]
    fn numbers_and_objects() {
        let float = Value::Float(Name::new("1.0"));
        assert!(is_same(&int("1"), &float));
        assert!(!is_same(&int("2"), &float));
        let object = |names: [&str; 2]| {
            Value::Object(names.map(|name| (Name::new(name), int("1"))).to_vec())
        };
        assert!(is_same(&object(["a", "b"]), &object(["b", "a"])));
        assert!(!is_same(&object(["a", "b"]), &object(["a", "c"])));
        assert!(!is_same(&Value::List(vec![int("1")]), &int("1")));
    }
}
