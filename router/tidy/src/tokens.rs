//! Cuts Rust into words, signs, literals and comments. It parses nothing: braces are enough for the
//! rules, and reading the whole repository takes a fraction of a second.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An identifier or a keyword.
    Word,
    /// A string, character or number.
    Literal,
    /// A lifetime or a label.
    Lifetime,
    /// A sign; `::`, `->` and `=>` are one.
    Sign,
}

/// A token: where it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// Its line, from 1.
    pub line: u32,
}

/// A comment, with its marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// The line of its first byte, from 1.
    pub line: u32,
}

/// Cuts a text. What is no Rust gives tokens all the same.
pub(crate) fn cut(text: &str) -> (Vec<Token>, Vec<Comment>) {
    let mut cutter = Cutter { bytes: text.as_bytes(), at: 0, line: 1 };
    let (mut tokens, mut comments) = (Vec::new(), Vec::new());
    while let Some(byte) = cutter.peek(0) {
        let (start, line) = (cutter.at, cutter.line);
        if byte.is_ascii_whitespace() {
            cutter.step();
            continue;
        }
        if cutter.comment() {
            comments.push(Comment { start, end: cutter.at, line });
            continue;
        }
        let kind = cutter.token(byte);
        tokens.push(Token { kind, start, end: cutter.at, line });
    }
    (tokens, comments)
}

struct Cutter<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
}

impl Cutter<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// One byte on; at the end it stays.
    fn step(&mut self) {
        let Some(byte) = self.peek(0) else { return };
        self.line += u32::from(byte == b'\n');
        self.at += 1;
    }

    fn steps(&mut self, count: usize) {
        for _ in 0..count {
            self.step();
        }
    }

    fn step_while(&mut self, goes_on: impl Fn(u8) -> bool) {
        while self.peek(0).is_some_and(&goes_on) {
            self.step();
        }
    }

    /// Passes over a comment, if there is one.
    fn comment(&mut self) -> bool {
        if self.bytes[self.at..].starts_with(b"//") {
            self.step_while(|byte| byte != b'\n');
            return true;
        }
        if !self.bytes[self.at..].starts_with(b"/*") {
            return false;
        }
        let mut depth = 0;
        while self.at < self.bytes.len() {
            let rest = &self.bytes[self.at..];
            match (rest.starts_with(b"/*"), rest.starts_with(b"*/")) {
                (true, _) => depth += 1,
                (_, true) => depth -= 1,
                _ => {
                    self.step();
                    continue;
                }
            }
            self.steps(2);
            if depth == 0 {
                break;
            }
        }
        true
    }

    fn token(&mut self, byte: u8) -> Kind {
        if let Some(hashes) = self.raw_string() {
            self.quoted_raw(hashes);
            return Kind::Literal;
        }
        match (byte, self.peek(1)) {
            (b'b' | b'c', Some(b'"')) => {
                self.step();
                self.quoted(b'"')
            }
            (b'b', Some(b'\'')) => {
                self.step();
                self.quoted(b'\'')
            }
            (b'"', _) => self.quoted(b'"'),
            (b'\'', _) if self.is_character() => self.quoted(b'\''),
            (b'\'', _) => {
                self.step();
                self.step_while(is_word);
                Kind::Lifetime
            }
            (b'0'..=b'9', _) => self.number(),
            _ if is_word(byte) => {
                self.step_while(is_word);
                Kind::Word
            }
            (b':', Some(b':')) | (b'-' | b'=', Some(b'>')) => {
                self.steps(2);
                Kind::Sign
            }
            _ => {
                self.step();
                Kind::Sign
            }
        }
    }

    /// The number of hashes, if a raw string begins here. The cutter stands at its `r` or prefix.
    fn raw_string(&self) -> Option<usize> {
        let prefix = match (self.peek(0)?, self.peek(1)?) {
            (b'r', _) => 1,
            (b'b' | b'c', b'r') => 2,
            _ => return None,
        };
        let hashes =
            self.bytes[self.at + prefix..].iter().take_while(|byte| **byte == b'#').count();
        (self.peek(prefix + hashes) == Some(b'"')).then_some(hashes)
    }

    fn quoted_raw(&mut self, hashes: usize) {
        self.step_while(|byte| byte != b'"');
        self.step();
        let close = [b"\"".as_slice(), &b"#".repeat(hashes)].concat();
        while self.at < self.bytes.len() && !self.bytes[self.at..].starts_with(&close) {
            self.step();
        }
        self.steps(close.len());
    }

    fn quoted(&mut self, quote: u8) -> Kind {
        self.step();
        while let Some(byte) = self.peek(0) {
            self.step();
            if byte == quote {
                break;
            }
            if byte == b'\\' {
                self.step();
            }
        }
        Kind::Literal
    }

    /// Tells `'a'` from `'a`: a character has a backslash, or a closing apostrophe after one sign.
    fn is_character(&self) -> bool {
        match self.peek(1) {
            None => false,
            Some(b'\\') => true,
            Some(byte) if byte >= 0x80 => true,
            Some(_) => self.peek(2) == Some(b'\''),
        }
    }

    fn number(&mut self) -> Kind {
        self.step_while(is_word);
        let fraction =
            self.peek(0) == Some(b'.') && self.peek(1).is_some_and(|b| b.is_ascii_digit());
        if fraction {
            self.step();
            self.step_while(is_word);
        }
        Kind::Literal
    }
}

fn is_word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric() || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        cut(text).0.iter().map(|token| &text[token.start..token.end]).collect()
    }

    #[test]
    fn strings_hide_what_is_in_them() {
        let text = "a(\"b \\\" // c\", r#\"d \" e\"#, 'f', '\\'', b\"g\") // h";
        assert_eq!(
            texts(text),
            [
                "a",
                "(",
                "\"b \\\" // c\"",
                ",",
                "r#\"d \" e\"#",
                ",",
                "'f'",
                ",",
                "'\\''",
                ",",
                "b\"g\"",
                ")"
            ]
        );
    }

    #[test]
    fn lifetimes_are_no_characters() {
        assert_eq!(texts("<'a, T> 'x'"), ["<", "'a", ",", "T", ">", "'x'"]);
    }

    #[test]
    fn comments_nest_and_lines_count() {
        let (tokens, comments) = cut("/* a /* b */\n c */ d // e\nf");
        assert_eq!(tokens.iter().map(|token| token.line).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(comments.iter().map(|comment| comment.line).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn numbers_are_one_token_and_ranges_three() {
        assert_eq!(texts("1.5 0..9 x.0.y"), ["1.5", "0", ".", ".", "9", "x", ".", "0", ".", "y"]);
    }

    #[test]
    fn an_open_string_ends_with_the_text() {
        assert_eq!(texts("a \"b"), ["a", "\"b"]);
        assert_eq!(texts("a r#\"b"), ["a", "r#\"b"]);
    }
}
