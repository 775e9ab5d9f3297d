//! What was asked: a parsed, validated and bound operation.
//!
//! In come the text of a document and the values of its variables; out come an [`Operation`] in
//! the ids of the [`schema::Schema`], the coerced variables, and the answer to introspection.
//!
//! Steps: [`limits`] measure a document before anything expands it, [`document`] parses and
//! validates it and picks the operation, [`bind`] decides conditions and dissolves fragments,
//! [`measure`] counts what is left and [`cost`] says what it costs; [`variables`] coerces values, [`introspect`] answers
//! `__schema` and `__type`.
//!
//! This crate knows no subgraph, no plan and no network.
//!
//! Invariants: only [`Request::bind`] makes an [`Operation`], so that each is valid for the public
//! schema; the work on a document is linear in its text until its size with fragments expanded is
//! known to be within the limits; numbers in variables keep their text.

mod bind;
mod cost;
mod document;
mod error;
mod introspect;
mod limits;
mod measure;
mod model;
mod variables;

pub use bind::Conditions;
pub use cost::{Cost, FieldCost, Lists, SLICING, Unsliced, counted, sizes};
pub use document::{Document, Request};
pub use error::{Code, RequestError};
pub use limits::Limits;
pub use measure::Measures;
pub use model::{Field, Operation, Selected, SelectionSet, Variable};

#[cfg(test)]
mod tests;
