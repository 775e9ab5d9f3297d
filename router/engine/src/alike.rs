//! Which requests of clients are the same.

use bytes::Bytes;
use execute::TRACING_HEADERS;
use json::Object;

use crate::plans::Key;
use crate::request::Request;

/// What is equal in all of this is answered the same: what decides the plan, the variables, the
/// headers that go along to subgraphs but for those that only trace, and what the client wants to be told.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Alike {
    key: Key,
    /// As JSON, in the order in which the operation declares them.
    variables: String,
    headers: Vec<(String, Bytes)>,
    wants_cost: bool,
    wants_plan: bool,
}

impl Alike {
    pub(crate) fn new(key: &Key, variables: &Object, request: &Request) -> Self {
        Self {
            key: Key::clone(key),
            variables: json::text(variables),
            headers: request
                .headers
                .iter()
                .filter(|(name, _)| !TRACING_HEADERS.contains(&name.as_str()))
                .cloned()
                .collect(),
            wants_cost: request.wants_cost,
            wants_plan: request.wants_plan,
        }
    }
}
