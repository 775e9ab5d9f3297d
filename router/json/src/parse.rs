//! The parser: RFC 8259, strict.

use std::borrow::Cow;

use wide::u8x16;

use crate::{Json, Object};

/// Why a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} at byte {at}")]
pub struct ParseError {
    /// What is wrong, as the start of a sentence.
    pub what: &'static str,
    /// Where, in bytes from the start.
    pub at: usize,
}

/// Parses a text. Arrays and objects may nest up to `depth` levels.
///
/// # Errors
/// When the text is not JSON, not UTF-8, or nests deeper.
pub fn parse(text: &[u8], depth: usize) -> Result<Json, ParseError> {
    let mut parser = Parser::new(text)?;
    parser.space();
    let value = parser.value(depth)?;
    parser.end()?;
    Ok(value)
}

/// A member of an object that is read one by one.
#[derive(Debug)]
pub enum Member<'t> {
    /// A string of which only the end was looked for.
    String(Unread<'t>),
    /// Anything else.
    Other(Json),
}

impl Member<'_> {
    /// The value, read to its end.
    ///
    /// # Errors
    /// When it is a string, and none of JSON.
    pub fn read(self) -> Result<Json, ParseError> {
        match self {
            Member::String(unread) => unread.read().map(Json::String),
            Member::Other(value) => Ok(value),
        }
    }
}

/// A string that was not looked into. What is equal to a string that was read is one, and the same.
#[derive(Clone, Copy, Debug)]
pub struct Unread<'t> {
    text: &'t str,
    /// Where its first quote stands, and where its last.
    at: usize,
    end: usize,
}

impl<'t> Unread<'t> {
    /// What stands between the quotes, escapes and all.
    pub fn raw(&self) -> &'t [u8] {
        &self.text.as_bytes()[self.at + 1..self.end]
    }

    /// The string.
    ///
    /// # Errors
    /// When it has an escape that JSON has not, or a control character.
    pub fn read(self) -> Result<String, ParseError> {
        let mut parser = Parser { text: self.text, bytes: self.text.as_bytes(), at: self.at };
        parser.string().map(Cow::into_owned)
    }
}

/// Parses a text that is an object, without making one: `each` gets the members in their order, and
/// one that stands twice twice. Strings come unread; who drops one unread accepts whatever it is.
/// Arrays and objects may nest up to `depth` levels, the outer object included. The result tells
/// whether the text was an object; `each` got nothing if it was not.
///
/// # Errors
/// When the text is not JSON, not UTF-8, or nests deeper, or `each` says so. `each` may have got
/// members before.
pub fn parse_members<'t>(
    text: &'t [u8],
    depth: usize,
    mut each: impl FnMut(Cow<'t, str>, Member<'t>) -> Result<(), ParseError>,
) -> Result<bool, ParseError> {
    let mut parser = Parser::new(text)?;
    parser.space();
    let is_object = parser.peek() == Some(b'{');
    if is_object {
        parser.members(depth, |parser, key, depth| {
            let member = match parser.peek() {
                Some(b'"') => Member::String(parser.unread()?),
                _ => Member::Other(parser.value(depth)?),
            };
            each(key, member)
        })?;
    } else {
        parser.value(depth)?;
    }
    parser.end()?;
    Ok(is_object)
}

/// Bytes as a text.
///
/// # Errors
/// Where the first byte stands that is not UTF-8.
pub fn utf8(bytes: &[u8]) -> Result<&str, ParseError> {
    simdutf8::basic::from_utf8(bytes).or_else(|_| {
        // The quick way does not tell where.
        std::str::from_utf8(bytes)
            .map_err(|error| ParseError { what: "invalid UTF-8", at: error.valid_up_to() })
    })
}

/// Where the text that stands for itself in a string ends: at a quote, a backslash, a control
/// character, or the end of `text`. Most strings have nothing else, so many bytes are looked at at
/// once.
pub fn plain_end(text: &[u8], mut at: usize) -> usize {
    while let Some((block, _)) = text.get(at..).and_then(<[u8]>::split_first_chunk::<BLOCK>) {
        match plain_start(block) {
            BLOCK => at += BLOCK,
            plain => return at + plain,
        }
    }
    let rest = text.get(at..).unwrap_or_default();
    at + plain_bytes(rest)
}

fn plain_bytes(text: &[u8]) -> usize {
    text.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count()
}

