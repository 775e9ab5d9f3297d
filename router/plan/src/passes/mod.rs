//! The passes over built groups, in order:
//!
//! 1. [`empty`]: fetches that nothing came to be selected in are dropped. First, since everything
//!    after it counts fetches.
//! 2. [`merge`]: fetches of the same objects from the same subgraph become one where nothing waits
//!    longer for it. Before the others, since it works on single fetches.
//! 3. [`schedule`]: fetches that may wait do, where that saves a request.
//! 4. [`batch`]: entity fetches to one subgraph that leave at the same time travel in one request.
//!    Last, since it fixes the order.

pub(crate) mod batch;
pub(crate) mod empty;
pub(crate) mod merge;
mod schedule;

use crate::build::groups::{GroupId, Groups, Providers};

/// For each group the wave in which it can run, from 0.
pub(crate) fn waves(groups: &Groups) -> Vec<usize> {
    let mut waves: Vec<Option<usize>> = vec![None; groups.groups.len()];
    for (index, group) in groups.groups.iter().enumerate() {
        // Most groups come after those that they wait for.
        match ready(&group.after, &waves) {
            Some(wave) => waves[index] = Some(wave),
            None => settle(groups, GroupId(index), &mut waves),
        }
    }
    waves.into_iter().map(Option::unwrap_or_default).collect()
}

/// The first wave after groups; `None` when that is not known of all of them.
fn ready(after: &Providers, waves: &[Option<usize>]) -> Option<usize> {
    after.iter().try_fold(0, |ready, id| Some(ready.max(waves[id.0]? + 1)))
}

/// Works out the wave of a group and of everything before it, without recursion.
fn settle(groups: &Groups, id: GroupId, waves: &mut [Option<usize>]) {
    let mut todo = vec![id];
    while let Some(id) = todo.pop() {
        if waves[id.0].is_some() {
            continue;
        }
        let after: &Providers = &groups.of(id).after;
        let open: Vec<GroupId> = after.iter().filter(|id| waves[id.0].is_none()).collect();
        if open.is_empty() {
            let last = after.iter().filter_map(|id| waves[id.0]).max();
            waves[id.0] = Some(last.map_or(0, |wave| wave + 1));
        } else {
            todo.push(id);
            todo.extend(open);
        }
    }
}
