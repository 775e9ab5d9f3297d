//! Where and when something was measured: figures without that say nothing.

use crate::command::program;

use super::process::{cores, printed};

/// The date, the commit, the machine and the cores, in lines. The load tests' tool must be built.
pub(super) fn machine() -> String {
    let said = |name: &str, words: &[&str]| {
        printed(program(name, words)).map_or_else(|_| "?".to_owned(), |text| text.trim().to_owned())
    };
    let cores = cores();
    let memory = entry("/proc/meminfo", "MemTotal").unwrap_or_default();
    format!(
        "{}, commit {}\n{} x {}, {memory} of memory, {}\n{}\n\
         core {} is the router's; cores were stopped for {:.1} and {:.1} ms a second",
        said("date", &["-u", "+%Y-%m-%d %H:%M UTC"]),
        said("git", &["rev-parse", "--short=10", "HEAD"]),
        said("nproc", &[]),
        entry("/proc/cpuinfo", "model name")
            .unwrap_or_else(|| "processor of unknown name".to_owned()),
        said("uname", &["-sr"]),
        said("rustc", &["--version"]),
        cores.router,
        cores.stopped[0],
        cores.stopped[1],
    )
}

/// The value of a name in a file of the kernel.
fn entry(file: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim().to_owned())
}
