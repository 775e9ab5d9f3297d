//! Puts the groups in order and entity fetches of one wave to one subgraph into one request.

use std::collections::BTreeSet;

use graph::EntryKind;
use schema::IdSet;

use super::schedule::{Batch, schedule};
use crate::build::groups::{GroupId, Groups};

/// A request: the groups that travel in it, and the requests before it.
pub(crate) struct Request {
    pub groups: Vec<GroupId>,
    pub after: Vec<usize>,
}

/// The requests of a plan, each after those that it waits for.
pub(crate) fn batch(groups: &Groups, open: &BTreeSet<Batch>) -> Vec<Request> {
    let waves = schedule(groups, open);
    let mut order: Vec<usize> = (0..groups.groups.len()).collect();
    order.sort_by_key(|index| (waves[*index], *index));
    let mut requests: Vec<(usize, Request)> = Vec::new();
    let mut request_of = vec![0; groups.groups.len()];
    for index in order {
        let group = &groups.groups[index];
        let fits = |(wave, request): &(usize, Request)| {
            let other = groups.of(request.groups[0]);
            *wave == waves[index]
                && other.subgraph == group.subgraph
                && other.kind != EntryKind::Root
                && group.kind != EntryKind::Root
        };
        let at = match requests.iter().position(fits) {
            Some(at) => at,
            None => {
                requests.push((waves[index], Request { groups: Vec::new(), after: Vec::new() }));
                requests.len() - 1
            }
        };
        requests[at].1.groups.push(GroupId(index));
        request_of[index] = at;
    }
    let mut requests: Vec<Request> = requests.into_iter().map(|(_, request)| request).collect();
    let mut before: Vec<IdSet<usize>> = Vec::with_capacity(requests.len());
    for request in &mut requests {
        let after = request.groups.iter().flat_map(|id| groups.of(*id).after.iter());
        let mut direct: IdSet<usize> = after.map(|id| request_of[id.0]).collect();
        // What something before it waits for already needs no mention.
        let mut implied = IdSet::default();
        direct.iter().for_each(|index| implied.extend(&before[index]));
        request.after = direct.difference(&implied).iter().collect();
        direct.extend(&implied);
        before.push(direct);
    }
    requests
}
