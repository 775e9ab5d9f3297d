//! What each request of a plan is expected to carry, as far as schema and variables tell.

use std::collections::HashMap;

use crate::model::{Fetch, PathStep, Plan, Target, WireSet};
use crate::price::{Price, price};

/// What one request is expected to take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// Objects that are entered, equal ones counted each: at most so many representations are sent.
    pub entities: u64,
    /// Bytes of the answer, roughly.
    pub bytes: u64,
    /// In which wave it is sent, from 1.
    pub wave: u64,
}

/// What a leaf is taken to be long, in bytes.
const LEAF: u64 = 12;

/// How many values there are at each place of the merged answer, by keys from the root.
pub type Sizes = HashMap<Vec<String>, u64>;

/// Estimates for each fetch of a plan.
pub(crate) fn estimates(plan: &Plan, sizes: &Sizes) -> Vec<Estimate> {
    let mut found: Vec<Estimate> = Vec::with_capacity(plan.fetches.len());
    for fetch in &plan.fetches {
        let wave = 1 + fetch.after.iter().map(|at| found[*at].wave).max().unwrap_or_default();
        found.push(Estimate { wave, ..estimate(fetch, sizes) });
    }
    found
}

/// The price of a plan where lists are as long as they are said to be: each object that is entered
/// counts, and each field of each object.
pub fn price_of(plan: &Plan, sizes: &Sizes) -> Price {
    let mut price = price(plan);
    (price.entities, price.fields) = (0, 0);
    for part in plan.fetches.iter().flat_map(|fetch| &fetch.parts) {
        let (Target::Root { path } | Target::Entities { path, .. }) = &part.target;
        let mut place: Vec<String> = path.iter().map(|PathStep { key, .. }| key.clone()).collect();
        let objects = size(sizes, &place);
        if matches!(part.target, Target::Entities { .. }) {
            price.entities = price.entities.saturating_add(objects);
        }
        let fields = fields(&part.selection, objects, &mut place, sizes);
        price.fields = price.fields.saturating_add(fields);
    }
    price
}

fn fields(set: &WireSet, objects: u64, place: &mut Vec<String>, sizes: &Sizes) -> u64 {
    let mut total = objects.saturating_mul(set.fields.len() as u64);
    for field in &set.fields {
        let Some(selection) = &field.selection else { continue };
        place.push(field.key.clone());
        let values = size(sizes, place).max(objects);
        total = total.saturating_add(fields(selection, values, place, sizes));
        place.pop();
    }
    total
}

fn estimate(fetch: &Fetch, sizes: &Sizes) -> Estimate {
    let mut found = Estimate::default();
    for part in &fetch.parts {
        let (Target::Root { path } | Target::Entities { path, .. }) = &part.target;
        let mut place: Vec<String> = path.iter().map(|PathStep { key, .. }| key.clone()).collect();
        let objects = size(sizes, &place);
        if matches!(part.target, Target::Entities { .. }) {
            found.entities = found.entities.saturating_add(objects);
        }
        let bytes = bytes(&part.selection, objects, &mut place, sizes);
        found.bytes = found.bytes.saturating_add(bytes);
    }
    found
}

/// How many values there are at a place; what only the plan looks at is as many as its parent is.
fn size(sizes: &Sizes, place: &[String]) -> u64 {
    let known = (0..place.len()).rev().find_map(|end| sizes.get(&place[..=end]));
    known.copied().unwrap_or(1)
}

fn bytes(set: &WireSet, objects: u64, place: &mut Vec<String>, sizes: &Sizes) -> u64 {
    let mut total = objects.saturating_mul(2);
    for field in &set.fields {
        place.push(field.key.clone());
        // The key with its quotes, the colon and the comma.
        let key = objects.saturating_mul(field.wire.len() as u64 + 4);
        let values = size(sizes, place).max(objects);
        let value = match &field.selection {
            Some(selection) => bytes(selection, values, place, sizes),
            None => values.saturating_mul(LEAF),
        };
        total = total.saturating_add(key).saturating_add(value);
        place.pop();
    }
    total
}
