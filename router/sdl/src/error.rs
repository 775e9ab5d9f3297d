//! How large a text may be, and what is wrong with one.

use crate::ast::Spot;

/// How large a text may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the text.
    pub bytes: usize,
    /// Tokens of the text.
    pub tokens: usize,
    /// How deep lists, values and selections may nest.
    pub nesting: usize,
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// One sentence.
    pub message: String,
    /// Where it was noticed.
    pub at: Spot,
    /// What to do about it.
    pub help: Option<String>,
}
