//! The oracle of the search: finishes the plan of every combination of choices, at once and with
//! requests that wait for each other, and takes the least price. Slow, and obviously right.

use std::num::NonZeroU64;
use std::rc::Rc;

use graph::Graph;
use operation::{Operation, SelectionSet};
use schema::SubgraphId;

use super::finish::{Finish, Finished};
use super::requests::Requests;
use crate::model::{Fetch, Target};
use crate::options::Options;
use crate::search::{DecisionKey, Search};

/// More combinations take too long.
const MOST_PLANS: usize = 800;

/// Of requests that may be there or not.
const MOST_SLOTS: usize = 4;

/// A choice that was made: where, for which task, and which of how many.
struct Choice {
    key: DecisionKey,
    row: usize,
    pick: usize,
    of: usize,
}

/// The least price over all combinations of choices, and how many plans there are; root fields are
/// divided where the search would, when `divide` says so. `None` when there are more than `most`
/// free choices in a plan.
pub(crate) fn least(
    graph: &Graph,
    operation: &Operation,
    answer: &SelectionSet,
    (options, most, divide): (&Options, usize, bool),
) -> Option<(u64, usize)> {
    let options = Options { work_budget: NonZeroU64::MAX, ..options.clone() };
    let mut search = Search::new(graph, &options);
    search.divide = divide;
    // Each position makes its own choices.
    search.space.share = false;
    let finish = Finish::new(&mut search, operation, answer).ok()?;
    let mut choices: Vec<Choice> = Vec::new();
    let mut least = u64::MAX;
    let mut plans = 0;
    loop {
        // New decisions take their first slots, and are the first to change.
        let finished = loop {
            let finished = finish.finish(&mut search, &Requests::new());
            let Ok(finished) = finished else { break None };
            let mut news = false;
            for key in &finished.asked {
                news |= add(&mut search, key, &mut choices);
            }
            if !news {
                break Some(finished);
            }
        };
        plans += 1;
        if let Some(finished) = finished {
            least = least.min(finished.price.thousandths());
            least = least.min(waiting(&finish, &mut search, &finished));
        }
        if choices.len() > most || plans > MOST_PLANS {
            return None;
        }
        while choices.last().is_some_and(|choice| choice.pick + 1 == choice.of) {
            let gone = choices.pop()?;
            if choices.iter().all(|choice| choice.key != gone.key) {
                search.tried.remove(&gone.key);
            } else {
                set(&mut search, &gone, 0);
            }
        }
        match choices.last_mut() {
            Some(choice) => {
                choice.pick += 1;
                let pick = choice.pick;
                let choice = choices.last()?;
                set(&mut search, choice, pick);
            }
            None => return Some((least, plans)),
        }
    }
}

/// The least price of the same choices where subgraphs that are asked for entities several times are
/// asked in any other waves, of which there may be one more.
fn waiting(finish: &Finish<'_>, search: &mut Search<'_>, finished: &Finished) -> u64 {
    let waves = finished.price.waves as usize;
    let entities = |fetch: &&Fetch| matches!(fetch.parts[0].target, Target::Entities { .. });
    let asked = finished.fetches.iter().filter(entities).map(|fetch| fetch.subgraph);
    let asked: Vec<SubgraphId> = asked.collect();
    let mut again = asked.clone();
    again.retain(|subgraph| asked.iter().filter(|other| *other == subgraph).count() > 1);
    again.sort_unstable();
    again.dedup();
    let slots = again.iter().flat_map(|subgraph| (1..=waves).map(|wave| (wave, *subgraph)));
    let slots: Vec<(usize, SubgraphId)> = slots.take(MOST_SLOTS).collect();
    let sets = (1..1usize << slots.len()).map(|set| -> Requests {
        let chosen = slots.iter().enumerate().filter(|(at, _)| set & 1 << at != 0);
        chosen.map(|(_, slot)| *slot).collect()
    });
    let prices = sets.filter_map(|open| finish.finish(search, &open).ok());
    prices.map(|finished| finished.price.thousandths()).min().unwrap_or(u64::MAX)
}

/// Adds the free choices of a decision that has not been met; false when it has.
fn add(search: &mut Search<'_>, key: &DecisionKey, choices: &mut Vec<Choice>) -> bool {
    let decision = search.chosen(key).unwrap().unwrap();
    let mut news = false;
    for (row, (_, slots)) in decision.alternatives.iter().enumerate() {
        let known = choices.iter().any(|choice| choice.key == *key && choice.row == row);
        if slots.len() > 1 && !known {
            let choice = Choice { key: key.clone(), row, pick: 0, of: slots.len() };
            set(search, &choice, 0);
            choices.push(choice);
            news = true;
        }
    }
    news
}

fn set(search: &mut Search<'_>, choice: &Choice, pick: usize) {
    let decision = search.chosen(&choice.key).unwrap().unwrap();
    let mut changed = (*decision).clone();
    changed.picks[choice.row] = pick;
    search.tried.insert(choice.key.clone(), Rc::new(changed));
}
