//! The best plan: decisions whose finished plan has the least price.
//!
//! The search decides position by position and knows what a way costs on its own; what fetches
//! save by travelling together shows only when the plan is finished. Its plan is the first
//! incumbent. Steps: [`finish`] makes a finished plan of decisions; [`model`] writes the decisions
//! as numbers; [`improve`] looks for fewer [`requests`] that are still enough, as the [`solver`]
//! tells; [`prove`] shows with [`bound`] that there is nothing cheaper, or says by how much there might be.

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
mod requests;
mod solver;

use std::rc::Rc;

use graph::Graph;
use operation::{Operation, SelectionSet};

use crate::PlanError;
use crate::maps::HashMap;
use crate::model::Fetch;
use crate::options::Options;
use crate::price::{ENTITY, FIELD, Price, WAVE};
use crate::search::{DecisionKey, Dividable, Search, Slot, Steer, Who};
use bound::Bound;
use finish::{Finish, Finished};
use improve::{SOONER, improve, later, sooner};
use model::{MOST_WAVES, Model};
use once::at_once;
use prove::{least, least_within, prove};
use requests::{Requests, of_entities};
use solver::Solver;

/// A plan with a request or a wave less may have some fields and entities more.
const A_FEW_FIELDS: u64 = 20_000;

/// What a plan with a request or a wave less may have more, where it is looked for among plans that
/// divide nothing.
const A_FEW_ENTRIES: u64 = 5_000;

/// With more decisions it is not looked at whether requests could wait, or a wave less would do.
const MOST_WAITING: usize = 400;

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
    let forced = if first.again { None } else { forced(&mut search, &asked)? };
    let best = match forced {
        Some(gap) => Best { fetches: first.fetches, price: first.price, gap },
        None => steered(&mut search, &finish, first)?,
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
    if finish.is_mutation() || best.fetches.len() < 2 {
        return Ok(best);
    }
    let dividable = search.dividable(asked, &best.fetches)?;
    if dividable == Dividable::Nothing {
        return Ok(best);
    }
    let price = best.price.thousandths();
    let entries = match dividable {
        Dividable::ForEntries(count) => count * (ENTITY + FIELD),
        _ => FIELD,
    };
    let open = |floor: u64| best.gap.max(entries.min(price)).max(price - floor.min(price));
    if dividable != Dividable::ForLess || search.is_large() {
        return Ok(Best { gap: open(price), ..best });
    }
    search.divide();
    match dividing(search, finish, &asked[0], &best) {
        Ok((Some(other), _)) => Ok(other),
        Ok((None, floor)) => Ok(Best { gap: open(floor), ..best }),
        // What takes too much work is left as it is.
        Err(_) => Ok(Best { gap: open(search.cheapest_request() + WAVE), ..best }),
    }
}

/// Whether a plan that divides is taken in the place of another one. To rely on sharing for entities
/// or fields alone is not worth it.
fn is_worth_it(dividing: &Price, other: &Price) -> bool {
    let counts = |price: &Price| price.thousandths() + SOONER * price.waves;
    let steps = |price: &Price| (price.requests, price.waves);
    counts(dividing) < counts(other) && steps(dividing) != steps(other)
}

/// The best plan that was found among those that may divide fields, `None` when none is worth it; and
/// what any of them costs at least.
fn dividing(
    search: &mut Search<'_>,
    finish: &Finish<'_>,
    root: &DecisionKey,
    best: &Best,
) -> Result<(Option<Best>, u64), PlanError> {
    let Some(decision) = search.chosen(root)? else { return Ok((None, 0)) };
    let (root, model) = (decision.id.0, Rc::new(Model::new(search, decision.id.0)?));
    let price = best.price.thousandths();
    let mut bound = Bound::new(&model, root, false);
    let floor = least(&mut bound, root, price);
    let save = model.cheapest().min(WAVE);
    let mut earlier = || {
        let waves = usize::try_from(best.price.waves).unwrap_or(MOST_WAVES).saturating_sub(1);
        least_within(&mut bound, root, waves).is_some_and(|least| least < price + SOONER)
    };
    if floor + save > price + A_FEW_FIELDS && !earlier() {
        return Ok((None, price - gap(&model, root, price, floor)));
    }
    let requests = at_once(&model, root);
    if requests.iter().any(|(wave, _)| *wave >= MOST_WAVES) {
        let Finished { fetches, price, .. } = finish.finish(search, &Requests::new())?;
        let gap = gap(&model, root, price.thousandths(), floor);
        return Ok((
            is_worth_it(&price, &best.price).then_some(Best { fetches, price, gap }),
            floor.saturating_sub(model.spare),
        ));
    }
    // A plan that divides is a bonus: that nothing is cheaper is not proven of it.
    let enough = floor + model.cheapest();
    for found in sooner(&model, root, &requests, enough).iter().take(MOST_FINISHED) {
        search.steered = Some(steer(&model, &found.requests));
        let open = of_entities(&found.requests, &model);
        let Finished { fetches, price, .. } = finish.finish(search, &open)?;
        if is_worth_it(&price, &best.price) {
            let gap = gap(&model, root, price.thousandths(), floor);
            return Ok((Some(Best { fetches, price, gap }), floor));
        }
    }
    Ok((None, price - gap(&model, root, price, floor)))
}

