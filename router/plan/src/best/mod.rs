//! The best plan: decisions whose finished plan has the least price.
//!
//! The search decides position by position and knows what a way costs on its own; what fetches
//! save by travelling together shows only when the plan is finished. Its plan is the first
//! incumbent. Steps: [`finish`] makes a finished plan of decisions; [`model`] writes the decisions
//! as numbers; [`improve`] looks for fewer requests that are still enough; [`prove`] shows with
//! [`bound`] that there is nothing cheaper, or says by how much there might be.

mod bound;
mod finish;
mod improve;
mod model;
#[cfg(test)]
pub(crate) mod oracle;
mod prove;

use std::collections::HashMap;
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
use prove::{least, prove};

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
    steered(&mut search, &finish, first)
}

/// The cheapest plan with requests that were found to be enough.
fn steered(
    search: &mut Search<'_>,
    finish: &Finish<'_>,
    first: Finished,
) -> Result<Best, PlanError> {
    let requests = first.requests();
    let deep = requests.iter().any(|(wave, _)| *wave >= MOST_WAVES);
    let price = first.price.thousandths();
    let unknown = price.saturating_sub(REQUEST + WAVE);
    if search.met_circle || deep || finish.is_mutation() {
        return Ok(Best { fetches: first.fetches, gap: unknown });
    }
    let Some(root) = search.chosen(&first.asked[0], 0)? else {
        return Ok(Best { fetches: first.fetches, gap: unknown });
    };
    let model = Rc::new(Model::new(search)?);
    let mut best = (price, first.fetches);
    let mut finished: HashMap<Requests, Option<u64>> = HashMap::new();
    let mut with = |requests: &Requests| {
        if let Some(known) = finished.get(requests) {
            return *known;
        }
        search.steered = Some(steer(&model, requests));
        let found = finish.finish(search, requests).ok();
        let price = found.as_ref().map(|found| found.price.thousandths());
        finished.insert(requests.clone(), price);
        if let Some(found) = found
            && found.price.thousandths() < best.0
        {
            best = (found.price.thousandths(), found.fetches);
        }
        price
    };
    let mut price = price;
    // Where no request can be saved, other sets of them need not be looked for.
    let far = price >= REQUEST + least(&model, root.id.0, price);
    if far && let Some(found) = improve(&model, root.id.0, &requests) {
        price = with(&found.requests).map_or(price, |found| price.min(found));
    }
    let floor = prove(&model, root.id.0, price, with);
    Ok(Best { fetches: best.1, gap: best.0 - floor.min(best.0) })
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
