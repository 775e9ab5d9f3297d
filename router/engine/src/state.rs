//! The state of an engine.

use std::sync::{Arc, PoisonError, RwLock};

use telemetry::Metrics;

use crate::documents::Documents;
use crate::options::Options;
use crate::plans::Plans;
use crate::snapshot::Snapshot;

/// What all handles of an engine share.
pub(crate) struct Inner {
    pub options: Options,
    pub snapshot: RwLock<Arc<Snapshot>>,
    pub documents: Documents,
    pub plans: Plans,
    pub metrics: Arc<Metrics>,
}

impl Inner {
    /// The snapshot that new requests see.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        // A pointer is swapped whole, so that a poisoned lock still holds a good one.
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }
}
