//! What can go wrong while a field is resolved, with the code that clients see.

use std::sync::Arc;

use juniper::{FieldError, IntoFieldError, ScalarValue, Value};

/// An error with a code and a sentence; cheap to copy, because one failed batch fails many fields.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    pub(crate) code: Code,
    pub(crate) message: Arc<str>,
}

/// Whose fault it is, in one word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Code {
    /// An argument is out of its bounds.
    BadUserInput,
    /// A mutation names something that does not exist.
    NotFound,
    /// The router sent a representation that this service cannot read.
    BadRepresentation,
    /// A field was asked for without the fields that it requires.
    RequiresMissing,
    /// The database refused.
    Internal,
}

impl Fault {
    pub(crate) fn new(code: Code, message: impl Into<Arc<str>>) -> Self {
        Self { code, message: message.into() }
    }

    pub(crate) fn bad_input(message: impl Into<Arc<str>>) -> Self {
        Self::new(Code::BadUserInput, message)
    }

    pub(crate) fn not_found(what: &str, id: &str) -> Self {
        Self::new(Code::NotFound, format!("there is no {what} `{id}`"))
    }
}

impl Code {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::NotFound => "NOT_FOUND",
            Self::BadRepresentation => "BAD_REPRESENTATION",
            Self::RequiresMissing => "REQUIRES_MISSING",
            Self::Internal => "INTERNAL",
        }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::new(Code::Internal, format!("the database failed: {error}"))
    }
}

impl<S: ScalarValue> IntoFieldError<S> for Fault {
    fn into_field_error(self) -> FieldError<S> {
        let mut extensions = juniper::Object::with_capacity(1);
        extensions.add_field("code", Value::scalar(self.code.name().to_owned()));
        FieldError::new(self.message, Value::object(extensions))
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}
