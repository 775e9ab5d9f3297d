//! GraphQL input values with their numbers kept as text, and the canonical text of arguments.

use std::fmt;

use apollo_compiler::ast;

/// An input value as it stands in a document or in a field set.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// An integer, as it was written.
    Int(String),
    /// A float, as it was written.
    Float(String),
    /// A string, unescaped.
    String(String),
    /// An enum value's name.
    Enum(String),
    /// `$name`, without the dollar sign.
    Variable(String),
    /// A list.
    List(Vec<Value>),
    /// An input object, in the order it was written.
    Object(Vec<(String, Value)>),
}

/// Arguments by name, sorted by name: two argument lists are the same if they are equal.
pub type Arguments = Vec<(String, Value)>;

impl Value {
    /// Calls `visit` with the name of each variable in the value.
    pub fn each_variable(&self, visit: &mut impl FnMut(&str)) {
        match self {
            Value::Variable(name) => visit(name),
            Value::List(items) => items.iter().for_each(|item| item.each_variable(visit)),
            Value::Object(fields) => {
                fields.iter().for_each(|(_, value)| value.each_variable(visit))
            }
            _ => {}
        }
    }
}

impl From<&ast::Value> for Value {
    fn from(value: &ast::Value) -> Self {
        match value {
            ast::Value::Null => Value::Null,
            ast::Value::Enum(name) => Value::Enum(name.as_str().to_owned()),
            ast::Value::Variable(name) => Value::Variable(name.as_str().to_owned()),
            ast::Value::String(text) => Value::String(text.clone()),
            ast::Value::Float(number) => Value::Float(number.as_str().to_owned()),
            ast::Value::Int(number) => Value::Int(number.as_str().to_owned()),
            ast::Value::Boolean(value) => Value::Boolean(*value),
            ast::Value::List(items) => {
                Value::List(items.iter().map(|item| item.as_ref().into()).collect())
            }
            ast::Value::Object(fields) => Value::Object(
                fields
                    .iter()
                    .map(|(name, value)| (name.as_str().to_owned(), value.as_ref().into()))
                    .collect(),
            ),
        }
    }
}

/// Reads the arguments of a field, sorted by name.
pub fn arguments(arguments: &[apollo_compiler::Node<ast::Argument>]) -> Arguments {
    let mut read: Arguments = arguments
        .iter()
        .map(|argument| (argument.name.as_str().to_owned(), argument.value.as_ref().into()))
        .collect();
    read.sort_by(|a, b| a.0.cmp(&b.0));
    read
}

/// The key of a field in the merged answer: its name, and its arguments if it has any.
///
/// Aliases play no part: two selections of one object with the same name and arguments have the
/// same value, so they share a key, and a client's alias can never collide with a field that the
/// router needs for itself.
pub fn store_key(name: &str, arguments: &Arguments) -> String {
    if arguments.is_empty() {
        return name.to_owned();
    }
    let mut key = String::with_capacity(name.len() + 24 * arguments.len());
    key.push_str(name);
    key.push('(');
    let _ = ArgumentText(arguments).write(&mut key);
    key.push(')');
    key
}

/// Prints arguments as GraphQL, without the parentheses.
pub struct ArgumentText<'a>(pub &'a Arguments);

impl ArgumentText<'_> {
    /// Writes them.
    ///
    /// # Errors
    /// When `out` fails; a `String` never does.
    pub fn write(&self, out: &mut impl fmt::Write) -> fmt::Result {
        named(self.0, out)
    }
}

impl fmt::Display for ArgumentText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(self, f)
    }
}

// Without the machinery of formats: arguments are written for each field that has some.
fn write(value: &Value, out: &mut impl fmt::Write) -> fmt::Result {
    match value {
        Value::Null => out.write_str("null"),
        Value::Boolean(value) => out.write_str(if *value { "true" } else { "false" }),
        Value::Int(text) | Value::Float(text) | Value::Enum(text) => out.write_str(text),
        Value::String(text) => write_string(out, text),
        Value::Variable(name) => {
            out.write_char('$')?;
            out.write_str(name)
        }
        Value::List(items) => {
            out.write_char('[')?;
            for (index, item) in items.iter().enumerate() {
                out.write_str(if index == 0 { "" } else { ", " })?;
                write(item, out)?;
            }
            out.write_char(']')
        }
        Value::Object(fields) => {
            out.write_char('{')?;
            named(fields, out)?;
            out.write_char('}')
        }
    }
}

fn named(values: &[(String, Value)], out: &mut impl fmt::Write) -> fmt::Result {
    for (index, (name, value)) in values.iter().enumerate() {
        out.write_str(if index == 0 { "" } else { ", " })?;
        out.write_str(name)?;
        out.write_str(": ")?;
        write(value, out)?;
    }
    Ok(())
}

fn write_string(f: &mut impl fmt::Write, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            c if (c as u32) < 0x20 || c as u32 == 0x7f => write!(f, "\\u{:04X}", c as u32)?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_print_as_graphql() {
        let value = Value::Object(vec![
            ("text".into(), Value::String("a \"b\"\n\u{1}".into())),
            ("list".into(), Value::List(vec![Value::Int("1".into()), Value::Variable("x".into())])),
        ]);
        assert_eq!(value.to_string(), r#"{text: "a \"b\"\n\u0001", list: [1, $x]}"#);
        let mut seen = Vec::new();
        value.each_variable(&mut |name| seen.push(name.to_owned()));
        assert_eq!(seen, ["x"]);
    }

    #[test]
    fn a_store_key_tells_arguments_apart() {
        assert_eq!(store_key("a", &vec![]), "a");
        assert_eq!(store_key("a", &vec![("n".into(), Value::Int("1".into()))]), "a(n: 1)");
    }
}
