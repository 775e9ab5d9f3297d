//! What was asked: a parsed, validated and bound operation.

mod model;

pub use model::{Field, Operation, Selected, SelectionSet, Variable};
