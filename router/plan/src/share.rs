//! Which parts of a plan ask the same subgraph for the same, so that what one of them was told of an
//! entity is good for the others.
//!
//! Decided here, so that executing a plan in which there is nothing to share costs nothing. Told
//! apart are root fields of a mutation: what the next one does may change what the last one read.

use schema::{OperationKind, SubgraphId};

use smallvec::SmallVec;

use crate::maps::HashMap;
use crate::model::{Fetch, Part, PathStep, Target};

/// What parts that share have in common: the subgraph, the root field of a mutation, and the text
/// of what is selected.
type Asks<'a> = (SubgraphId, Option<&'a str>, &'a str);

/// So many texts are compared faster than looked up.
const FEW: usize = 12;

/// Numbers the parts that share. `selected` has, for each fetch and part, the text of what is
/// selected of entities, or none where a part can't share.
pub(crate) fn mark(kind: OperationKind, fetches: &mut [Fetch], selected: &[Vec<Option<String>>]) {
    let texts: SmallVec<[&String; FEW]> = selected.iter().flatten().flatten().take(FEW).collect();
    let again = |(at, text): (usize, &&String)| texts[..at].contains(text);
    if texts.len() < FEW && !texts.iter().enumerate().any(again) {
        return;
    }
    for (number, alike) in shared(kind, fetches, selected).into_iter().enumerate() {
        for (fetch, part) in alike {
            fetches[fetch].parts[part].share = Some(number);
        }
    }
}

/// The parts that share, in the order of the plan.
fn shared(
    kind: OperationKind,
    fetches: &[Fetch],
    selected: &[Vec<Option<String>>],
) -> Vec<Vec<(usize, usize)>> {
    let mut asked: HashMap<Asks<'_>, Vec<(usize, usize)>> = HashMap::default();
    for (at, (fetch, texts)) in fetches.iter().zip(selected).enumerate() {
        for (index, (part, text)) in fetch.parts.iter().zip(texts).enumerate() {
            let (Some(path), Some(text)) = (path(part), text) else { continue };
            let root = path.first().map(|step| step.key.as_str());
            let root = root.filter(|_| kind == OperationKind::Mutation);
            let alike = asked.entry((fetch.subgraph, root, text)).or_default();
            let first = alike.first().map(|(fetch, part)| &fetches[*fetch].parts[*part].selection);
            // The same text may be read under other keys of the merged answer.
            if first.is_none_or(|first| *first == part.selection) {
                alike.push((at, index));
            }
        }
    }
    let mut shared: Vec<_> = asked.into_values().filter(|alike| alike.len() > 1).collect();
    shared.sort_unstable();
    shared
}

fn path(part: &Part) -> Option<&[PathStep]> {
    match &part.target {
        Target::Entities { path, .. } => Some(path),
        Target::Root { .. } => None,
    }
}
