//! A plan turned into an answer.

mod port;

pub use port::{SubgraphRequest, SubgraphResponse, Upstream, UpstreamError};
