//! The best plan: decisions whose finished plan has the least price.
//!
//! The search decides position by position and knows what a way costs on its own; what fetches
//! save by travelling together shows only when the plan is finished. Its plan is the first
//! incumbent.

mod finish;
#[cfg(test)]
pub(crate) mod oracle;

use graph::Graph;
use operation::{Operation, SelectionSet};

use crate::PlanError;
use crate::model::Fetch;
use crate::options::Options;
use crate::price::{REQUEST, WAVE};
use crate::search::{DecisionKey, Search};
use finish::Finish;

/// The best plan that was found.
pub(crate) struct Best {
    pub fetches: Vec<Fetch>,
    /// By how much its price is above what any plan costs at least.
    pub gap: u64,
}

/// Looks for the best plan.
pub(crate) fn best(
    graph: &Graph,
    operation: &Operation,
    answer: &SelectionSet,
    options: &Options,
) -> Result<Best, PlanError> {
    let mut search = Search::new(graph, options);
    let finish = Finish::new(&mut search, operation, answer);
    let first = finish.finish(&mut search)?;
    let gap = if forced(&mut search, &first.asked)? {
        0
    } else {
        first.price.thousandths().saturating_sub(REQUEST + WAVE)
    };
    Ok(Best { fetches: first.fetches, gap })
}

/// Whether each decision of a plan was the only one that could be made there.
fn forced(search: &mut Search<'_>, asked: &[DecisionKey]) -> Result<bool, PlanError> {
    for key in asked {
        let Some(decision) = search.chosen(key)? else { continue };
        if decision.alternatives.iter().any(|(_, slots)| slots.len() > 1) {
            return Ok(false);
        }
    }
    Ok(!search.met_circle)
}
