//! The table of metrics, and the instruments made from it.

use opentelemetry::metrics::{Counter, Gauge, Histogram, Meter, MeterProvider, UpDownCounter};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use prometheus::{Registry, TextEncoder};

use crate::bound::Bound;

/// One metric, as it is documented.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// Its OpenTelemetry name.
    pub name: &'static str,
    /// Counter, up-down counter, gauge or histogram.
    pub kind: &'static str,
    /// Its unit; one in braces counts things.
    pub unit: &'static str,
    /// The names of its labels.
    pub labels: &'static [&'static str],
    /// What it says.
    pub help: &'static str,
}

impl Metric {
    /// Its name on `/metrics`, without the endings of a histogram's series.
    pub fn exported(&self) -> String {
        let unit = match self.unit {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        let total = if self.kind == "counter" { "_total" } else { "" };
        format!("{}{unit}{total}", self.name.replace('.', "_"))
    }
}

/// Why metrics could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("the metrics can't be set up: {0}")]
pub struct SetupError(String);

/// Every instrument, and the text that scrapers read.
#[derive(Debug)]
pub struct Metrics {
    pub(crate) instruments: Instruments,
    pub(crate) bound: Bound,
    registry: Registry,
    /// Instruments export as long as their provider lives.
    _provider: SdkMeterProvider,
}

impl Metrics {
    /// Sets up every instrument of the table.
    ///
    /// # Errors
    /// When the exporter refuses to start.
    pub fn new() -> Result<Self, SetupError> {
        let registry = Registry::new();
        let exporter = opentelemetry_prometheus::exporter()
            .with_registry(registry.clone())
            .scope_info_enabled(false)
            .without_target_info()
            .build()
            .map_err(|error| SetupError(error.to_string()))?;
        let provider = SdkMeterProvider::builder().with_reader(exporter).build();
        let instruments = Instruments::new(&provider.meter("tributary"));
        Ok(Self { instruments, bound: Bound::default(), registry, _provider: provider })
    }

    /// The text of `/metrics`.
    pub fn text(&self) -> String {
        // The encoder only fails on families without samples, which are never gathered.
        TextEncoder::new().encode_to_string(&self.registry.gather()).unwrap_or_default()
    }
}

/// From half a millisecond to the longest request.
const SECONDS: &[f64] = &[
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
    60.0,
];

/// For what is counted per operation.
const COUNTS: &[f64] = &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 5_000.0];

/// Makes the table and the instruments from one list.
macro_rules! metrics {
    ($($field:ident: $kind:ident $name:literal $unit:literal $labels:expr, $help:literal;)*) => {
        /// Every metric.
        pub const METRICS: &[Metric] = &[
            $(Metric {
                name: $name,
                kind: metrics!(@kind $kind),
                unit: $unit,
                labels: &$labels,
                help: $help,
            },)*
        ];

        /// One instrument for each row of the table.
        #[derive(Debug)]
        pub(crate) struct Instruments {
            $(pub(crate) $field: metrics!(@type $kind),)*
        }

        impl Instruments {
            fn new(meter: &Meter) -> Self {
                Self { $($field: metrics!(@build $kind meter $name $unit $help),)* }
            }
        }
    };
    (@kind Counter) => { "counter" };
    (@kind Level) => { "up-down counter" };
    (@kind Gauge) => { "gauge" };
    (@kind Seconds) => { "histogram" };
    (@kind Counts) => { "histogram" };
    (@type Counter) => { Counter<u64> };
    (@type Level) => { UpDownCounter<i64> };
    (@type Gauge) => { Gauge<u64> };
    (@type Seconds) => { Histogram<f64> };
    (@type Counts) => { Histogram<f64> };
    (@build Counter $meter:ident $name:literal $unit:literal $help:literal) => {
        $meter.u64_counter($name).with_unit($unit).with_description($help).build()
    };
    (@build Level $meter:ident $name:literal $unit:literal $help:literal) => {
        $meter.i64_up_down_counter($name).with_unit($unit).with_description($help).build()
    };
    (@build Gauge $meter:ident $name:literal $unit:literal $help:literal) => {
        $meter.u64_gauge($name).with_unit($unit).with_description($help).build()
    };
    (@build Seconds $meter:ident $name:literal $unit:literal $help:literal) => {
        metrics!(@histogram $meter $name $unit $help SECONDS)
    };
    (@build Counts $meter:ident $name:literal $unit:literal $help:literal) => {
        metrics!(@histogram $meter $name $unit $help COUNTS)
    };
    (@histogram $meter:ident $name:literal $unit:literal $help:literal $bounds:ident) => {
        $meter
            .f64_histogram($name)
            .with_unit($unit)
            .with_description($help)
            .with_boundaries($bounds.to_vec())
            .build()
    };
}

