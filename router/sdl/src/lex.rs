//! Tokens.

use crate::ast::Spot;

/// A token: what it is, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'t> {
    pub kind: Kind,
    /// As it is written; of a string, what is between its quotes.
    pub text: &'t str,
    pub at: Spot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One of `! $ & ( ) : = @ [ ] { | }`.
    Mark(u8),
    /// `...`
    Spread,
    Name,
    Int,
    Float,
    Quoted,
    Block,
    End,
}

/// What is no token: half a sentence, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoToken {
    pub why: String,
    pub at: Spot,
}

/// Makes tokens, one after the other.
pub(crate) struct Lexer<'t> {
    text: &'t str,
    /// The byte that comes next.
    next: usize,
    line: u32,
    /// The byte at which the line begins, moved on by what makes letters of more than one byte:
    /// the column is the distance to it.
    line_start: usize,
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let next = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self { text, next, line: 1, line_start: next }
    }

    /// The next token; after what is none, the lexer stands behind it.
    pub(crate) fn token(&mut self) -> Result<Token<'t>, NoToken> {
        self.skip();
        let start = self.next;
        let Some(&byte) = self.bytes().get(start) else {
            return Ok(Token { kind: Kind::End, text: "", at: self.spot(start, 1) });
        };
        let kind = match byte {
            b'!' | b'$' | b'&' | b'(' | b')' | b':' | b'=' | b'@' | b'[' | b']' | b'{' | b'|'
            | b'}' => {
                self.next += 1;
                Kind::Mark(byte)
            }
            b'.' if self.text[start..].starts_with("...") => {
                self.next += 3;
                Kind::Spread
            }
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => {
                self.run(is_name);
                Kind::Name
            }
            b'-' | b'0'..=b'9' => return self.number(),
            b'"' if self.text[start..].starts_with("\"\"\"") => return self.block(),
            b'"' => return self.quoted(),
            _ => {
                let letter = self.text[start..].chars().next().unwrap_or('?');
                let at = self.spot(start, 1);
                self.next += letter.len_utf8();
                self.line_start += letter.len_utf8() - 1;
                return Err(NoToken { why: format!("`{}` means nothing here", shown(letter)), at });
            }
        };
        let text = &self.text[start..self.next];
        Ok(Token { kind, text, at: self.spot(start, text.len()) })
    }

    fn bytes(&self) -> &'t [u8] {
        self.text.as_bytes()
    }

    /// Moves over what is between tokens.
    fn skip(&mut self) {
        let bytes = self.bytes();
        while let Some(&byte) = bytes.get(self.next) {
            match byte {
                b' ' | b'\t' | b',' => self.next += 1,
                b'\n' | b'\r' => self.line_break(),
                b'#' => {
                    while let Some(&byte) = bytes.get(self.next)
                        && !matches!(byte, b'\n' | b'\r')
                    {
                        self.letter_byte(byte);
                    }
                }
                0xEF if self.text[self.next..].starts_with('\u{feff}') => {
                    self.next += 3;
                    self.line_start += 2;
                }
                _ => return,
            }
        }
    }

    fn line_break(&mut self) {
        let windows = self.text[self.next..].starts_with("\r\n");
        self.next += if windows { 2 } else { 1 };
        self.line += 1;
        self.line_start = self.next;
    }

    /// Moves over one byte; the later bytes of a letter take no column.
    fn letter_byte(&mut self, byte: u8) {
        self.next += 1;
        self.line_start += usize::from(byte & 0xC0 == 0x80);
    }

    fn run(&mut self, goes_on: fn(u8) -> bool) {
        let rest = self.bytes()[self.next..].iter();
        self.next += rest.take_while(|byte| goes_on(**byte)).count();
    }

    fn number(&mut self) -> Result<Token<'t>, NoToken> {
        let start = self.next;
        self.run(|byte| is_name(byte) || matches!(byte, b'-' | b'+' | b'.'));
        let text = &self.text[start..self.next];
        let at = self.spot(start, text.len());
        match number_kind(text) {
            Some(kind) => Ok(Token { kind, text, at }),
            None => Err(NoToken { why: format!("`{text}` is not a number"), at }),
        }
    }

    fn quoted(&mut self) -> Result<Token<'t>, NoToken> {
        let (start, at) = (self.next + 1, self.spot(self.next, 1));
        self.next += 1;
        let wrong = |why: &str, at| Err(NoToken { why: why.to_owned(), at });
        loop {
            match self.bytes().get(self.next) {
                None | Some(b'\n' | b'\r') => {
                    return wrong("a string is not closed in its line", at);
                }
                Some(b'"') => break,
                // Whatever is escaped does not end the string.
                Some(b'\\')
                    if !matches!(self.bytes().get(self.next + 1), None | Some(b'\n' | b'\r')) =>
                {
                    self.next += 1;
                    let byte = self.bytes()[self.next];
                    self.letter_byte(byte);
                }
                Some(&byte) if byte < b' ' && byte != b'\t' => {
                    let at = self.spot(self.next, 1);
                    self.next += 1;
                    return wrong("a control character stands in a string", at);
                }
                Some(&byte) => self.letter_byte(byte),
            }
        }
        let text = &self.text[start..self.next];
        self.next += 1;
        let length = self.column(self.next).saturating_sub(at.column).max(1);
        Ok(Token { kind: Kind::Quoted, text, at: Spot { length, ..at } })
    }

    fn block(&mut self) -> Result<Token<'t>, NoToken> {
        let at = self.spot(self.next, 3);
        self.next += 3;
        let start = self.next;
        loop {
            let Some(&byte) = self.bytes().get(self.next) else {
                return Err(NoToken { why: "a block string is not closed".to_owned(), at });
            };
            match byte {
                b'"' if self.text[self.next..].starts_with("\"\"\"") => break,
                b'\\' if self.text[self.next..].starts_with("\\\"\"\"") => self.next += 4,
                b'\n' | b'\r' => self.line_break(),
                byte => self.letter_byte(byte),
            }
        }
        let text = &self.text[start..self.next];
        self.next += 3;
        Ok(Token { kind: Kind::Block, text, at })
    }

    fn column(&self, byte: usize) -> u32 {
        number(byte.saturating_sub(self.line_start) + 1)
    }

    fn spot(&self, start: usize, length: usize) -> Spot {
        Spot { line: self.line, column: self.column(start), length: number(length) }
    }
}

