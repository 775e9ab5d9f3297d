//! Types, values and selections as GraphQL writes them.

use std::fmt::{self, Write as _};

use crate::ast::{Argument, Directive, FieldSelection, Location, Selection, Type, Value};

impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => out.write_str(name),
            Self::NonNullNamed(name) => write!(out, "{name}!"),
            Self::List(item) => write!(out, "[{item}]"),
            Self::NonNullList(item) => write!(out, "[{item}]!"),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => out.write_str("null"),
            Self::Boolean(value) => write!(out, "{value}"),
            Self::Int(text) | Self::Float(text) | Self::Enum(text) => out.write_str(text),
            Self::Variable(name) => write!(out, "${name}"),
            Self::String(text) => string(text, out),
            Self::List(items) => {
                out.write_char('[')?;
                for (at, item) in items.iter().enumerate() {
                    out.write_str(if at == 0 { "" } else { ", " })?;
                    item.fmt(out)?;
                }
                out.write_char(']')
            }
            Self::Object(members) => {
                out.write_char('{')?;
                for (at, (name, value)) in members.iter().enumerate() {
                    out.write_str(if at == 0 { "" } else { ", " })?;
                    write!(out, "{name}: {value}")?;
                }
                out.write_char('}')
            }
        }
    }
}

impl fmt::Display for Selection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => field.fmt(out),
            Self::On { ty, directives, inner, .. } => {
                out.write_str("...")?;
                if let Some(ty) = ty {
                    write!(out, " on {ty}")?;
                }
                directives.iter().try_for_each(|directive| write!(out, " {directive}"))?;
                braces(inner, out)
            }
            Self::Spread(name) => write!(out, "...{name}"),
        }
    }
}

impl fmt::Display for FieldSelection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(alias) = &self.alias {
            write!(out, "{alias}: ")?;
        }
        out.write_str(&self.name)?;
        arguments(&self.arguments, out)?;
        self.directives.iter().try_for_each(|directive| write!(out, " {directive}"))?;
        self.inner.as_ref().map_or(Ok(()), |inner| braces(inner, out))
    }
}

impl fmt::Display for Directive {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "@{}", self.name)?;
        arguments(&self.arguments, out)
    }
}

fn braces(inner: &[Selection], out: &mut fmt::Formatter<'_>) -> fmt::Result {
    out.write_str(" {")?;
    inner.iter().try_for_each(|selection| write!(out, " {selection}"))?;
    out.write_str(" }")
}

fn arguments(given: &[Argument], out: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (at, argument) in given.iter().enumerate() {
        out.write_str(if at == 0 { "(" } else { ", " })?;
        write!(out, "{}: {}", argument.name, argument.value)?;
    }
    out.write_str(if given.is_empty() { "" } else { ")" })
}

impl fmt::Display for Location {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

fn string(text: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    out.write_char('"')?;
    for letter in text.chars() {
        match letter {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            '\u{8}' => out.write_str("\\b")?,
            '\u{c}' => out.write_str("\\f")?,
            control if control < ' ' || control == '\u{7f}' => {
                write!(out, "\\u{:04X}", u32::from(control))?;
            }
            plain => out.write_char(plain)?,
        }
    }
    out.write_char('"')
}
