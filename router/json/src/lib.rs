//! JSON as a tree that keeps the text of numbers.
//!
//! In comes a text; out comes a [`Json`], or where and why the text is not JSON. A router passes
//! numbers on: `1.10` must not become `1.1`, nor `18446744073709551616` a float, and no general
//! library gives a number's text without private hooks. So [`parse`] is our own: strict RFC 8259,
//! bounded depth, and nothing is skipped.
//!
//! This crate knows no GraphQL.
//!
//! Invariants: [`parse`] accepts exactly what RFC 8259 allows, in UTF-8 without a byte order mark,
//! up to the depth asked for; of duplicate keys the last one counts; printing a parsed tree gives
//! back the same numbers, and strings that are equal.

#[cfg(any(test, feature = "cases"))]
pub mod cases;
mod parse;
mod print;

use indexmap::IndexMap;

pub use parse::{Member, ParseError, Unread, parse, parse_members, plain_end, utf8};
pub use print::{quoted, text, write_string};

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it was written.
    Number(String),
    /// A string, unescaped.
    String(String),
    /// An array.
    List(Vec<Json>),
    /// An object, in the order of its keys.
    Object(Object),
}

/// The members of an object, in order.
pub type Object = IndexMap<String, Json>;

impl Json {
    /// The value of a key, when it is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.as_object()?.get(key)
    }

    /// The members, when it is an object.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Json::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The items, when it is an array.
    pub fn as_list(&self) -> Option<&[Json]> {
        match self {
            Json::List(items) => Some(items),
            _ => None,
        }
    }

    /// The text, when it is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Json::Null)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Json::String(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Json::String(text)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Json::Bool(value)
    }
}

impl From<usize> for Json {
    fn from(value: usize) -> Self {
        Json::Number(value.to_string())
    }
}

impl FromIterator<Json> for Json {
    fn from_iter<T: IntoIterator<Item = Json>>(items: T) -> Self {
        Json::List(items.into_iter().collect())
    }
}

impl<K: Into<String>> FromIterator<(K, Json)> for Json {
    fn from_iter<T: IntoIterator<Item = (K, Json)>>(members: T) -> Self {
        Json::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }
}

#[cfg(test)]
mod tests;
