//! Printing: compact JSON text.

use std::fmt;

use crate::{Json, Object};

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Json::Null => f.write_str("null"),
            Json::Bool(value) => write!(f, "{value}"),
            Json::Number(text) => f.write_str(text),
            Json::String(text) => write_string(f, text),
            Json::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { "," })?;
                    item.fmt(f)?;
                }
                f.write_str("]")
            }
            Json::Object(members) => object(f, members),
        }
    }
}

fn object(f: &mut fmt::Formatter<'_>, members: &Object) -> fmt::Result {
    f.write_str("{")?;
    for (index, (key, value)) in members.iter().enumerate() {
        f.write_str(if index == 0 { "" } else { "," })?;
        write_string(f, key)?;
        f.write_str(":")?;
        fmt::Display::fmt(value, f)?;
    }
    f.write_str("}")
}

/// An object as JSON.
pub fn text(members: &Object) -> String {
    struct Members<'a>(&'a Object);
    impl fmt::Display for Members<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            object(f, self.0)
        }
    }
    Members(members).to_string()
}

/// A string as JSON, in quotes.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_string(&mut out, text).expect("a string takes all that is written");
    out
}

/// Writes a string in quotes, with what must be escaped escaped.
///
/// # Errors
/// Those of the writer.
pub fn write_string(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..=0x1f => "",
            _ => continue,
        };
        out.write_str(&text[start..at])?;
        if escape.is_empty() {
            write!(out, "\\u{byte:04x}")?;
        } else {
            out.write_str(escape)?;
        }
        start = at + 1;
    }
    out.write_str(&text[start..])?;
    out.write_char('"')
}
