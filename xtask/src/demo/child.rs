//! One program of the demo: its lines go to a file, and to the terminal until it is ready.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

use crate::chore::Failure;
use crate::terminal;

/// How many of its last lines are told when a program ends by itself.
const LAST_LINES: usize = 20;
/// How long a program may take to end after SIGTERM.
const GRACE: Duration = Duration::from_secs(12);

/// A program that was started.
pub(super) struct Child {
    name: &'static str,
    process: tokio::process::Child,
    log: PathBuf,
    lines: Arc<Lines>,
}

/// What became of its output.
struct Lines {
    shown: AtomicBool,
    kept: Mutex<(File, VecDeque<String>)>,
}

impl Child {
    /// Starts a program in a process group of its own, so that Ctrl-C reaches the demo alone and
    /// the programs are stopped in order.
    ///
    /// # Errors
    /// When the program or its log file can't be opened.
    pub(super) fn start(
        name: &'static str,
        command: std::process::Command,
        folder: &Path,
    ) -> Result<Self, Failure> {
        let log = folder.join(format!("{name}.log"));
        let file = File::create(&log).map_err(|error| format!("{}: {error}", log.display()))?;
        let lines = Arc::new(Lines {
            shown: AtomicBool::new(true),
            kept: Mutex::new((file, VecDeque::with_capacity(LAST_LINES))),
        });
        let mut command = tokio::process::Command::from(command);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0).kill_on_drop(true);
        let mut process = command.spawn().map_err(|error| format!("{name}: {error}"))?;
        if let Some(output) = process.stdout.take() {
            tokio::spawn(forward(name, output, lines.clone()));
        }
        if let Some(output) = process.stderr.take() {
            tokio::spawn(forward(name, output, lines.clone()));
        }
        Ok(Self { name, process, log, lines })
    }

    /// What it is called.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// From now on its lines go to the log file only.
    pub(super) fn hush(&self) {
        self.lines.shown.store(false, Ordering::Relaxed);
    }

    /// Waits until it ends by itself, and says so with its last lines.
    pub(super) async fn ended(&mut self) -> Failure {
        let status = self.process.wait().await;
        // Its last lines may still be on their way through the pipes.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let how = status.map_or_else(|error| error.to_string(), |status| status.to_string());
        let kept = self.lines.kept.lock().expect("invariant: no line panics while it is kept");
        let last = kept.1.iter().map(|line| format!("\n  {line}")).collect::<String>();
        format!("{} ended by itself ({how}); log: {}{last}", self.name, self.log.display())
    }

    /// Stops it: first politely, and after a while for good.
    pub(super) async fn stop(&mut self) {
        self.hush();
        let Some(id) = self.process.id() else { return };
        let asked = std::process::Command::new("sh")
            .args(["-c", "kill -TERM \"$0\"", &id.to_string()])
            .status();
        let polite = asked.is_ok_and(|status| status.success());
        if polite && tokio::time::timeout(GRACE, self.process.wait()).await.is_ok() {
            return;
        }
        println!("{} {} does not stop: it is killed", terminal::yellow("warning:"), self.name);
        // If this fails too, it has ended meanwhile.
        let _ = self.process.kill().await;
    }
}

async fn forward(name: &'static str, output: impl AsyncRead + Unpin, lines: Arc<Lines>) {
    let mut output = BufReader::new(output).lines();
    while let Ok(Some(line)) = output.next_line().await {
        if lines.shown.load(Ordering::Relaxed) {
            println!("{name} | {line}");
        }
        let mut kept = lines.kept.lock().expect("invariant: no line panics while it is kept");
        // A full disk must not stop the demo; the last lines are still kept.
        let _ = writeln!(kept.0, "{line}");
        if kept.1.len() == LAST_LINES {
            kept.1.pop_front();
        }
        kept.1.push_back(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::program;

    fn start(script: &str, name: &'static str) -> Child {
        let folder = std::env::temp_dir().join(format!("demo-child-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Child::start(name, program("sh", &["-c", script]), &folder).unwrap()
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_program_that_ends_is_told_with_its_last_words() {
        let mut child = start("echo out of luck >&2; exit 3", "ends");
        let failure = child.ended().await;
        assert!(failure.contains("exit status: 3"), "{failure}");
        assert!(failure.ends_with("out of luck"), "{failure}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_program_is_stopped_by_its_id() {
        let mut child =
            start("trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done", "waits");
        tokio::time::sleep(Duration::from_millis(200)).await;
        child.stop().await;
        let status = child.process.wait().await.unwrap();
        assert_eq!(status.code(), Some(0));
    }
}
