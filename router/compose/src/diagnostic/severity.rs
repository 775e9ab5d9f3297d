//! How grave a finding is.

/// How grave a diagnostic is. All but errors are hints: the subgraphs compose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The subgraphs can't be composed.
    Error,
    /// Something a subgraph says was left out of the supergraph, or is about to go wrong.
    Warn,
    /// The supergraph says something other than a subgraph does, as it should.
    Info,
    /// For those who want to know how the supergraph came about.
    Debug,
}

impl Severity {
    /// As JSON has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}
