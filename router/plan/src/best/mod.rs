//! The best plan: decisions whose finished plan has the least price.
//!
//! The search decides position by position and knows what a way costs on its own; what fetches
//! save by travelling together shows only when the plan is finished. Its plan is the first
//! incumbent. Steps: [`finish`] makes a finished plan of decisions; [`model`] writes the decisions
//! as numbers; [`improve`] looks for fewer requests that are still enough; [`prove`] shows with
//! [`bound`] that there is nothing cheaper, or says by how much there might be.

mod bound;
mod finish;
mod forced;
mod improve;
mod memo;
mod model;
mod once;
#[cfg(test)]
pub(crate) mod oracle;
mod prove;

use std::rc::Rc;

use graph::Graph;
use operation::{Operation, SelectionSet};

use crate::PlanError;
use crate::maps::HashMap;
use crate::model::Fetch;
use crate::options::Options;
use crate::price::{Price, WAVE};
use crate::search::{DecisionKey, Search, Steer};
use bound::Bound;
use finish::{Finish, Finished, Requests};
use improve::{SOONER, improve, sooner};
use model::{MOST_WAVES, Model, Solver};
use once::at_once;
use prove::{least, least_within, prove};

/// A plan with a request or a wave less may have some fields and entities more.
const A_FEW_FIELDS: u64 = 20_000;

/// So many sets of requests with divided fields are finished at most: what is found cheap may not be.
const MOST_FINISHED: usize = 2;

/// The best plan that was found.
pub(crate) struct Best {
    pub fetches: Vec<Fetch>,
    pub price: Price,
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
    let finish = Finish::new(&mut search, operation, answer)?;
    let first = finish.finish(&mut search, &Requests::new())?;
    if first.asked.is_empty() {
        return Ok(Best { fetches: first.fetches, price: first.price, gap: 0 });
    }
    let asked = first.asked.clone();
    let best = if forced(&mut search, &asked)? {
        Best { fetches: first.fetches, price: first.price, gap: 0 }
    } else {
        steered(&mut search, &finish, first)?
    };
    divided(&mut search, &finish, &asked, best)
}

/// The plan in which fields are divided over the subgraphs that share them, if it is cheaper. `asked`
/// are the decisions of the plan that divides none.
fn divided(
    search: &mut Search<'_>,
    finish: &Finish<'_>,
    asked: &[DecisionKey],
    best: Best,
) -> Result<Best, PlanError> {
    if finish.is_mutation()
        || search.is_large()
        || best.fetches.len() < 2
        || !search.dividable(asked, &best.fetches)?
    {
        return Ok(best);
    }
    search.divide();
    // What takes too much work is left as it is.
    let Ok(Some(other)) = dividing(search, finish, &asked[0], &best) else {
        return Ok(best);
    };
    Ok(other)
}

/// Whether a plan that divides is taken in the place of another one. To rely on sharing for entities
/// or fields alone is not worth it.
fn is_worth_it(dividing: &Price, other: &Price) -> bool {
    let counts = |price: &Price| price.thousandths() + SOONER * price.waves;
    let steps = |price: &Price| (price.requests, price.waves);
    counts(dividing) < counts(other) && steps(dividing) != steps(other)
}

