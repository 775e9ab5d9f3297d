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
