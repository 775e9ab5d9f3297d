//! What was observed of subgraphs and lists, and what plans may take from it.
//!
//! Every answer is observed: how long each subgraph took, and how many objects were entered below
//! each list. Both are kept as moving averages. Plans never see these; they see an [`Epoch`], which
//! is what was known when it began and stays as it is until the next one begins. So the same
//! operation is planned the same for as long as an epoch lasts, and what it weighs is part of the key
//! of a plan. An epoch that would weight subgraphs as the last one did keeps its number: then no plan is
//! made anew.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use execute::Call;
use plan::{PathStep, Plan, Target, Weights};
use schema::{FieldId, Model, SubgraphId};

use crate::snapshot::Snapshot;
use crate::told::Timed;

/// How much of a new value goes into an average.
const SHARE: f64 = 0.1;
/// An average of fewer values says nothing.
const FEWEST: u64 = 20;
/// How much dearer or cheaper than others an observed subgraph is at most.
const FACTORS: (f64, f64) = (0.5, 4.0);
/// Factors are rounded to such steps, so that small changes are none.
const STEP: f64 = 0.25;
/// How many lists are watched.
const MOST_LISTS: usize = 10_000;

/// A moving average.
#[derive(Clone, Copy, Debug, Default)]
struct Average {
    value: f64,
    count: u64,
}

impl Average {
    fn add(&mut self, value: f64) {
        let share = if self.count == 0 { 1.0 } else { SHARE };
        self.value += share * (value - self.value);
        self.count += 1;
    }

    fn known(&self) -> Option<f64> {
        (self.count >= FEWEST).then_some(self.value)
    }
}

/// What plans and estimates see of what was observed.
#[derive(Debug, Default)]
pub(crate) struct Epoch {
    /// Another number whenever subgraphs are weighted otherwise.
    pub number: u64,
    /// How long subgraphs take to answer.
    pub latencies: Vec<(SubgraphId, Duration)>,
    /// What requests to subgraphs weigh for that, as [`Weights::requests`] has it: all of an epoch
    /// that plans depend on.
    pub weights: Observations,
    /// How many items lists have, by field.
    pub lists: HashMap<FieldId, u64>,
}

impl Epoch {
    /// What explanations tell of it, if there is anything.
    pub(crate) fn observed(&self) -> Option<plan::Observed> {
        let milliseconds = |(subgraph, took): &(SubgraphId, Duration)| {
            (*subgraph, took.as_micros() as f64 / 1_000.0)
        };
        (self.number > 0 || !self.latencies.is_empty()).then(|| plan::Observed {
            epoch: Some(self.number),
            milliseconds: self.latencies.iter().map(milliseconds).collect(),
        })
    }
}

/// What subgraphs were observed to weigh, in thousandths.
pub(crate) type Observations = Arc<[(SubgraphId, u32)]>;

/// The weights of hints with those that were observed.
pub(crate) fn weigh(hints: &Weights, observed: &Observations) -> Weights {
    let mut weights = hints.to_owned();
    for (subgraph, observed) in observed.iter() {
        let known = weights.requests.iter_mut().find(|(of, _)| of == subgraph);
        let said = known.as_ref().map_or(1_000, |(_, said)| *said);
        let weight = u64::from(said) * u64::from(*observed) / 1_000;
        let (least, most) = (*Weights::RANGE.start(), *Weights::RANGE.end());
        let weight = u32::try_from(weight).unwrap_or(most).clamp(least, most);
        match known {
            Some(known) => known.1 = weight,
            None => weights.requests.push((*subgraph, weight)),
        }
    }
    weights
}

/// What is observed, when it is.
pub(crate) struct Statistics {
    /// How long an epoch lasts; without it nothing is observed.
    lasts: Option<Duration>,
    current: RwLock<Arc<Epoch>>,
    observed: Mutex<Observed>,
}

/// The averages, of one supergraph.
#[derive(Default)]
struct Observed {
    generation: u64,
    begun: Option<Instant>,
    latencies: HashMap<SubgraphId, Average>,
    lists: HashMap<FieldId, Average>,
}

impl Statistics {
    pub(crate) fn new(lasts: Option<Duration>) -> Self {
        Self { lasts, current: RwLock::default(), observed: Mutex::default() }
    }

    /// Whether anything is observed.
    pub(crate) fn are_kept(&self) -> bool {
        self.lasts.is_some()
    }

    /// The epoch that new requests are planned by.
    pub(crate) fn epoch(&self) -> Arc<Epoch> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes what an operation took, and begins a new epoch when the last one is over.
    pub(crate) fn observe(
        &self,
        snapshot: &Snapshot,
        plan: &Plan,
        (timed, calls): (&[Timed], &[Call]),
        now: Instant,
    ) {
        let Some(lasts) = self.lasts else { return };
        let mut observed = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        if observed.generation != snapshot.generation() {
            // Ids are of another supergraph, and so is what was observed.
            *observed = Observed { generation: snapshot.generation(), ..Observed::default() };
            observed.begun = Some(now);
            self.publish(Epoch::default());
        }
        observed.note(snapshot.schema(), plan, timed, calls);
        if observed.begun.is_some_and(|begun| now.saturating_duration_since(begun) >= lasts) {
            observed.begun = Some(now);
            self.publish(observed.epoch());
        }
    }

    /// Makes an epoch the current one; it gets a new number if it changes plans.
    fn publish(&self, epoch: Epoch) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let same = current.weights == epoch.weights;
        let number = if same { current.number } else { current.number + 1 };
        if !same {
            tracing::info!(epoch = number, weights = ?epoch.weights, "plans are weighted otherwise");
        }
        *current = Arc::new(Epoch { number, ..epoch });
    }
}

