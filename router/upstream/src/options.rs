//! How subgraphs are reached.

use std::num::NonZeroUsize;
use std::time::Duration;

use http::{HeaderName, HeaderValue};

/// How all subgraphs are reached.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long opening a connection may take.
    pub connect_timeout: Duration,
    /// How long a connection may be idle before it is closed.
    pub idle_timeout: Duration,
    /// Whether requests of clients that ask a subgraph the same at the same time share the answer.
    pub share: bool,
    /// The subgraphs, in the order of their ids.
    pub subgraphs: Vec<SubgraphOptions>,
}

/// How one subgraph is reached.
#[derive(Clone, Debug)]
pub struct SubgraphOptions {
    /// Its name, for metrics.
    pub name: String,
    /// Where it answers: an absolute `http` or `https` URL.
    pub url: String,
    /// How long an answer may take, the wait for a place included.
    pub timeout: Duration,
    /// The largest answer in bytes.
    pub response_bytes: NonZeroUsize,
    /// How many requests it gets at once; more wait.
    pub in_flight: NonZeroUsize,
    /// Headers that go along with every request.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The client's headers that are passed on, by name.
    pub forward: Vec<HeaderName>,
}

/// Why the subgraphs can't be reached at all.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The URL is none that can be asked.
    #[error("subgraph {name}: {url:?} is not an absolute http or https URL")]
    Url {
        /// The subgraph.
        name: String,
        /// What was given.
        url: String,
    },
    /// TLS can't be set up.
    #[error("TLS can't be set up: {0}")]
    Tls(String),
}
