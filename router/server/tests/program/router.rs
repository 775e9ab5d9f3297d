//! The router as a process.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::client::{self, Answer};
use crate::folder::Folder;
use crate::subgraph::{Mood, POSTS, Subgraph, USERS};

/// The binary, without the environment of whoever runs the tests.
pub(crate) fn tributary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tributary"));
    let ours = |name: &str| name.starts_with("TRIBUTARY_") || name == "NO_COLOR";
    for (name, _) in std::env::vars().filter(|(name, _)| ours(name)) {
        command.env_remove(name);
    }
    command
}

/// A router that serves; it is killed when it is dropped.
pub(crate) struct Router {
    process: Child,
    pub(crate) address: SocketAddr,
    pub(crate) admin: SocketAddr,
    lines: std::thread::JoinHandle<String>,
    _folder: Folder,
}

impl Router {
    /// Serves users and posts with some more lines of configuration.
    pub(crate) fn over(users: &Subgraph, posts: &Subgraph, more: &str, flags: &[&str]) -> Self {
        Self::start(&configuration(&users.url(), &posts.url(), more), flags)
    }

    /// Serves two subgraphs that are fine.
    pub(crate) fn fine(more: &str, flags: &[&str]) -> Self {
        let users = Subgraph::start(USERS, Mood::Fine);
        let posts = Subgraph::start(POSTS, Mood::Fine);
        Self::over(&users, &posts, more, flags)
    }

    pub(crate) fn start(configuration: &str, flags: &[&str]) -> Self {
        let folder = Folder::new();
        let file = folder.write("tributary.yaml", configuration);
        let mut process = serving(&file).args(flags).spawn().unwrap();
        let mut errors = process.stderr.take().unwrap();
        let lines = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = errors.read_to_string(&mut text);
            text
        });
        let out = BufReader::new(process.stdout.take().unwrap());
        let mut addresses = Vec::new();
        for line in out.lines().map_while(Result::ok) {
            if let Some(address) = address(&line) {
                addresses.push(address);
            }
            if line.starts_with("Admin") {
                break;
            }
        }
        let (Some(&address), Some(&admin)) = (addresses.first(), addresses.last()) else {
            panic!("the router ended: {}", lines.join().unwrap());
        };
        Self { process, address, admin, lines, _folder: folder }
    }

    pub(crate) fn ask(&self, query: &str) -> Answer {
        client::ask(self.address, query)
    }

    /// Sees that it still answers.
    #[track_caller]
    pub(crate) fn lives(&self) {
        assert_eq!(client::get(self.admin, "/livez").status, 200);
        assert_eq!(self.ask("{ __typename }").json()["data"]["__typename"], "Query");
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        let status = Command::new("kill").args(["-s", name, &id]).status().unwrap();
        assert!(status.success());
    }

    /// Memory that the process holds, in bytes.
    pub(crate) fn memory(&self) -> usize {
        let path = format!("/proc/{}/status", self.process.id());
        let status = std::fs::read_to_string(path).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1_024
    }

    /// Waits for its end: the status, and what it logged.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                break status;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "the router does not end");
            std::thread::sleep(Duration::from_millis(10));
        };
        let lines = std::mem::replace(&mut self.lines, std::thread::spawn(String::new));
        (status, lines.join().unwrap())
    }

    /// Ends it: what it logged.
    pub(crate) fn log(self) -> String {
        self.signal("TERM");
        self.end().1
    }
}

impl Drop for Router {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn serving(file: &Path) -> Command {
    let mut command = tributary();
    command.arg("serve").arg("--config").arg(file);
    command.args(["--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn address(line: &str) -> Option<SocketAddr> {
    let rest = line.split_once("http://")?.1;
    rest.split(['/', ' ']).next()?.parse().ok()
}

/// A configuration with two subgraphs.
pub(crate) fn configuration(users: &str, posts: &str, more: &str) -> String {
    let one = |name: &str, url: &str, sdl: &str| {
        let sdl = sdl.trim().replace('\n', "\n        ");
        format!("  {name}:\n    routing_url: {url}\n    schema:\n      sdl: |\n        {sdl}\n")
    };
    format!("subgraphs:\n{}{}{more}", one("users", users, USERS), one("posts", posts, POSTS))
}
