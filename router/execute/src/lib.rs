//! A plan turned into an answer.
//!
//! In come a [`plan::Plan`], the coerced variables and a way to reach subgraphs ([`Upstream`]); out
//! comes an [`Answer`]: data in the client's shape, and errors.
//!
//! Steps: [`run`] starts each fetch when those that it waits for have ended; [`gather`] finds the
//! objects that a fetch is about, and [`representation`] says how each is sent, each distinct one
//! once; [`response`] reads what came back; [`take`] and [`merge`] put it into one tree, the merged
//! answer; [`faults`] turns the errors of subgraphs into errors at the client's paths, and
//! [`causes`] remembers what they explain; [`project`] makes the client's answer of the tree.
//!
//! This executor is the reference: simple, on a tree, for ever the oracle of a faster one. It
//! knows no socket, no clock and no header: time and network are behind [`Upstream`].
//!
//! Invariants: entities are told apart by their full representations; nothing of one subgraph's
//! fault is lost on what the others answered; null is decided while projecting and never stored
//! for the sake of another field; whatever a subgraph answers, there is an answer.

mod answer;
mod causes;
mod errors;
mod faults;
mod gather;
mod merge;
mod path;
mod port;
mod project;
mod representation;
mod response;
mod run;
mod scalar;
mod take;

use std::num::NonZeroUsize;
use std::time::Instant;

use json::Object;
use plan::Plan;
use schema::{Schema, SubgraphSet};

pub use answer::{Answer, Call, Error};
pub use path::PathItem;
pub use port::{SubgraphRequest, SubgraphResponse, Upstream, UpstreamError};

/// One execution: what to do, with what, by when.
pub struct Execution<'a> {
    /// The supergraph that the plan was made for.
    pub schema: &'a Schema,
    /// The plan.
    pub plan: &'a Plan,
    /// The coerced variables of the client, by name.
    pub variables: &'a Object,
    /// The values of `__schema` and `__type` by response key, when the operation asks for them.
    pub introspection: Option<&'a Object>,
    /// How subgraphs are reached.
    pub upstream: &'a dyn Upstream,
    /// What may be shown, and how much.
    pub options: &'a Options,
    /// When the answer is of no use any more; it goes along with every request.
    pub deadline: Instant,
}

/// What execution may show, and its bounds.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether every subgraph's own messages and extensions are shown to clients.
    pub show_all_messages: bool,
    /// The subgraphs whose own messages and extensions are shown to clients all the same.
    pub show_messages_of: SubgraphSet,
    /// How many errors an answer has at most; what is beyond is only counted, by one more.
    pub most_errors: NonZeroUsize,
    /// How deep the JSON of a subgraph may nest.
    pub json_depth: NonZeroUsize,
    /// About how many bytes of text the merged answer may hold, and the client's too. Entities that
    /// stand at many positions, and aliases, make more of what subgraphs send.
    pub answer_bytes: NonZeroUsize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            show_all_messages: false,
            show_messages_of: SubgraphSet::default(),
            most_errors: const { NonZeroUsize::new(100).expect("not zero") },
            json_depth: const { NonZeroUsize::new(200).expect("not zero") },
            answer_bytes: const { NonZeroUsize::new(256 << 20).expect("not zero") },
        }
    }
}

/// Executes a plan. Whatever goes wrong is told in the answer. Dropping the future cancels the
/// requests that are under way.
pub async fn execute(execution: Execution<'_>) -> Answer {
    let outcome = run::run(&execution).await;
    project::project(&execution, outcome)
}

#[cfg(test)]
mod tests;
