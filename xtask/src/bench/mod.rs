//! `cargo xtask bench`: ourselves beside others, on the same work in the same run; and beside what
//! we were.

mod ablation;
mod bed;
mod callgrind;
mod compose;
mod latency;
mod machine;
mod micro;
mod numbers;
mod plan;
mod process;
mod requests;
mod rivals;
mod router;

use crate::chore::Failure;

/// The benchmarks.
pub(crate) const PARTS: &[(&str, &str)] = &[
    (
        "router [--public DIR] [--modes A,B] [--rounds N]",
        "ours beside others; none, subgraph, both, distinct, crowd",
    ),
    ("       [--seconds N] [--connections N] [--delay-ms N]", ""),
    (
        "latency [--rounds N] [--seconds N] [--delay-ms N]",
        "what the router adds to one fetch, at half its peak",
    ),
    (
        "plan [--seed N] [--public DIR] [--plans]",
        "our planner beside another: requests, waves, price, time",
    ),
    ("compose [--seed N] [--rounds N]", "composition beside the oracle: time and memory"),
    ("micro [--check | --update]", "instructions of parts of a request, beside baselines"),
    (
        "ablation [--requests N] [--connections N] [--rounds N]",
        "what each trick of the router earns",
    ),
];

/// Runs a benchmark: that of routers where none is named, or with `--check` the one that can fail.
///
/// # Errors
/// When there is none of that name, an argument is unknown, or something that is measured fails.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    match arguments.split_first().map(|(name, rest)| (name.as_str(), rest)) {
        Some(("ablation", rest)) => ablation::run(rest),
        Some(("compose", rest)) => compose::run(rest),
        Some(("latency", rest)) => latency::run(rest),
        Some(("micro", rest)) => micro::run(rest),
        Some(("plan", rest)) => plan::run(rest),
        Some(("router", rest)) => router::run(rest),
        Some(("--check" | "--update", _)) => micro::run(arguments),
        Some((option, _)) if option.starts_with("--") => router::run(arguments),
        None => router::run(arguments),
        Some((name, _)) => {
            let known = "router, latency, micro, ablation, plan, compose";
            Err(format!("there is no benchmark `{name}`; there is {known}"))
        }
    }
}
