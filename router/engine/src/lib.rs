//! The whole path of one request, and the snapshot that a reload swaps.
//!
//! In comes a [`Request`]: what a client asked, whatever the transport; out comes an [`Answer`]:
//! the JSON and its status. [`answer`] is the table of contents of the product.
//!
//! Parts: [`snapshot`] is a supergraph made ready; [`documents`] and [`plans`] remember parsed
//! documents and plans; [`planners`] are the threads where both are made; [`admit`] says what may
//! run; [`labels`] chooses progressive overrides; [`statistics`] what was observed of subgraphs and lists; [`alike`] says which requests are the same; [`told`] what an answer tells besides
//! the data; [`errors`] is the table of codes, statuses and
//! blame.
//!
//! This crate knows no socket and no configuration file, and of the network only a way to ask
//! subgraphs, which [`Reach`] gives it for each request.
//!
//! Invariants: each request sees one snapshot from its beginning to its end; what decides a plan is
//! in its key, compared in full; a verdict on limits is asked again for each request, cached plan
//! or not; a defect below costs one request, never the process.

mod admit;
mod alike;
mod answer;
mod documents;
mod errors;
mod labels;
mod options;
mod planners;
mod plans;
mod reach;
mod request;
mod snapshot;
mod state;
mod statistics;
mod text;
mod told;

use std::sync::{Arc, PoisonError, RwLock};

use telemetry::Metrics;

use state::Inner;

pub use errors::{Blame, ERRORS, ErrorRow};
pub use options::{Limit, OperationLimits, Options};
pub use reach::Reach;
pub use request::{Answer, Carried, Request};
pub use snapshot::{Snapshot, SnapshotError};
pub use text::Text;

/// Answers requests. Cloning gives another handle to the same engine.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

impl Engine {
    /// An engine that serves a snapshot.
    ///
    /// # Errors
    /// When the threads for planning can't be started.
    pub fn new(
        snapshot: Snapshot,
        options: Options,
        metrics: Arc<Metrics>,
    ) -> std::io::Result<Self> {
        let planners =
            Arc::new(planners::Planners::start(options.planners, options.planning_timeout)?);
        metrics.schema_loaded(snapshot.fingerprint(), snapshot.generation());
        let inner = Inner {
            documents: documents::Documents::new(&options, Arc::clone(&planners)),
            plans: plans::Plans::new(&options, planners),
            snapshot: RwLock::new(Arc::new(snapshot)),
            requests: options.share_requests.then(Arc::default),
            statistics: statistics::Statistics::new(options.statistics_epoch),
            options,
            metrics,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Answers a request.
    pub async fn answer(&self, request: Request) -> Answer {
        answer::answer(&self.inner, request).await
    }

    /// The snapshot that new requests see.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.inner.snapshot()
    }

    /// Lets new requests see another snapshot; those that run keep theirs.
    pub fn swap(&self, snapshot: Snapshot) {
        self.inner.metrics.schema_loaded(snapshot.fingerprint(), snapshot.generation());
        let mut current = self.inner.snapshot.write().unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(snapshot);
    }
}

#[cfg(test)]
mod tests;
