//! The parser: RFC 8259, strict.

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
    let valid = std::str::from_utf8(text)
        .map_err(|error| ParseError { what: "invalid UTF-8", at: error.valid_up_to() })?;
    let mut parser = Parser { text: valid, bytes: text, at: 0 };
    parser.space();
    let value = parser.value(depth)?;
    parser.space();
    if parser.at < text.len() {
        Err(parser.wrong("unexpected text after the value"))
    } else {
        Ok(value)
    }
}

/// How many bytes of a long string are looked at at once.
const BLOCK: usize = 32;

/// Where the text that stands for itself in a string ends: at a quote, a backslash, a control
/// character, or the end of `text`. Most strings have nothing else, so eight bytes are looked at at
/// a time, and of long ones more.
pub fn plain_end(text: &[u8], mut at: usize) -> usize {
    let start = at;
    while let Some((eight, _)) = text.get(at..).and_then(<[u8]>::split_first_chunk::<8>) {
        let special = special(u64::from_le_bytes(*eight));
        if special != 0 {
            return at + (special.trailing_zeros() / 8) as usize;
        }
        at += 8;
        if at - start == BLOCK {
            at = blocks_end(text, at);
        }
    }
    let rest = text.get(at..).unwrap_or_default();
    let plain = rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f));
    at + plain.count()
}

/// Where the blocks end that have nothing special in them.
fn blocks_end(text: &[u8], mut at: usize) -> usize {
    while let Some((block, _)) = text.get(at..).and_then(<[u8]>::split_first_chunk::<BLOCK>) {
        // Without an early end, so that compilers look at many bytes with one instruction.
        let special = block.iter().fold(false, |special, byte| {
            special | (*byte == b'"') | (*byte == b'\\') | (*byte < 0x20)
        });
        if special {
            break;
        }
        at += BLOCK;
    }
    at
}

/// The high bit of each byte that is a quote, a backslash or a control character. The lowest such
/// bit is exact; higher ones may be carried over from it.
fn special(word: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let quote = zero(word ^ (ONES * b'"' as u64));
    let backslash = zero(word ^ (ONES * b'\\' as u64));
    let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
    quote | backslash | control
}

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
}

impl Parser<'_> {
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
            Some(b'"') => self.string().map(Json::String),
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
        let depth = depth.checked_sub(1).ok_or_else(|| self.wrong("too deeply nested object"))?;
        self.at += 1;
        let mut members = Object::default();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Json::Object(members));
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
            let value = self.value(depth)?;
            members.insert(key, value);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Json::Object(members));
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

    fn string(&mut self) -> Result<String, ParseError> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let start = self.at;
            self.at = plain_end(self.bytes, start);
            if text.is_empty() && self.peek() == Some(b'\\') {
                // A string with escapes comes in pieces; it is no longer than up to the next quote,
                // but for quotes that are escaped.
                text.reserve(self.text[start..].find('"').unwrap_or(0));
            }
            text.push_str(&self.text[start..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    self.at += 1;
                    text.push(self.escape()?);
                }
                Some(_) => return Err(self.wrong("unescaped control character in a string")),
                None => return Err(self.wrong("unexpected end of a string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, ParseError> {
        let escaped = self.peek().ok_or_else(|| self.wrong("unexpected end of a string"))?;
        self.at += 1;
        Ok(match escaped {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => {
                self.at -= 1;
                return Err(self.wrong("unknown escape"));
            }
        })
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
