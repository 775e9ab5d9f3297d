//! What can be measured: one method for each event, so that labels are decided in one place.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::KeyValue;

use crate::bound::Outcome;
use crate::metrics::Metrics;

/// How large an operation is, fragments dissolved.
#[derive(Clone, Copy, Debug)]
pub struct OperationSize {
    /// Levels of fields.
    pub depth: usize,
    /// The largest number of fields of one selection.
    pub width: usize,
    /// All fields.
    pub fields: usize,
    /// Fields of the root.
    pub root_fields: usize,
    /// Fields whose response key is not their name.
    pub aliases: usize,
}

/// Counts a request or a connection as long as it lives.
#[derive(Debug)]
pub struct InFlight {
    metrics: Arc<Metrics>,
    what: Level,
}

#[derive(Clone, Copy, Debug)]
enum Level {
    Request,
    Connection,
}

impl Metrics {
    /// A request of a client begins.
    pub fn request_begins(self: &Arc<Self>) -> InFlight {
        InFlight::new(self, Level::Request)
    }

    /// A client connects.
    pub fn connection_begins(self: &Arc<Self>) -> InFlight {
        InFlight::new(self, Level::Connection)
    }

    /// A request was answered.
    pub fn request_ends(&self, method: &str, status: u16, took: Duration) {
        let to = &self.instruments.request_duration;
        self.bound.request(to, (method, status), took.as_secs_f64());
    }

    /// A request was refused before execution; `reason` is a code of the error table.
    pub fn rejected(&self, reason: &'static str) {
        self.instruments.requests_rejected.add(1, &[KeyValue::new("reason", reason)]);
    }

    /// An operation was executed; `kind` is its keyword.
    pub fn operation_ends(&self, kind: &'static str, outcome: Outcome) {
        self.bound.operation(&self.instruments.operations, kind, outcome);
    }

    /// What an admitted or refused operation is taken to cost.
    pub fn operation_estimated(&self, cost: u64) {
        self.instruments.operation_cost.record(cost as f64, &[]);
    }

    /// What an operation cost by its answer.
    pub fn operation_answered(&self, cost: u64) {
        self.instruments.operation_cost_actual.record(cost as f64, &[]);
    }

    /// An operation is beyond a limit, which is named as in the configuration.
    pub fn limit_exceeded(&self, limit: &'static str, enforced: bool) {
        let mode = if enforced { "enforce" } else { "measure" };
        let labels = [KeyValue::new("limit", limit), KeyValue::new("mode", mode)];
        self.instruments.limits_exceeded.add(1, &labels);
    }

    /// How large an admitted or refused operation is.
    pub fn operation_measured(&self, size: OperationSize) {
        let to = &self.instruments;
        for (instrument, count) in [
            (&to.operation_depth, size.depth),
            (&to.operation_width, size.width),
            (&to.operation_fields, size.fields),
            (&to.operation_root_fields, size.root_fields),
            (&to.operation_aliases, size.aliases),
        ] {
            instrument.record(count as f64, &[]);
        }
    }

    /// A plan was made, or could not be made.
    pub fn planned(&self, took: Duration, made: bool) {
        let outcome = KeyValue::new("outcome", if made { "ok" } else { "failed" });
        self.instruments.plan_duration.record(took.as_secs_f64(), &[outcome]);
    }

    /// An operation is executed by a plan of this price and of so many requests, of which so many
    /// wait for each other.
    pub fn plan_used(&self, price: u64, requests: u64, waves: u64) {
        self.instruments.plan_price.record(price as f64, &[]);
        self.instruments.plan_requests.record(requests as f64, &[]);
        self.instruments.plan_waves.record(waves as f64, &[]);
    }

    /// The plan cache was asked.
    pub fn plan_looked_up(&self, found: bool, entries: u64) {
        let lookups = if found {
            &self.instruments.plan_cache_hits
        } else {
            &self.instruments.plan_cache_misses
        };
        lookups.add(1, &[]);
        self.instruments.plan_cache_entries.record(entries, &[]);
    }

