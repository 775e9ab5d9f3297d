//! The port of execution: how a request reaches a subgraph. `upstream` implements it over HTTP,
//! tests in process.

use std::time::Instant;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use schema::{OperationKind, SubgraphId};

use crate::fast::Reading;

/// Headers that only say which request something belongs to. They go along as the first of those
/// who share an answer sent them, and don't keep others from sharing it.
pub const TRACING_HEADERS: [&str; 13] = [
    "b3",
    "sentry-trace",
    "traceparent",
    "tracestate",
    "uber-trace-id",
    "x-amzn-trace-id",
    "x-b3-flags",
    "x-b3-parentspanid",
    "x-b3-sampled",
    "x-b3-spanid",
    "x-b3-traceid",
    "x-cloud-trace-context",
    "x-request-id",
];

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
    /// What was read of the body: shared by the clones of this answer.
    pub reading: Reading,
}

impl SubgraphResponse {
    /// An answer of which nothing was read yet.
    pub fn new(status: u16, body: Bytes) -> Self {
        Self { status, body, reading: Reading::default() }
    }
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
