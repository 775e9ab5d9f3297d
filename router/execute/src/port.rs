//! The port of execution: how a request reaches a subgraph. `upstream` implements it over HTTP,
//! tests in process.

use std::time::Instant;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use schema::{OperationKind, SubgraphId};

/// Sends requests to subgraphs.
pub trait Upstream: Send + Sync {
    /// Sends one request and waits for the whole answer, no longer than its deadline.
    fn send(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<SubgraphResponse, UpstreamError>>;
}

/// A GraphQL request to a subgraph.
#[derive(Clone, Debug)]
pub struct SubgraphRequest {
    /// The fetch of the plan, by index: for those who measure, it does not go on the wire.
    pub fetch: usize,
    /// Who is asked.
    pub subgraph: SubgraphId,
    /// The kind of operation: a mutation is never sent twice.
    pub kind: OperationKind,
    /// The JSON body: `query`, `variables` and, if it has one, `operationName`.
    pub body: Bytes,
    /// When the answer is of no use any more.
    pub deadline: Instant,
}

/// What a subgraph answered.
#[derive(Clone, Debug)]
pub struct SubgraphResponse {
    /// The HTTP status.
    pub status: u16,
    /// The body, within the limit of bytes.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpstreamError {
    /// It could not be reached, or the connection broke. The text is for the log.
    Unreachable(String),
    /// The deadline passed.
    Timeout,
    /// The answer is larger than allowed: the limit in bytes.
    TooLarge(usize),
}
