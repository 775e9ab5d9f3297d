//! The proof: branch and bound over the sets of requests, until no set is left that could be
//! cheaper, or the budget ends.

use std::rc::Rc;

use super::bound::Bound;
use super::model::{MOST_WAVES, Model};
use super::requests::Requests;
use crate::price::WAVE;

/// How many decisions may be worked out for each that there is, and in any case.
const WORK: (u64, u64) = (3, 150);
/// How many a plan that is finished counts for, for each that there is.
const FINISH: u64 = 8;

/// Sets of requests that are looked at together.
struct Branch {
    /// What is in all of them.
    given: Requests,
    /// What may be in them.
    allowed: Requests,
    /// What any of them costs at least.
    least: u64,
}

/// Looks at all sets of requests that could make a plan below `price`. `finish` finishes a plan with
/// a set and tells its price. The result is a price below which there is no plan.
pub(super) fn prove(
    bound: &mut Bound,
    root: u32,
    price: u64,
    mut finish: impl FnMut(&Requests) -> Option<u64>,
) -> u64 {
    let model = Rc::clone(bound.model());
    let request = model.cheapest();
    bound.work = 0;
    if price >= MOST_WAVES as u64 * (request + WAVE) {
        return 0;
    }
    let all = all(&model, price);
    let budget = WORK.1 + WORK.0 * model.len() as u64;
    // A set without a plan in this model says that the model can't tell.
    let Some(least) = bound.least(root, &Requests::new(), &all) else { return 0 };
    let mut open = vec![Branch { given: Requests::new(), allowed: all, least }];
    let (mut best, mut floor, mut finished) = (price, price, 0);
    while let Some(branch) = open.pop() {
        // What can't be proven makes no difference of a request.
        let close = best - floor.min(best) < request;
        if branch.least >= best || close && branch.least >= floor {
            continue;
        }
        if bound.work + finished > budget {
            floor = floor.min(branch.least);
            continue;
        }
        if let Some(alone) = bound.least(root, &branch.given, &branch.given)
            && alone < best
        {
            finished += FINISH * model.len() as u64;
            let found = finish(&branch.given).unwrap_or(u64::MAX);
            best = best.min(found);
            if found > alone {
                floor = floor.min(alone);
            }
        }
        split(bound, root, branch, &mut open);
    }
    floor.min(best)
}

/// The price below which there is no plan, as far as one look tells.
pub(super) fn least(bound: &mut Bound, root: u32, price: u64) -> u64 {
    let model = bound.model();
    if price >= MOST_WAVES as u64 * (model.cheapest() + WAVE) {
        return 0;
    }
    let waves = most_waves(model, price);
    bound.least_within(root, waves).unwrap_or_default()
}

/// The price below which there is no plan of so many waves; `None` when there is none at all.
pub(super) fn least_within(bound: &mut Bound, root: u32, waves: usize) -> Option<u64> {
    bound.least_within(root, waves.min(MOST_WAVES - 1))
}

/// All requests that a plan below a price can have: each wave has at least one.
fn all(model: &Model, price: u64) -> Requests {
    within(model, most_waves(model, price))
}

/// How many waves a plan below a price can have.
fn most_waves(model: &Model, price: u64) -> usize {
    let waves = usize::try_from(price / (model.cheapest() + WAVE)).unwrap_or(MOST_WAVES);
    waves.min(MOST_WAVES - 1)
}

/// All requests of so many waves.
pub(super) fn within(model: &Model, waves: usize) -> Requests {
    (0..waves).flat_map(|wave| model.entered(wave).map(move |door| (wave, door))).collect()
}

/// Parts the sets of a branch in those with a request and those without; a request that all of them
/// need is none to part by.
fn split(bound: &mut Bound, root: u32, branch: Branch, open: &mut Vec<Branch>) {
    let Some(next) = branch.allowed.difference(&branch.given).next().copied() else { return };
    let mut with = branch.given.clone();
    with.insert(next);
    let mut without = branch.allowed.clone();
    without.remove(&next);
    let mut halves = Vec::with_capacity(2);
    for (given, allowed) in [(with, branch.allowed), (branch.given, without)] {
        if let Some(least) = bound.least(root, &given, &allowed) {
            halves.push(Branch { given, allowed, least: least.max(branch.least) });
        }
    }
    // The more promising half is looked at first.
    halves.sort_by_key(|half| std::cmp::Reverse(half.least));
    open.extend(halves);
}
