//! Who can answer what, and how to get there.

use std::sync::Arc;

use schema::Schema;

/// The supergraph as a graph of ways: made once for each supergraph.
#[derive(Debug)]
pub struct Graph {
    schema: Arc<Schema>,
}

impl Graph {
    /// Prepares a supergraph for planning.
    pub fn build(schema: Arc<Schema>) -> Self {
        Self { schema }
    }

    /// The supergraph.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }
}
