//! Which requests there should be: fewer of them, that are still enough for everything.
//!
//! Begins with what the search found and with all requests of as many waves, takes away what isn't
//! needed, then again and again adds a few, takes away others, and keeps what is cheaper. The
//! numbers that decide which are always the same, so that the result is.

use std::rc::Rc;

use super::finish::Requests;
use super::model::{Model, Solver, request};
use crate::price::{Cost, WAVE};

/// How many decisions may be worked out for each that there is.
const WORK_PER_DECISION: u64 = 14;

/// How many sets are tried at most; fewer where there are few decisions.
const MOST_TRIES: u64 = 60;

/// A set of requests and its price.
#[derive(Clone)]
pub(super) struct Found {
    pub requests: Requests,
    pub cost: Cost,
}

/// Looks for a cheaper set of requests than those that the search came to; one below `enough` is as
/// good as any.
pub(super) fn improve(
    model: &Rc<Model>,
    root: u32,
    (first, dividing): (&Requests, bool),
    enough: Cost,
) -> Option<Found> {
    let mut solver = Solver::new(model);
    let waves = first.iter().map(|(wave, _)| wave + 1).max()?;
    let all: Requests = (0..waves)
        .flat_map(|wave| (0..model.subgraphs()).map(move |subgraph| request(wave, subgraph)))
        .collect();
    let budget = 1_000 + WORK_PER_DECISION * model.reachable() as u64;
    let mut best = less(&mut solver, root, first.clone(), 1);
    if dividing {
        // What is divided for is to end sooner: late requests are taken away first.
        let early = less(&mut solver, root, all.clone(), 1);
        best = best.into_iter().chain(early).min_by_key(|found| found.cost);
    }
    let mut number = 1;
    let good = |found: &Option<Found>| found.as_ref().is_some_and(|found| found.cost < enough);
    while !good(&best)
        && solver.work < budget
        && number < MOST_TRIES.min(4 + model.reachable() as u64 / 8)
    {
        number += 1;
        let from = match &best {
            Some(best) if number % 4 != 0 => more(best.requests.clone(), &all, number),
            _ => all.clone(),
        };
        let found = less(&mut solver, root, from, number);
        if let Some(found) = found
            && best.as_ref().is_none_or(|best| found.cost < best.cost)
        {
            best = Some(found);
        }
    }
    best
}

/// Adds some requests.
fn more(mut requests: Requests, all: &Requests, number: u64) -> Requests {
    let mut rest: Vec<_> = all.difference(&requests).copied().collect();
    rest.sort_by_key(|item| mix(*item, number));
    let count = 2 + (number as usize % 5);
    requests.extend(rest.into_iter().take(count));
    requests
}

/// Takes away all that isn't needed, in an order of its own for each number.
fn less(solver: &mut Solver, root: u32, mut requests: Requests, number: u64) -> Option<Found> {
    solver.with(&requests);
    let mut outcome = solver.solve(root, 0)?;
    let mut order: Vec<_> = requests.iter().copied().collect();
    match number % 4 {
        1 => order.reverse(),
        _ => order.sort_by_key(|item| mix(*item, number)),
    }
    for item in order {
        requests.remove(&item);
        if !solver.takes(&outcome, item) {
            continue;
        }
        solver.with(&requests);
        match solver.solve(root, 0) {
            Some(less) => outcome = less,
            None => {
                requests.insert(item);
            }
        }
    }
    let waves = requests.iter().map(|(wave, _)| wave + 1).max().unwrap_or_default();
    let cost = solver.requests(&requests) + WAVE * waves as u64 + outcome.tail;
    Some(Found { requests, cost })
}

/// A number that looks thrown, the same for the same request and number.
fn mix((wave, subgraph): (usize, schema::SubgraphId), number: u64) -> u64 {
    use schema::Id as _;
    let mut mixed = (wave as u64) << 32 | subgraph.index() as u64;
    mixed =
        (mixed ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed ^= mixed >> 31;
    mixed.wrapping_mul(0x94D0_49BB_1331_11EB) >> 7
}
