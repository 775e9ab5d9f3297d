//! `cargo xtask soak compose`: many more generated sets of subgraphs against the oracle.

use crate::chore::Failure;
use crate::command::{cargo, run as execute};
use crate::needs;
use crate::options::Options;

/// Runs a soak.
///
/// # Errors
/// When an argument is unknown, the oracle can't be installed, or a set differs.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let Some(("compose", rest)) = arguments.split_first().map(|(name, rest)| (&**name, rest))
    else {
        return Err("what shall be soaked? There is `compose`".to_owned());
    };
    let options = Options::parse(rest, &["--cases", "--seed"])?;
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
