//! The port through which subgraphs are reached.

use execute::Upstream;

use crate::request::Request;

/// How the subgraphs of a snapshot are reached.
pub trait Reach: Send + Sync {
    /// The subgraphs for one request of a client; `request` carries what may be passed on.
    fn upstream(&self, request: &Request) -> Box<dyn Upstream>;
}