fn is_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

/// The kind of a number as the grammar writes it: no leading zeros, digits around the point.
fn number_kind(text: &str) -> Option<Kind> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let whole = digits(whole) && (whole == "0" || !whole.starts_with('0'));
    let exponent_fits = exponent.is_none_or(|e| digits(e.strip_prefix(['-', '+']).unwrap_or(e)));
    let fits = whole && fraction.is_none_or(digits) && exponent_fits;
    let plain = fraction.is_none() && exponent.is_none();
    fits.then_some(if plain { Kind::Int } else { Kind::Float })
}

/// A letter in a message; one that can't be seen is told by its number.
pub(crate) fn shown(letter: char) -> String {
    match letter.is_control() {
        true => format!("U+{:04X}", u32::from(letter)),
        false => letter.to_string(),
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        let mut lexer = Lexer::new(text);
        let tokens = std::iter::from_fn(|| lexer.token().ok().filter(|t| t.kind != Kind::End));
        tokens.map(|token| token.kind).collect()
    }

    #[test]
    fn each_kind_of_token() {
        let all = "type @ ... -1 2.5e-3 \"a\\\"b\" \"\"\"x \\\"\"\" y\"\"\" # end";
        let expected = [
            Kind::Name,
            Kind::Mark(b'@'),
            Kind::Spread,
            Kind::Int,
            Kind::Float,
            Kind::Quoted,
            Kind::Block,
        ];
        assert_eq!(kinds(all), expected);
    }

    #[test]
    fn places_count_letters() {
        let mut lexer = Lexer::new("\u{feff}\"ä€\" b\r\n# ö\n  c");
        let places: Vec<(u32, u32, u32)> = std::iter::from_fn(|| lexer.token().ok())
            .take(3)
            .map(|token| (token.at.line, token.at.column, token.at.length))
            .collect();
        assert_eq!(places, [(1, 1, 4), (1, 6, 1), (3, 3, 1)]);
    }

    #[test]
    fn what_is_no_token_is_told() {
        for (text, why) in [
            ("ü", "`ü` means nothing here"),
            ("\u{0}", "`U+0000` means nothing here"),
            ("\"a", "a string is not closed in its line"),
            ("\"\"\"a", "a block string is not closed"),
            ("01", "`01` is not a number"),
            ("1.", "`1.` is not a number"),
            ("\"a\u{1}\"", "a control character stands in a string"),
        ] {
            assert_eq!(Lexer::new(text).token().unwrap_err().why, why);
        }
    }
}
