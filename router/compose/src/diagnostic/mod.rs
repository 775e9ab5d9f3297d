//! Diagnostics: what is wrong (or could be better) in the subgraphs, where, why, and what to do.

mod code;
mod render;

use std::collections::BTreeMap;

pub use code::Code;

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The subgraphs can't be composed.
    Error,
    /// They compose, but this deserves a look.
    Hint,
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

/// The text of one subgraph, so that a report can show the lines it speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceText {
    /// The name of the file, as the caller gave it.
    pub file: String,
    /// The whole SDL.
    pub text: String,
}

/// All findings of a run: sorted, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
    sources: BTreeMap<String, SourceText>,
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

impl Report {
    /// A report of these findings over these sources (by subgraph name).
    pub fn new(
        diagnostics: impl IntoIterator<Item = Diagnostic>,
        sources: impl IntoIterator<Item = (String, SourceText)>,
    ) -> Self {
        let mut diagnostics: Vec<_> = diagnostics.into_iter().collect();
        diagnostics.sort();
        diagnostics.dedup();
        Self { diagnostics, sources: sources.into_iter().collect() }
    }

    /// Every finding, errors first.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The findings that forbid composition.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|found| found.severity == Severity::Error)
    }

    /// The findings that only deserve a look.
    pub fn hints(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|found| found.severity == Severity::Hint)
    }

    /// Whether anything forbids composition.
    pub fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// The report for people, in the manner of a compiler; `colour` adds ANSI escapes.
    pub fn render(&self, colour: bool) -> String {
        render::text(&self.diagnostics, &self.sources, colour)
    }

    /// The report for tools: `{"errors": […], "hints": […]}`.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "errors": self.errors().map(render::json).collect::<Vec<_>>(),
            "hints": self.hints().map(render::json).collect::<Vec<_>>(),
        })
    }

    /// The report as annotations of a pull request, one line each.
    pub fn to_github(&self) -> String {
        self.diagnostics.iter().map(render::github).collect()
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.render(false))
    }
}

impl std::error::Error for Report {}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(line: u32, column: u32, length: u32, text: &str) -> Label {
        let (subgraph, file) = ("stock".to_owned(), "stock.graphql".to_owned());
        Label { subgraph, file, line, column, length, text: text.to_owned() }
    }

    fn report() -> Report {
        let found = Diagnostic::new(Code::InvalidFieldSharing, "`Product.name` is not shareable.")
            .label(label(2, 3, 4, "resolved here"))
            .help("add @shareable to Product.name in stock");
        let text = "type Product {\n  name: String\n}\n".to_owned();
        let source = SourceText { file: "stock.graphql".to_owned(), text };
        Report::new([found.clone(), found], [("stock".to_owned(), source)])
    }

    #[test]
    fn text_underlines_the_place() {
        let text = report().render(false);
        let expected = "error[INVALID_FIELD_SHARING]: `Product.name` is not shareable.\n \
                        --> stock.graphql:2:3 (subgraph stock)\n  |\n2 |   name: String\n  |   \
                        ^^^^ resolved here\n  |\n";
        assert!(text.starts_with(expected), "{text}");
        assert!(text.contains("  = note: "), "{text}");
        assert!(text.contains("help: add @shareable to Product.name in stock\n"), "{text}");
        assert!(!text.contains('\u{1b}'));
        assert!(report().render(true).contains('\u{1b}'));
    }

    #[test]
    fn findings_are_told_once_and_as_json() {
        let json = report().to_json();
        assert_eq!(json["errors"].as_array().map(Vec::len), Some(1));
        assert_eq!(json["errors"][0]["code"], "INVALID_FIELD_SHARING");
        assert_eq!(json["errors"][0]["labels"][0]["line"], 2);
        assert_eq!(json["hints"], serde_json::json!([]));
    }

    #[test]
    fn github_annotations_escape_line_breaks() {
        let found = Diagnostic::new(Code::NoQueries, "a\nb").label(label(1, 1, 1, ""));
        let text = Report::new([found], []).to_github();
        assert_eq!(text, "::error file=stock.graphql,line=1,col=1,title=NO_QUERIES::a%0Ab\n");
    }

    #[test]
    fn a_label_out_of_the_source_does_no_harm() {
        let found = Diagnostic::new(Code::NoQueries, "x").label(label(900, 70, 3, "where"));
        let source = SourceText { file: "f".to_owned(), text: "a".to_owned() };
        let text = Report::new([found], [("stock".to_owned(), source)]).render(false);
        assert!(text.contains("where"), "{text}");
    }
}
