//! What an execution is given.

use std::num::NonZeroUsize;
use std::time::Instant;

use json::Object;
use plan::Plan;
use schema::{Schema, SubgraphSet};

use crate::port::Upstream;

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
    /// About how many bytes of memory the merged answer may take, and the client's too. Entities
    /// that stand at many positions, and aliases, make more of what subgraphs send.
    pub answer_bytes: NonZeroUsize,
    /// What makes execution fast.
    pub tricks: Tricks,
}

/// What makes execution fast, and changes no answer. Each can be left out, to measure what it earns.
#[derive(Clone, Copy, Debug)]
pub struct Tricks {
    /// The fast executor goes first.
    pub programs: bool,
    /// Those who get the same answer of a subgraph share what was read of it.
    pub shared_readings: bool,
    /// The members of an object are expected in the order in which they were asked for.
    pub expected_order: bool,
}

impl Default for Tricks {
    fn default() -> Self {
        Self { programs: true, shared_readings: true, expected_order: true }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            show_all_messages: false,
            show_messages_of: SubgraphSet::default(),
            most_errors: const { NonZeroUsize::new(100).expect("not zero") },
            json_depth: const { NonZeroUsize::new(200).expect("not zero") },
            answer_bytes: const { NonZeroUsize::new(256 << 20).expect("not zero") },
            tricks: Tricks::default(),
        }
    }
}
