//! `cargo xtask soak NAME`: what the tests do, for much longer.

use crate::chore::Failure;
use crate::command::{cargo, run as execute};
use crate::needs;
use crate::options::Options;

/// Runs a soak.
///
/// # Errors
/// When there is none of that name, an argument is unknown, the oracle can't be installed, or
/// something was found.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    match arguments.split_first() {
        Some((name, rest)) if name == "compose" => compose(rest),
        Some((name, rest)) if name == "fuzz" => fuzz(rest),
        _ => Err("what shall be soaked? There is `compose` and `fuzz`".to_owned()),
    }
}

/// Generated sets of subgraphs, composed by us and by the oracle.
fn compose(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::parse(arguments, &["--cases", "--seed"])?;
    let cases = options.number("--cases", 50_000)?;
    let seed = options.number("--seed", 2)?;
    let oracle = needs::oracle()?;
    let mut tests = cargo(&["test", "--package", "tributary-compose", "--test", "differential"]);
    tests.args(["--", "--nocapture"]);
    tests.env("TRIBUTARY_ORACLE", oracle);
    tests.env("TRIBUTARY_DIFFERENTIAL_CASES", cases.to_string());
    tests.env("TRIBUTARY_DIFFERENTIAL_SEED", seed.to_string());
    execute(tests)
}

/// Hostile texts, and subgraphs with words dropped, doubled and swapped.
fn fuzz(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::parse(arguments, &["--cases"])?;
    let cases = options.number("--cases", 1_000_000)?;
    let words = ["test", "--release", "--package", "tributary-compose", "--test", "fuzz"];
    let mut tests = cargo(&words);
    tests.env("TRIBUTARY_FUZZ_CASES", cases.to_string());
    execute(tests)
}