impl Observed {
    fn note(&mut self, schema: &Model, plan: &Plan, timed: &[Timed], calls: &[Call]) {
        for Timed { fetch, sent, answered } in timed {
            let Some(fetch) = plan.fetches.get(*fetch) else { continue };
            let took = answered.saturating_duration_since(*sent).as_secs_f64();
            self.latencies.entry(fetch.subgraph).or_default().add(took);
        }
        for call in calls {
            let parts = plan.fetches.get(call.fetch).map(|fetch| fetch.parts.as_slice());
            // Of several parts it isn't known which has how many.
            let Some([part]) = parts else { continue };
            let objects = call.positions + call.reused;
            if let (Target::Entities { path, .. }, 1..) = (&part.target, objects) {
                self.note_list(&lists(schema, plan, path), objects as f64);
            }
        }
    }

    /// The objects below some lists, the outermost first, are as many as the items of all of them
    /// together: what the outer ones don't account for is the innermost one's.
    fn note_list(&mut self, lists: &[FieldId], objects: f64) {
        let Some((last, outer)) = lists.split_last() else { return };
        let known = |field: &FieldId| self.lists.get(field).map(|average| average.value.max(1.0));
        let above: Option<f64> = outer.iter().map(known).product();
        let Some(above) = above else { return };
        if self.lists.len() < MOST_LISTS || self.lists.contains_key(last) {
            self.lists.entry(*last).or_default().add(objects / above);
        }
    }

    fn epoch(&self) -> Epoch {
        let known = self.latencies.iter();
        let mut latencies: Vec<(SubgraphId, f64)> =
            known.filter_map(|(subgraph, average)| Some((*subgraph, average.known()?))).collect();
        latencies.sort_by_key(|(subgraph, _)| *subgraph);
        let mut sorted: Vec<f64> = latencies.iter().map(|(_, seconds)| *seconds).collect();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
        let weight = |(subgraph, seconds): &(SubgraphId, f64)| {
            let factor = (seconds / middle.max(f64::MIN_POSITIVE)).clamp(FACTORS.0, FACTORS.1);
            let thousandths = ((factor / STEP).round() * STEP * 1_000.0) as u32;
            (thousandths != 1_000).then_some((*subgraph, thousandths))
        };
        let size = |(field, average): (&FieldId, &Average)| {
            Some((*field, (average.known()?.round() as u64).max(1)))
        };
        Epoch {
            number: 0,
            weights: latencies.iter().filter_map(weight).collect(),
            latencies: latencies
                .iter()
                .map(|(subgraph, seconds)| (*subgraph, Duration::from_secs_f64(*seconds)))
                .collect(),
            lists: self.lists.iter().filter_map(size).collect(),
        }
    }
}

/// The fields of list types on a way into the answer.
fn lists(schema: &Model, plan: &Plan, path: &[PathStep]) -> Vec<FieldId> {
    let mut found = Vec::new();
    let mut at = Some(&*plan.answer);
    for step in path {
        let fields = at.map_or(&[][..], |set| &set.fields);
        // What only the plan looks at is not known by the answer.
        let Some(field) = fields.iter().find(|field| field.key == step.key) else {
            return Vec::new();
        };
        if let operation::Selected::Field(id) = field.what
            && schema.field(id).ty.is_list()
        {
            found.push(id);
        }
        at = field.selection.as_ref();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_move_towards_what_is_new() {
        let mut average = Average::default();
        (0..FEWEST).for_each(|_| average.add(10.0));
        assert_eq!(average.known(), Some(10.0));
        average.add(20.0);
        assert!(average.known().is_some_and(|value| (value - 11.0).abs() < 1e-9));
        assert_eq!(Average { value: 3.0, count: FEWEST - 1 }.known(), None);
    }

    #[test]
    fn slow_subgraphs_weigh_more_and_small_changes_are_none() {
        use schema::Id;
        let subgraph = SubgraphId::from_index;
        let average = |value| Average { value, count: FEWEST };
        let mut observed = Observed::default();
        for (index, seconds) in [0.010, 0.0105, 0.025, 1.0, 0.001].into_iter().enumerate() {
            observed.latencies.insert(subgraph(index), average(seconds));
        }
        let epoch = observed.epoch();
        // The middle one takes 10.5 ms.
        let expected = [(subgraph(2), 2_500), (subgraph(3), 4_000), (subgraph(4), 500)];
        assert_eq!(*epoch.weights, expected);
        let hints = Weights { requests: vec![(subgraph(2), 2_000)], fields: Vec::new() };
        let weights = weigh(&hints, &epoch.weights);
        assert_eq!(weights.requests[0], (subgraph(2), 5_000));

        let statistics = Statistics::new(Some(Duration::from_secs(60)));
        statistics.publish(epoch);
        assert_eq!(statistics.epoch().number, 1);
        observed.latencies.insert(subgraph(2), average(0.0251));
        statistics.publish(observed.epoch());
        assert_eq!(statistics.epoch().number, 1, "no plan is made anew for a little");
        observed.latencies.insert(subgraph(2), average(0.0105));
        statistics.publish(observed.epoch());
        assert_eq!(statistics.epoch().number, 2);
    }

    #[test]
    fn lists_in_lists_share_their_objects() {
        use schema::Id;
        let (outer, inner) = (FieldId::from_index(1), FieldId::from_index(2));
        let mut observed = Observed::default();
        observed.note_list(&[outer, inner], 30.0);
        assert!(observed.lists.is_empty(), "nothing is known of the outer one");
        (0..FEWEST).for_each(|_| observed.note_list(&[outer], 5.0));
        (0..FEWEST).for_each(|_| observed.note_list(&[outer, inner], 30.0));
        let epoch = observed.epoch();
        assert_eq!((epoch.lists[&outer], epoch.lists[&inner]), (5, 6));
    }
}
