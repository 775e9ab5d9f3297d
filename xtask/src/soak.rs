//! `cargo xtask soak compose`: many more generated sets of subgraphs against the oracle.

use crate::chore::Failure;
use crate::command::{cargo, run as execute};
use crate::needs;

/// Runs a soak.
///
/// # Errors
/// When an argument is unknown, the oracle can't be installed, or a set differs.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let Some(("compose", rest)) = arguments.split_first().map(|(name, rest)| (&**name, rest))
    else {
        return Err("what shall be soaked? There is `compose`".to_owned());
    };
    let (mut cases, mut seed) = (50_000_u64, 2_u64);
    for pair in rest.chunks(2) {
        let number = pair.get(1).and_then(|text| text.parse().ok());
        match (&*pair[0], number) {
            ("--cases", Some(number)) => cases = number,
            ("--seed", Some(number)) => seed = number,
            ("--cases" | "--seed", None) => return Err(format!("{} takes a number", pair[0])),
            (stray, _) => return Err(format!("this chore takes no argument `{stray}`")),
        }
    }
    let oracle = needs::oracle()?;
    let mut tests = cargo(&["test", "--package", "tributary-compose", "--test", "differential"]);
    tests.args(["--", "--nocapture"]);
    tests.env("TRIBUTARY_ORACLE", oracle);
    tests.env("TRIBUTARY_DIFFERENTIAL_CASES", cases.to_string());
    tests.env("TRIBUTARY_DIFFERENTIAL_SEED", seed.to_string());
    execute(tests)
}