/// How many bytes are looked at at once.
const BLOCK: usize = 16;

/// A block, and whatever one escape stands for.
const ROOM: usize = BLOCK + 4;

/// How many bytes of a block stand for themselves before the first that does not.
#[inline]
fn plain_start(block: &[u8; BLOCK]) -> usize {
    let bytes = u8x16::from(*block);
    let control = bytes.min(u8x16::splat(0x1f)).simd_eq(bytes);
    let special = bytes.simd_eq(u8x16::splat(b'"')) | bytes.simd_eq(u8x16::splat(b'\\')) | control;
    (special.to_bitmask() | 1 << BLOCK).trailing_zeros() as usize
}

/// Where the next quote stands, escaped or not.
fn next_quote(text: &[u8], mut at: usize) -> Option<usize> {
    while let Some((block, _)) = text.get(at..).and_then(<[u8]>::split_first_chunk::<BLOCK>) {
        let quotes = u8x16::from(*block).simd_eq(u8x16::splat(b'"')).to_bitmask();
        if quotes != 0 {
            return Some(at + quotes.trailing_zeros() as usize);
        }
        at += BLOCK;
    }
    Some(at + text.get(at..)?.iter().position(|byte| *byte == b'"')?)
}

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
}

impl<'t> Parser<'t> {
    fn new(text: &'t [u8]) -> Result<Self, ParseError> {
        Ok(Self { text: utf8(text)?, bytes: text, at: 0 })
    }

