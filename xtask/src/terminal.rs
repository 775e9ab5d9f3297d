//! Colour, for terminals only: a file or a pipe gets plain text.

use std::io::IsTerminal;

/// Red, for failures.
pub(crate) fn red(text: &str) -> String {
    paint("31;1", text)
}

/// Green, for what went well.
pub(crate) fn green(text: &str) -> String {
    paint("32;1", text)
}

/// Yellow, for what was skipped.
pub(crate) fn yellow(text: &str) -> String {
    paint("33;1", text)
}

/// Bold, for headings.
pub(crate) fn bold(text: &str) -> String {
    paint("1", text)
}

fn paint(code: &str, text: &str) -> String {
    let plain = std::env::var_os("NO_COLOR").is_some()
        || !std::io::stdout().is_terminal()
        || !std::io::stderr().is_terminal();
    if plain { text.to_owned() } else { format!("\x1b[{code}m{text}\x1b[0m") }
}