/// The best plan that was found among those that may divide fields; `None` when none is worth it.
fn dividing(
    search: &mut Search<'_>,
    finish: &Finish<'_>,
    root: &DecisionKey,
    best: &Best,
) -> Result<Option<Best>, PlanError> {
    let Some(decision) = search.chosen(root)? else { return Ok(None) };
    let (root, model) = (decision.id.0, Rc::new(Model::new(search, decision.id.0)?));
    let price = best.price.thousandths();
    let mut bound = Bound::new(&model, root);
    let floor = least(&mut bound, root, price);
    let save = model.cheapest().min(WAVE);
    let mut earlier = || {
        let waves = usize::try_from(best.price.waves).unwrap_or(MOST_WAVES).saturating_sub(1);
        least_within(&mut bound, root, waves).is_some_and(|least| least < price + SOONER)
    };
    if floor + save > price + A_FEW_FIELDS && !earlier() {
        return Ok(None);
    }
    let requests = at_once(&model, root);
    if search.met_circle || requests.iter().any(|(wave, _)| *wave >= MOST_WAVES) {
        let Finished { fetches, price, .. } = finish.finish(search, &Requests::new())?;
        let gap = price.thousandths() - floor.min(price.thousandths());
        return Ok(is_worth_it(&price, &best.price).then_some(Best { fetches, price, gap }));
    }
    // A plan that divides is a bonus: that nothing is cheaper is not proven of it.
    let enough = floor + model.cheapest();
    for found in sooner(&model, root, &requests, enough).iter().take(MOST_FINISHED) {
        search.steered = Some(steer(&model, &found.requests));
        let Finished { fetches, price, .. } = finish.finish(search, &found.requests)?;
        if is_worth_it(&price, &best.price) {
            let gap = price.thousandths() - floor.min(price.thousandths());
            return Ok(Some(Best { fetches, price, gap }));
        }
    }
    Ok(None)
}

/// The cheapest plan with requests that were found to be enough.
fn steered(
    search: &mut Search<'_>,
    finish: &Finish<'_>,
    first: Finished,
) -> Result<Best, PlanError> {
    let requests = finish::requests(&first.fetches);
    let deep = requests.iter().any(|(wave, _)| *wave >= MOST_WAVES);
    let mut price = first.price.thousandths();
    let unknown = price.saturating_sub(search.cheapest_request() + WAVE);
    if search.met_circle || deep || finish.is_mutation() {
        return Ok(Best { fetches: first.fetches, price: first.price, gap: unknown });
    }
    let Some(root) = search.chosen(&first.asked[0])? else {
        return Ok(Best { fetches: first.fetches, price: first.price, gap: unknown });
    };
    let (root, model) = (root.id.0, Rc::new(Model::new(search, root.id.0)?));
    let mut bound = Bound::new(&model, root);
    let floor = least(&mut bound, root, price);
    // Where no request can be saved, what is left to save is not worth the time.
    let near = |price: u64| price < floor + model.cheapest();
    if near(price) {
        let gap = price - floor.min(price);
        return Ok(Best { fetches: first.fetches, price: first.price, gap });
    }
    let mut best = (first.price, first.fetches);
    let mut finished: HashMap<Requests, Option<u64>> = HashMap::default();
    let mut with = |requests: &Requests| {
        if let Some(known) = finished.get(requests) {
            return *known;
        }
        search.steered = Some(steer(&model, requests));
        let found = finish.finish(search, requests).ok();
        let price = found.as_ref().map(|found| found.price.thousandths());
        finished.insert(requests.clone(), price);
        if let Some(found) = found
            && found.price.thousandths() < best.0.thousandths()
        {
            best = (found.price, found.fetches);
        }
        price
    };
    if let Some(found) = improve(&model, root, &requests, floor + model.cheapest()) {
        price = with(&found.requests).map_or(price, |found| price.min(found));
    }
    let floor = if near(price) { floor } else { prove(&mut bound, root, price, with) };
    let price = best.0.thousandths();
    Ok(Best { fetches: best.1, price: best.0, gap: price - floor.min(price) })
}

/// Decides as the model does, given the requests that there are to be.
fn steer(model: &Rc<Model>, requests: &Requests) -> Steer {
    let mut solver = Solver::new(model);
    solver.with(requests);
    Box::new(move |key, decision, wave| {
        let ready = if key.1.is_empty() { 0 } else { wave + 1 };
        let ready = u8::try_from(ready).ok().filter(|ready| usize::from(*ready) <= MOST_WAVES)?;
        let mut picks = solver.picks(decision.id.0, ready)?;
        if decision.recover.is_some() {
            picks.remove(0);
        }
        Some(picks)
    })
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
