//! From decisions to a finished plan, all passes included.

use operation::{Operation, SelectionSet};
use schema::OperationKind;

use super::requests::Requests;

use crate::PlanError;
use crate::build;
use crate::model::Fetch;
use crate::passes;
use crate::price::{Price, of};
use crate::search::{DecisionKey, Search};
use crate::share;
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
    /// Whether requests could be one if some of them waited.
    pub again: bool,
}

impl<'o> Finish<'o> {
    pub(super) fn is_mutation(&self) -> bool {
        self.operation.kind == OperationKind::Mutation
    }

    pub(super) fn new(
        search: &mut Search<'_>,
        operation: &'o Operation,
        answer: &SelectionSet,
    ) -> Result<Self, PlanError> {
        let sel = search.space.operation(answer);
        search.spend(search.space.work())?;
        Ok(Self { operation, sel })
    }

    /// Finishes a plan from the decisions that are tried, and the cheapest known ones elsewhere.
    pub(super) fn finish(
        &self,
        search: &mut Search<'_>,
        open: &Requests,
    ) -> Result<Finished, PlanError> {
        let mut built = build::build(search, self.operation.kind, self.sel, open)?;
        let groups = &mut built.groups;
        passes::empty::empty(groups);
        search.count_built(passes::merge::work(groups))?;
        passes::merge::merge(search.space.schema, groups, open);
        let (graph, weights) = (search.space.graph, search.weights());
        let requests = passes::batch::batch(groups, open);
        let again = passes::batch::again(groups, &requests);
        let (mut fetches, selected): (Vec<Fetch>, Vec<_>) = requests
            .iter()
            .map(|request| write::fetch((graph, weights), groups, request, self.operation))
            .unzip();
        for (request, fetch) in requests.iter().zip(&mut fetches) {
            write::hand_over(groups, request, &mut fetch.parts);
        }
        share::mark(self.operation.kind, &mut fetches, &selected);
        let price = of(&fetches);
        search.count_built(price.fields)?;
        Ok(Finished { price, fetches, asked: built.asked, again })
    }
}
