//! Starts the services and the router on free ports, and ends them.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::http::{self, Answer};

/// How long a program may take to start or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// The top of the repository.
pub(crate) fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The router's program.
pub(crate) fn tributary() -> Command {
    command("TRIBUTARY_BIN", "tributary")
}

fn command(variable: &str, name: &str) -> Command {
    let usual = || top().join("target/debug").join(name).into();
    let mut command = Command::new(std::env::var_os(variable).unwrap_or_else(usual));
    command.stdin(Stdio::null());
    command
}

/// A folder for the files of one test, gone with it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tributary-end-to-end-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A program that is ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The six services over a small network.
pub(crate) struct Services {
    _process: Running,
    pub(crate) address: SocketAddr,
}

impl Services {
    /// Starts them with arguments besides those for a small network.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut command = command("SUBGRAPHS_BIN", "subgraphs");
        command.args(["--listen", "127.0.0.1:0", "--users", "300", "--posts", "2000"]);
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = Running(command.spawn().expect("the services are built"));
        let mut lines = BufReader::new(process.0.stdout.take().unwrap()).lines();
        let line = lines.next().expect("the services say where they are").unwrap();
        let address = line.rsplit('/').next().unwrap().parse().unwrap();
        // The rest of its output is read, so that it never waits for a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { _process: process, address }
    }

    /// Asks one service directly.
    #[track_caller]
    pub(crate) fn ask(&self, service: &str, query: &str, variables: Value) -> Value {
        http::ask(self.address, &format!("/{service}/graphql"), query, variables).data()
    }

    /// The repository's configuration, with the address of these services.
    pub(crate) fn configuration(&self) -> String {
        let file = top().join("subgraphs/supergraph.yaml");
        let text = std::fs::read_to_string(file).unwrap();
        let files = format!("file: {}/subgraphs/", top().display());
        text.replace("127.0.0.1:4100", &self.address.to_string()).replace("file: ./", &files)
    }
}

/// A router that is ready.
pub(crate) struct Router {
    process: Running,
    pub(crate) address: SocketAddr,
    pub(crate) admin: SocketAddr,
    _folder: Folder,
}

impl Router {
    /// Starts it with the text of a configuration, in which subgraphs are composed.
    pub(crate) fn start(configuration: &str, arguments: &[&str]) -> Self {
        let folder = Folder::new();
        let file = folder.write("tributary.yaml", configuration);
        let log = std::fs::File::create(folder.path("log")).unwrap();
        let mut command = tributary();
        command.arg("serve").arg("--config").arg(file);
        command.args(["--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"]);
        command.args(arguments).stdout(Stdio::piped()).stderr(log);
        let mut process = Running(command.spawn().expect("the router is built"));
        let mut lines = BufReader::new(process.0.stdout.take().unwrap()).lines();
        let mut address = |name: &str| {
            let line = lines.find_map(|line| line.ok().filter(|line| line.starts_with(name)));
            let log = || std::fs::read_to_string(folder.path("log")).unwrap_or_default();
            let line = line.unwrap_or_else(|| panic!("it does not say {name}: {}", log()));
            let (_, rest) = line.split_once("http://").unwrap();
            rest.split(['/', ' ']).next().unwrap().parse().unwrap()
        };
        let (address, admin) = (address("GraphQL"), address("Admin"));
        std::thread::spawn(move || lines.for_each(drop));
        let mut router = Self { process, address, admin, _folder: folder };
        router.wait_until_ready();
        router
    }

    fn wait_until_ready(&mut self) {
        let began = Instant::now();
        while !http::get(self.admin, "/readyz").is_ok_and(|answer| answer.status == 200) {
            let ended = self.process.0.try_wait().unwrap();
            assert_eq!(ended, None, "the router ended before it was ready");
            assert!(began.elapsed() < PATIENCE, "the router is not ready");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks the router.
    #[track_caller]
    pub(crate) fn ask(&self, query: &str, variables: Value) -> Answer {
        http::ask(self.address, "/graphql", query, variables)
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn terminate(mut self) -> ExitStatus {
        let id = self.process.0.id().to_string();
        let asked = Command::new("sh").args(["-c", "kill -TERM \"$0\"", &id]).status().unwrap();
        assert!(asked.success());
        let began = Instant::now();
        loop {
            if let Some(status) = self.process.0.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "the router does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The services, and a router before them with everything turned on.
pub(crate) fn demo() -> (Services, Router) {
    let services = Services::start(&[]);
    let router = Router::start(&services.configuration(), &["--dev"]);
    (services, router)
}

/// An address that nobody listens on.
pub(crate) fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}
