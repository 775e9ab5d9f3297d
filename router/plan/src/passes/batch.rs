//! Puts the groups in order and entity fetches of one wave to one subgraph into one request.

use std::collections::BTreeSet;

use graph::EntryKind;
use schema::{IdSet, SubgraphSet};

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

/// Of more fetches it is not looked at what follows what.
const MANY: usize = 200;

/// Whether a subgraph is asked for entities in more requests than have to follow each other: fewer
/// would do if some waited.
pub(crate) fn again(groups: &Groups, requests: &[Request]) -> bool {
    let subgraph = |request: &Request| groups.of(request.groups[0]).subgraph;
    let entities = |request: &&Request| groups.of(request.groups[0]).kind != EntryKind::Root;
    let mut told = SubgraphSet::default();
    requests.iter().filter(entities).any(|first| {
        let same = |other: &&Request| subgraph(other) == subgraph(first);
        let all: Vec<&Request> = requests.iter().filter(entities).filter(same).collect();
        all.len() > 1
            && told.insert(subgraph(first))
            && (groups.groups.len() > MANY || longest(groups, &all) < all.len())
    })
}

/// How many requests have to follow each other so that each fetch comes after those that it needs.
fn longest(groups: &Groups, requests: &[&Request]) -> usize {
    let mut chains: Vec<(GroupId, usize)> = Vec::new();
    for id in requests.iter().flat_map(|request| &request.groups) {
        let needed = groups.ancestors(&groups.of(*id).after);
        let before = chains.iter().filter(|(other, _)| needed.contains(*other));
        let longest = before.map(|(_, length)| *length).max().unwrap_or_default();
        chains.push((*id, longest + 1));
    }
    chains.into_iter().map(|(_, length)| length).max().unwrap_or_default()
}
