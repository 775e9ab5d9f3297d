//! What composition takes: subgraphs as their teams hand them in, bounds on them, and what is shown.

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

/// What a contract shows, by the names of tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contract {
    /// When there are some, only fields that have one of these tags, or whose type has one.
    pub include: Vec<String>,
    /// Nothing that has one of these tags, whatever else it has.
    pub exclude: Vec<String>,
}

/// Bounds on what is read, and what of the result is shown.
#[derive(Clone, Debug)]
pub struct Options {
    /// What clients of the supergraph see; if left out, everything that is not `@inaccessible`.
    pub contract: Option<Contract>,
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
            contract: None,
            bytes: const { NonZeroUsize::new(32 << 20).expect("not zero") },
            tokens: const { NonZeroUsize::new(8_000_000).expect("not zero") },
            nesting: const { NonZeroUsize::new(200).expect("not zero") },
        }
    }
}
