//! In-process subgraphs that answer from data, for tests.
//!
//! In come the SDL of a subgraph as its team writes it, and a JSON text with its data; out comes a
//! [`Subgraph`] that answers GraphQL by the specification. [`Subgraphs`] are all of them behind the
//! port of execution, with a record of what they were asked. [`Merged`] is one server that holds
//! the data of all and knows no subgraph: what a router says must equal what it says.
//!
//! Steps: [`sdl`] makes a valid schema of federation's SDL and learns the keys; [`data`] finds
//! objects by key; [`run`] executes a document; [`value`] works out the values that data computes;
//! [`fault`] breaks answers on purpose.
//!
//! # Data
//!
//! A JSON object with a member for each type that has data. A root type has an object, an entity
//! a list of rows:
//!
//! ```json
//! { "Query": { "me": { "id": "1" } },
//!   "User": [ { "id": "1", "name": "Ada" } ] }
//! ```
//!
//! An object of a composite type that lacks a field is looked up by its key among the rows of its
//! type: `me` above has a name. `{"__typename": "User", "$row": 0}` is the first row; an object of a
//! root type has all that the root has. Where the schema says an interface or a union, the object says its
//! `__typename`. In the place of any value may stand an object with one of these keys:
//!
//! * `{"$error": "no such user", "extensions": {…}}`: the field fails.
//! * `{"$switch": [{"when": {"first": 1}, "then": …}, {"then": …}]}`: the first case whose
//!   arguments all equal the given ones (`null` also stands for an argument that is absent).
//! * `{"$copy": "price"}`: a field of the representation with which the entity was entered;
//!   `"$first"` is the argument `first`. Dots go deeper.
//! * `{"$text": "{price} for {$first}"}`: a text with such values put in.
//!   `{$}` stands for all arguments.
//! * `{"$made": {"price": null, "shop": {"name": null}, "... on Book|Film": {…}}}`: a text of all
//!   that the set selects of the representation.
//! * `{"$next": "clock"}`: the next number of a counter that all subgraphs share.
//!
//! The member `$faults` breaks whole answers, see [`fault`].
//!
//! This crate knows no plan.
//!
//! Invariants: what the tests rely on is strict: a document that is not valid for the subgraph, a
//! value that the data lacks, or a representation without a resolvable key is a *violation*, kept
//! apart from the errors that the subgraph answers; the same requests get the same answers.

mod arguments;
mod data;
mod fault;
mod merged;
mod run;
mod sdl;
mod server;
mod subgraph;
mod value;

pub use merged::Merged;
pub use server::{Asked, Subgraphs};
pub use subgraph::Subgraph;

#[cfg(test)]
mod tests;
