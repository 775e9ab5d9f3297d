//! Reading: tokens become definitions.

mod definitions;
mod parser;
mod selections;
mod values;

use crate::ast::{Document, Selection};
use crate::error::{Error, Limits};
use parser::Parser;

/// More syntax errors of one text are read by nobody.
const MOST_ERRORS: usize = 20;

/// Reads a schema document.
///
/// # Errors
/// What is wrong with it, at least one and at most 20 errors: after an error, reading goes on at
/// the next definition that begins a line.
pub fn parse(text: &str, limits: Limits) -> Result<Document, Vec<Error>> {
    let mut parser = match Parser::new(text, limits) {
        Ok(parser) => parser,
        Err(error) => return Err(vec![error]),
    };
    let mut document = Document::default();
    let mut errors = Vec::new();
    while !parser.is_at_end() {
        let Err(error) = parser.definition(&mut document) else { continue };
        errors.push(error);
        if errors.len() == MOST_ERRORS || !parser.recover() {
            break;
        }
    }
    let empty =
        document.schemas.is_empty() && document.types.is_empty() && document.directives.is_empty();
    if errors.is_empty() && empty {
        errors.push(parser.error("The file holds no definition."));
    }
    if errors.is_empty() { Ok(document) } else { Err(errors) }
}

/// Reads a field set, with or without braces around it. Places are those in its text.
///
/// # Errors
/// What is wrong with it first.
pub fn field_set(text: &str, limits: Limits) -> Result<Vec<Selection>, Error> {
    Parser::new(text, limits)?.field_set()
}
