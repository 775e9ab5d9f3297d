//! `cargo xtask bench router`: our router beside others, on the same requests over the same
//! subgraphs.
//!
//! The router that is measured has one core, the subgraphs and the load have the other. Rounds of
//! the routers take turns, each in a process of its own that was warmed up, so that whatever else
//! the machine does hits all. The processor time is that of the router's process, as the kernel
//! counts it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::numbers::{cpu_seconds, median, megabytes, peak};
use super::rivals::{Rival, Setting, Sharing, all};
use crate::chore::Failure;
use crate::command::{binary, cargo, program, run as execute, target};
use crate::options::Options;
use crate::terminal;

/// What is sent, and what may be shared.
const MODES: [(&str, Sharing, usize); 4] = [
    ("nothing shared", Sharing::None, 0),
    ("subgraph requests shared", Sharing::Subgraph, 0),
    ("subgraph and client requests shared", Sharing::Both, 0),
    ("100 distinct operations, all shared", Sharing::Both, 100),
];

/// Runs it.
///
/// # Errors
/// When an argument is unknown, or a program fails.
pub(super) fn run(arguments: &[String]) -> Result<(), Failure> {
    let names = ["--rounds", "--seconds", "--connections", "--delay-ms", "--public"];
    let options = Options::parse(arguments, &names)?;
    for package in ["tributary-server", "tributary-loadtests"] {
        execute(cargo(&["build", "--release", "--package", package]))?;
    }
    let folder = target().join("bench/router");
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let mut subgraphs = tool(Core::Load, &["subgraphs", "--delay-ms"]);
    subgraphs.arg(options.number("--delay-ms", 0)?.to_string());
    let mut subgraphs = Running::start(subgraphs.stdout(Stdio::piped()))?;
    let port = subgraphs.first_line()?.trim().to_owned();
    let bench = Bench {
        rounds: options.number("--rounds", 3)?.max(1),
        seconds: options.number("--seconds", 5)?.max(1),
        connections: options.number("--connections", 50)?.max(1),
        public: options.text("--public").map(PathBuf::from),
        port: port.parse().map_err(|_| format!("no port: {port}"))?,
        subgraphs: subgraphs.child.id(),
        folder,
    };
    bench.write(
        "supergraph.graphql",
        &["supergraph", "--port", &port],
        "supergraph.graphql",
        "--of",
    )?;
    let rivals = all();
    for (title, sharing, distinct) in MODES {
        let count = distinct.to_string();
        let words = ["requests", "--distinct", &count];
        bench.write("requests.txt", &words, "operation.graphql", "--operation")?;
        bench.mode(title, sharing, &rivals)?;
    }
    Ok(())
}

struct Bench {
    rounds: usize,
    seconds: usize,
    connections: usize,
    /// A folder with another supergraph and operation for the same subgraphs.
    public: Option<PathBuf>,
    /// The port of the subgraphs, and their process.
    port: u16,
    subgraphs: u32,
    folder: PathBuf,
}

/// What one round of one router came to.
struct Round {
    per_second: f64,
    p50: f64,
    p99: f64,
    /// Microseconds of the router's processor time for each request.
    cpu: f64,
    memory: f64,
    /// Requests to subgraphs for each request.
    calls: f64,
    /// How busy the load's core was, in percent.
    busy: f64,
}

impl Bench {
    /// Writes what our tool prints to a file; `option` names the file of the public benchmark.
    fn write(&self, name: &str, words: &[&str], public: &str, option: &str) -> Result<(), Failure> {
        let mut command = tool(Core::Load, words);
        if let Some(folder) = &self.public {
            command.arg(option).arg(folder.join(public));
        }
        let output = command.output().map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        std::fs::write(self.folder.join(name), output.stdout).map_err(|error| error.to_string())
    }

    fn mode(&self, title: &str, sharing: Sharing, rivals: &[Rival]) -> Result<(), Failure> {
        println!("\n{}", terminal::bold(title));
        println!(
            "  round  router           req/s    p50 ms    p99 ms   CPU µs/req   peak MB  calls/req  load core"
        );
        let mut rounds: Vec<Vec<Round>> = rivals.iter().map(|_| Vec::new()).collect();
        for number in 1..=self.rounds {
            for (rival, rounds) in rivals.iter().zip(&mut rounds) {
                let round = self.round(rival, sharing)?;
                println!(
                    "  {number:>5}  {:<13} {:>8.0} {:>9.2} {:>9.2} {:>12.1} {:>9.1} {:>10.2} {:>8.0} %",
                    rival.name,
                    round.per_second,
                    round.p50,
                    round.p99,
                    round.cpu,
                    round.memory,
                    round.calls,
                    round.busy
                );
                rounds.push(round);
            }
        }
        if let Some((ours, others)) = rounds.split_first() {
            for (rival, theirs) in rivals.iter().skip(1).zip(others) {
                let of = |what: fn(&Round) -> f64| {
                    let ratios =
                        ours.iter().zip(theirs).map(|(our, their)| what(our) / what(their));
                    median(ratios.collect())
                };
                println!(
                    "  beside {}, median of the rounds' ratios: {:.2} of the CPU, {:.2} of the requests per second, {:.2} of the p99, {:.2} of the memory",
                    rival.name,
                    of(|round| round.cpu),
                    of(|round| round.per_second),
                    of(|round| round.p99),
                    of(|round| round.memory)
                );
            }
        }
        Ok(())
    }

