//! A chore in steps: each is timed, a failure does not stop the next, the end sums up.

use std::time::{Duration, Instant};

use crate::chore::Failure;
use crate::terminal;

/// How a step ended.
enum End {
    Passed,
    Failed(Failure),
    Skipped(String),
}

/// The steps of one chore so far.
pub(crate) struct Steps {
    chore: &'static str,
    began: Instant,
    done: Vec<(&'static str, Duration, End)>,
}

impl Steps {
    /// Begins a chore.
    pub(crate) fn begin(chore: &'static str) -> Self {
        Self { chore, began: Instant::now(), done: Vec::new() }
    }

    /// Does one step and times it. A failed step is kept for the end, so that one run tells all
    /// that is wrong.
    pub(crate) fn step(&mut self, name: &'static str, act: impl FnOnce() -> Result<(), Failure>) {
        println!("\n{}", terminal::bold(&format!("== {name}")));
        let began = Instant::now();
        let end = act().map_or_else(End::Failed, |()| End::Passed);
        let lasted = began.elapsed();
        match &end {
            End::Failed(failure) => println!("{} {name}: {failure}", terminal::red("failed")),
            _ => println!("{} {name} in {}", terminal::green("done"), human(lasted)),
        }
        self.done.push((name, lasted, end));
    }

    /// Leaves a step out, loudly. With `CI=true` that is a failure.
    pub(crate) fn skip(&mut self, name: &'static str, why: &str) {
        println!("\n{} {name}: {why}", terminal::yellow("SKIPPED"));
        self.done.push((name, Duration::ZERO, End::Skipped(why.to_owned())));
    }

    /// Sums up.
    ///
    /// # Errors
    /// When a step failed, or, with `CI=true`, one was skipped.
    pub(crate) fn close(self) -> Result<(), Failure> {
        println!("\n{}", terminal::bold(&format!("== cargo xtask {}", self.chore)));
        let (mut failed, mut skipped) = (0, 0);
        for (name, lasted, end) in &self.done {
            match end {
                End::Passed => {
                    println!("{} {name}, {}", terminal::green("passed "), human(*lasted))
                }
                End::Failed(why) => {
                    failed += 1;
                    println!("{} {name}, {}: {why}", terminal::red("FAILED "), human(*lasted));
                }
                End::Skipped(why) => {
                    skipped += 1;
                    println!("{} {name}: {why}", terminal::yellow("SKIPPED"));
                }
            }
        }
        let passed = self.done.len() - failed - skipped;
        println!(
            "steps: {passed} passed, {failed} failed, {skipped} skipped, in {}",
            human(self.began.elapsed())
        );
        if failed > 0 {
            return Err(format!("{failed} of {} steps failed", self.done.len()));
        }
        if skipped > 0 && on_ci() {
            return Err(format!("{skipped} steps were skipped, and CI=true forbids that"));
        }
        Ok(())
    }
}

/// Whether this is a continuous integration run, where nothing may be skipped.
fn on_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// `3 min 7 s`, `12.3 s`.
pub(crate) fn human(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        return format!("{:.1} s", time.as_secs_f64());
    }
    format!("{} min {} s", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_the_unit_that_fits() {
        assert_eq!(human(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(human(Duration::from_secs(187)), "3 min 7 s");
    }

    #[test]
    fn one_failed_step_fails_the_chore_and_the_next_still_runs() {
        let mut steps = Steps::begin("test");
        let mut ran = false;
        steps.step("first", || Err("broken".to_owned()));
        steps.step("second", || {
            ran = true;
            Ok(())
        });
        assert!(ran);
        assert_eq!(steps.close(), Err("1 of 2 steps failed".to_owned()));
    }
}
