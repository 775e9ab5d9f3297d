//! Parsed and validated documents, remembered by their full text.

use std::sync::Arc;

use foldhash::quality::RandomState;
use moka::future::Cache;
use operation::{Document, Limits};
use telemetry::Metrics;

use crate::errors::Refused;
use crate::options::Options;
use crate::planners::Planners;
use crate::snapshot::Snapshot;
use crate::text::Text;

/// A validated document holds about this many bytes for each of its text.
const BYTES_PER_BYTE: usize = 20;

/// The documents.
pub(crate) struct Documents {
    cache: Cache<(u64, Text), Arc<Document>, RandomState>,
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
        let cache = cache.build_with_hasher(RandomState::default());
        Self { cache, limits: options.documents.clone(), planners }
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
        let (text, schema) = (text.shared(), Arc::clone(snapshot.graph().schema()));
        let limits = self.limits.clone();
        let parse = self.planners.run(move || {
            let document = Document::parse(&schema, &text, &limits)?;
            Ok(Arc::new(document))
        });
        self.cache.try_get_with(key, parse).await.map_err(Arc::unwrap_or_clone)
    }
}
