//! The oracle: a process that lives as long as it answers.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde::Deserialize;

const PROGRAM: &str = include_str!("oracle/oracle.mjs");
const PATIENCE: Duration = Duration::from_secs(30);

/// What the oracle says of a set.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    pub(crate) valid: bool,
    pub(crate) codes: Vec<String>,
    pub(crate) messages: Vec<String>,
    pub(crate) api: Vec<String>,
    pub(crate) facts: Vec<String>,
}

/// One process of the oracle.
pub(crate) struct Oracle {
    program: PathBuf,
    running: Option<Running>,
}

struct Running {
    child: Child,
    input: ChildStdin,
    output: Receiver<String>,
}

/// The folder into which `cargo xtask test` installed the oracle.
pub(crate) fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("TRIBUTARY_ORACLE").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("../oracle"));
    folder.join("node_modules/@apollo/composition/package.json").is_file().then_some(folder)
}

impl Oracle {
    /// Writes the program beside the packages that it uses.
    pub(crate) fn new(folder: &Path) -> Self {
        static STARTED: AtomicUsize = AtomicUsize::new(0);
        let (process, number) = (std::process::id(), STARTED.fetch_add(1, Ordering::Relaxed));
        let program = folder.join(format!("oracle-{process}-{number}.mjs"));
        std::fs::write(&program, PROGRAM).expect("the folder of the oracle can be written");
        Self { program, running: None }
    }

    /// Asks; nothing when the oracle died or was too slow, and then the next question goes to a
    /// fresh process.
    pub(crate) fn ask(&mut self, question: &str) -> Option<Answer> {
        let answer = self.try_ask(question);
        if answer.is_none() {
            self.end();
        }
        answer
    }

    fn try_ask(&mut self, question: &str) -> Option<Answer> {
        let running = match &mut self.running {
            Some(running) => running,
            none => none.insert(Running::start(&self.program)),
        };
        writeln!(running.input, "{question}").ok()?;
        running.input.flush().ok()?;
        let line = running.output.recv_timeout(PATIENCE).ok()?;
        Some(serde_json::from_str(&line).expect("the oracle answers in JSON"))
    }

    fn end(&mut self) {
        if let Some(mut running) = self.running.take() {
            // It may be gone already.
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        self.end();
        let _ = std::fs::remove_file(&self.program);
    }
}

impl Running {
    fn start(program: &Path) -> Self {
        let mut child = Command::new("node")
            .arg(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node can be started");
        let input = child.stdin.take().expect("invariant: it is piped");
        let output = child.stdout.take().expect("invariant: it is piped");
        let (send, receive) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, input, output: receive }
    }
}
