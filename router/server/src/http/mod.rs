//! GraphQL over HTTP, straight on hyper.
//!
//! In come connections; out go answers. [`listen`] accepts and watches connections, [`edge`] is the
//! way of one request, [`outlet`] is where an answer goes out, [`media`], [`origin`], [`body`] and [`parameters`] are its steps,
//! [`texts`] knows documents by how they are written in JSON, [`problem`] is the table of what is refused here. Behind the edge stands anything that
//! [`Answers`]: it knows no schema, no plan and no subgraph.

mod admin;
mod body;
mod edge;
mod listen;
mod media;
mod memory;
mod origin;
mod outlet;
mod page;
mod parameters;
mod problem;
mod request_id;
mod texts;
mod watch;

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use futures_util::future::BoxFuture;

pub(crate) use admin::Admin;
pub(crate) use edge::{Edge, EdgeLimits};
pub(crate) use listen::{Door, Limits};
pub(crate) use origin::Cors;
pub(crate) use outlet::InMemory;
pub(crate) use parameters::Parameters;
pub(crate) use problem::Kind;

/// What stands behind the edge.
pub(crate) trait Answers: Send + Sync + 'static {
    /// Answers a well-formed request.
    fn answer<'a>(&'a self, asked: Asked<'a>) -> BoxFuture<'a, Answered>;
}

/// A well-formed request.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    /// What was asked.
    pub(crate) parameters: Parameters,
    /// Whether the request may have no effect, since it came by GET.
    pub(crate) read_only: bool,
    /// When the answer is of no use any more.
    pub(crate) deadline: Instant,
    /// The headers of the request.
    pub(crate) headers: &'a http::HeaderMap,
    /// Its id.
    pub(crate) request_id: &'a http::HeaderValue,
}

/// An answer, ready to be sent.
#[derive(Debug)]
pub(crate) struct Answered {
    /// The status that tells the truth.
    pub(crate) status: http::StatusCode,
    /// The JSON.
    pub(crate) body: Bytes,
    /// The file of it, when several clients get it.
    pub(crate) in_memory: Option<Arc<InMemory>>,
    /// The name of the operation, for the log.
    pub(crate) operation: Option<String>,
    /// The code of the first error, for the log.
    pub(crate) code: Option<String>,
}

#[cfg(test)]
mod tests;
