//! Findings as text for people, as JSON for tools and as annotations for pull requests.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::finding::{Diagnostic, Label, SourceText};
use super::severity::Severity;

const RED: &str = "\u{1b}[1;31m";
const GREEN: &str = "\u{1b}[1;32m";
const BLUE: &str = "\u{1b}[1;34m";
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// A source line is shown up to this many characters.
const WIDTH: usize = 160;

type Sources = BTreeMap<String, SourceText>;

/// All findings, one block each.
pub(super) fn text(found: &[Diagnostic], sources: &Sources, colour: bool) -> String {
    let lines: BTreeMap<&str, Vec<&str>> = sources
        .iter()
        .map(|(name, source)| (name.as_str(), source.text.lines().collect()))
        .collect();
    let mut page = Page { out: String::new(), lines, colour };
    for diagnostic in found {
        page.diagnostic(diagnostic);
    }
    page.out
}

/// One finding as an object.
pub(super) fn json(found: &Diagnostic) -> serde_json::Value {
    serde_json::json!({
        "code": found.code.name(),
        "level": found.severity.name(),
        "message": found.message,
        "labels": found.labels,
        "note": found.note,
        "help": found.help,
    })
}

/// One finding as a workflow command, one line.
pub(super) fn github(found: &Diagnostic) -> String {
    let level = match found.severity {
        Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Info | Severity::Debug => "notice",
    };
    let place = found.labels.first().map_or_else(String::new, |label| {
        let file = escape(&label.file).replace(':', "%3A").replace(',', "%2C");
        format!("file={file},line={},col={},", label.line.max(1), label.column.max(1))
    });
    let mut message = found.message.clone();
    if let Some(help) = &found.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    format!("::{level} {place}title={}::{}\n", found.code.name(), escape(&message))
}

fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

struct Page<'a> {
    out: String,
    lines: BTreeMap<&'a str, Vec<&'a str>>,
    colour: bool,
}

impl Page<'_> {
    fn diagnostic(&mut self, found: &Diagnostic) {
        let (word, colour) = match found.severity {
            Severity::Error => ("error", RED),
            _ => ("hint", BLUE),
        };
        self.paint(colour, &format!("{word}[{}]", found.code.name()));
        self.paint(BOLD, &format!(": {}", found.message.trim_end()));
        self.out.push('\n');
        let widest = found.labels.iter().map(|label| label.line).max().unwrap_or(0);
        let gutter = widest.to_string().len();
        let mut previous: Option<&Label> = None;
        for label in &found.labels {
            self.place(label, previous, gutter);
            previous = Some(label);
        }
        if !found.labels.is_empty() {
            self.margin(gutter, "", "");
        }
        self.paragraph(gutter, "note: ", &found.note);
        if let Some(help) = &found.help {
            self.paint(GREEN, "help: ");
            let _ = writeln!(self.out, "{}", help.trim_end().replace('\n', "\n      "));
        }
        self.out.push('\n');
    }

    /// The heading of a place (left out when it is next to the one before), its line, its carets.
    fn place(&mut self, label: &Label, previous: Option<&Label>, gutter: usize) {
        let known = (label.line as usize)
            .checked_sub(1)
            .and_then(|index| self.lines.get(label.subgraph.as_str())?.get(index).copied());
        if previous.is_none_or(|before| before.subgraph != label.subgraph) {
            let arrow = if previous.is_none() { "-->" } else { ":::" };
            let _ = write!(self.out, "{:gutter$}", "");
            self.paint(BLUE, arrow);
            let _ = match known {
                Some(_) => write!(self.out, " {}:{}:{}", label.file, label.line, label.column),
                None => write!(self.out, " {}", label.file),
            };
            let _ = writeln!(self.out, " (subgraph {})", label.subgraph);
            self.margin(gutter, "", "");
        } else if previous.is_some_and(|before| before.line.abs_diff(label.line) > 1) {
            self.out.push_str("...\n");
        }
        let Some(line) = known else {
            if !label.text.is_empty() {
                self.margin(gutter, "", &format!(" {}", label.text));
            }
            return;
        };
        let shown: String = line.chars().take(WIDTH).map(untab).collect();
        if previous.is_none_or(|p| p.subgraph != label.subgraph || p.line != label.line) {
            self.margin(gutter, &label.line.to_string(), &format!(" {}", shown.trim_end()));
        }
        let column = (label.column.max(1) as usize - 1).min(shown.chars().count());
        let room = shown.trim_end().chars().count().saturating_sub(column).max(1);
        let carets = (label.length.max(1) as usize).min(room);
        self.carets(gutter, column, carets, &label.text);
    }

    fn carets(&mut self, gutter: usize, column: usize, carets: usize, text: &str) {
        let _ = write!(self.out, "{:gutter$} ", "");
        self.paint(BLUE, "|");
        let _ = write!(self.out, " {:column$}", "");
        let space = if text.is_empty() { "" } else { " " };
        self.paint(RED, &format!("{}{space}{text}", "^".repeat(carets)));
        self.out.push('\n');
    }

    fn margin(&mut self, gutter: usize, number: &str, text: &str) {
        self.paint(BLUE, &format!("{number:>gutter$} |"));
        let _ = writeln!(self.out, "{text}");
    }

    fn paragraph(&mut self, gutter: usize, name: &str, text: &str) {
        let _ = write!(self.out, "{:gutter$} ", "");
        self.paint(BLUE, "= ");
        self.paint(BOLD, name);
        let indent = format!("\n{:width$}", "", width = gutter + 3 + name.len());
        let _ = writeln!(self.out, "{}", text.trim_end().replace('\n', &indent));
    }

    fn paint(&mut self, colour: &str, text: &str) {
        if self.colour {
            let _ = write!(self.out, "{colour}{text}{PLAIN}");
        } else {
            self.out.push_str(text);
        }
    }
}

/// Columns count characters, so a tab takes one.
fn untab(character: char) -> char {
    if character.is_control() { ' ' } else { character }
}
