//! The bar as tests: floors, sizes, words, links.
//!
//! In comes the tree of the repository, read once as a [`Tree`]; out comes, for each rule, a list of
//! [`Finding`]s that say where, what, and what to do. `tests/bar.rs` holds one test per rule, so
//! that plain `cargo test` keeps the bar.
//!
//! Steps: [`tokens`] cuts Rust into words without understanding more than it must, [`source`] finds
//! out what in a file is a test, [`tree`] reads all files, [`packages`] asks cargo for the crates,
//! [`rules`] judge.
//!
//! This crate links no other crate of ours: it reads their text.
//!
//! Invariants: a rule looks at nothing but the tree it is given, so that each is tested on a right
//! and a wrong snippet; an exception stands in a table with its reason, never in the code that is
//! judged.

mod finding;
mod packages;
pub mod rules;
mod source;
mod tokens;
mod tree;

pub use finding::Finding;
pub use packages::{Dependency, Link, Package};
pub use source::{Function, Source};
pub use tokens::{Comment, Kind, Token};
pub use tree::{Text, Tree};
