//! What trials are made with: dice that a seed decides, and another implementation to compare with,
//! a program of Node in a process of its own.
//!
//! Tests alone use it; it needs no crate, so that any crate's tests can.

mod dice;
mod node;

pub use dice::Dice;
pub use node::{Node, oracle};
