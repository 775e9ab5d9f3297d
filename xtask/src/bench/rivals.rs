//! The routers that are measured, and how each is told to share.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::chore::Failure;
use crate::command::{binary, program};

/// What a router may do once for several requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sharing {
    /// Nothing.
    None,
    /// Identical requests to a subgraph.
    Subgraph,
    /// These, and identical requests of clients.
    Both,
}

impl Sharing {
    pub(super) fn subgraphs(self) -> bool {
        self != Sharing::None
    }

    pub(super) fn clients(self) -> bool {
        self == Sharing::Both
    }
}

/// A router.
pub(super) struct Rival {
    pub name: &'static str,
    program: PathBuf,
    start: Start,
    off: Option<Off>,
}

/// How something of ours is turned off: a variable of the environment, and its value.
pub(super) type Off = (&'static str, &'static str);

/// How the program of a router is started.
type Start = fn(&Path, &Setting<'_>) -> Result<Command, Failure>;

/// What a router serves.
pub(super) struct Setting<'a> {
    pub supergraph: &'a Path,
    /// Where its configuration may be written.
    pub folder: &'a Path,
    pub port: u16,
    pub sharing: Sharing,
}

impl Rival {
    pub(super) fn command(&self, setting: &Setting<'_>) -> Result<Command, Failure> {
        let mut command = (self.start)(&self.program, setting)?;
        command.envs(self.off);
        Ok(command)
    }
}

/// Ourselves, and the others whose programs are on the path.
pub(super) fn all() -> Vec<Rival> {
    let peers: [(&str, &str, Start); 2] =
        [("hive-router", "hive_router", hive), ("apollo-router", "router", apollo)];
    let peers = peers.into_iter().filter_map(|(name, other, start)| {
        let found = on_path(name).or_else(|| on_path(other));
        if found.is_none() {
            println!("neither {name} nor {other} is on the path: it is left out");
        }
        Some(Rival { name, program: found?, start, off: None })
    });
    std::iter::once(ours(None)).chain(peers).collect()
}

/// Ourselves, with something turned off.
pub(super) fn ours(off: Option<Off>) -> Rival {
    Rival { name: "tributary", program: binary("release", "tributary"), start: tributary, off }
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

fn tributary(program_at: &Path, setting: &Setting<'_>) -> Result<Command, Failure> {
    let mut command = program(program_at, &["serve", "--admin-listen", "127.0.0.1:0"]);
    command.arg("--listen").arg(format!("127.0.0.1:{}", setting.port));
    command.arg("--supergraph").arg(setting.supergraph);
    command.env("TRIBUTARY_LOG_FILTER", "warn");
    let (subgraphs, clients) = (setting.sharing.subgraphs(), setting.sharing.clients());
    command.env("TRIBUTARY_TRAFFIC_COALESCE_SUBGRAPH_REQUESTS", subgraphs.to_string());
    command.env("TRIBUTARY_TRAFFIC_COALESCE_CLIENT_REQUESTS", clients.to_string());
    Ok(command)
}

fn hive(program_at: &Path, setting: &Setting<'_>) -> Result<Command, Failure> {
    let text = format!(
        "supergraph:\n  source: file\n  path: {}\nhttp:\n  host: 127.0.0.1\n  port: {}\n\
         log:\n  level: error\n\
         traffic_shaping:\n  all:\n    dedupe_enabled: {}\n  router:\n    dedupe:\n      \
         enabled: {}\n",
        setting.supergraph.display(),
        setting.port,
        setting.sharing.subgraphs(),
        setting.sharing.clients(),
    );
    let file = write(setting, "hive.yaml", &text)?;
    let mut command = program(program_at, &[]);
    command.env("ROUTER_CONFIG_FILE_PATH", file);
    Ok(command)
}

fn apollo(program_at: &Path, setting: &Setting<'_>) -> Result<Command, Failure> {
    // It does not share requests of clients.
    let text = format!(
        "supergraph:\n  listen: 127.0.0.1:{}\n  path: /graphql\ntraffic_shaping:\n  all:\n    \
         deduplicate_query: {}\n",
        setting.port,
        setting.sharing.subgraphs(),
    );
    let file = write(setting, "apollo.yaml", &text)?;
    let mut command = program(program_at, &["--log", "error", "--config"]);
    command.arg(file).arg("--supergraph").arg(setting.supergraph);
    Ok(command)
}

fn write(setting: &Setting<'_>, name: &str, text: &str) -> Result<PathBuf, Failure> {
    let file = setting.folder.join(name);
    std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(file)
}
