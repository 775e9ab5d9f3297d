//! How long subgraphs take to answer, for `tributary explain`: as it is said, or as `/metrics` of a
//! running router tells.

use std::collections::BTreeMap;

use schema::{Schema, SubgraphId};

/// What is known of the latencies of subgraphs, in milliseconds.
#[derive(Debug, Default)]
pub(super) struct Latencies {
    pub(super) known: Vec<(SubgraphId, f64)>,
    /// What is said of all others.
    pub(super) others: Option<f64>,
}

impl Latencies {
    /// Reads what is said, such as `12` or `posts=12`, and the text of `/metrics`. What is said counts
    /// more than what was measured.
    ///
    /// # Errors
    /// When a number is none, or there is no such subgraph.
    pub(super) fn read(
        schema: &Schema,
        said: &[String],
        metrics: Option<&str>,
    ) -> Result<Self, String> {
        let mut known: BTreeMap<SubgraphId, f64> = BTreeMap::new();
        let measured = metrics.map(measured).unwrap_or_default();
        for (id, subgraph) in schema.subgraphs() {
            known.extend(measured.get(subgraph.name.as_str()).map(|took| (id, *took)));
        }
        let mut others = None;
        for said in said {
            let wrong = |what: &str| format!("--latency {said}: {what}");
            let (name, number) = match said.split_once('=') {
                Some((name, number)) => (Some(name), number),
                None => (None, said.as_str()),
            };
            let took: f64 =
                number.parse().map_err(|_| wrong("that is no number of milliseconds"))?;
            if !(0.0..=LONGEST).contains(&took) {
                return Err(wrong("it must be between 0 and 600000 milliseconds"));
            }
            let Some(name) = name else {
                others = Some(took);
                continue;
            };
            let found = schema.subgraphs().find(|(_, subgraph)| subgraph.name == name);
            let (id, _) = found.ok_or_else(|| wrong("the supergraph has no such subgraph"))?;
            known.insert(id, took);
        }
        Ok(Self { known: known.into_iter().collect(), others })
    }
}

/// No request waits for longer than ten minutes.
const LONGEST: f64 = 600_000.0;

/// The mean of what each subgraph took, by the text of `/metrics`.
fn measured(text: &str) -> BTreeMap<&str, f64> {
    let counts = series(text, "http_client_request_duration_seconds_count{");
    let sums = series(text, "http_client_request_duration_seconds_sum{").into_iter();
    sums.filter_map(|(name, sum)| {
        let count = counts.get(name).filter(|count| **count > 0.0)?;
        Some((name, sum / count * 1_000.0))
    })
    .collect()
}

/// The values of a metric by the label `subgraph`.
fn series<'t>(text: &'t str, start: &str) -> BTreeMap<&'t str, f64> {
    let lines = text.lines().filter_map(|line| line.strip_prefix(start));
    lines
        .filter_map(|line| {
            let (labels, value) = line.rsplit_once('}')?;
            let (_, name) = labels.split_once("subgraph=\"")?;
            let (name, _) = name.split_once('"')?;
            Some((name, value.trim().parse().ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_read_from_the_text_of_a_running_router() {
        let metrics = telemetry::Metrics::new().unwrap();
        for (subgraph, took) in [("users", 10), ("users", 30), ("posts", 5)] {
            let took = std::time::Duration::from_millis(took);
            metrics.subgraph_asked(subgraph, "query", took, None);
        }
        let text = metrics.text();
        let found = measured(&text);
        assert_eq!(found.len(), 2, "{text}");
        for (name, mean) in [("users", 20.0), ("posts", 5.0)] {
            assert!((found[name] - mean).abs() < 0.001, "{found:?}");
        }
    }
}
