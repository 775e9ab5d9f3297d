//! Plans, remembered by everything that decides them.

use std::sync::Arc;
use std::time::Instant;

use moka::future::Cache;
use operation::{Conditions, Measures, Request};
use plan::Plan;
use telemetry::Metrics;

use crate::errors::Refused;
use crate::options::Options;
use crate::planners::Planners;
use crate::snapshot::Snapshot;

/// What decides a plan.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// The snapshot, by its number.
    pub generation: u64,
    /// The full text of the document.
    pub text: Arc<str>,
    /// The name of the operation, as the client gave it.
    pub name: Option<String>,
    /// The values of the variables that decide `@skip` and `@include`.
    pub conditions: Conditions,
    /// The labels of progressive overrides that are on; sorted.
    pub labels: Vec<String>,
}

/// A plan, and how large its operation is.
#[derive(Debug)]
pub(crate) struct Planned {
    pub plan: Plan,
    pub measures: Measures,
}

/// The plans.
pub(crate) struct Plans {
    cache: Cache<Key, Arc<Planned>>,
    work_budget: std::num::NonZeroU64,
    check: bool,
    planners: Arc<Planners>,
}

impl Plans {
    pub(crate) fn new(options: &Options, planners: Arc<Planners>) -> Self {
        let cache = Cache::builder()
            .max_capacity(options.plan_cache_bytes)
            .weigher(|key: &Key, planned: &Arc<Planned>| weight(key, planned))
            .build();
        let (work_budget, check) = (options.planning_work, options.check_plans);
        Self { cache, work_budget, check, planners }
    }

    /// The plan of an operation. Several requests for a new one plan it once.
    pub(crate) async fn plan(
        &self,
        snapshot: &Arc<Snapshot>,
        operation: Request,
        key: Key,
        metrics: &Arc<Metrics>,
    ) -> Result<Arc<Planned>, Refused> {
        if let Some(planned) = self.cache.get(&key).await {
            metrics.plan_looked_up(true, self.cache.entry_count());
            return Ok(planned);
        }
        metrics.plan_looked_up(false, self.cache.entry_count());
        let conditions = key.conditions.clone();
        let options =
            plan::Options { override_labels: key.labels.clone(), work_budget: self.work_budget };
        let graph = Arc::clone(snapshot.graph());
        let (check, metrics) = (self.check, Arc::clone(metrics));
        let make = self.planners.run(move || {
            let started = Instant::now();
            let bound = operation.bind(graph.schema(), &conditions);
            let made = plan::plan(&graph, &bound, &options);
            metrics.planned(started.elapsed(), made.is_ok());
            let plan = made?;
            if check && let Err(findings) = plan::check(graph.schema(), &plan) {
                let detail = format!("an unsound plan: {}", findings.join("; "));
                return Err(Refused::defect("UNPLANNABLE", detail));
            }
            Ok(Arc::new(Planned { plan, measures: bound.measure() }))
        });
        self.cache.try_get_with(key, make).await.map_err(Arc::unwrap_or_clone)
    }
}

/// About how many bytes an entry holds.
fn weight(key: &Key, planned: &Planned) -> u32 {
    let documents: usize =
        planned.plan.fetches.iter().map(|fetch| fetch.document.len() * 8 + 1000).sum();
    let answer = planned.measures.fields * 400;
    u32::try_from(key.text.len() + documents + answer + 500).unwrap_or(u32::MAX)
}
