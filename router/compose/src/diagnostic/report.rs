//! All findings of a run, and the ways to tell them.

use std::collections::BTreeMap;

use super::finding::{Diagnostic, SourceText};
use super::render;
use super::severity::Severity;

/// All findings of a run: sorted, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
    sources: BTreeMap<String, SourceText>,
}

impl Report {
    /// A report of these findings over these sources (by subgraph name).
    pub fn new(
        diagnostics: impl IntoIterator<Item = Diagnostic>,
        sources: impl IntoIterator<Item = (String, SourceText)>,
    ) -> Self {
        let mut diagnostics: Vec<_> = diagnostics.into_iter().collect();
        diagnostics.iter_mut().for_each(name_subgraph);
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
        self.diagnostics.iter().filter(|found| found.severity != Severity::Error)
    }

    /// The report without what weighs less than `least`.
    #[must_use]
    pub fn down_to(mut self, least: Severity) -> Self {
        self.diagnostics.retain(|found| found.severity <= least);
        self
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

    /// The report for tools: `{"errors": […], "hints": […]}`, where each finding has its `level`:
    /// `error`, `warn`, `info` or `debug`.
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

/// A help that names no subgraph is told to be meant for the one that the finding is about.
fn name_subgraph(found: &mut Diagnostic) {
    let Some((first, rest)) = found.labels.split_first() else { return };
    let Some(help) = &mut found.help else { return };
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let named = help.split(|c| !is_word(c)).any(|word| word == first.subgraph);
    if !named && rest.iter().all(|label| label.subgraph == first.subgraph) {
        help.push_str(&format!(" (in {})", first.subgraph));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::code::Code;
    use crate::diagnostic::finding::Label;

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
    fn light_hints_can_be_left_out() {
        let codes = [Code::UnusedEnumType, Code::InconsistentEntity, Code::InconsistentDescription];
        let report = Report::new(codes.map(|code| Diagnostic::new(code, "x")), []);
        let json = report.to_json();
        let levels: Vec<_> =
            json["hints"].as_array().unwrap().iter().map(|h| &h["level"]).collect();
        assert_eq!(levels, ["warn", "info", "debug"]);
        let left = report.down_to(Severity::Info);
        assert!(left.hints().all(|hint| hint.code != Code::UnusedEnumType));
        assert_eq!(left.hints().count(), 2);
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
