//! The part of the federation protocol that is the same in every service: `_service`, `_Any`, and
//! reading representations.

use std::fmt::Display;

use futures_util::future::try_join_all;
use juniper::{GraphQLObject, GraphQLScalar};
use serde_json::Value;

use crate::fault::{Code, Fault};

/// The answer to `_service`.
#[derive(GraphQLObject)]
#[graphql(name = "_Service")]
pub(crate) struct ServiceSdl {
    pub(crate) sdl: &'static str,
}

/// One representation as JSON text. juniper takes no objects for scalars of our own, therefore
/// `serving::request` turns each representation into text before execution.
#[derive(Clone, Debug, GraphQLScalar)]
#[graphql(name = "_Any", with = any, parse_token(String))]
pub(crate) struct Any(Value);

mod any {
    use super::Any;

    pub(super) fn to_output(any: &Any) -> String {
        any.0.to_string()
    }

    pub(super) fn from_input(text: &str) -> Result<Any, Box<str>> {
        serde_json::from_str(text)
            .map(Any)
            .map_err(|error| format!("a representation must be a JSON object: {error}").into())
    }
}

/// Resolves `_entities`: reads all representations, then loads all entities side by side, so that
/// loaders see every key at once. Entities that do not exist are null, at their own place.
///
/// # Errors
///
/// A representation that can't be read fails the whole call: it is the router's mistake, and an
/// answer with a hole could be taken for "does not exist".
pub(crate) async fn resolve<R, E, F: Future<Output = Result<Option<E>, Fault>>>(
    representations: &[Any],
    read: impl Fn(&Representation<'_>) -> Result<R, Fault>,
    load: impl Fn(R) -> F,
) -> Result<Vec<Option<E>>, Fault> {
    let references: Vec<R> = representations
        .iter()
        .enumerate()
        .map(|(index, any)| read(&Representation::new(index, &any.0)?))
        .collect::<Result<_, Fault>>()?;
    try_join_all(references.into_iter().map(load)).await
}

/// One representation, with its place for error messages.
pub(crate) struct Representation<'a> {
    place: String,
    typename: &'a str,
    value: &'a Value,
}

/// An id as it comes in. Ids of this demo are numbers; any other text is an id of nothing.
pub(crate) type Id = Option<i64>;

impl<'a> Representation<'a> {
    fn new(index: usize, value: &'a Value) -> Result<Self, Fault> {
        let place = format!("representations[{index}]");
        if !value.is_object() {
            return Err(bad(&place, format!("must be an object, but it is {}", kind(value))));
        }
        match value.get("__typename") {
            Some(Value::String(typename)) => Ok(Self { place, typename, value }),
            Some(other) => {
                Err(bad(&place, format!("`__typename` must be a string, not {}", kind(other))))
            }
            None => Err(bad(&place, "`__typename` is missing")),
        }
    }

    pub(crate) fn typename(&self) -> &'a str {
        self.typename
    }

    /// Whether the field is there, so that the key which has it was meant.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.value.get(field).is_some()
    }

    /// An object in the representation, such as `post` of the key `post { id } number`.
    pub(crate) fn inside(&self, field: &str) -> Result<Representation<'a>, Fault> {
        let place = format!("{}.{field}", self.place);
        match self.value.get(field) {
            Some(value) if value.is_object() => Ok(Self { place, typename: self.typename, value }),
            other => Err(self.mismatch(field, "an object", other)),
        }
    }

    /// # Errors
    ///
    /// When it is absent or neither a string nor a whole number.
    pub(crate) fn id(&self, field: &str) -> Result<Id, Fault> {
        match self.value.get(field) {
            Some(Value::String(text)) => Ok(parse_id(text)),
            Some(Value::Number(number)) if number.is_i64() => Ok(number.as_i64()),
            other => Err(self.mismatch(field, "an id (a string)", other)),
        }
    }

    pub(crate) fn text(&self, field: &str) -> Result<&'a str, Fault> {
        match self.value.get(field) {
            Some(Value::String(text)) => Ok(text),
            other => Err(self.mismatch(field, "a string", other)),
        }
    }

    pub(crate) fn whole(&self, field: &str) -> Result<i64, Fault> {
        let found = self.value.get(field);
        found.and_then(Value::as_i64).ok_or_else(|| self.mismatch(field, "a whole number", found))
    }

    pub(crate) fn truth(&self, field: &str) -> Result<bool, Fault> {
        let found = self.value.get(field);
        found.and_then(Value::as_bool).ok_or_else(|| self.mismatch(field, "a boolean", found))
    }

    /// The fields that @requires names are there only when the field that needs them was asked for.
    pub(crate) fn maybe<T>(
        &self,
        field: &str,
        read: impl Fn(&Self, &str) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        if self.has(field) { read(self, field).map(Some) } else { Ok(None) }
    }

    /// The refusal of a type that this service has no entity for.
    pub(crate) fn unknown_type<T>(&self, known: &str) -> Result<T, Fault> {
        // A type name may be long; the message must not be.
        let name: String = self.typename.chars().take(80).collect();
        Err(bad(&self.place, format!("`{name}` is no entity of this service (it has {known})")))
    }

    /// The refusal of a representation that has no key at all.
    pub(crate) fn no_key(&self, keys: &str) -> Fault {
        bad(&self.place, format!("a {} needs {keys}", self.typename))
    }

    fn mismatch(&self, field: &str, wanted: &str, found: Option<&Value>) -> Fault {
        let found = found.map_or("missing", kind);
        bad(&self.place, format!("`{field}` must be {wanted}, but it is {found}"))
    }
}

/// The fault of a field whose @requires are not in the representation.
pub(crate) fn requires_missing(field: &str, requires: &str) -> Fault {
    let message =
        format!("{field} requires `{requires}`, which only the router can put in a representation");
    Fault::new(Code::RequiresMissing, message)
}

/// Reads an id; `None` for text that can't be the id of anything.
pub(crate) fn parse_id(text: &str) -> Id {
    // "+7" and "007" parse as numbers, and are nobody's id.
    text.parse().ok().filter(|id: &i64| *id > 0 && id.to_string() == text)
}

fn bad(place: &str, what: impl Display) -> Fault {
    Fault::new(Code::BadRepresentation, format!("{place}: {what}"))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
