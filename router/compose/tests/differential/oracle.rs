//! The oracle: what it says of a set.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use trials::Node;

const PROGRAM: &str = include_str!("oracle/oracle.mjs");

/// What the oracle says of a set.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    pub(crate) valid: bool,
    pub(crate) codes: Vec<String>,
    pub(crate) messages: Vec<String>,
    pub(crate) api: Vec<String>,
    pub(crate) facts: Vec<String>,
}

/// One process of the oracle.
pub(crate) struct Oracle(Node);

/// The folder into which `cargo xtask test` installed the oracle.
pub(crate) fn folder() -> Option<PathBuf> {
    trials::oracle(Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("../oracle")))
}

impl Oracle {
    pub(crate) fn new(folder: &Path) -> Self {
        Self(Node::new(folder, PROGRAM).expect("the folder of the oracle can be written"))
    }

    /// Asks; nothing when the oracle died or was too slow.
    pub(crate) fn ask(&mut self, question: &str) -> Option<Answer> {
        let line = self.0.ask(question)?;
        Some(serde_json::from_str(&line).expect("the oracle answers in JSON"))
    }
}
