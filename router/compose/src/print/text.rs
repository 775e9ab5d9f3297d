//! What elements of all kinds are written with: arguments, directives, descriptions, constants.

use std::fmt::Write as _;

use sdl::{Name, Value};

use crate::merge::MergedArgument;
use crate::subgraph::Applied;

/// Writes arguments in parentheses, one to a line when one is described.
pub(super) fn arguments(arguments: &[MergedArgument], indent: &str, out: &mut String) {
    if arguments.is_empty() {
        return;
    }
    let described = arguments.iter().any(|argument| argument.description.is_some());
    let inner = format!("{indent}  ");
    out.push('(');
    for (index, argument) in arguments.iter().enumerate() {
        if described {
            out.push('\n');
            description(argument.description.as_deref(), &inner, out);
            out.push_str(&inner);
        } else if index > 0 {
            out.push_str(", ");
        }
        let _ = write!(out, "{}: {}", argument.name, argument.ty);
        if let Some(default) = &argument.default {
            let _ = write!(out, " = {}", value(default));
        }
        after(&argument.applied, out);
    }
    if described {
        let _ = write!(out, "\n{indent}");
    }
    out.push(')');
}

/// Writes directives behind an element.
pub(super) fn after(all: &[Applied], out: &mut String) {
    for one in all {
        let _ = write!(out, " {}", applied(one));
    }
}

/// A directive.
pub(super) fn applied(applied: &Applied) -> String {
    let mut text = format!("@{}", applied.name);
    if !applied.arguments.is_empty() {
        let argument = |(name, given): &(Name, Value)| format!("{name}: {}", value(given));
        let arguments: Vec<String> = applied.arguments.iter().map(argument).collect();
        let _ = write!(text, "({})", arguments.join(", "));
    }
    text
}

/// A constant in one line.
pub(super) fn value(value: &Value) -> String {
    fn has_floats(value: &Value) -> bool {
        match value {
            Value::Float(_) => true,
            Value::List(items) => items.iter().any(has_floats),
            Value::Object(members) => members.iter().any(|(_, value)| has_floats(value)),
            _ => false,
        }
    }
    if has_floats(value) { shortest(value).to_string() } else { value.to_string() }
}

/// The same constant with each number in its shortest form, which is the one that others write.
fn shortest(value: &Value) -> Value {
    match value {
        Value::Float(text) => number(text).map_or_else(|| value.clone(), Value::Float),
        Value::List(items) => Value::List(items.iter().map(shortest).collect()),
        Value::Object(members) => Value::Object(
            members.iter().map(|(name, value)| (name.clone(), shortest(value))).collect(),
        ),
        _ => value.clone(),
    }
}

/// The shortest form of a number, as ECMAScript writes it (`Number::toString`).
fn number(text: &str) -> Option<Name> {
    let value = text.parse::<f64>().ok().filter(|value| value.is_finite())?;
    let size = value.abs();
    Some(Name::from(if value == 0.0 {
        "0".to_owned()
    } else if (1e-6..1e21).contains(&size) {
        value.to_string()
    } else {
        let text = format!("{value:e}");
        if size < 1.0 { text } else { text.replacen('e', "e+", 1) }
    }))
}

/// Writes a description above an element, if there is one.
pub(super) fn description(text: Option<&str>, indent: &str, out: &mut String) {
    let Some(text) = text else { return };
    if text.contains('\n') && !text.contains("\"\"\"") && !text.contains('\\') {
        let _ = writeln!(out, "{indent}\"\"\"");
        for line in text.lines() {
            let _ = writeln!(out, "{indent}{line}");
        }
        let _ = writeln!(out, "{indent}\"\"\"");
    } else {
        let _ = writeln!(out, "{indent}{}", quote(text));
    }
}

/// A GraphQL string.
pub(super) fn quote(text: &str) -> String {
    value(&Value::String(Name::new(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_their_shortest_form() {
        let written = [
            ("1.0", "1"),
            ("-2.50", "-2.5"),
            ("0.0", "0"),
            ("1e3", "1000"),
            ("1.5E21", "1.5e+21"),
            ("0.000001", "0.000001"),
            ("1e-7", "1e-7"),
        ];
        for (given, expected) in written {
            let list = Value::List(vec![Value::Float(Name::new(given))]);
            assert_eq!(value(&list), format!("[{expected}]"));
        }
    }
}
