//! Reading JSON without making anything of it: where a value ends, and that it is one.

use super::Unusual;

/// A reader at a place of a text that is known to be UTF-8.
pub(super) struct Scan<'t> {
    pub text: &'t [u8],
    pub at: usize,
    /// How many levels deeper values may nest.
    pub depth: usize,
}

type Scanned = Result<(), Unusual>;

impl<'t> Scan<'t> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub(super) fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Goes past a byte, and past what may stand around it.
    pub(super) fn punctuation(&mut self, byte: u8) -> Scanned {
        self.space();
        if self.peek() != Some(byte) {
            return Err(Unusual);
        }
        self.at += 1;
        self.space();
        Ok(())
    }

    /// Goes past `,`, or past `close`, and tells whether there is more.
    pub(super) fn more(&mut self, close: u8) -> Result<bool, Unusual> {
        self.space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.space();
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(Unusual),
        }
    }

    /// Goes into an array or an object, and tells whether there is anything in it.
    pub(super) fn open(&mut self, close: u8) -> Result<bool, Unusual> {
        self.depth = self.depth.checked_sub(1).ok_or(Unusual)?;
        self.at += 1;
        self.space();
        if self.peek() == Some(close) {
            self.at += 1;
            return Ok(false);
        }
        Ok(true)
    }

    /// Goes past a key and its colon; the key is in quotes. A key with escapes is unusual.
    pub(super) fn key(&mut self) -> Result<&'t [u8], Unusual> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(Unusual);
        }
        self.string()?;
        let key = &self.text[start..self.at];
        if key.contains(&b'\\') {
            return Err(Unusual);
        }
        self.punctuation(b':')?;
        Ok(key)
    }

    /// Goes past a value of any kind.
    pub(super) fn value(&mut self) -> Scanned {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'n') => self.word(b"null"),
            Some(b'{') => {
                let mut more = self.open(b'}')?;
                while more {
                    if self.peek() != Some(b'"') {
                        return Err(Unusual);
                    }
                    self.string()?;
                    self.punctuation(b':')?;
                    self.value()?;
                    more = self.more(b'}')?;
                }
                self.depth += 1;
                Ok(())
            }
            Some(b'[') => {
                let mut more = self.open(b']')?;
                while more {
                    self.value()?;
                    more = self.more(b']')?;
                }
                self.depth += 1;
                Ok(())
            }
            _ => Err(Unusual),
        }
    }

    pub(super) fn word(&mut self, word: &[u8]) -> Scanned {
        if !self.text[self.at..].starts_with(word) {
            return Err(Unusual);
        }
        self.at += word.len();
        Ok(())
    }

    /// Goes past a string.
    pub(super) fn string(&mut self) -> Scanned {
        self.at += 1;
        loop {
            self.at = json::plain_end(self.text, self.at);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                _ => return Err(Unusual),
            }
        }
    }

    fn escape(&mut self) -> Scanned {
        self.at += 2;
        match self.text.get(self.at - 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(()),
            Some(b'u') => match self.hex()? {
                0xd800..0xdc00 => {
                    self.word(b"\\u")?;
                    // A lone surrogate is no character: the reference says what becomes of it.
                    if (0xdc00..0xe000).contains(&self.hex()?) { Ok(()) } else { Err(Unusual) }
                }
                0xdc00..0xe000 => Err(Unusual),
                _ => Ok(()),
            },
            _ => Err(Unusual),
        }
    }

    fn hex(&mut self) -> Result<u32, Unusual> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(Unusual)?;
        self.at += 4;
        digits.iter().try_fold(0, |code, digit| {
            Ok(code << 4 | char::from(*digit).to_digit(16).ok_or(Unusual)?)
        })
    }

    fn number(&mut self) -> Scanned {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Scanned {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(Unusual) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn accepts(text: &str) -> bool {
        let mut scan = Scan { text: text.as_bytes(), at: 0, depth: 50 };
        scan.space();
        let done = scan.value();
        scan.space();
        done.is_ok() && scan.at == text.len()
    }

    #[test]
    fn lone_surrogates_are_left_to_the_reference() {
        assert!(accepts(r#""\ud83d\ude00 \u00e9""#));
        for text in [r#""\ud83d""#, r#""\ude00""#, r#""\ud83d\u0041""#, r#""\ud83dx""#] {
            assert!(!accepts(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_json_and_json_is_accepted(
            text in r#"[ \[\]{}:,"\\/u0-9a-fA-Ftruelsn.+\-\t\x01é]{0,24}"#
        ) {
            let json = json::parse(text.as_bytes(), 50).is_ok();
            let accepted = accepts(&text);
            prop_assert!(!accepted || json);
            prop_assert!(accepted || !json || text.contains(r"\u"), "{text}");
        }

        #[test]
        fn strings_end_where_they_end(inside in "[ -!#-\\[\\]-~é\u{1f600}]{0,120}", after in "[\", a]{0,9}") {
            let text = format!("\"{inside}\"{after}");
            let mut scan = Scan { text: text.as_bytes(), at: 0, depth: 1 };
            prop_assert_eq!(scan.string(), Ok(()));
            prop_assert_eq!(scan.at, inside.len() + 2);
        }
    }
}
