//! The network port of execution: HTTP to subgraphs.
//!
//! In comes a [`execute::SubgraphRequest`]; out comes what the subgraph answered, or why there is
//! no answer. [`Upstreams`] is made once for each supergraph and holds the connections;
//! [`Upstreams::bind`] ties it to one request of a client, whose headers it may pass on.
//!
//! Parts: [`options`] says how each subgraph is reached, [`client`] sends, [`pool`] holds the
//! connections, [`connection`] is one exchange over one of them, [`headers`] decides what goes
//! along, [`body`] collects an answer within its limit, and [`encoding`] undoes its compression.
//!
//! This crate knows no plan and no schema: a subgraph is a number, a name and a URL.
//!
//! Invariants: an answer is never held beyond its limit, compressed or not; of a mutation
//! nothing is sent twice; redirects are
//! not followed; a header of the client goes along only if the options name it; an answer is
//! shared only by queries that are under way at once and equal in every byte that is sent, but for
//! the request's id.

mod body;
mod client;
mod connection;
mod encoding;
mod headers;
mod options;
mod pool;

pub use client::{Bound, Observe, Upstreams};
pub use options::{Http2Mode, Options, SetupError, SubgraphOptions};

#[cfg(test)]
mod tests;
