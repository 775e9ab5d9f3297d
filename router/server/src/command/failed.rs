//! Why a command failed.

/// Why a command failed.
#[derive(Debug)]
pub(super) enum Failed {
    /// It was told already.
    Told,
    /// The reasons, each some lines of text.
    Because(Vec<String>),
}

impl From<String> for Failed {
    fn from(reason: String) -> Self {
        Self::Because(vec![reason])
    }
}
