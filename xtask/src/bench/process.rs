//! The processes of a benchmark: each on a core of its own choice, ended by their ids.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::chore::Failure;
use crate::command::{binary, program};

/// Where a process runs.
#[derive(Clone, Copy)]
pub(super) enum Core {
    /// The core of the router that is measured.
    Router,
    /// The core of all the rest.
    Load,
}

/// Our tool with these words, on the core of the load.
pub(super) fn tool(words: &[&str]) -> Command {
    pinned(program(binary("release", "tributary-loadtests"), words), Core::Load)
}

/// What a command prints.
///
/// # Errors
/// When it fails; the message is what it said.
pub(super) fn printed(mut command: Command) -> Result<String, Failure> {
    let output = command.output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

/// A command that runs on one core only.
pub(super) fn pinned(command: Command, core: Core) -> Command {
    let router = cores().router;
    let core = match core {
        Core::Router => router,
        Core::Load => 1 - router,
    };
    let mut pinned = program("taskset", &["-c", &core.to_string()]);
    pinned.arg(command.get_program()).args(command.get_args());
    pinned.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    pinned
}

/// Which of the two cores is the router's, and how steady both are.
pub(super) struct Cores {
    pub router: usize,
    /// For each core, the milliseconds a second in which it was stopped or another's.
    pub stopped: [f64; 2],
}

/// The steadier core is the router's, so that what stops a core isn't taken for a router's doing:
/// a host may stop a virtual core for milliseconds every second, and always the same one.
pub(super) fn cores() -> &'static Cores {
    const SECONDS: f64 = 2.5;
    static CORES: OnceLock<Cores> = OnceLock::new();
    CORES.get_or_init(|| {
        let look = |core: usize| {
            std::thread::spawn(move || {
                let tool = program(binary("release", "tributary-loadtests"), &["stopped"]);
                let mut pinned = program("taskset", &["-c", &core.to_string()]);
                pinned.arg(tool.get_program()).args(tool.get_args());
                pinned.args(["--seconds", &SECONDS.to_string()]);
                printed(pinned).ok().and_then(|text| text.trim().parse::<f64>().ok())
            })
        };
        let stopped = [look(0), look(1)].map(|thread| {
            thread.join().ok().flatten().map_or(0.0, |milliseconds| milliseconds / SECONDS)
        });
        Cores { router: usize::from(stopped[1] < stopped[0]), stopped }
    })
}

/// A process that ends with this value.
pub(super) struct Running {
    child: Child,
}

impl Running {
    pub(super) fn start(command: &mut Command) -> Result<Self, Failure> {
        let child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
        Ok(Self { child })
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(super) fn first_line(&mut self) -> Result<String, Failure> {
        let out = self.child.stdout.take().ok_or("it has no output")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line).map_err(|error| error.to_string())?;
        Ok(line.trim().to_owned())
    }

    /// Asks it to end, and waits until it has.
    ///
    /// # Errors
    /// When it can't be asked, or doesn't end within a minute.
    pub(super) fn end(mut self) -> Result<(), Failure> {
        let process = self.id().to_string();
        printed(program("kill", &["-TERM", &process]))?;
        let started = Instant::now();
        while self.child.try_wait().map_err(|error| error.to_string())?.is_none() {
            if started.elapsed() > Duration::from_secs(60) {
                return Err(format!("process {process} does not end"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(super) fn free_port() -> Result<u16, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    listener.local_addr().map(|address| address.port()).map_err(|error| error.to_string())
}

/// Waits until something listens on a port.
pub(super) fn wait_for(port: u16) -> Result<(), Failure> {
    let started = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if started.elapsed() > Duration::from_secs(60) {
            return Err(format!("nothing listens on port {port} after a minute"));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// The body that a server on this machine gives.
pub(super) fn get(port: u16, path: &str) -> Result<String, Failure> {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        Ok(text)
    };
    let text = ask().map_err(|error| error.to_string())?;
    Ok(text.rsplit("\r\n\r\n").next().unwrap_or_default().to_owned())
}
