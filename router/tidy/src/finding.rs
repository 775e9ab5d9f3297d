//! What a rule found: where, what, and what to do about it.

/// One place that does not meet the bar.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The path of the file, from the top of the repository.
    pub path: String,
    /// The line, from 1; 0 if the whole file is meant.
    pub line: u32,
    /// What is wrong and what to do, in a sentence.
    pub message: String,
}

impl Finding {
    /// A finding about one line.
    pub fn at(path: &str, line: u32, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }

    /// A finding about a whole file.
    pub fn of(path: &str, message: impl Into<String>) -> Self {
        Self::at(path, 0, message)
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.message),
            line => write!(f, "{}:{line}: {}", self.path, self.message),
        }
    }
}
