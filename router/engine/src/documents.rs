//! Parsed and validated documents, remembered by their full text.

use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;

use foldhash::quality::RandomState;
use moka::future::Cache;
use operation::{Document, Limits};
use telemetry::Metrics;

use crate::errors::Refused;
use crate::options::Options;
use crate::planners::Planners;
use crate::snapshot::Snapshot;

/// A validated document holds about this many bytes for each of its text.
const BYTES_PER_BYTE: usize = 20;

/// The text of a document, which is hashed once although it is looked up several times. It is told
/// from others by the whole text.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    hash: u64,
    text: Arc<str>,
}

impl Text {
    /// How many bytes it has.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
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

/// The documents.
pub(crate) struct Documents {
    cache: Cache<(u64, Text), Arc<Document>, RandomState>,
    /// Seeded anew for each process, since clients choose what is hashed.
    hasher: RandomState,
    limits: Limits,
    planners: Arc<Planners>,
}

impl Documents {
    pub(crate) fn new(options: &Options, planners: Arc<Planners>) -> Self {
        let weigh = |(_, text): &(u64, Text), _: &Arc<Document>| {
            u32::try_from(text.len().saturating_mul(BYTES_PER_BYTE).saturating_add(1000))
                .unwrap_or(u32::MAX)
        };
        let cache = Cache::builder().max_capacity(options.document_cache_bytes).weigher(weigh);
        let hasher = RandomState::default();
        let cache = cache.build_with_hasher(RandomState::clone(&hasher));
        Self { cache, hasher, limits: options.documents.clone(), planners }
    }

    /// A text, made ready to be looked up.
    pub(crate) fn text(&self, text: &str) -> Text {
        Text { hash: self.hasher.hash_one(text), text: Arc::from(text) }
    }

    /// The document of a text. Several requests for a new one parse it once. What is refused is
    /// not remembered.
    pub(crate) async fn resolve(
        &self,
        snapshot: &Arc<Snapshot>,
        text: &Text,
        metrics: &Metrics,
    ) -> Result<Arc<Document>, Refused> {
        let key = (snapshot.generation(), Text::clone(text));
        if let Some(document) = self.cache.get(&key).await {
            metrics.document_looked_up(true, self.cache.entry_count());
            return Ok(document);
        }
        metrics.document_looked_up(false, self.cache.entry_count());
        let (text, schema) = (Arc::clone(&text.text), Arc::clone(snapshot.graph().schema()));
        let limits = self.limits.clone();
        let parse = self.planners.run(move || {
            let document = Document::parse(&schema, &text, &limits)?;
            Ok(Arc::new(document))
        });
        self.cache.try_get_with(key, parse).await.map_err(Arc::unwrap_or_clone)
    }
}
