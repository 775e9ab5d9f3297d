//! `cargo xtask soak NAME`: what the tests do, for much longer.

use crate::chore::Failure;
use crate::command::{cargo, run as execute};
use crate::needs;
use crate::options::Options;

/// The soaks.
pub(crate) const PARTS: &[(&str, &str)] = &[
    (
        "compose [--cases N] [--edits N] [--seed N]",
        "sets of subgraphs composed by us and by the oracle",
    ),
    (
        "plan [--cases N] [--hostile N] [--seed N]",
        "answers beside one merged server's; hostile operations",
    ),
    ("execute [--cases N | --minutes N]", "hostile answers before both executors"),
    ("fuzz [--cases N]", "broken texts, changed plans"),
];

/// Runs a soak.
///
/// # Errors
/// When there is none of that name, an argument is unknown, the oracle can't be installed, or
/// something was found.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    match arguments.split_first() {
        Some((name, rest)) if name == "compose" => compose(rest),
        Some((name, rest)) if name == "plan" => plan(rest),
        Some((name, rest)) if name == "execute" => run_executors(rest),
        Some((name, rest)) if name == "fuzz" => fuzz(rest),
        _ => Err("what is to be soaked? `compose`, `plan`, `execute` or `fuzz`".to_owned()),
    }
}

/// Generated sets of subgraphs, and those of corpus and stories with small edits, composed by us and
/// by the oracle.
fn compose(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::parse(arguments, &["--cases", "--edits", "--seed"])?;
    let cases = options.number("--cases", 50_000)?;
    let edits = options.number("--edits", 20_000)?;
    let seed = options.number("--seed", 2)?;
    let oracle = needs::oracle()?;
    let words = ["test", "--profile", "soak", "--package", "tributary-compose", "--test"];
    let mut tests = cargo(&words);
    tests.args(["differential", "--", "--nocapture", "--test-threads", "1"]);
    tests.env("TRIBUTARY_ORACLE", oracle);
    tests.env("TRIBUTARY_DIFFERENTIAL_ALL", "1");
    tests.env("TRIBUTARY_DIFFERENTIAL_CASES", cases.to_string());
    tests.env("TRIBUTARY_DIFFERENTIAL_EDITS", edits.to_string());
    tests.env("TRIBUTARY_DIFFERENTIAL_SEED", seed.to_string());
    execute(tests)
}

/// Generated supergraphs, data and operations: the routed answer beside that of one merged server,
/// then operations and supergraphs that are hard to plan.
fn plan(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::parse(arguments, &["--cases", "--seed", "--hostile"])?;
    let cases = options.number("--cases", 100_000)?;
    let seed = options.number("--seed", 1_000_000)?;
    let hostile = options.number("--hostile", 2_000)?;
    let mut tests = stories("merged");
    // Some of them are composed by the oracle as well, where it can be installed.
    if let Ok(oracle) = needs::oracle() {
        tests.env("TRIBUTARY_ORACLE", oracle);
    }
    tests.env("TRIBUTARY_MERGED_CASES", cases.to_string());
    tests.env("TRIBUTARY_MERGED_SEED", seed.to_string());
    execute(tests)?;
    let mut tests = stories("hostile");
    tests.env("TRIBUTARY_HOSTILE_CASES", hostile.to_string());
    tests.env("TRIBUTARY_HOSTILE_SEED", seed.to_string());
    execute(tests)
}

/// Hostile answers of subgraphs before both executors, which must answer alike.
fn run_executors(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::parse(arguments, &["--cases", "--minutes"])?;
    let words = ["test", "--profile", "soak", "--package", "tributary-execute", "--lib", "alike"];
    let mut tests = cargo(&words);
    tests.args(["--", "--nocapture"]);
    match options.number("--minutes", 0)? {
        0 => {
            let cases = options.number("--cases", 1_000_000)?;
            tests.env("TRIBUTARY_EXECUTE_CASES", cases.to_string());
        }
        minutes => {
            tests.env("TRIBUTARY_EXECUTE_MINUTES", minutes.to_string());
        }
    }
    execute(tests)
}

/// A test of the stories, optimized.
fn stories(name: &str) -> std::process::Command {
    let words = ["test", "--profile", "soak", "--package", "tributary-stories", "--test", name];
    let mut tests = cargo(&words);
    tests.args(["--", "--nocapture"]);
    tests
}

/// Hostile texts, subgraphs and operations with words dropped, doubled and swapped, changed plans.
fn fuzz(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::parse(arguments, &["--cases"])?;
    let cases = options.number("--cases", 1_000_000)?;
    let words = ["test", "--profile", "soak", "--package", "tributary-compose", "--test", "fuzz"];
    let mut tests = cargo(&words);
    tests.env("TRIBUTARY_FUZZ_CASES", cases.to_string());
    execute(tests)?;
    let mut tests = stories("merged");
    tests.arg("fuzz");
    // A case here is composed, planned and executed.
    tests.env("TRIBUTARY_FUZZ_CASES", (cases / 20).to_string());
    execute(tests)
}
