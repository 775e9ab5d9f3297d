//! Plans, remembered by everything that decides them.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use execute::Program;
use foldhash::quality::RandomState;
use moka::future::Cache;
use operation::{Conditions, Cost, Measures, Operation, Request};
use plan::{Plan, Price};
use telemetry::Metrics;
use tokio::sync::OnceCell;

use crate::errors::Refused;
use crate::options::Options;
use crate::planners::Planners;
use crate::snapshot::Snapshot;
use crate::statistics::{Observations, weigh};
use crate::text::Text;

/// What decides a plan.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// The snapshot, by its number.
    pub generation: u64,
    /// The full text of the document.
    pub text: Text,
    /// The name of the operation, as the client gave it.
    pub name: Option<String>,
    /// The values of the variables that decide `@skip` and `@include`.
    pub conditions: Conditions,
    /// The labels of progressive overrides that are on; sorted.
    pub labels: Vec<String>,
    /// What subgraphs were observed to weigh, in the epoch of the request.
    pub observed: Observations,
}

/// An operation made ready: bound, measured, and planned once it was admitted.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub operation: Arc<Operation>,
    pub measures: Measures,
    /// What it costs, if that is the same with any variables.
    pub cost: OnceLock<Arc<Cost>>,
    plan: OnceCell<Arc<Planned>>,
}

/// A plan, and what the fast executor makes of it when it is of a usual shape.
#[derive(Debug)]
pub(crate) struct Planned {
    pub plan: Plan,
    /// Its price, a list counted as one object.
    pub price: Price,
    pub program: Option<Program>,
}

/// The plans.
pub(crate) struct Plans {
    cache: Cache<Key, Arc<Prepared>, RandomState>,
    work_budget: std::num::NonZeroU64,
    check: bool,
    planners: Arc<Planners>,
}

impl Plans {
    pub(crate) fn new(options: &Options, planners: Arc<Planners>) -> Self {
        let cache = Cache::builder()
            .max_capacity(options.plan_cache_bytes)
            .weigher(|key: &Key, prepared: &Arc<Prepared>| weight(key, prepared))
            .build_with_hasher(RandomState::default());
        let (work_budget, check) = (options.planning_work, options.check_plans);
        Self { cache, work_budget, check, planners }
    }

    /// The bound operation. Several requests for a new one bind it once.
    pub(crate) async fn prepare(
        &self,
        snapshot: &Arc<Snapshot>,
        operation: Request,
        key: &Key,
        metrics: &Metrics,
    ) -> Result<Arc<Prepared>, Refused> {
        if let Some(prepared) = self.cache.get(key).await {
            metrics.plan_looked_up(true, self.cache.entry_count());
            return Ok(prepared);
        }
        metrics.plan_looked_up(false, self.cache.entry_count());
        let conditions = key.conditions.clone();
        let graph = Arc::clone(snapshot.graph());
        let make = self.planners.run(move || {
            let operation = operation.bind(graph.schema(), &conditions);
            let measures = operation.measure();
            let operation = Arc::new(operation);
            let (cost, plan) = (OnceLock::new(), OnceCell::new());
            Ok(Arc::new(Prepared { operation, measures, cost, plan }))
        });
        self.cache.try_get_with_by_ref(key, make).await.map_err(Arc::unwrap_or_clone)
    }

    /// The plan of a prepared operation. Several requests for a new one plan it once.
    pub(crate) async fn plan(
        &self,
        snapshot: &Arc<Snapshot>,
        prepared: &Prepared,
        key: &Key,
        metrics: &Arc<Metrics>,
    ) -> Result<Arc<Planned>, Refused> {
        let make = || {
            let options = self.options(snapshot, key);
            let (graph, metrics) = (Arc::clone(snapshot.graph()), Arc::clone(metrics));
            let (check, operation) = (self.check, Arc::clone(&prepared.operation));
            self.planners.run(move || {
                let started = Instant::now();
                let made = plan::plan_by_hints(&graph, &operation, &options);
                metrics.planned(started.elapsed(), made.is_ok());
                let (plan, left_out) = made?;
                if let Some(why) = left_out {
                    let name = operation.name.as_deref().unwrap_or_default();
                    tracing::warn!(operation = name, %why, "planned without the hints");
                }
                if check && let Err(findings) = plan::check(graph.schema(), &plan) {
                    let detail = format!("an unsound plan: {}", findings.join("; "));
                    return Err(Refused::defect("UNPLANNABLE", detail));
                }
                let program = Program::compile(graph.schema(), &plan);
                let price = plan::price(&plan);
                Ok(Arc::new(Planned { plan, price, program }))
            })
        };
        prepared.plan.get_or_try_init(make).await.map(Arc::clone)
    }

    /// What there is to say of a plan besides the plan itself. Other choices are planned too, so
    /// that this is for people who ask.
    pub(crate) async fn explain(
        &self,
        snapshot: &Arc<Snapshot>,
        (prepared, planned): (&Prepared, &Arc<Planned>),
        key: &Key,
        sizes: plan::Sizes,
    ) -> Result<plan::Explanation, Refused> {
        let options = self.options(snapshot, key);
        let graph = Arc::clone(snapshot.graph());
        let (operation, planned) = (Arc::clone(&prepared.operation), Arc::clone(planned));
        let explain =
            move || Ok(plan::Explanation::of(&graph, &operation, &planned.plan, &options, &sizes));
        self.planners.run(explain).await
    }

    fn options(&self, snapshot: &Snapshot, key: &Key) -> plan::Options {
        plan::Options {
            override_labels: key.labels.clone(),
            work_budget: self.work_budget,
            avoided: snapshot.hints().avoided.to_vec(),
            weights: weigh(&snapshot.hints().weights, &key.observed),
            disabled: snapshot.hints().disabled.to_owned(),
        }
    }
}

/// About how many bytes an entry holds, its plan included once it has one.
fn weight(key: &Key, prepared: &Prepared) -> u32 {
    let text = key.text.len().saturating_mul(10);
    let fields = prepared.measures.fields.saturating_mul(1500);
    u32::try_from(text.saturating_add(fields).saturating_add(2000)).unwrap_or(u32::MAX)
}
