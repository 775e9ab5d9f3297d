//! `cargo xtask bench`: ourselves beside others, on the same work in the same run.

mod compose;
mod numbers;
mod plan;
mod rivals;
mod router;

use crate::chore::Failure;

/// Runs a benchmark.
///
/// # Errors
/// When there is none of that name, an argument is unknown, or something that is measured fails.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    match arguments.split_first() {
        Some((name, rest)) if name == "compose" => compose::run(rest),
        Some((name, rest)) if name == "plan" => plan::run(rest),
        Some((name, rest)) if name == "router" => router::run(rest),
        _ => Err("name what shall be measured: compose, plan, router".to_owned()),
    }
}
