//! What the commands say: results on standard output, the rest on standard error, coloured only
//! for people at a terminal.

use std::io::{IsTerminal, Write};

/// An error, on standard error.
pub(crate) fn error(text: &str) {
    let (start, end) = if colour() { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(std::io::stderr(), "{start}error{end}: {text}");
}

/// A line for people, on standard error.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// A result, on standard output.
///
/// # Errors
/// When it can't be written, for example since the reader of a pipe is gone.
pub(crate) fn result(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| format!("the result can't be written: {error}"))
}

/// Whether standard error gets colours.
pub(crate) fn colour() -> bool {
    wanted() && std::io::stderr().is_terminal()
}

/// Whether standard output gets colours.
pub(crate) fn colour_of_results() -> bool {
    wanted() && std::io::stdout().is_terminal()
}

fn wanted() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