    fn round(&self, rival: &Rival, sharing: Sharing) -> Result<Round, Failure> {
        let port = free_port()?;
        let supergraph = self.folder.join("supergraph.graphql");
        let setting = Setting { supergraph: &supergraph, folder: &self.folder, port, sharing };
        let mut command = pinned(rival.command(&setting)?, Core::Router);
        let log = std::fs::File::create(self.folder.join(format!("{}.log", rival.name)));
        let log = log.map_err(|error| error.to_string())?;
        let router = Running::start(command.stdout(Stdio::null()).stderr(log))?;
        wait_for(port)?;
        self.warm_up(port)?;
        let process = router.child.id();
        let used = || cpu_seconds(process).ok_or("the router has ended".to_owned());
        let loads = || cpu_seconds(self.subgraphs).unwrap_or(0.0);
        let (before, calls, load) = (used()?, self.calls()?, loads());
        let said = self.load(port, self.seconds)?;
        let (cpu, calls, load) = (used()? - before, self.calls()? - calls, loads() - load);
        let number = |name: &str| {
            let value = said.said.split(&format!("\"{name}\":")).nth(1);
            let value = value.and_then(|rest| rest.split([',', '}']).next()?.parse::<f64>().ok());
            value.ok_or_else(|| format!("the load did not say {name}: {}", said.said))
        };
        if number("wrong")? > 0.0 {
            return Err(format!("{} answered wrongly: {}", rival.name, said.said));
        }
        let (requests, seconds) = (number("requests")?, number("seconds")?);
        Ok(Round {
            per_second: requests / seconds,
            p50: number("p50_us")? / 1_000.0,
            p99: number("p99_us")? / 1_000.0,
            cpu: cpu * 1e6 / requests,
            memory: megabytes(peak(&format!("/proc/{process}/status")).unwrap_or(0)),
            calls: calls / requests,
            busy: (load + said.cpu) / seconds * 100.0,
        })
    }

    /// Loads for a second, again until all answers are right: some routers listen before they are
    /// ready.
    fn warm_up(&self, port: u16) -> Result<(), Failure> {
        for _ in 0..10 {
            if self.load(port, 1)?.said.contains("\"wrong\":0}") {
                return Ok(());
            }
        }
        Err("no second of the warm-up was without wrong answers".to_owned())
    }

    /// How many requests the subgraphs had so far.
    fn calls(&self) -> Result<f64, Failure> {
        let text = get(self.port, "/calls").map_err(|error| error.to_string())?;
        let body = text.rsplit("\r\n\r\n").next().unwrap_or_default();
        body.trim().parse().map_err(|_| format!("no number of calls: {text}"))
    }

    fn load(&self, port: u16, seconds: usize) -> Result<Loaded, Failure> {
        let mut load = tool(Core::Load, &["load", "--requests"]);
        load.arg(self.folder.join("requests.txt"));
        load.args(["--port", &port.to_string(), "--seconds", &seconds.to_string()]);
        load.args(["--connections", &self.connections.to_string()]);
        let output = load.output().map_err(|error| error.to_string())?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let cpu = said.split("\"cpu\":").nth(1).and_then(|rest| rest.split([',', '}']).next());
        let cpu = cpu.and_then(|text| text.parse().ok()).unwrap_or(0.0);
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        Ok(Loaded { said, cpu })
    }
}

/// What the load said, and the processor time that it used.
struct Loaded {
    said: String,
    cpu: f64,
}

/// Where a process runs.
#[derive(Clone, Copy)]
enum Core {
    Router,
    Load,
}

/// Our tool with these words, on the core of the load.
fn tool(core: Core, words: &[&str]) -> Command {
    pinned(program(binary("release", "tributary-loadtests"), words), core)
}

/// A command that runs on one core only.
fn pinned(command: Command, core: Core) -> Command {
    let core = match core {
        Core::Router => "0",
        Core::Load => "1",
    };
    let mut pinned = program("taskset", &["-c", core]);
    pinned.arg(command.get_program()).args(command.get_args());
    pinned.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    pinned
}

/// A process that ends with this value.
struct Running {
    child: Child,
}

impl Running {
    fn start(command: &mut Command) -> Result<Self, Failure> {
        let child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
        Ok(Self { child })
    }

    fn first_line(&mut self) -> Result<String, Failure> {
        let out = self.child.stdout.take().ok_or("it has no output")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line).map_err(|error| error.to_string())?;
        Ok(line)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> Result<u16, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    listener.local_addr().map(|address| address.port()).map_err(|error| error.to_string())
}

/// Waits until something listens on a port.
fn wait_for(port: u16) -> Result<(), Failure> {
    let started = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if started.elapsed() > Duration::from_secs(30) {
            return Err(format!("nothing listens on port {port} after 30 seconds"));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn get(port: u16, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    Ok(text)
}
