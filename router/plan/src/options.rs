//! What planning may assume, and why it may fail.

use std::num::NonZeroU64;

use schema::{FieldId, SubgraphId, SubgraphSet};

use crate::weights::Weights;

/// What planning may assume and how long it may take.
#[derive(Clone, Debug)]
pub struct Options {
    /// The labels of progressive overrides that count for this request; sorted.
    pub override_labels: Vec<String>,
    /// Fields that are not taken from a subgraph, although it resolves them; as the subgraph knows
    /// them, of an object type or of an interface.
    pub avoided: Vec<(SubgraphId, FieldId)>,
    /// What is dearer or cheaper than others.
    pub weights: Weights,
    /// Subgraphs that are not asked for anything.
    pub disabled: SubgraphSet,
    /// How many units of work the search may use, and as many the building of what it finds.
    pub work_budget: NonZeroU64,
}

impl Default for Options {
    fn default() -> Self {
        let work_budget = const { NonZeroU64::new(2_000_000).expect("not zero") };
        Self {
            override_labels: Vec::new(),
            avoided: Vec::new(),
            weights: Weights::default(),
            disabled: SubgraphSet::default(),
            work_budget,
        }
    }
}

/// Why an operation can't be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A field can't be reached: the supergraph was not proven satisfiable.
    #[error("no subgraph can answer `{coordinate}` here: {reason}")]
    Unreachable {
        /// `Type.field`
        coordinate: String,
        /// Why, in one sentence.
        reason: String,
    },
    /// A field can't be reached as long as some subgraphs are not asked.
    #[error("no subgraph can answer `{coordinate}` here as long as {} is disabled", subgraphs.join(" and "))]
    Disabled {
        /// `Type.field`
        coordinate: String,
        /// The subgraphs that are not asked, by name.
        subgraphs: Vec<String>,
    },
    /// The operation needs more work than allowed.
    #[error("the operation is too complex to plan: it needs more than {budget} units of work")]
    TooComplex {
        /// The budget in units of work.
        budget: u64,
    },
}
