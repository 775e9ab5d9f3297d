//! From decisions to a finished plan, all passes included.

use operation::{Operation, SelectionSet};

use crate::PlanError;
use crate::build;
use crate::model::Fetch;
use crate::passes;
use crate::price::{Price, of};
use crate::search::{DecisionKey, Search};
use crate::space::SelId;
use crate::write;

/// What is planned.
pub(super) struct Finish<'o> {
    operation: &'o Operation,
    sel: SelId,
}

/// A finished plan.
pub(super) struct Finished {
    pub fetches: Vec<Fetch>,
    pub price: Price,
    /// The decisions that it came from, in the order of need.
    pub asked: Vec<DecisionKey>,
}

impl<'o> Finish<'o> {
    pub(super) fn new(
        search: &mut Search<'_>,
        operation: &'o Operation,
        answer: &SelectionSet,
    ) -> Self {
        Self { operation, sel: search.space.operation(answer) }
    }

    /// Finishes a plan from the decisions that are tried, and the cheapest known ones elsewhere.
    pub(super) fn finish(&self, search: &mut Search<'_>) -> Result<Finished, PlanError> {
        let mut built = build::build(search, self.operation.kind, self.sel)?;
        let groups = &mut built.groups;
        passes::merge::merge(groups);
        let schema = search.space.schema;
        let fetches: Vec<Fetch> = passes::batch::batch(groups)
            .iter()
            .map(|request| write::fetch(schema, groups, request, self.operation))
            .collect();
        Ok(Finished { price: of(&fetches), fetches, asked: built.asked })
    }
}
