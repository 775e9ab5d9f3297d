//! One finding: what is wrong, where, why, and what to do.

use super::code::Code;
use super::severity::Severity;

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Diagnostic {
    /// Errors sort before hints.
    pub severity: Severity,
    /// The published code.
    pub code: Code,
    /// One sentence.
    pub message: String,
    /// Where; the first is the primary one.
    pub labels: Vec<Label>,
    /// Why the rule exists.
    pub note: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// A stretch of one subgraph's file, with a word on its part in the matter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Label {
    /// The subgraph's name.
    pub subgraph: String,
    /// The name of the file, as the caller gave it.
    #[serde(skip)]
    pub file: String,
    /// Counted from 1; 0 when the place is unknown.
    pub line: u32,
    /// In characters, counted from 1.
    pub column: u32,
    /// In characters, at least 1.
    pub length: u32,
    /// What stands behind the caret; may be empty.
    pub text: String,
}

/// The text of one subgraph, so that a report can show the lines it speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceText {
    /// The name of the file, as the caller gave it.
    pub file: String,
    /// The whole SDL.
    pub text: String,
}

impl Diagnostic {
    /// A finding with the code's own severity and note; labels and help are added by the caller.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            severity: code.severity(),
            code,
            message: message.into(),
            labels: Vec::new(),
            note: code.why().to_owned(),
            help: None,
        }
    }

    /// Adds a place.
    #[must_use]
    pub fn label(mut self, label: Label) -> Self {
        self.labels.push(label);
        self
    }

    /// Adds several places.
    #[must_use]
    pub fn labels(mut self, labels: impl IntoIterator<Item = Label>) -> Self {
        self.labels.extend(labels);
        self
    }

    /// Weighs it otherwise than its code does in general.
    #[must_use]
    pub fn weight(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Replaces the code's general note by one for this case.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
