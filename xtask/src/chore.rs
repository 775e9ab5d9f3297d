//! What all chores have in common: how they fail, and how they refuse arguments.

/// What went wrong, in a sentence for the person at the keyboard.
pub(crate) type Failure = String;

/// Refuses arguments that a chore does not know.
///
/// # Errors
/// When there is one.
pub(crate) fn expect_none(arguments: &[String]) -> Result<(), Failure> {
    match arguments.first() {
        None => Ok(()),
        Some(stray) => Err(format!("this chore takes no argument `{stray}`")),
    }
}
