//! `cargo xtask test`: everything that must hold. `cargo xtask check`: its quick part.
//!
//! Tests marked `#[ignore]` are the end-to-end tests: they start the real programs, so they run
//! after the rest, with the paths of what they start in `TRIBUTARY_BIN`, `SUBGRAPHS_BIN` and
//! `CHROMIUM_BIN`. Those that open a browser have `browser` in their names.

use crate::chore::{Failure, expect_none};
use crate::command::{binary, cargo, program, run as execute};
use crate::needs;
use crate::steps::Steps;

/// Runs all tests.
///
/// # Errors
/// When an argument is unknown or anything failed.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    expect_none(arguments)?;
    let mut steps = Steps::begin("test");
    lints(&mut steps);
    steps.step("dependencies: licences, bans, duplicates, sources", deny);
    let oracle = needs::oracle();
    steps.step("unit, property and story tests", || {
        let mut tests = cargo(&["test", "--workspace", "--no-fail-fast"]);
        match &oracle {
            Ok(folder) => tests.env("TRIBUTARY_ORACLE", folder),
            // That it is left out is told as a step of its own.
            Err(_) => tests.args(["--", "--skip", "as_the_oracle_says"]),
        };
        execute(tests)
    });
    if let Err(why) = &oracle {
        steps.skip("composition compared with the oracle", why);
    }
    end_to_end(&mut steps);
    steps.close()
}

/// Runs what is quick: format, lints, the bar.
///
/// # Errors
/// When an argument is unknown or anything failed.
pub(crate) fn check(arguments: &[String]) -> Result<(), Failure> {
    expect_none(arguments)?;
    let mut steps = Steps::begin("check");
    lints(&mut steps);
    steps.step("the bar", || execute(cargo(&["test", "--package", "tributary-tidy"])));
    steps.close()
}

fn lints(steps: &mut Steps) {
    steps.step("format", || execute(cargo(&["fmt", "--all", "--check"])));
    steps.step("lints", || {
        execute(cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
    });
}

/// Advisories are left out: their database is a repository to be cloned, which a machine without
/// the network can't do.
fn deny() -> Result<(), Failure> {
    let deny = needs::cargo_deny()?;
    execute(program(deny, &["check", "licenses", "bans", "sources"]))
}

fn end_to_end(steps: &mut Steps) {
    let browser = needs::BROWSER.provide();
    steps.step("end-to-end tests", || {
        execute(cargo(&[
            "build",
            "--package",
            "tributary-server",
            "--package",
            "tributary-subgraphs",
        ]))?;
        let mut tests = cargo(&["test", "--workspace", "--tests", "--no-fail-fast", "--"]);
        tests.args(["--ignored"]);
        tests.env("TRIBUTARY_BIN", binary("debug", "tributary"));
        tests.env("SUBGRAPHS_BIN", binary("debug", "subgraphs"));
        match &browser {
            Ok(path) => tests.env("CHROMIUM_BIN", path),
            Err(_) => tests.args(["--skip", "browser"]),
        };
        execute(tests)
    });
    if let Err(why) = &browser {
        steps.skip("tests that open a browser", why);
    }
}
