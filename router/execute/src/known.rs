//! What this request was told of entities already, for parts that would ask the same again.
//!
//! The plan says which parts share. Only answers without any fault are kept, so that nothing that
//! failed once is missing twice without having been asked for.

use std::collections::HashMap;
use std::sync::Arc;

use json::Json;
use plan::{Fetch, Target};

use crate::gather::{Entities, Targets};
use crate::response::Response;

/// A representation that some parts share: their number, and the text of the representation, which
/// is the representation.
type Shared = (usize, String);

/// Entities that were told.
#[derive(Default)]
pub(crate) struct Known {
    told: HashMap<Shared, Arc<Json>>,
}

impl Known {
    /// Takes out of what a fetch is to ask what is known, and what an earlier one of its own parts
    /// asks: the objects of that get the one answer.
    pub(crate) fn take_out(&self, fetch: &Fetch, targets: &mut [Targets<'_>]) {
        let mut asked: HashMap<Shared, (usize, usize)> = HashMap::new();
        for (at, part) in fetch.parts.iter().enumerate() {
            let (before, rest) = targets.split_at_mut(at);
            let (Some(share), Some(Targets::Entities(entities))) = (part.share, rest.first_mut())
            else {
                continue;
            };
            let representations = std::mem::take(&mut entities.representations);
            let positions = std::mem::take(&mut entities.positions);
            for (representation, mut positions) in representations.into_iter().zip(positions) {
                let shared = (share, representation.to_string());
                if let Some(told) = self.told.get(&shared) {
                    entities.known.push((Arc::clone(told), positions));
                } else if let Some((part, index)) = asked.get(&shared)
                    && let Some(Targets::Entities(first)) = before.get_mut(*part)
                {
                    first.positions[*index].append(&mut positions);
                } else {
                    asked.insert(shared, (at, entities.representations.len()));
                    entities.representations.push(representation);
                    entities.positions.push(positions);
                }
            }
            // Arguments from contexts are never shared, so there is one set.
            for set in &mut entities.sets {
                set.range = 0..entities.representations.len();
            }
        }
    }

    /// Keeps what a fetch was told, in an answer without faults.
    pub(crate) fn keep(&mut self, fetch: &Fetch, targets: &[Targets<'_>], answer: &Response) {
        for (part, targets) in fetch.parts.iter().zip(targets) {
            let (Some(share), Targets::Entities(entities)) = (part.share, targets) else {
                continue;
            };
            for (representation, told) in
                entities.representations.iter().zip(items(&part.target, entities, answer))
            {
                let shared = (share, representation.to_string());
                self.told.entry(shared).or_insert_with(|| Arc::new(told.clone()));
            }
        }
    }
}

/// The entities that came for a part.
fn items<'a>(target: &Target, entities: &Entities<'_>, answer: &'a Response) -> &'a [Json] {
    let Target::Entities { wire, .. } = target else { return &[] };
    let items = answer.data.get(wire).and_then(Json::as_list);
    items.filter(|items| items.len() == entities.representations.len()).unwrap_or_default()
}
