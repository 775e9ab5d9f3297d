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
    value.to_string()
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
