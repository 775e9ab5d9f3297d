//! The errors of an execution while they are collected.

use crate::answer::Error;
use crate::code::TOO_MANY;

/// How often, for each error that fits, one may be told again.
const AGAIN: usize = 100;

/// Errors, never more than the limit.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    list: Vec<Error>,
    /// How many did not fit.
    pub beyond: usize,
    /// How often an error was told again.
    again: usize,
}

impl Errors {
    /// Adds an error, once.
    pub(crate) fn push(&mut self, error: Error, most: usize) {
        if self.list.contains(&error) {
            self.again += 1;
            return;
        }
        if self.is_full(most) {
            self.beyond += 1;
        } else {
            self.list.push(error);
        }
    }

    /// Whether no more errors fit. Looking whether one is told already is work too, so that there
    /// is an end to that as well.
    pub(crate) fn is_full(&self, most: usize) -> bool {
        self.list.len() >= most || self.again >= most.saturating_mul(AGAIN)
    }

    /// The list, with a last word on those that did not fit.
    pub(crate) fn finish(mut self) -> Vec<Error> {
        if self.beyond > 0 {
            let message = format!("{} more errors are not shown.", self.beyond);
            self.list.push(Error::new(TOO_MANY, message));
        }
        self.list
    }
}
