//! A supergraph made ready: what a reload swaps as one.

use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use graph::Graph;
use plan::Hints;
use schema::{ReadError, Schema};

use crate::reach::Reach;

/// A supergraph made ready, with the way to its subgraphs.
pub struct Snapshot {
    graph: Arc<Graph>,
    reach: Box<dyn Reach>,
    hints: Hints,
    fingerprint: String,
    generation: u64,
}

/// Why a supergraph can't be served.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// It can't be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Its subgraphs can't be reached.
    #[error("{0}")]
    Reach(String),
    /// The plan hints don't fit it.
    #[error("{0}")]
    Hints(String),
}

/// Snapshots of one process, counted.
static GENERATIONS: AtomicU64 = AtomicU64::new(1);

impl Snapshot {
    /// Reads a supergraph and prepares it for planning; `reach` makes the way to its subgraphs.
    ///
    /// # Errors
    /// When the SDL can't be read, or `reach` fails.
    pub fn new(
        sdl: &str,
        reach: impl FnOnce(&Schema) -> Result<Box<dyn Reach>, String>,
    ) -> Result<Self, SnapshotError> {
        let schema = Arc::new(Schema::read(sdl)?);
        let reach = reach(&schema).map_err(SnapshotError::Reach)?;
        Ok(Self {
            graph: Arc::new(Graph::build(schema)),
            reach,
            hints: Hints::default(),
            fingerprint: fingerprint(sdl),
            generation: GENERATIONS.fetch_add(1, Ordering::Relaxed),
        })
    }

    /// Plans by hints.
    ///
    /// # Errors
    /// When a hint makes no sense for the supergraph.
    pub fn with_hints(self, written: plan::Written<'_>) -> Result<Self, SnapshotError> {
        let hints = Hints::read(&self.graph, written).map_err(SnapshotError::Hints)?;
        Ok(Self { hints, ..self })
    }

    /// The hints for planning.
    pub(crate) fn hints(&self) -> &Hints {
        &self.hints
    }

    /// The supergraph.
    pub fn schema(&self) -> &Schema {
        self.graph.schema()
    }

    /// The supergraph as a graph of ways.
    pub(crate) fn graph(&self) -> &Arc<Graph> {
        &self.graph
    }

    /// The way to the subgraphs.
    pub(crate) fn reach(&self) -> &dyn Reach {
        &*self.reach
    }

    /// A short name of the SDL, for people and metrics. It decides nothing.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The number of the snapshot in this process; no two have the same.
    pub fn generation(&self) -> u64 {
        self.generation
    }
}

fn fingerprint(sdl: &str) -> String {
    // Two fixed keys: the name is the same in every process.
    let build = std::hash::BuildHasherDefault::<std::hash::DefaultHasher>::default();
    let mut hasher = build.build_hasher();
    hasher.write(sdl.as_bytes());
    format!("{:016x}", hasher.finish())
}