    /// The cache of parsed documents was asked.
    pub fn document_looked_up(&self, found: bool, entries: u64) {
        let lookups = if found {
            &self.instruments.document_cache_hits
        } else {
            &self.instruments.document_cache_misses
        };
        lookups.add(1, &[]);
        self.instruments.document_cache_entries.record(entries, &[]);
    }

    /// A subgraph answered, or did not: then there is a reason, one of a fixed few.
    pub fn subgraph_asked(
        &self,
        subgraph: &str,
        kind: &'static str,
        took: Duration,
        error: Option<&'static str>,
    ) {
        let subgraph = KeyValue::new("subgraph", subgraph.to_owned());
        let labels = [subgraph.clone(), KeyValue::new("kind", kind)];
        self.instruments.subgraph_requests.add(1, &labels);
        self.instruments.subgraph_duration.record(took.as_secs_f64(), &labels[..1]);
        if let Some(reason) = error {
            let labels = [subgraph, KeyValue::new("reason", reason)];
            self.instruments.subgraph_errors.add(1, &labels);
        }
    }

    /// A supergraph took over.
    pub fn schema_loaded(&self, fingerprint: &str, generation: u64) {
        let label = KeyValue::new("fingerprint", fingerprint.to_owned());
        self.instruments.schema_info.record(1, &[label]);
        self.instruments.schema_generation.record(generation, &[]);
    }

    /// A defect was caught.
    pub fn panicked(&self) {
        self.instruments.panics.add(1, &[]);
    }
}

impl InFlight {
    fn new(metrics: &Arc<Metrics>, what: Level) -> Self {
        let this = Self { metrics: Arc::clone(metrics), what };
        this.add(1);
        this
    }

    fn add(&self, change: i64) {
        let instruments = &self.metrics.instruments;
        match self.what {
            Level::Request => instruments.requests_active.add(change, &[]),
            Level::Connection => instruments.connections_active.add(change, &[]),
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.add(-1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::METRICS;

    #[test]
    fn every_metric_of_the_table_is_exported_under_its_name() {
        let metrics = Arc::new(Metrics::new().unwrap());
        let guards = (metrics.request_begins(), metrics.connection_begins());
        metrics.request_ends("POST", 200, Duration::from_millis(3));
        metrics.rejected("GRAPHQL_PARSE_FAILED");
        metrics.operation_ends("query", Outcome::Partial);
        let (depth, width, fields, root_fields, aliases) = (3, 4, 5, 1, 2);
        metrics.operation_measured(OperationSize { depth, width, fields, root_fields, aliases });
        metrics.operation_estimated(6);
        metrics.operation_answered(5);
        metrics.limit_exceeded("cost", true);
        metrics.plan_used(150, 2, 1);
        metrics.planned(Duration::from_millis(1), true);
        for found in [true, false] {
            metrics.plan_looked_up(found, 1);
            metrics.document_looked_up(found, 1);
        }
        metrics.subgraph_asked("users", "query", Duration::from_millis(2), Some("timeout"));
        metrics.schema_loaded("abc", 1);
        metrics.panicked();
        let text = metrics.text();
        for metric in METRICS {
            let name = metric.exported();
            assert!(text.contains(&format!("# TYPE {name} ")), "{name} is not in\n{text}");
            for label in metric.labels {
                let mut lines = text.lines().filter(|line| line.starts_with(&name));
                assert!(lines.any(|line| line.contains(label)), "{name} has no label {label}");
            }
        }
        drop(guards);
        assert!(metrics.text().contains("http_server_active_requests 0"));
    }

    #[test]
    fn methods_of_clients_are_bounded() {
        let metrics = Metrics::new().unwrap();
        for method in ["BREW", "WHEN"] {
            metrics.request_ends(method, 405, Duration::ZERO);
        }
        let text = metrics.text();
        assert!(text.contains("_OTHER") && !text.contains("BREW"), "{text}");
    }
}
