//! The crates of the workspace and how they depend on each other, as cargo tells it.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// A crate of the workspace.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its folder, from the top of the repository.
    pub folder: String,
    /// What it depends on.
    pub dependencies: Vec<Dependency>,
}

/// What a crate depends on.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// The name of the other package.
    pub name: String,
    /// What for.
    pub link: Link,
}

/// What a dependency is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// For the product.
    Normal,
    /// For tests.
    Dev,
    /// For the build script.
    Build,
}

/// Asks cargo, without the network.
///
/// # Errors
/// When cargo fails or its answer is not understood.
pub(crate) fn read(top: &Path) -> Result<Vec<Package>, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let words = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
    let output = Command::new(cargo).args(words).current_dir(top).output();
    let output = output.map_err(|error| format!("cargo metadata: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let answer: Value =
        serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    let packages = answer["packages"].as_array().ok_or("cargo metadata lists no packages")?;
    Ok(packages.iter().map(|package| self::package(package, top)).collect())
}

fn package(package: &Value, top: &Path) -> Package {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let manifest = text(&package["manifest_path"]);
    let folder = Path::new(&manifest).parent().unwrap_or(top);
    let folder = folder.strip_prefix(top).unwrap_or(folder).to_string_lossy().into_owned();
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    let dependencies = dependencies.map(|dependency| Dependency {
        name: text(&dependency["name"]),
        link: match dependency["kind"].as_str() {
            Some("dev") => Link::Dev,
            Some("build") => Link::Build,
            _ => Link::Normal,
        },
    });
    Package { name: text(&package["name"]), folder, dependencies: dependencies.collect() }
}
