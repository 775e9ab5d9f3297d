//! The bed on which routers are measured: subgraphs, the files that routers and load read, and one
//! measurement.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use super::numbers::{cpu_seconds, megabytes, peak, resident};
use super::process::{Core, Running, free_port, get, pinned, printed, tool, wait_for};
use super::rivals::{Rival, Setting, Sharing};
use crate::chore::Failure;
use crate::command::{cargo, run as execute, target};

/// Builds what is measured, and what measures: always both at once, since cargo would build what
/// they share anew for each alone.
pub(super) fn build() -> Result<(), Failure> {
    let packages = ["--package", "tributary-server", "--package", "tributary-loadtests"];
    let mut build = cargo(&["build", "--release"]);
    build.args(packages);
    execute(build)
}

/// Subgraphs that run, and the supergraph over them.
pub(super) struct Bed {
    subgraphs: Running,
    /// Where the subgraphs listen.
    pub port: u16,
    folder: PathBuf,
}

/// What is sent.
#[derive(Clone, Copy)]
pub(super) struct Load {
    pub connections: usize,
    pub seconds: usize,
    /// Requests per second; without it, each connection sends when it can.
    pub rate: Option<f64>,
    /// Stop after so many.
    pub count: Option<usize>,
}

/// What a load came to.
#[derive(Clone, Copy)]
pub(super) struct Loaded {
    pub requests: f64,
    pub seconds: f64,
    /// Milliseconds.
    pub p50: f64,
    pub p99: f64,
    /// The 99th percentile of the middle tenth of a second.
    pub typical: f64,
    /// Seconds of processor time that the load used itself.
    cpu: f64,
    /// Answers that were not the expected one.
    pub wrong: f64,
}

impl Loaded {
    pub(super) fn per_second(&self) -> f64 {
        self.requests / self.seconds
    }
}

/// What one round of one router came to.
#[derive(Clone, Copy)]
pub(super) struct Round {
    pub load: Loaded,
    /// Microseconds of the router's processor time for each request.
    pub cpu: f64,
    /// Megabytes: before the first request, and the most.
    pub idle: f64,
    pub memory: f64,
    /// Requests to subgraphs for each request.
    pub calls: f64,
    /// How busy the load's core was, in percent.
    pub busy: f64,
}

impl Bed {
    /// Starts the subgraphs. `public` is a folder with another supergraph for them.
    pub(super) fn make(delay_ms: usize, public: Option<&Path>) -> Result<Self, Failure> {
        let folder = target().join("bench/router");
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let mut command = tool(&["subgraphs", "--delay-ms", &delay_ms.to_string()]);
        let mut subgraphs = Running::start(command.stdout(Stdio::piped()))?;
        let port = subgraphs.first_line()?;
        let port = port.parse().map_err(|_| format!("no port: {port}"))?;
        let bed = Self { subgraphs, port, folder };
        let mut supergraph = tool(&["supergraph", "--port", &port.to_string()]);
        if let Some(public) = public {
            supergraph.arg("--of").arg(public.join("supergraph.graphql"));
        }
        bed.write("supergraph.graphql", &printed(supergraph)?)?;
        Ok(bed)
    }

