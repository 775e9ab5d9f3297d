//! The parser's hands: the token at hand, what is expected of it, and going on after errors.

use crate::Name;
use crate::ast::{Named, Spot};
use crate::error::{Error, Limits};
use crate::lex::{Kind, Lexer, NoToken, Token};
use crate::strings;

/// Reads one text.
pub(super) struct Parser<'t> {
    lexer: Lexer<'t>,
    /// The token that comes next.
    pub(super) token: Token<'t>,
    /// Where the token before it ends: line and column.
    last: (u32, u32),
    tokens: usize,
    depth: usize,
    limits: Limits,
}

/// A result of reading.
pub(super) type Read<T> = Result<T, Error>;

/// What can begin a definition.
const KEYWORDS: [&str; 9] =
    ["type", "extend", "interface", "union", "enum", "input", "scalar", "schema", "directive"];

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, limits: Limits) -> Read<Self> {
        let start = Spot { line: 1, column: 1, length: 1 };
        if text.len() > limits.bytes {
            let message =
                format!("The text has {} bytes; the limit is {}.", text.len(), limits.bytes);
            return Err(Error { message, at: start, help: None });
        }
        let token = Token { kind: Kind::End, text: "", at: start };
        let lexer = Lexer::new(text);
        let mut parser = Self { lexer, token, last: (1, 1), tokens: 0, depth: 0, limits };
        parser.advance()?;
        Ok(parser)
    }

    pub(super) const fn is_at_end(&self) -> bool {
        matches!(self.token.kind, Kind::End)
    }

    /// Takes the token and moves to the next.
    pub(super) fn advance(&mut self) -> Read<Token<'t>> {
        self.tokens += 1;
        if self.tokens > self.limits.tokens {
            let message = format!("The text has more than {} tokens.", self.limits.tokens);
            return Err(Error { message, at: self.token.at, help: None });
        }
        let next = self.lexer.token().map_err(no_token)?;
        let taken = std::mem::replace(&mut self.token, next);
        self.last = (taken.at.line, taken.at.column + taken.at.length);
        Ok(taken)
    }

    /// After an error, moves to the next definition that begins a line; false if there is none.
    pub(super) fn recover(&mut self) -> bool {
        self.depth = 0;
        let failed = self.token.at.line;
        while self.tokens <= self.limits.tokens {
            let token = &self.token;
            let begins = token.at.column == 1 && token.at.line > failed;
            if begins && token.kind == Kind::Name && KEYWORDS.contains(&token.text) {
                return true;
            }
            if token.kind == Kind::End {
                return false;
            }
            self.tokens += 1;
            // What is no token has been told, or stands in what is skipped.
            if let Ok(next) = self.lexer.token() {
                self.token = next;
            }
        }
        false
    }

    /// An error at the token that comes next.
    pub(super) fn error(&self, message: impl Into<String>) -> Error {
        Error { message: message.into(), at: self.token.at, help: None }
    }

    /// `what` was expected, but something else stands there.
    pub(super) fn expected(&self, what: &str) -> Error {
        let found = match self.token.kind {
            Kind::End => "the text ends".to_owned(),
            Kind::Quoted | Kind::Block => "a string stands here".to_owned(),
            _ => format!("`{}` stands here", self.token.text),
        };
        self.error(format!("Expected {what}, but {found}."))
    }

    pub(super) fn is_mark(&self, mark: u8) -> bool {
        self.token.kind == Kind::Mark(mark)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.token.kind == Kind::Name && self.token.text == word
    }

    /// Takes a mark if it comes next.
    pub(super) fn take(&mut self, mark: u8) -> Read<bool> {
        let comes = self.is_mark(mark);
        if comes {
            self.advance()?;
        }
        Ok(comes)
    }

    /// Takes a word if it comes next.
    pub(super) fn take_word(&mut self, word: &str) -> Read<bool> {
        let comes = self.is_word(word);
        if comes {
            self.advance()?;
        }
        Ok(comes)
    }

    /// Takes a mark that must come next; `place` goes on with "`mark` ".
    pub(super) fn expect(&mut self, mark: u8, place: &str) -> Read<Token<'t>> {
        match self.is_mark(mark) {
            true => self.advance(),
            false => Err(self.expected(&format!("`{}` {place}", char::from(mark)))),
        }
    }

    /// Takes a name.
    pub(super) fn name(&mut self, what: &str) -> Read<Named> {
        if self.token.kind != Kind::Name {
            return Err(self.expected(what));
        }
        let token = self.advance()?;
        Ok(Named { name: Name::new(token.text), at: token.at })
    }

    /// Takes a description, if there is one.
    pub(super) fn description(&mut self) -> Read<Option<Name>> {
        match self.token.kind {
            Kind::Quoted | Kind::Block => self.string().map(Some),
            _ => Ok(None),
        }
    }

    /// Takes a string that comes next: what it means.
    pub(super) fn string(&mut self) -> Read<Name> {
        let token = self.advance()?;
        if token.kind == Kind::Block {
            return Ok(Name::from(strings::block(token.text)));
        }
        let text = strings::quoted(token.text).map_err(|wrong| Error {
            message: format!("`{wrong}` is no escape that a string can have."),
            at: token.at,
            help: Some("write a backslash as `\\\\`".to_owned()),
        })?;
        Ok(Name::new(text))
    }

    /// What `read` reads between marks, one or more times.
    pub(super) fn items<T>(
        &mut self,
        (open, close): (u8, u8),
        what: &str,
        mut read: impl FnMut(&mut Self) -> Read<T>,
    ) -> Read<Vec<T>> {
        let mut items = Vec::new();
        if !self.take(open)? {
            return Ok(items);
        }
        loop {
            if self.is_mark(close) && !items.is_empty() {
                self.advance()?;
                items.shrink_to_fit();
                return Ok(items);
            }
            if self.is_at_end() || self.is_mark(close) {
                return Err(self.expected(what));
            }
            items.push(read(self)?);
        }
    }

    /// Does something one level deeper.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= self.limits.nesting {
            return Err(self.error(format!("This nests deeper than {}.", self.limits.nesting)));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// From a place to the end of the last token.
    pub(super) fn since(&self, start: Spot) -> Spot {
        let (line, column) = self.last;
        let length =
            if line == start.line { column.saturating_sub(start.column).max(1) } else { 1 };
        Spot { length, ..start }
    }
}

fn no_token(found: NoToken) -> Error {
    let mut letters = found.why.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase()).unwrap_or_default();
    Error { message: format!("{first}{}.", letters.as_str()), at: found.at, help: None }
}
