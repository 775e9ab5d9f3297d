//! What is wrong in the file, with its place and what was meant.

use std::fmt::Write;

use crate::suggest::suggestion;

/// Words of the parser, as people say them.
const WORDS: &[(&str, &str)] = &[
    ("unknown field", "unknown key"),
    ("unknown variant", "unknown value"),
    ("missing property", "the environment has no variable"),
    ("expected mapping start", "keys and values are expected here"),
    ("invalid boolean", "expected true or false"),
];

/// Tells a mistake in the manner of a compiler: where, what, the line, and what was meant.
pub(super) fn tell(file: &str, text: &str, error: &serde_saphyr::Error) -> String {
    let message = error.without_snippet().to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    let message = message.strip_prefix("error: ").unwrap_or(message);
    let help = suggestion(message);
    // A list of all known keys only helps those whom no single key does.
    let what = match help {
        Some(_) => message.split(", expected ").next().unwrap_or(message),
        None => message,
    };
    let what = WORDS.iter().fold(what.to_owned(), |what, (from, to)| what.replace(from, to));
    let mut told = match error.location() {
        None => format!("{file}: {what}"),
        Some(at) => {
            let (line, column) = (at.line(), at.column());
            let mut told = format!("{file}:{line}:{column}: {what}");
            let index = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
            if let Some(shown) = text.lines().nth(index) {
                show(&mut told, line, column, shown);
            }
            told
        }
    };
    if let Some(right) = help {
        let _ = write!(told, "\nhelp: did you mean `{right}`?");
    }
    told
}

/// The line, and a mark under the word at the column.
fn show(out: &mut String, line: u64, column: u64, shown: &str) {
    let before = usize::try_from(column).unwrap_or(1).saturating_sub(1);
    let word = shown.chars().skip(before).take_while(|c| !":, }]".contains(*c)).count().max(1);
    let margin = " ".repeat(line.to_string().len());
    let (indent, marks) = (" ".repeat(before), "^".repeat(word));
    let _ = write!(out, "\n{margin} |\n{line} | {shown}\n{margin} | {indent}{marks}");
}
