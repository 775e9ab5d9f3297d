//! One Rust file: its tokens, which of them are tests, its functions.

use std::ops::Range;

use crate::tokens::{self, Comment, Kind, Token};

/// A Rust file that was cut into tokens.
#[derive(Debug)]
pub struct Source {
    /// Its path, from the top of the repository.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Its tokens, without comments.
    pub tokens: Vec<Token>,
    /// Its comments.
    pub comments: Vec<Comment>,
    /// Whether all of it is a test.
    pub is_test: bool,
    /// The tokens of items under `#[cfg(test)]`, attributes included.
    test_items: Vec<Range<usize>>,
}

/// A function with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line of its `fn`.
    pub line: u32,
    /// From its `fn` to its last brace, both counted.
    pub lines: u32,
    /// Its parameters, without `self`.
    pub parameters: usize,
}

impl Source {
    /// Cuts a file.
    pub fn new(path: &str, text: &str, is_test: bool) -> Self {
        let (tokens, comments) = tokens::cut(text);
        let (path, text) = (path.to_owned(), text.to_owned());
        let mut source = Self { path, text, tokens, comments, is_test, test_items: Vec::new() };
        source.test_items = source.find_test_items();
        source
    }

    /// The text of a token, or nothing past the end.
    pub fn word(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |token| &self.text[token.start..token.end])
    }

    /// The line of a token.
    pub fn line(&self, index: usize) -> u32 {
        self.tokens.get(index).map_or(0, |token| token.line)
    }

    /// Whether a token is an identifier or a keyword.
    pub fn is_word(&self, index: usize) -> bool {
        self.tokens.get(index).is_some_and(|token| token.kind == Kind::Word)
    }

    /// Whether the tokens from here on are these.
    pub fn matches(&self, index: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(ahead, word)| self.word(index + ahead) == *word)
    }

    /// The indices of the tokens that are no tests.
    pub fn production(&self) -> impl Iterator<Item = usize> + '_ {
        let end = if self.is_test { 0 } else { self.tokens.len() };
        (0..end).filter(|index| !self.test_items.iter().any(|range| range.contains(index)))
    }

    /// How many lines are no tests.
    pub fn production_lines(&self) -> u32 {
        if self.is_test {
            return 0;
        }
        let all = u32::try_from(self.text.lines().count()).unwrap_or(u32::MAX);
        let tests = self
            .test_items
            .iter()
            .map(|range| self.line(range.end - 1).saturating_sub(self.line(range.start)) + 1);
        all.saturating_sub(tests.sum())
    }

    /// The names of modules that stand in files of their own, and whether each is a test.
    pub fn child_modules(&self) -> Vec<(String, bool)> {
        (0..self.tokens.len())
            .filter(|index| self.word(*index) == "mod" && self.word(index + 2) == ";")
            .map(|index| {
                let in_test = self.test_items.iter().any(|range| range.contains(&index));
                (self.word(index + 1).to_owned(), in_test || self.is_test)
            })
            .collect()
    }

    /// All functions that have a body, tests included, inner ones after the outer.
    pub fn functions(&self) -> Vec<Function> {
        (0..self.tokens.len())
            .filter(|index| self.word(*index) == "fn" && self.is_word(index + 1))
            .filter_map(|index| self.function(index))
            .collect()
    }

    fn function(&self, index: usize) -> Option<Function> {
        let open = self.skip_generics(index + 2);
        let close = self.closing(open)?;
        let body = (close..self.tokens.len()).find(|at| matches!(self.word(*at), "{" | ";"))?;
        if self.word(body) == ";" {
            return None;
        }
        let end = self.closing(body)?;
        Some(Function {
            name: self.word(index + 1).to_owned(),
            line: self.line(index),
            lines: self.line(end) - self.line(index) + 1,
            parameters: self.parameters(open, close),
        })
    }

    /// Passes over `<…>`, if it begins here.
    fn skip_generics(&self, start: usize) -> usize {
        if self.word(start) != "<" {
            return start;
        }
        let mut depth = 0;
        for index in start..self.tokens.len() {
            match self.word(index) {
                "<" => depth += 1,
                ">" => depth -= 1,
                _ => continue,
            }
            if depth == 0 {
                return index + 1;
            }
        }
        self.tokens.len()
    }

    /// The token that closes the bracket at `open`.
    fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0;
        for index in open..self.tokens.len() {
            match self.word(index) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(index);
            }
        }
        None
    }

    /// Counts what stands between the commas of a parameter list.
    fn parameters(&self, open: usize, close: usize) -> usize {
        let (mut depth, mut count, mut empty, mut receiver) = (0, 0, true, false);
        for index in open + 1..close {
            match self.word(index) {
                "(" | "[" | "{" | "<" => depth += 1,
                ")" | "]" | "}" | ">" => depth -= 1,
                "," if depth == 0 => {
                    count += usize::from(!empty);
                    empty = true;
                    continue;
                }
                "self" if depth == 0 && count == 0 => receiver = true,
                _ => {}
            }
            empty = false;
        }
        count + usize::from(!empty) - usize::from(receiver)
    }

    /// Finds what stands under `#[cfg(test)]` or `#[test]`.
    fn find_test_items(&self) -> Vec<Range<usize>> {
        let mut items: Vec<Range<usize>> = Vec::new();
        let mut index = 0;
        while index < self.tokens.len() {
            if !self.is_test_attribute(index) {
                index += 1;
                continue;
            }
            let end = self.item_end(index);
            items.push(index..end);
            index = end;
        }
        items
    }

    fn is_test_attribute(&self, index: usize) -> bool {
        if !self.matches(index, &["#", "["]) {
            return false;
        }
        let Some(close) = self.closing(index + 1) else { return false };
        let says = |word| (index + 2..close).any(|at| self.word(at) == word);
        says("test") && !says("not") && !says("cfg_attr")
    }

    /// The token after the item whose first attribute stands at `start`.
    fn item_end(&self, start: usize) -> usize {
        let mut index = start;
        while self.matches(index, &["#", "["]) {
            index = self.closing(index + 1).map_or(self.tokens.len(), |close| close + 1);
        }
        while index < self.tokens.len() {
            match self.word(index) {
                ";" => return index + 1,
                "{" => return self.closing(index).map_or(self.tokens.len(), |close| close + 1),
                "(" | "[" => index = self.closing(index).unwrap_or(self.tokens.len()),
                _ => {}
            }
            index += 1;
        }
        index
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("router/x/src/lib.rs", text, false)
    }

    #[test]
    fn parameters_are_counted_without_self() {
        let text = "fn a<F: Fn(u8) -> u8>(&mut self, b: HashMap<K, V>, c: (u8, u8), d: F,) {\n}\n\
                    fn e() {} fn f(x: [u8; 2]) -> u8 {\n 1\n}\ntrait T { fn g(self); }";
        let found = source(text).functions();
        let told: Vec<_> =
            found.iter().map(|f| (&*f.name, f.line, f.lines, f.parameters)).collect();
        assert_eq!(told, [("a", 1, 2, 3), ("e", 3, 1, 0), ("f", 3, 3, 1)]);
    }

    #[test]
    fn where_clauses_and_braces_in_strings_do_not_mislead() {
        let text = "fn a<T>(b: T) -> impl Iterator<Item = u8>\nwhere\n T: B,\n{\n \"}\";\n}";
        assert_eq!(source(text).functions()[0].lines, 6);
    }

    #[test]
    fn tests_are_no_production() {
        let text = "//! Doc.\nfn a() {}\n\n#[cfg(test)]\nmod tests {\n fn b() {}\n}\n";
        let source = source(text);
        assert_eq!(source.production_lines(), 3);
        let words: Vec<_> = source.production().map(|index| source.word(index)).collect();
        assert_eq!(words, ["fn", "a", "(", ")", "{", "}"]);
    }

    #[test]
    fn cfg_not_test_is_production() {
        let source = source("#[cfg(not(test))]\nfn a() {}\n");
        assert_eq!(source.production_lines(), 2);
    }

    #[test]
    fn modules_in_files_are_found_with_their_purpose() {
        let source = source("mod a;\n#[cfg(test)]\nmod b;\nmod c {}\n");
        assert_eq!(source.child_modules(), [("a".to_owned(), false), ("b".to_owned(), true)]);
    }
}
