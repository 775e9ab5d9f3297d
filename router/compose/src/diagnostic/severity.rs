//! How grave a finding is.

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The subgraphs can't be composed.
    Error,
    /// They compose, but this deserves a look.
    Hint,
}
