//! Texts of documents.

use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::{Arc, LazyLock};

use foldhash::quality::RandomState;

/// Seeded anew for each process, since clients choose what is hashed.
static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::default);

/// The text of a document, which is hashed once although it is looked up several times. It is told
/// from others by the whole text; clones share it.
#[derive(Clone, Debug)]
pub struct Text {
    hash: u64,
    text: Arc<str>,
}

impl Text {
    /// The text itself, shared.
    pub(crate) fn shared(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self { hash: HASHER.hash_one(text), text: Arc::from(text) }
    }
}

impl std::ops::Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && (Arc::ptr_eq(&self.text, &other.text) || self.text == other.text)
    }
}

impl Eq for Text {}
