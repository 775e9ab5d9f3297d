//! Field sets.

use super::parser::{Parser, Read};
use crate::ast::{FieldSelection, Selection};
use crate::lex::Kind;

impl Parser<'_> {
    /// A whole text that is a field set.
    pub(super) fn field_set(&mut self) -> Read<Vec<Selection>> {
        if self.is_mark(b'{') {
            let selections = self.braced()?;
            return match self.is_at_end() {
                true => Ok(selections),
                false => Err(self.expected("nothing more after the field set")),
            };
        }
        let mut selections = Vec::new();
        while !self.is_at_end() {
            selections.push(self.selection()?);
        }
        match selections.is_empty() {
            true => Err(self.error("It selects nothing.")),
            false => Ok(selections),
        }
    }

    fn braced(&mut self) -> Read<Vec<Selection>> {
        let items =
            |parser: &mut Self| parser.items((b'{', b'}'), "a field to select", Self::selection);
        self.deeper(items)
    }

    fn selection(&mut self) -> Read<Selection> {
        if self.token.kind == Kind::Spread {
            return self.fragment();
        }
        let first = self.name("a field to select")?;
        let (alias, named) = match self.take(b':')? {
            true => (Some(first.name), self.name("the name of a field")?),
            false => (None, first),
        };
        let arguments = self.arguments()?;
        let directives = self.directives()?;
        let inner = if self.is_mark(b'{') { Some(self.braced()?) } else { None };
        let (name, at) = (named.name, named.at);
        Ok(Selection::Field(FieldSelection { alias, name, at, arguments, directives, inner }))
    }

    fn fragment(&mut self) -> Read<Selection> {
        let start = self.advance()?.at;
        let mut ty = None;
        if self.take_word("on")? {
            ty = Some(self.name("the name of a type after `... on`")?.name);
        } else if self.token.kind == Kind::Name {
            return Ok(Selection::Spread(self.name("a name")?.name));
        }
        let at = self.since(start);
        let directives = self.directives()?;
        if !self.is_mark(b'{') {
            return Err(self.expected("`{` and what the fragment selects"));
        }
        Ok(Selection::On { ty, at, directives, inner: self.braced()? })
    }
}
