//! Progressive overrides: which labels are on for a request.

use std::hash::{DefaultHasher, Hash, Hasher};

/// The labels that are on for a request, sorted: those that the options turn on, and of each
/// `percent(n)` its share of requests. Which requests these are, their ids decide, so that a
/// request has the same choice wherever it is asked again under the same id.
pub(crate) fn on(known: &[String], always: &[String], request_id: &str) -> Vec<String> {
    let is_on = |label: &&String| match percent(label) {
        Some(share) => point(label, request_id) < share,
        None => always.contains(label),
    };
    let mut labels: Vec<String> = known.iter().filter(is_on).cloned().collect();
    labels.sort_unstable();
    labels
}

/// The share of a label `percent(n)`, in hundredths of a percent.
fn percent(label: &str) -> Option<u64> {
    let share: f64 = label.strip_prefix("percent(")?.strip_suffix(')')?.parse().ok()?;
    // The label was checked to be between 0 and 100, so that nothing is cut off.
    Some((share.clamp(0.0, 100.0) * 100.0).round() as u64)
}

/// Where a request stands between 0 and 9,999.
fn point(label: &str, request_id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (label, request_id).hash(&mut hasher);
    hasher.finish() % 10_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_on_for_its_share_of_requests() {
        let known = ["percent(25)".to_owned(), "percent(0)".to_owned(), "percent(100)".to_owned()];
        let mut count = 0;
        for id in 0..10_000 {
            let on = on(&known, &[], &id.to_string());
            assert!(on.contains(&known[2]) && !on.contains(&known[1]));
            count += usize::from(on.contains(&known[0]));
        }
        assert!((2_300..2_700).contains(&count), "{count}");
        assert_eq!(on(&known, &[], "7"), on(&known, &[], "7"));
    }

    #[test]
    fn other_labels_are_off_unless_turned_on() {
        let known = ["beta".to_owned(), "alpha".to_owned()];
        assert!(on(&known, &[], "1").is_empty());
        assert_eq!(on(&known, &known, "1"), ["alpha", "beta"]);
    }
}
