//! Documents of clients, remembered by how they were written in the JSON of a request.
//!
//! Clients send the same documents again and again, with an escape for each line. To find one as it
//! was written is a fraction of the work of reading it; then it is shared, and compared by place.

use std::sync::Arc;

use engine::Text;
use foldhash::quality::RandomState;
use json::{ParseError, Unread};
use moka::sync::Cache;

/// Shorter ones are read sooner than found.
const SHORTEST: usize = 128;

/// The documents.
#[derive(Debug)]
pub(crate) struct Texts {
    /// By what stands between the quotes.
    known: Cache<Arc<[u8]>, Text, RandomState>,
}

impl Texts {
    /// What all of them take is at most `most` bytes; with none, each is read.
    pub(crate) fn new(most: u64) -> Self {
        let weigh = |raw: &Arc<[u8]>, text: &Text| {
            u32::try_from(raw.len() + text.len() + 200).unwrap_or(u32::MAX)
        };
        let known = Cache::builder().max_capacity(most).weigher(weigh);
        Self { known: known.build_with_hasher(RandomState::default()) }
    }

    /// The text of a string. What can't be read is not remembered.
    ///
    /// # Errors
    /// When it is no string of JSON.
    pub(crate) fn read(&self, string: Unread<'_>) -> Result<Text, ParseError> {
        let raw = string.raw();
        if raw.len() < SHORTEST {
            return Ok(Text::from(string.read()?.as_str()));
        }
        if let Some(text) = self.known.get(raw) {
            return Ok(text);
        }
        let text = Text::from(string.read()?.as_str());
        self.known.insert(Arc::from(raw), Text::clone(&text));
        Ok(text)
    }
}
