//! Instructions, counted by callgrind: the same each time, whatever else the machine does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::chore::Failure;
use crate::command::{program, target};
use crate::needs::Package;

/// What counts; it is found on the path or, as root on Debian, installed.
pub(super) const VALGRIND: Package = Package { name: "valgrind", programs: &["valgrind"] };

/// A command under callgrind, which writes what it counts to a file.
pub(super) fn counted(valgrind: &Path, command: &Command, out: &Path, more: &[&str]) -> Command {
    let mut counted = program(valgrind, &["--tool=callgrind", "--quiet"]);
    counted.arg(format!("--callgrind-out-file={}", out.display()));
    counted.args(["--compress-strings=no", "--compress-pos=no"]);
    counted.args(more).arg(command.get_program()).args(command.get_args());
    counted.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    counted
}

/// Where counts are written.
pub(super) fn file(name: &str) -> Result<PathBuf, Failure> {
    let folder = target().join("bench/callgrind");
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    Ok(folder.join(name))
}

/// What was counted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// All of it, by the name of the event: `Ir` are instructions.
    pub totals: BTreeMap<String, u64>,
    /// The instructions of each function that was called, with all that it called.
    functions: BTreeMap<String, u64>,
}

impl Counts {
    /// Reads the file that callgrind has written.
    ///
    /// # Errors
    /// When there is none, or nothing was counted in it.
    pub(super) fn read(file: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(file)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        let counts = Self::of(&text);
        match counts.instructions() {
            0 => Err(format!("{}: no instruction was counted", file.display())),
            _ => Ok(counts),
        }
    }

    fn of(text: &str) -> Self {
        let mut counts = Self::default();
        let mut events: Vec<&str> = Vec::new();
        let mut called = None;
        let mut inclusive = false;
        for line in text.lines() {
            if let Some(names) = line.strip_prefix("events:") {
                events = names.split_whitespace().collect();
            } else if let Some(sums) = line.strip_prefix("totals:") {
                let sums = sums.split_whitespace().filter_map(|sum| sum.parse::<u64>().ok());
                // Dumps of several moments in one file are added up.
                for (event, sum) in events.iter().zip(sums) {
                    *counts.totals.entry((*event).to_owned()).or_default() += sum;
                }
            } else if let Some(name) = line.strip_prefix("cfn=") {
                called = Some(name.to_owned());
            } else if line.starts_with("calls=") {
                inclusive = true;
            } else if inclusive {
                // The line after `calls=`: a position, and what the call cost.
                inclusive = false;
                let cost = line.split_whitespace().nth(1).and_then(|cost| cost.parse::<u64>().ok());
                if let (Some(name), Some(cost)) = (called.take(), cost) {
                    *counts.functions.entry(name).or_default() += cost;
                }
            }
        }
        counts
    }

    pub(super) fn instructions(&self) -> u64 {
        self.totals.get("Ir").copied().unwrap_or(0)
    }

    /// The instructions of the functions whose path ends like this; none when there is no such.
    pub(super) fn function(&self, path: &str) -> Option<u64> {
        let is = |name: &str| {
            // Callgrind adds the number of a recursion, compilers a hash or brackets.
            let name = name.split('\'').next().unwrap_or(name);
            let name = match name.rsplit_once("::h") {
                Some((name, hash)) if hash.len() == 16 => name,
                _ => name,
            };
            name.replace(['<', '>'], "").ends_with(path)
        };
        let found = self.functions.iter().filter(|(name, _)| is(name)).map(|(_, cost)| *cost);
        found.reduce(|sum, cost| sum + cost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_added_up_by_the_function_that_is_called() {
        let text = "events: Ir sysCount\n\nfn=main\n12 5 0\ncfn=execute::parse\ncalls=2 7\n13 900 0\n\
                    fn=other\ncfn=execute::parse\ncalls=1 7\n14 100 0\ncfn=execute::parse_all\n\
                    calls=1 7\n14 33 0\ntotals: 1038 4\n";
        let counts = Counts::of(text);
        assert_eq!(counts.instructions(), 1038);
        assert_eq!(counts.totals.get("sysCount"), Some(&4));
        assert_eq!(counts.function("::parse"), Some(1000));
        assert_eq!(counts.function("::write"), None);
    }
}
