//! What the engine may do, and its bounds.

use std::num::{NonZeroU64, NonZeroUsize};
use std::time::Duration;

use operation::Limits;

/// The options of an engine.
#[derive(Clone, Debug)]
pub struct Options {
    /// Bounds on documents, before anything is expanded.
    pub documents: Limits,
    /// Bounds on operations; what has none is only measured.
    pub operations: OperationLimits,
    /// How many items a list is taken to have of which `@listSize` says nothing.
    pub list_size: NonZeroU64,
    /// Whether `__schema` and `__type` are answered.
    pub introspection: bool,
    /// How many selections may stand below `__schema` and `__type`.
    pub introspection_selections: NonZeroUsize,
    /// Bytes of documents that are remembered.
    pub document_cache_bytes: u64,
    /// Bytes of plans that are remembered.
    pub plan_cache_bytes: u64,
    /// How many threads parse and plan.
    pub planners: NonZeroUsize,
    /// How long a request waits for its document and for its plan, each.
    pub planning_timeout: Duration,
    /// How many units of work the search for a plan may use, and as many the building of plans.
    pub planning_work: NonZeroU64,
    /// Whether each new plan is proven sound before it is used.
    pub check_plans: bool,
    /// How long plans go by what was observed before they go by what was observed since; without it
    /// nothing is observed.
    pub statistics_epoch: Option<Duration>,
    /// Labels of progressive overrides that are on for every request, besides `percent(…)`.
    pub override_labels: Vec<String>,
    /// Whether clients that ask for the same at the same time share the answer.
    pub share_requests: bool,
    /// What of subgraphs' errors is shown, and how much.
    pub execution: execute::Options,
}

/// Bounds on a bound operation and its plan.
#[derive(Clone, Debug, Default)]
pub struct OperationLimits {
    /// What it costs, as `@cost` and `@listSize` define it.
    pub cost: Option<Limit>,
    /// Levels of fields.
    pub depth: Option<Limit>,
    /// Fields on one level.
    pub width: Option<Limit>,
    /// Fields of the root.
    pub root_fields: Option<Limit>,
    /// Fields whose response key is not their name.
    pub aliases: Option<Limit>,
    /// What its plan costs, in the unit of prices, with the lengths that lists are taken to have.
    pub price: Option<Limit>,
    /// Requests to subgraphs.
    pub fetches: Option<Limit>,
    /// Requests to subgraphs that wait for each other.
    pub waves: Option<Limit>,
}

/// A limit, and what happens beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The most that is allowed.
    pub most: NonZeroU64,
    /// Whether an operation beyond it is refused; else it is only counted.
    pub enforced: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            documents: Limits::default(),
            operations: OperationLimits::default(),
            list_size: const { NonZeroU64::new(10).expect("not zero") },
            introspection: false,
            introspection_selections: const { NonZeroUsize::new(500).expect("not zero") },
            document_cache_bytes: 32 << 20,
            plan_cache_bytes: 64 << 20,
            planners: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            planning_timeout: Duration::from_secs(5),
            planning_work: const { NonZeroU64::new(2_000_000).expect("not zero") },
            check_plans: cfg!(debug_assertions),
            statistics_epoch: None,
            override_labels: Vec::new(),
            share_requests: false,
            execution: execute::Options::default(),
        }
    }
}
