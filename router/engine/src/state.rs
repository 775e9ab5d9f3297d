//! The state of an engine.

use std::sync::{Arc, PoisonError, RwLock};

use share::Shares;
use telemetry::Metrics;

use crate::alike::Alike;
use crate::documents::Documents;
use crate::errors::Refused;
use crate::options::Options;
use crate::plans::Plans;
use crate::request::Answer;
use crate::snapshot::Snapshot;
use crate::statistics::Statistics;

/// What all handles of an engine share.
pub(crate) struct Inner {
    pub options: Options,
    pub snapshot: RwLock<Arc<Snapshot>>,
    pub documents: Documents,
    pub plans: Plans,
    pub metrics: Arc<Metrics>,
    pub statistics: Statistics,
    /// Queries that are under way, if clients share them.
    pub requests: Option<Arc<Shares<Alike, Result<Answer, Refused>>>>,
}

impl Inner {
    /// The snapshot that new requests see.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        // A pointer is swapped whole, so that a poisoned lock still holds a good one.
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }
}
