//! When each group leaves: as early as it can, or later where that saves a request.

use std::collections::BTreeSet;

use graph::EntryKind;
use schema::{Id, SubgraphId, SubgraphSet};

use super::waves;
use crate::build::groups::{Group, Groups};

/// A request that entity fetches can travel in: a wave and a subgraph.
pub(crate) type Batch = (usize, SubgraphId);

/// For each group the wave in which it leaves. Groups that can wait for a later request to the same
/// subgraph do so when that makes the earlier one superfluous, and the plan takes no more waves.
pub(crate) fn schedule(groups: &Groups, open: &BTreeSet<Batch>) -> Vec<usize> {
    let mut best = waves(groups);
    let order = order(groups, &best);
    if !open.is_empty() {
        best = leave(groups, &order, open);
    }
    let depth = depth(&best);
    let mut open = batches(groups, &best);
    if !asks_again(&open) {
        return best;
    }
    loop {
        let mut improved = false;
        for batch in open.iter().rev().copied().collect::<Vec<_>>() {
            let later = |other: &Batch| other.1 == batch.1 && other.0 > batch.0;
            if !open.iter().any(later) {
                continue;
            }
            let mut rest = open.clone();
            rest.remove(&batch);
            let tried = leave(groups, &order, &rest);
            let needed = batches(groups, &tried);
            if needed.len() < open.len() && self::depth(&tried) <= depth {
                (best, open, improved) = (tried, needed, true);
            }
        }
        if !improved {
            return best;
        }
    }
}

/// Whether any subgraph gets several requests.
fn asks_again(open: &BTreeSet<Batch>) -> bool {
    let mut met = SubgraphSet::default();
    open.iter().any(|(_, subgraph)| !met.insert(*subgraph))
}

/// For each group the wave in which it leaves if there are to be those requests.
pub(crate) fn leaves(groups: &Groups, open: &BTreeSet<Batch>) -> Vec<usize> {
    let order = order(groups, &waves(groups));
    leave(groups, &order, open)
}

/// The groups, each after those that it waits for.
fn order(groups: &Groups, waves: &[usize]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..groups.groups.len()).collect();
    order.sort_by_key(|index| (waves[*index], *index));
    order
}

fn depth(waves: &[usize]) -> usize {
    waves.iter().max().copied().unwrap_or_default()
}

/// The requests that are needed, apart from those of root fields.
fn batches(groups: &Groups, waves: &[usize]) -> BTreeSet<Batch> {
    let travels = groups.groups.iter().zip(waves).filter(|(group, _)| batched(group));
    travels.map(|(group, wave)| (*wave, group.subgraph)).collect()
}

fn batched(group: &Group) -> bool {
    group.kind != EntryKind::Root
}

/// Lets each group leave with the first open request that it is ready for, else at once.
fn leave(groups: &Groups, order: &[usize], open: &BTreeSet<Batch>) -> Vec<usize> {
    let mut waves = vec![0; groups.groups.len()];
    for index in order {
        let group = &groups.groups[*index];
        let ready = group.after.iter().map(|id| waves[id.0] + 1).max().unwrap_or_default();
        let next = open
            .range((ready, SubgraphId::from_index(0))..)
            .find(|(_, subgraph)| *subgraph == group.subgraph);
        waves[*index] = match next {
            Some((wave, _)) if batched(group) => *wave,
            _ => ready,
        };
    }
    waves
}