/// The cheapest plan with requests that were found to be enough.
fn steered(
    search: &mut Search<'_>,
    finish: &Finish<'_>,
    first: Finished,
) -> Result<Best, PlanError> {
    let deep = first.price.waves > MOST_WAVES as u64;
    let mut price = first.price.thousandths();
    let unknown = price.saturating_sub(search.cheapest_request() + WAVE);
    if deep || finish.is_mutation() {
        return Ok(Best { fetches: first.fetches, price: first.price, gap: unknown });
    }
    let Some(root) = search.chosen(&first.asked[0])? else {
        return Ok(Best { fetches: first.fetches, price: first.price, gap: unknown });
    };
    let (root, model) = (root.id.0, Rc::new(Model::new(search, root.id.0)?));
    let requests = requests::requests(&first.fetches, &model);
    let mut bound = Bound::new(&model, root, false);
    let floor = least(&mut bound, root, price);
    // Where no request can be saved, what is left to save is not worth the time. Unless one can wait
    // for another: what then takes a wave more has as many of both, and some entities less.
    let again = first.again;
    let near = |price: u64| price + A_FEW_ENTRIES < floor + model.cheapest();
    if near(price) && !(again && floor < price) {
        let gap = gap(&model, root, price, floor);
        return Ok(Best { fetches: first.fetches, price: first.price, gap });
    }
    let mut best = (first.price, first.fetches);
    let mut finished: HashMap<Requests, Option<u64>> = HashMap::default();
    let mut with = |requests: &Requests| {
        if let Some(known) = finished.get(requests) {
            return *known;
        }
        search.steered = Some(steer(&model, requests));
        let found = finish.finish(search, &of_entities(requests, &model)).ok();
        let price = found.as_ref().map(|found| found.price.thousandths());
        finished.insert(requests.clone(), price);
        if let Some(found) = found
            && found.price.thousandths() < best.0.thousandths()
        {
            best = (found.price, found.fetches);
        }
        price
    };
    let found = if near(price) {
        None
    } else {
        let enough = (floor + model.cheapest()).saturating_sub(A_FEW_ENTRIES);
        let fewer = usize::try_from(first.price.waves).unwrap_or_default().saturating_sub(1);
        let mut fewer = || least_within(&mut bound, root, fewer).is_some_and(|it| it < price);
        let fewer = model.reachable() <= MOST_WAITING && fewer();
        improve(&model, root, (&requests, fewer), enough)
    };
    let again = again && model.reachable() <= MOST_WAITING;
    let waiting = if again { later(&model, root, &requests) } else { None };
    // What it comes to is known but for an entry or two.
    let waiting = waiting.filter(|found| found.cost < price + 2 * ENTITY);
    for found in found.iter().chain(&waiting) {
        price = with(&found.requests).map_or(price, |found| price.min(found));
    }
    let floor = if near(price) { floor } else { prove(&mut bound, root, price, with) };
    let gap = gap(&model, root, best.0.thousandths(), floor);
    Ok(Best { fetches: best.1, price: best.0, gap })
}

/// By how much a price may be above the least, given what the least is for the ways that the model
/// knows: what other ways could save comes on top.
fn gap(model: &Rc<Model>, root: u32, price: u64, floor: u64) -> u64 {
    let any = match model.unsure {
        true => least(&mut Bound::new(model, root, true), root, price),
        false => floor.saturating_sub(model.spare),
    };
    price - floor.min(any).min(price)
}

/// Decides as the model does, given the requests that there are to be.
fn steer(model: &Rc<Model>, requests: &Requests) -> Steer {
    let mut solver = Solver::new(model);
    solver.with(requests);
    Box::new(move |decision, ready| {
        let ready = u8::try_from(ready).ok().filter(|ready| usize::from(*ready) <= MOST_WAVES)?;
        let mut picks = solver.picks(decision.id.0, ready)?;
        if decision.recover.is_some() {
            picks.remove(0);
        }
        Some(picks)
    })
}

/// By how much a plan may be above the least, if each of its decisions was the only one that could be
/// made there: by what other keys could save. `None` when there was a choice.
fn forced(search: &mut Search<'_>, asked: &[DecisionKey]) -> Result<Option<u64>, PlanError> {
    let mut gap = 0;
    for key in asked {
        let Some(decision) = search.chosen(key)? else { continue };
        if decision.alternatives.iter().any(|(_, slots)| slots.len() > 1) {
            return Ok(None);
        }
        if !search.in_doubt {
            continue;
        }
        let sel = search.space.sel(key.0);
        let mut holders = Rc::clone(&key.1);
        let mut entered: Vec<(&Who, usize)> = Vec::new();
        if let Some((who, index)) = &decision.recover {
            let moves = search.moves(who, &holders)?;
            holders = Search::with_recovered(&holders, &moves[*index], who.ty());
            gap += moves[*index].spare(search.space.graph, who.ty(), &sel);
        }
        for slot in decision.slots(None).flat_map(|(_, slots)| slots) {
            if let Slot::Enter(who, index) = slot
                && !entered.contains(&(who, *index))
            {
                entered.push((who, *index));
                let moves = search.moves(who, &holders)?;
                if !moves[*index].firm {
                    return Ok(None);
                }
                gap += moves[*index].spare(search.space.graph, who.ty(), &sel);
            }
        }
    }
    Ok(if search.met_circle { None } else { Some(gap) })
}