metrics! {
    request_duration: Seconds "http.server.request.duration" "s"
        ["http_request_method", "http_response_status_code"],
        "How long requests of clients took, from the last byte of the head to the whole answer.";
    requests_active: Level "http.server.active_requests" "{request}" [],
        "Requests of clients that are being answered.";
    connections_active: Level "tributary.connections.active" "{connection}" [],
        "Open connections of clients.";
    operations: Counter "tributary.operations" "{operation}" ["kind", "outcome"],
        "Operations that were executed; the outcome is ok, partial or failed.";
    requests_rejected: Counter "tributary.requests.rejected" "{request}" ["reason"],
        "Requests that were refused before execution, by the code of the error.";
    operation_depth: Counts "tributary.operation.depth" "{level}" [],
        "How deep the operations are nested.";
    operation_width: Counts "tributary.operation.width" "{field}" [],
        "The largest number of fields that one selection of an operation has.";
    operation_fields: Counts "tributary.operation.fields" "{field}" [],
        "How many fields the operations select, fragments dissolved.";
    operation_root_fields: Counts "tributary.operation.root_fields" "{field}" [],
        "How many fields the root of the operations has.";
    operation_aliases: Counts "tributary.operation.aliases" "{alias}" [],
        "How many fields of the operations have another response key than their name.";
    operation_cost: Counts "tributary.operation.cost" "{cost}" [],
        "What the operations are taken to cost before they run, by `@cost` and `@listSize`.";
    operation_cost_actual: Counts "tributary.operation.cost.actual" "{cost}" [],
        "What the operations cost by the lengths of the lists that were answered.";
    limits_exceeded: Counter "tributary.operation.limits.exceeded" "{operation}" ["limit", "mode"],
        "Operations beyond a limit; in the mode measure they run all the same.";
    plan_duration: Seconds "tributary.plan.duration" "s" ["outcome"],
        "How long planning took, waiting for a free planner included.";
    plan_price: Counts "tributary.plan.price" "{price}" [],
        "What the plans of executed operations cost, in the unit of `tributary explain`, a list counted as one object.";
    plan_requests: Counts "tributary.plan.requests" "{request}" [],
        "How many requests to subgraphs the plans of executed operations have.";
    plan_waves: Counts "tributary.plan.waves" "{request}" [],
        "How many of these requests wait for each other at most.";
    plan_cache_hits: Counter "tributary.plan.cache.hits" "{lookup}" [],
        "Lookups that found a plan.";
    plan_cache_misses: Counter "tributary.plan.cache.misses" "{lookup}" [],
        "Lookups that found none.";
    plan_cache_entries: Gauge "tributary.plan.cache.entries" "{plan}" [],
        "Plans in the cache.";
    document_cache_hits: Counter "tributary.document.cache.hits" "{lookup}" [],
        "Lookups that found a parsed document.";
    document_cache_misses: Counter "tributary.document.cache.misses" "{lookup}" [],
        "Lookups that found none.";
    document_cache_entries: Gauge "tributary.document.cache.entries" "{document}" [],
        "Parsed documents in the cache.";
    subgraph_requests: Counter "tributary.subgraph.requests" "{request}" ["subgraph", "kind"],
        "Requests to subgraphs.";
    subgraph_duration: Seconds "http.client.request.duration" "s" ["subgraph"],
        "How long subgraphs took to answer, failures included.";
    subgraph_errors: Counter "tributary.subgraph.errors" "{request}" ["subgraph", "reason"],
        "Requests to subgraphs that brought no usable answer.";
    schema_info: Gauge "tributary.schema.info" "{schema}" ["fingerprint"],
        "1 for the supergraph that is being served.";
    schema_generation: Gauge "tributary.schema.generation" "{generation}" [],
        "How many supergraphs were loaded since the start.";
    panics: Counter "tributary.panics" "{panic}" [],
        "Defects that were caught: each answered one request with an internal error.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_lower_case() {
        for (index, metric) in METRICS.iter().enumerate() {
            let is_plain = |c: char| c.is_ascii_lowercase() || c == '.' || c == '_';
            assert!(metric.name.chars().all(is_plain), "{}", metric.name);
            assert!(METRICS[..index].iter().all(|other| other.name != metric.name));
        }
    }
}
