//! Which requests there should be: fewer of them, that are still enough for everything.
//!
//! Begins with what the search found and with all requests of as many waves, takes away what isn't
//! needed, then again and again adds a few, takes away others, and keeps what is cheaper. The
//! numbers that decide which are always the same, so that the result is.

use std::rc::Rc;

use schema::SubgraphId;

use super::model::{MOST_WAVES, Model};
use super::prove::within;
use super::requests::Requests;
use super::solver::Solver;
use crate::price::{Cost, WAVE};

/// How many decisions may be worked out for each that there is.
const WORK_PER_DECISION: u64 = 14;

/// How many sets are tried at most; fewer where there are few decisions.
const MOST_TRIES: u64 = 60;

/// Of plans that divide fields, one with a wave less is taken although it costs so much more: fewer
/// waves are what is divided for, and a few entities more or less are hardly worth relying on it.
pub(super) const SOONER: Cost = 4_000;

/// Of so many subgraphs it is looked at whether they need to be asked again.
const MOST_AGAIN: usize = 3;

/// A set of requests and its price.
#[derive(Clone)]
pub(super) struct Found {
    pub requests: Requests,
    pub cost: Cost,
}

/// Looks for a cheaper set of requests than the first, also with a wave `fewer`; one below `enough` is
/// as good as any.
pub(super) fn improve(
    model: &Rc<Model>,
    root: u32,
    (first, fewer): (&Requests, bool),
    enough: Cost,
) -> Option<Found> {
    let waves = waves(first);
    let mut tries = Tries::new(model, root, (waves, 0));
    let mut best = tries.less(first.clone(), 1);
    let mut number = 1;
    if fewer && best.as_ref().is_none_or(|best| best.cost >= enough) {
        let found = tries.less(within(model, waves.saturating_sub(1)), 1);
        best = best.into_iter().chain(found).min_by_key(|found| found.cost);
        number = 2;
    }
    tries.better(best, (number, enough))
}

/// Fewer requests that are enough when there may be a wave more, since those to one subgraph that is
/// asked again wait for each other.
pub(super) fn later(model: &Rc<Model>, root: u32, first: &Requests) -> Option<Found> {
    let waves = (waves(first) + 1).min(MOST_WAVES - 1);
    let mut tries = Tries::new(model, root, (waves, 0));
    let count = |door| first.iter().filter(|(_, other)| *other == door).count();
    let mut again: Vec<SubgraphId> = first.iter().map(|(_, door)| *door).collect();
    again.retain(|door| count(*door) > 1);
    again.sort_unstable();
    again.dedup();
    let found = again.into_iter().take(MOST_AGAIN).filter_map(|door| {
        // It loses its early requests, everything else its late ones.
        let (early, mut late): (Vec<_>, Vec<_>) =
            tries.all.iter().copied().partition(|(_, other)| *other == door);
        late.reverse();
        tries.less_in(tries.all.clone(), early.into_iter().chain(late))
    });
    found.min_by_key(|found| found.cost)
}

/// Sets of requests among which fields are divided, the best first. What is divided for is to end
/// sooner: beside those that the search came to, there are some for fewer and fewer waves.
pub(super) fn sooner(model: &Rc<Model>, root: u32, first: &Requests, enough: Cost) -> Vec<Found> {
    let mut tries = Tries::new(model, root, (waves(first), SOONER));
    let mut found: Vec<Found> = tries.less(first.clone(), 1).into_iter().collect();
    let mut left = tries.all.clone();
    while let Some(next) = tries.less(left, 1) {
        // With none or one there is nothing fewer to look among.
        let fewer = waves(&next.requests).saturating_sub(1);
        found.push(next);
        if fewer == 0 {
            break;
        }
        left = within(model, fewer);
    }
    let best = found.iter().min_by_key(|found| tries.key(found)).cloned();
    found.extend(tries.better(best, (1, enough)));
    found.sort_by_key(|found| tries.key(found));
    found.dedup_by(|a, b| a.requests == b.requests);
    found
}

fn waves(requests: &Requests) -> usize {
    requests.iter().map(|(wave, _)| wave + 1).max().unwrap_or_default()
}

/// What is tried.
struct Tries {
    solver: Solver,
    root: u32,
    /// All requests of as many waves as there were first.
    all: Requests,
    /// What a wave counts besides.
    wave: Cost,
}

impl Tries {
    fn new(model: &Rc<Model>, root: u32, (waves, wave): (usize, Cost)) -> Self {
        Self { solver: Solver::new(model), root, all: within(model, waves), wave }
    }

    /// What is compared.
    fn key(&self, found: &Found) -> Cost {
        found.cost + self.wave * waves(&found.requests) as u64
    }

    /// Tries again and again to find something better, after so many tries.
    fn better(
        &mut self,
        mut best: Option<Found>,
        (mut number, enough): (u64, Cost),
    ) -> Option<Found> {
        let decisions = self.solver.model().reachable() as u64;
        let budget = 1_000 + WORK_PER_DECISION * decisions;
        let good = |found: &Option<Found>| found.as_ref().is_some_and(|found| found.cost < enough);
        while !good(&best)
            && self.solver.work < budget
            && number < MOST_TRIES.min(4 + decisions / 8)
        {
            number += 1;
            let from = match &best {
                Some(best) if number % 4 != 0 => more(best.requests.clone(), &self.all, number),
                _ => self.all.clone(),
            };
            let found = self.less(from, number);
            let least = best.as_ref().map(|best| self.key(best));
            if let Some(found) = found
                && least.is_none_or(|least| self.key(&found) < least)
            {
                best = Some(found);
            }
        }
        best
    }

    /// Takes away all that isn't needed, in an order of its own for each number.
    fn less(&mut self, requests: Requests, number: u64) -> Option<Found> {
        let mut order: Vec<_> = requests.iter().copied().collect();
        match number % 4 {
            1 => order.reverse(),
            _ => order.sort_by_key(|item| mix(*item, number)),
        }
        self.less_in(requests, order)
    }

    /// Takes away all that isn't needed, in an order.
    fn less_in(
        &mut self,
        mut requests: Requests,
        order: impl IntoIterator<Item = (usize, SubgraphId)>,
    ) -> Option<Found> {
        let solver = &mut self.solver;
        solver.with(&requests);
        let mut outcome = solver.solve(self.root, 0)?;
        for item in order {
            solver.remove(item);
            if !solver.takes(&outcome, item) {
                requests.remove(&item);
                continue;
            }
            solver.again();
            match solver.solve(self.root, 0) {
                Some(less) => {
                    outcome = less;
                    requests.remove(&item);
                }
                None => solver.insert(item),
            }
        }
        let cost = solver.requests(&requests) + WAVE * waves(&requests) as u64 + outcome.tail;
        Some(Found { requests, cost })
    }
}

/// Adds some requests.
fn more(mut requests: Requests, all: &Requests, number: u64) -> Requests {
    let mut rest: Vec<_> = all.difference(&requests).copied().collect();
    rest.sort_by_key(|item| mix(*item, number));
    let count = 2 + (number as usize % 5);
    requests.extend(rest.into_iter().take(count));
    requests
}

/// A number that looks thrown, the same for the same request and number.
fn mix((wave, subgraph): (usize, SubgraphId), number: u64) -> u64 {
    use schema::Id as _;
    let mut mixed = (wave as u64) << 32 | subgraph.index() as u64;
    mixed =
        (mixed ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed ^= mixed >> 31;
    mixed.wrapping_mul(0x94D0_49BB_1331_11EB) >> 7
}
