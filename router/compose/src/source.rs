//! What composition takes: subgraphs as their teams hand them in, and bounds on them.

use std::num::NonZeroUsize;

/// A subgraph as its team hands it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubgraphSource {
    /// Its name.
    pub name: String,
    /// Where it answers.
    pub url: String,
    /// Its schema.
    pub sdl: String,
    /// The name of the file, for reports.
    pub file: String,
}

/// Bounds on what is read.
#[derive(Clone, Debug)]
pub struct Options {
    /// Bytes of one subgraph's SDL.
    pub bytes: NonZeroUsize,
    /// Tokens of one subgraph's SDL.
    pub tokens: NonZeroUsize,
    /// Levels of nesting in one subgraph's SDL.
    pub nesting: NonZeroUsize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            bytes: const { NonZeroUsize::new(32 << 20).expect("not zero") },
            tokens: const { NonZeroUsize::new(8_000_000).expect("not zero") },
            nesting: const { NonZeroUsize::new(200).expect("not zero") },
        }
    }
}
