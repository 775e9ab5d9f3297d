//! The best plan: decisions whose finished plan has the least price.
//!
//! The search decides position by position and knows what a way costs on its own; what fetches
//! save by travelling together shows only when the plan is finished. Its plan is the first
//! incumbent.

mod finish;
mod improve;
mod model;
#[cfg(test)]
pub(crate) mod oracle;

use std::rc::Rc;

use graph::Graph;
use operation::{Operation, SelectionSet};

use crate::PlanError;
use crate::model::Fetch;
use crate::options::Options;
use crate::price::{REQUEST, WAVE};
use crate::search::{DecisionKey, Search, Steer};
use finish::{Finish, Finished, Requests};
use improve::improve;
use model::{MOST_WAVES, Model, Solver};

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
    let first = finish.finish(&mut search, &Requests::new())?;
    if forced(&mut search, &first.asked)? {
        return Ok(Best { fetches: first.fetches, gap: 0 });
    }
    let best = steered(&mut search, &finish, first)?;
    let gap = best.price.thousandths().saturating_sub(REQUEST + WAVE);
    Ok(Best { fetches: best.fetches, gap })
}

/// The plan with the requests that were found to be enough, if it is cheaper.
fn steered(
    search: &mut Search<'_>,
    finish: &Finish<'_>,
    first: Finished,
) -> Result<Finished, PlanError> {
    let requests = first.requests();
    let deep = requests.iter().any(|(wave, _)| *wave >= MOST_WAVES);
    if search.met_circle || deep || finish.is_mutation() {
        return Ok(first);
    }
    let Some(root) = search.chosen(&first.asked[0], 0)? else { return Ok(first) };
    let model = Rc::new(Model::new(search)?);
    let Some(found) = improve(&model, root.id.0, &requests) else { return Ok(first) };
    search.steered = Some(steer(&model, &found.requests));
    let other = finish.finish(search, &found.requests);
    search.steered = None;
    match other {
        Ok(other) if other.price.thousandths() < first.price.thousandths() => Ok(other),
        _ => Ok(first),
    }
}

/// Decides as the model does, given the requests that there are to be.
fn steer(model: &Rc<Model>, requests: &Requests) -> Steer {
    let mut solver = Solver::new(model);
    solver.with(requests);
    Box::new(move |key, decision, wave| {
        let ready = if key.1.is_empty() { 0 } else { wave + 1 };
        let ready = u8::try_from(ready).ok().filter(|ready| usize::from(*ready) <= MOST_WAVES)?;
        let picks = solver.picks(decision.id.0, ready)?;
        let skipped = usize::from(decision.recover.is_some());
        let mut other = decision.clone();
        for ((task, ways), pick) in decision.alternatives.iter().zip(&picks[skipped..]) {
            other.choices[*task] = vec![ways[*pick].slot.clone()];
        }
        Some(other)
    })
}

/// Whether each decision of a plan was the only one that could be made there.
fn forced(search: &mut Search<'_>, asked: &[DecisionKey]) -> Result<bool, PlanError> {
    for key in asked {
        let Some(decision) = search.chosen(key, 0)? else { continue };
        if decision.alternatives.iter().any(|(_, slots)| slots.len() > 1) {
            return Ok(false);
        }
    }
    Ok(!search.met_circle)
}
