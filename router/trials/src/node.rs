//! A program of Node that answers line by line, in a process that lives as long as it answers.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);

/// The folder into which `cargo xtask test` installed the oracle of composition:
/// `TRIBUTARY_ORACLE`, or else `otherwise`.
pub fn oracle(otherwise: Option<PathBuf>) -> Option<PathBuf> {
    let folder = std::env::var_os("TRIBUTARY_ORACLE").map(PathBuf::from).or(otherwise)?;
    folder.join("node_modules/@apollo/composition/package.json").is_file().then_some(folder)
}

/// A program, and the process that runs it now.
#[derive(Debug)]
pub struct Node {
    program: PathBuf,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    input: ChildStdin,
    output: Receiver<String>,
}

impl Node {
    /// Writes a program into the folder of the packages that it uses.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub fn new(folder: &Path, program: &str) -> io::Result<Self> {
        static STARTED: AtomicUsize = AtomicUsize::new(0);
        let (process, number) = (std::process::id(), STARTED.fetch_add(1, Ordering::Relaxed));
        let path = folder.join(format!("program-{process}-{number}.mjs"));
        std::fs::write(&path, program)?;
        Ok(Self { program: path, running: None })
    }

    /// Asks with one line and gets one; nothing when the process died or was too slow, and then the
    /// next question goes to a fresh one.
    pub fn ask(&mut self, question: &str) -> Option<String> {
        let answer = self.try_ask(question);
        if answer.is_none() {
            self.end();
        }
        answer
    }

    fn try_ask(&mut self, question: &str) -> Option<String> {
        let running = match &mut self.running {
            Some(running) => running,
            none => none.insert(Running::start(&self.program).ok()?),
        };
        writeln!(running.input, "{question}").ok()?;
        running.input.flush().ok()?;
        running.output.recv_timeout(PATIENCE).ok()
    }

    fn end(&mut self) {
        if let Some(mut running) = self.running.take() {
            // It may be gone already.
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.end();
        let _ = std::fs::remove_file(&self.program);
    }
}

impl Running {
    fn start(program: &Path) -> io::Result<Self> {
        let piped = || Stdio::piped();
        let mut child = Command::new("node").arg(program).stdin(piped()).stdout(piped()).spawn()?;
        let gone = || io::Error::other("its pipes are gone");
        let input = child.stdin.take().ok_or_else(gone)?;
        let output = child.stdout.take().ok_or_else(gone)?;
        let (send, receive) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Self { child, input, output: receive })
    }
}
