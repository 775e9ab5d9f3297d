//! What string literals mean.

use std::borrow::Cow;

/// What a quoted string means, given the text between its quotes; `Err` is the wrong escape.
pub(crate) fn quoted(raw: &str) -> Result<Cow<'_, str>, &str> {
    if !raw.contains('\\') {
        return Ok(Cow::Borrowed(raw));
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (letter, length) = escape(rest).ok_or_else(|| shown(rest))?;
        out.push(letter);
        rest = &rest[length..];
    }
    out.push_str(rest);
    Ok(Cow::Owned(out))
}

/// The letter of the escape that a text begins with, and the length of the escape.
fn escape(text: &str) -> Option<(char, usize)> {
    let simple = match text.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(text),
        _ => return None,
    };
    Some((simple, 2))
}

fn unicode(text: &str) -> Option<(char, usize)> {
    if let Some(braced) = text.strip_prefix("\\u{") {
        let (digits, _) = braced.split_once('}')?;
        let hex = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let code = u32::from_str_radix(digits, 16).ok().filter(|_| hex)?;
        return Some((char::from_u32(code)?, digits.len() + 4));
    }
    let high = four(text.get(2..6)?)?;
    if let Some(letter) = char::from_u32(high) {
        return Some((letter, 6));
    }
    // Two halves of one letter.
    let low = four(text.get(6..)?.strip_prefix("\\u")?.get(..4)?)?;
    let whole = (0xD800..0xDC00).contains(&high) && (0xDC00..0xE000).contains(&low);
    let code = whole.then(|| 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00))?;
    Some((char::from_u32(code)?, 12))
}

fn four(digits: &str) -> Option<u32> {
    let hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| hex)
}

/// The beginning of a wrong escape, as far as it is worth showing.
fn shown(text: &str) -> &str {
    let most = if text.starts_with("\\u") { 6 } else { 2 };
    let end = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

/// What a block string means, given the text between its quotes.
pub(crate) fn block(raw: &str) -> String {
    let raw = raw.replace("\\\"\"\"", "\"\"\"");
    let lines: Vec<&str> = lines(&raw);
    let blank = |line: &&str| line.trim_start_matches([' ', '\t']).is_empty();
    let margin = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let indent = lines.iter().skip(1).filter(|line| !blank(line)).map(|line| margin(line)).min();
    let first = lines.iter().position(|line| !blank(line)).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| !blank(line)).map_or(first, |last| last + 1);
    let mut out = String::with_capacity(raw.len());
    for (at, line) in lines.iter().enumerate().take(last).skip(first) {
        if at > first {
            out.push('\n');
        }
        let cut = if at == 0 { 0 } else { indent.unwrap_or(0).min(margin(line)) };
        out.push_str(&line[cut..]);
    }
    out
}

fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\n', '\r']) {
        lines.push(&rest[..at]);
        let end = if rest[at..].starts_with("\r\n") { at + 2 } else { at + 1 };
        rest = &rest[end..];
    }
    lines.push(rest);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_resolved() {
        assert_eq!(quoted("plain").unwrap(), "plain");
        assert_eq!(quoted(r#"\"\\\/\n\t"#).unwrap(), "\"\\/\n\t");
        assert_eq!(quoted(r"\u0041\u{1F600}\uD83D\uDE00").unwrap(), "A\u{1F600}\u{1F600}");
    }

    #[test]
    fn wrong_escapes_are_shown() {
        assert_eq!(quoted(r"a\x"), Err(r"\x"));
        assert_eq!(quoted(r"\uD83D!"), Err(r"\uD83D"));
        assert_eq!(quoted(r"\u+041"), Err(r"\u+041"));
        assert_eq!(quoted(r"\u{}"), Err(r"\u{}"));
    }

    #[test]
    fn block_strings_lose_their_margin() {
        assert_eq!(block("\n    a\n      b\n\n    c\n  "), "a\n  b\n\nc");
        assert_eq!(block("one line"), "one line");
        assert_eq!(block("  first\r\n  second"), "  first\nsecond");
        assert_eq!(block(" \\\"\"\" "), " \"\"\" ");
        assert_eq!(block(" \n "), "");
    }
}
