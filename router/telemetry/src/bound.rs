//! Instruments bound to the labels that nearly every request has.
//!
//! To record with labels, the SDK hashes them and looks the set up, each time. A bound instrument
//! did that once. Sets that no request had so far are not bound, so that no series is exported of
//! which nothing is known.

use std::sync::OnceLock;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{BoundCounter, BoundHistogram, Counter, Histogram};

/// The methods that are told apart in labels; of others there is no end.
const METHODS: [&str; 5] = ["GET", "POST", "OPTIONS", "HEAD", "PUT"];

/// The kinds of operations.
const KINDS: [&str; 3] = ["query", "mutation", "subscription"];

/// How an operation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With data and without errors.
    Ok,
    /// With data and with errors.
    Partial,
    /// Without data.
    Failed,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::Partial => "partial",
            Outcome::Failed => "failed",
        }
    }
}

/// The bound instruments.
#[derive(Debug, Default)]
pub(crate) struct Bound {
    /// By method: answers with status 200.
    answered: [OnceLock<BoundHistogram<f64>>; METHODS.len()],
    /// By kind, and by outcome.
    operations: [[OnceLock<BoundCounter<u64>>; 3]; KINDS.len()],
}

impl Bound {
    /// Records how long a request took.
    pub(crate) fn request(&self, of: &Histogram<f64>, (method, status): (&str, u16), seconds: f64) {
        let known = METHODS.iter().position(|known| *known == method);
        let labels = || {
            [
                KeyValue::new("http_request_method", known.map_or("_OTHER", |at| METHODS[at])),
                KeyValue::new("http_response_status_code", i64::from(status)),
            ]
        };
        match known {
            Some(at) if status == 200 => {
                self.answered[at].get_or_init(|| of.bind(&labels())).record(seconds);
            }
            _ => of.record(seconds, &labels()),
        }
    }

    /// Counts an operation.
    pub(crate) fn operation(&self, of: &Counter<u64>, kind: &'static str, outcome: Outcome) {
        let labels = || [KeyValue::new("kind", kind), KeyValue::new("outcome", outcome.name())];
        match KINDS.iter().position(|known| *known == kind) {
            Some(at) => {
                self.operations[at][outcome as usize].get_or_init(|| of.bind(&labels())).add(1);
            }
            None => of.add(1, &labels()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::{Metrics, Outcome};

    #[test]
    fn bound_or_not_the_labels_are_the_same() {
        let metrics = Metrics::new().unwrap();
        assert!(!metrics.text().contains("http_server_request_duration_seconds_count"));
        for (method, status) in
            [("POST", 200), ("POST", 200), ("POST", 400), ("GET", 200), ("PURGE", 200)]
        {
            metrics.request_ends(method, status, Duration::from_millis(2));
        }
        metrics.operation_ends("query", Outcome::Ok);
        metrics.operation_ends("query", Outcome::Ok);
        metrics.operation_ends("mutation", Outcome::Failed);
        let text = metrics.text();
        let count = |series: &str| {
            let line = text.lines().find(|line| line.starts_with(series));
            line.and_then(|line| line.rsplit(' ').next()).map(str::to_owned)
        };
        let requests = |method: &str, status: &str| {
            count(&format!(
                "http_server_request_duration_seconds_count{{http_request_method=\"{method}\",\
                 http_response_status_code=\"{status}\"}}"
            ))
        };
        assert_eq!(requests("POST", "200").as_deref(), Some("2"), "{text}");
        assert_eq!(requests("POST", "400").as_deref(), Some("1"));
        assert_eq!(requests("GET", "200").as_deref(), Some("1"));
        assert_eq!(requests("_OTHER", "200").as_deref(), Some("1"));
        assert_eq!(requests("HEAD", "200"), None);
        let operations = |kind: &str, outcome: &str| {
            count(&format!("tributary_operations_total{{kind=\"{kind}\",outcome=\"{outcome}\"}}"))
        };
        assert_eq!(operations("query", "ok").as_deref(), Some("2"));
        assert_eq!(operations("mutation", "failed").as_deref(), Some("1"));
        assert_eq!(operations("subscription", "ok"), None);
    }
}
