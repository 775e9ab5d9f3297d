//! The oracle of composition, a process: some cases run on its supergraph too.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use json::Json;

use crate::case::Texts;

const PROGRAM: &str = include_str!("supergraph.mjs");

/// One process of the oracle.
pub(crate) struct Oracle {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    program: PathBuf,
}

impl Oracle {
    /// Starts it, where `TRIBUTARY_ORACLE` says that it is installed.
    pub(crate) fn start(worker: usize) -> Option<Self> {
        let folder = PathBuf::from(std::env::var_os("TRIBUTARY_ORACLE")?);
        let program = folder.join(format!("supergraph-{}-{worker}.mjs", std::process::id()));
        std::fs::write(&program, PROGRAM).expect("the folder of the oracle can be written");
        let (child, input, output) = start(&program);
        Some(Self { child, input, output, program })
    }

    /// The supergraph of a case; the error is why it is refused.
    pub(crate) fn compose(&mut self, texts: &Texts) -> Result<String, String> {
        let subgraph = |(name, sdl, _): &(String, String, String)| {
            Json::from_iter([
                ("name", Json::from(name.as_str())),
                ("sdl", Json::from(sdl.as_str())),
            ])
        };
        let subgraphs: Json = texts.subgraphs.iter().map(subgraph).collect();
        let question = Json::from_iter([("subgraphs", subgraphs)]);
        writeln!(self.input, "{question}").expect("the oracle lives");
        self.input.flush().expect("the oracle lives");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("the oracle answers");
        let answer = json::parse(line.trim().as_bytes(), 10).expect("the oracle answers in JSON");
        match answer.get("supergraph").and_then(Json::as_str) {
            Some(supergraph) => Ok(supergraph.to_owned()),
            None => Err(answer.get("why").and_then(Json::as_str).unwrap_or("died").to_owned()),
        }
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.program);
    }
}

fn start(program: &Path) -> (Child, ChildStdin, BufReader<ChildStdout>) {
    let mut child = Command::new("node")
        .arg(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node can be started");
    let input = child.stdin.take().expect("it is piped");
    let output = child.stdout.take().expect("it is piped");
    (child, input, BufReader::new(output))
}