    /// Nothing but space may follow.
    fn end(&mut self) -> Result<(), ParseError> {
        self.space();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.wrong("unexpected text after the value")),
        }
    }

    fn wrong(&self, what: &'static str) -> ParseError {
        ParseError { what, at: self.at }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, text: &'static str, what: &'static str) -> Result<(), ParseError> {
        if self.bytes[self.at..].starts_with(text.as_bytes()) {
            self.at += text.len();
            return Ok(());
        }
        Err(self.wrong(what))
    }

    fn value(&mut self, depth: usize) -> Result<Json, ParseError> {
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(|text| Json::String(text.into_owned())),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.expect("true", "expected `true`").map(|()| Json::Bool(true)),
            Some(b'f') => self.expect("false", "expected `false`").map(|()| Json::Bool(false)),
            Some(b'n') => self.expect("null", "expected `null`").map(|()| Json::Null),
            Some(_) => Err(self.wrong("expected a value")),
            None => Err(self.wrong("unexpected end of the text")),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, ParseError> {
        let depth = depth.checked_sub(1).ok_or_else(|| self.wrong("too deeply nested array"))?;
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Json::List(items));
        }
        loop {
            self.space();
            items.push(self.value(depth)?);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Json::List(items));
                }
                _ => return Err(self.wrong("expected `,` or `]`")),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, ParseError> {
        let mut members = Object::default();
        self.members(depth, |parser, key, depth| {
            members.insert(key.into_owned(), parser.value(depth)?);
            Ok(())
        })?;
        Ok(Json::Object(members))
    }

    /// Goes through an object; `value` goes past each value, which may nest as deep as it is told.
    fn members(
        &mut self,
        depth: usize,
        mut value: impl FnMut(&mut Self, Cow<'t, str>, usize) -> Result<(), ParseError>,
    ) -> Result<(), ParseError> {
        let depth = depth.checked_sub(1).ok_or_else(|| self.wrong("too deeply nested object"))?;
        self.at += 1;
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.wrong("expected a key"));
            }
            let key = self.string()?;
            self.space();
            self.expect(":", "expected `:`")?;
            self.space();
            value(self, key, depth)?;
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.wrong("expected `,` or `}`")),
            }
        }
    }

    fn number(&mut self) -> Result<Json, ParseError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err(self.wrong("expected a digit")),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.some_digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.some_digits()?;
        }
        Ok(Json::Number(self.text[start..self.at].to_owned()))
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    fn some_digits(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        self.digits();
        if self.at == start { Err(self.wrong("expected a digit")) } else { Ok(()) }
    }

    /// Goes past a string by looking for its last quote only.
    fn unread(&mut self) -> Result<Unread<'t>, ParseError> {
        let at = self.at;
        let mut from = at + 1;
        while let Some(quote) = next_quote(self.bytes, from) {
            let backslashes = self.bytes[at + 1..quote].iter().rev();
            let backslashes = backslashes.take_while(|byte| **byte == b'\\').count();
            if backslashes % 2 == 0 {
                self.at = quote + 1;
                return Ok(Unread { text: self.text, at, end: quote });
            }
            from = quote + 1;
        }
        // What is wrong is told as if it had been read.
        self.string()?;
        Err(self.wrong("unexpected end of a string"))
    }

    fn string(&mut self) -> Result<Cow<'t, str>, ParseError> {
        self.at += 1;
        let start = self.at;
        self.at = plain_end(self.bytes, start);
        match self.peek() {
            Some(b'"') => {
                self.at += 1;
                Ok(Cow::Borrowed(&self.text[start..self.at - 1]))
            }
            Some(b'\\') => self.unescape(start).map(Cow::Owned),
            Some(_) => Err(self.wrong("unescaped control character in a string")),
            None => Err(self.wrong("unexpected end of a string")),
        }
    }

    /// A string with escapes, from its start. Documents of clients have one for each line, so what
    /// stands between them is copied in blocks, without looking where it ends.
    fn unescape(&mut self, start: usize) -> Result<String, ParseError> {
        self.at = start;
        // It is no longer than up to the next quote, but for quotes that are escaped.
        let likely = next_quote(self.bytes, start).unwrap_or(start) - start;
        let mut text = vec![0; likely + ROOM];
        let mut len = 0;
        loop {
            if text.len() < len + ROOM {
                text.resize(2 * text.len(), 0);
            }
            match self.bytes[self.at..].first_chunk::<BLOCK>() {
                Some(block) => {
                    text[len..len + BLOCK].copy_from_slice(block);
                    let plain = plain_start(block);
                    self.at += plain;
                    len += plain;
                    if plain == BLOCK {
                        continue;
                    }
                }
                None => {
                    let rest = &self.bytes[self.at..];
                    let plain = plain_bytes(rest);
                    text[len..len + plain].copy_from_slice(&rest[..plain]);
                    self.at += plain;
                    len += plain;
                }
            }
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    text.truncate(len);
                    return String::from_utf8(text).map_err(|_| self.wrong("invalid UTF-8"));
                }
                Some(b'\\') => {
                    self.at += 1;
                    len += self.escape(&mut text[len..])?;
                }
                Some(_) => return Err(self.wrong("unescaped control character in a string")),
                None => return Err(self.wrong("unexpected end of a string")),
            }
        }
    }

    /// Puts what an escape stands for at the start of `text`; the result is its length.
    #[inline]
    fn escape(&mut self, text: &mut [u8]) -> Result<usize, ParseError> {
        let escaped = self.peek().ok_or_else(|| self.wrong("unexpected end of a string"))?;
        self.at += 1;
        text[0] = match escaped {
            b'"' | b'\\' | b'/' => escaped,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => return self.unicode().map(|char| char.encode_utf8(text).len()),
            _ => {
                self.at -= 1;
                return Err(self.wrong("unknown escape"));
            }
        };
        Ok(1)
    }

    /// `\uXXXX`, or two of them that are a surrogate pair. A lone surrogate is no character: it
    /// becomes U+FFFD, as the grammar allows it and a string of ours can't hold it.
    fn unicode(&mut self) -> Result<char, ParseError> {
        let first = self.hex()?;
        let high = (0xd800..0xdc00).contains(&first);
        if high && self.bytes[self.at..].starts_with(b"\\u") {
            let back = self.at;
            self.at += 2;
            let second = self.hex()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = back;
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self) -> Result<u32, ParseError> {
        let digits = self.bytes.get(self.at..self.at + 4).unwrap_or_default();
        let valid = digits.len() == 4 && digits.iter().all(u8::is_ascii_hexdigit);
        let code = valid.then(|| u32::from_str_radix(&self.text[self.at..self.at + 4], 16).ok());
        let code = code.flatten().ok_or_else(|| self.wrong("expected four hexadecimal digits"))?;
        self.at += 4;
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_end_where_their_bytes_do() {
        for byte in 0..=u8::MAX {
            for at in 0..BLOCK {
                // What comes behind must not matter, whatever it is.
                for behind in [b'a', b'"', 0x7f, 0x80, 0xff, byte] {
                    let mut block = [behind; BLOCK];
                    block[..at].fill(b'x');
                    block[at] = byte;
                    let plain = plain_bytes(&block);
                    assert_eq!(plain_start(&block), plain, "{block:?}");
                }
            }
        }
    }
}
