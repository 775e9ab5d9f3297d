//! What the tests need from outside the workspace, and how it is fetched.
//!
//! System packages are installed only by root on Debian; anybody else is told the command.

use std::path::{Path, PathBuf};

use crate::chore::Failure;
use crate::command::{self, cargo, find, program, root, run, succeeds, target};

/// The release that the lint file `deny.toml` is written for.
const DENY_VERSION: &str = "0.20.2";

/// Finds cargo-deny, or builds it once into the workspace's cache folder.
///
/// It is built without optimisation: that takes one minute instead of several, and the check
/// itself still ends in a second.
///
/// # Errors
/// When it can't be built.
pub(crate) fn cargo_deny() -> Result<PathBuf, Failure> {
    if let Some(found) = find("cargo-deny") {
        return Ok(found);
    }
    let cache = root().join(".cache/tools").join(format!("cargo-deny-{DENY_VERSION}"));
    let binary = cache.join("bin/cargo-deny");
    if !binary.is_file() {
        println!("cargo-deny {DENY_VERSION} is built once into .cache/tools (about a minute)");
        let folder = cache.to_string_lossy();
        let words = ["install", "cargo-deny", "--version", DENY_VERSION, "--locked", "--debug"];
        let mut install = cargo(&words);
        install.args(["--quiet", "--root", &folder]);
        run(install)?;
    }
    Ok(binary)
}

/// Installs the oracle of composition, an npm package, into the folder that cargo builds into,
/// unless this very lock file was installed there before.
///
/// # Errors
/// When there is no npm and it can't be installed, or the packages can't be fetched.
pub(crate) fn oracle() -> Result<PathBuf, Failure> {
    let npm = NPM.provide()?;
    let from = root().join("router/compose/tests/differential/oracle");
    let folder = target().join("oracle");
    let read = |folder: &Path, name: &str| {
        let path = folder.join(name);
        std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let lock = read(&from, "package-lock.json")?;
    // npm writes this file last, so that a broken installation is done again.
    let installed = folder.join("node_modules/.package-lock.json").is_file();
    if installed && read(&folder, "package-lock.json").is_ok_and(|found| found == lock) {
        return Ok(folder);
    }
    let write = |name: &str, text: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
    };
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    write("package.json", &read(&from, "package.json")?)?;
    write("package-lock.json", &lock)?;
    let mut install = program(npm, &["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    install.current_dir(&folder);
    run(install)?;
    Ok(folder)
}

/// A program that a Debian package brings.
pub(crate) struct Package {
    /// The name of the package.
    pub(crate) name: &'static str,
    /// The programs by which it is found, the first one wins.
    pub(crate) programs: &'static [&'static str],
}

/// What installs packages of Node.js; its Debian package brings Node.js along.
const NPM: Package = Package { name: "npm", programs: &["npm"] };

/// The browser in which the tests open the GraphiQL page.
pub(crate) const BROWSER: Package =
    Package { name: "chromium", programs: &["chromium", "chromium-browser", "google-chrome"] };

impl Package {
    /// Finds the program, or installs its package if that is allowed here.
    ///
    /// # Errors
    /// When it is neither there nor installable: the message holds the command to run.
    pub(crate) fn provide(&self) -> Result<PathBuf, Failure> {
        if let Some(found) = self.find() {
            return Ok(found);
        }
        let by_hand = format!("apt-get install --yes --no-install-recommends {}", self.name);
        if !(is_root() && is_debian()) {
            return Err(format!("{} is missing; install it: sudo {by_hand}", self.name));
        }
        run(program("apt-get", &["update", "--quiet"]))?;
        let words = ["install", "--quiet", "--yes", "--no-install-recommends", self.name];
        let mut install = program("apt-get", &words);
        install.env("DEBIAN_FRONTEND", "noninteractive");
        run(install)?;
        self.find().ok_or_else(|| format!("{} was installed, but is not found", self.name))
    }

    fn find(&self) -> Option<PathBuf> {
        self.programs.iter().find_map(|name| command::find(name))
    }
}

fn is_debian() -> bool {
    Path::new("/etc/debian_version").is_file() && find("apt-get").is_some()
}

fn is_root() -> bool {
    succeeds(program("sh", &["-c", "test \"$(id -u)\" = 0"]))
}
