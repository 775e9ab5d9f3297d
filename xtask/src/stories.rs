//! `cargo xtask stories`: runs the stories; with `--update`, rewrites what they expect.

use crate::chore::{Failure, expect_none};
use crate::command::{cargo, run as execute};

/// Runs the stories.
///
/// # Errors
/// When an argument is unknown or a story does not hold.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let update = arguments.first().is_some_and(|argument| argument == "--update");
    expect_none(if update { &arguments[1..] } else { arguments })?;
    let mut tests = cargo(&["test", "--package", "tributary-stories"]);
    if update {
        tests.env("TRIBUTARY_UPDATE_STORIES", "1");
        println!("expected plans and answers are rewritten: read the difference before you commit");
    }
    execute(tests)
}
