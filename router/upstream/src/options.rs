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
    /// How long a connection is used. A name is looked up anew for the next one.
    pub connection_age: Duration,
    /// Where HTTP/2 is spoken.
    pub http2: Http2Mode,
    /// How many connections with HTTP/2 a subgraph gets.
    pub http2_connections: NonZeroUsize,
    /// Whether answers may come compressed.
    pub compressed: bool,
    /// Whether requests of clients that ask a subgraph the same at the same time share the answer.
    pub share: bool,
    /// The subgraphs, in the order of their ids.
    pub subgraphs: Vec<SubgraphOptions>,
}

/// Where HTTP/2 is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Http2Mode {
    /// Where the subgraph chooses it when TLS is set up.
    #[default]
    Negotiated,
    /// Everywhere, also without TLS: the subgraphs are known to speak it.
    Always,
    /// Nowhere.
    Never,
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
