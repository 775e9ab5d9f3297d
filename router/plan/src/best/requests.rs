//! Sets of requests.

use std::collections::BTreeSet;

use schema::{Id, SubgraphId};

use super::model::Model;
use crate::model::{Fetch, Target};

/// Requests that there are to be: by wave, and by subgraph or door, see [`Model::door`].
pub(super) type Requests = BTreeSet<(usize, SubgraphId)>;

/// The requests of a plan by wave and door.
pub(super) fn requests(fetches: &[Fetch], model: &Model) -> Requests {
    let mut waves: Vec<usize> = Vec::with_capacity(fetches.len());
    for fetch in fetches {
        waves.push(fetch.after.iter().map(|at| waves[*at] + 1).max().unwrap_or_default());
    }
    let root = |fetch: &Fetch| matches!(fetch.parts[0].target, Target::Root { .. });
    let doors = fetches.iter().map(|fetch| model.door(fetch.subgraph, root(fetch)));
    waves.into_iter().zip(doors).collect()
}

/// Those in which entities travel.
pub(super) fn of_entities(requests: &Requests, model: &Model) -> Requests {
    requests.iter().filter(|(_, door)| !model.is_root(door.index())).copied().collect()
}

/// The request of a subgraph in a wave.
pub(super) fn request(wave: usize, subgraph: usize) -> (usize, SubgraphId) {
    (wave, SubgraphId::from_index(subgraph))
}