    /// Where its files are.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn supergraph(&self) -> PathBuf {
        self.folder.join("supergraph.graphql")
    }

    /// Chooses what is sent: an operation, the benchmark's own if there is none, `distinct` times
    /// changed; and works out what must be answered.
    pub(super) fn ask(&self, operation: Option<&Path>, distinct: usize) -> Result<(), Failure> {
        let mut requests = tool(&["requests", "--distinct", &distinct.to_string()]);
        if let Some(operation) = operation {
            requests.arg("--operation").arg(operation);
        }
        self.write("requests.txt", &printed(requests)?)?;
        let mut expected = tool(&["expected", "--supergraph"]);
        expected.arg(self.supergraph()).arg("--requests").arg(self.folder.join("requests.txt"));
        self.write("expected.txt", &printed(expected)?)
    }

    /// Writes a file beside the others; the result is its path.
    pub(super) fn file(&self, name: &str, text: &str) -> Result<PathBuf, Failure> {
        self.write(name, text)?;
        Ok(self.folder.join(name))
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Failure> {
        let file = self.folder.join(name);
        std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))
    }

    /// Starts a router on its core, and measures it after a warm-up.
    pub(super) fn round(
        &self,
        rival: &Rival,
        sharing: Sharing,
        load: Load,
    ) -> Result<Round, Failure> {
        let (router, port) = self.start(rival, sharing)?;
        // What a router does after it listens belongs to its start.
        std::thread::sleep(Duration::from_millis(300));
        let status = format!("/proc/{}/status", router.id());
        let idle = megabytes(resident(&status).unwrap_or(0));
        self.warm_up(port, load)?;
        let measured = self.measure(router.id(), || self.load((port, "/graphql"), load))?;
        Ok(Round { idle, memory: megabytes(peak(&status).unwrap_or(0)), ..measured })
    }

    /// Starts a router; the result is it and its port.
    pub(super) fn start(&self, rival: &Rival, sharing: Sharing) -> Result<(Running, u16), Failure> {
        let port = free_port()?;
        let (supergraph, folder) = (self.supergraph(), self.folder.as_path());
        let setting = Setting { supergraph: &supergraph, folder, port, sharing };
        let mut command = pinned(rival.command(&setting)?, Core::Router);
        let log = std::fs::File::create(self.folder.join(format!("{}.log", rival.name)));
        let log = log.map_err(|error| error.to_string())?;
        let router = Running::start(command.stdout(Stdio::null()).stderr(log))?;
        wait_for(port)?;
        Ok((router, port))
    }

    /// Loads for a second, again until all answers are right: some routers listen before they are
    /// ready.
    pub(super) fn warm_up(&self, port: u16, load: Load) -> Result<(), Failure> {
        let mut last = String::new();
        for _ in 0..5 {
            match self.load((port, "/graphql"), Load { seconds: 1, ..load }) {
                Ok(loaded) if loaded.wrong == 0.0 => return Ok(()),
                Ok(loaded) => last = format!("{} answers were wrong", loaded.wrong),
                Err(why) => last = why,
            }
        }
        Err(format!("no second of the warm-up was without wrong answers: {last}"))
    }

    /// What a process and the subgraphs did while a load ran.
    pub(super) fn measure(
        &self,
        process: u32,
        run: impl FnOnce() -> Result<Loaded, Failure>,
    ) -> Result<Round, Failure> {
        let used = || cpu_seconds(process).ok_or("the router has ended".to_owned());
        let loads = || cpu_seconds(self.subgraphs.id()).unwrap_or(0.0);
        let (before, calls, others) = (used()?, self.calls()?, loads());
        let load = run()?;
        let (cpu, calls, others) = (used()? - before, self.calls()? - calls, loads() - others);
        Ok(Round {
            cpu: cpu * 1e6 / load.requests,
            calls: calls / load.requests,
            busy: (others + load.cpu) / load.seconds * 100.0,
            idle: 0.0,
            memory: 0.0,
            load,
        })
    }

    /// How many requests the subgraphs had so far.
    fn calls(&self) -> Result<f64, Failure> {
        let text = get(self.port, "/calls")?;
        text.trim().parse().map_err(|_| format!("no number of calls: {text}"))
    }

    /// Sends a load to a port and a path.
    pub(super) fn load(&self, (port, path): (u16, &str), load: Load) -> Result<Loaded, Failure> {
        let mut command = tool(&["load", "--path", path, "--requests"]);
        command.arg(self.folder.join("requests.txt"));
        command.arg("--expected").arg(self.folder.join("expected.txt"));
        command.args(["--port", &port.to_string(), "--seconds", &load.seconds.to_string()]);
        command.args(["--connections", &load.connections.to_string()]);
        if let Some(rate) = load.rate {
            command.args(["--rate", &rate.to_string()]);
        }
        if let Some(count) = load.count {
            command.args(["--count", &count.to_string()]);
        }
        // It says there what was wrong.
        command.stderr(Stdio::inherit());
        let said = printed(command)?;
        let number = |name: &str| {
            let value = said.split(&format!("\"{name}\":")).nth(1);
            let value = value.and_then(|rest| rest.split([',', '}']).next()?.parse::<f64>().ok());
            value.ok_or_else(|| format!("the load did not say {name}: {said}"))
        };
        Ok(Loaded {
            requests: number("requests")?.max(1.0),
            seconds: number("seconds")?,
            p50: number("p50_us")? / 1_000.0,
            p99: number("p99_us")? / 1_000.0,
            typical: number("typical_p99_us")? / 1_000.0,
            cpu: number("cpu")?,
            wrong: number("wrong")?,
        })
    }
}
