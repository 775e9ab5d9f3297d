//! The repository, read once.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::packages::{self, Package};
use crate::source::Source;

/// Folders that hold nothing of ours.
const FOREIGN: &[&str] = &["target", ".git", ".cache", "node_modules"];

/// A file that is no Rust.
#[derive(Debug)]
pub struct Text {
    /// Its path, from the top of the repository.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The repository.
#[derive(Debug, Default)]
pub struct Tree {
    /// The crates of the workspace.
    pub packages: Vec<Package>,
    /// All Rust files.
    pub sources: Vec<Source>,
    /// All other text files, but for lock files.
    pub texts: Vec<Text>,
    /// All paths, folders included.
    pub paths: HashSet<String>,
}

impl Tree {
    /// Reads the repository whose top folder this is.
    ///
    /// # Errors
    /// When a folder can't be listed or cargo does not tell the crates.
    pub fn read(top: &Path) -> Result<Self, String> {
        let mut files = Vec::new();
        list(top, &mut files).map_err(|error| format!("{}: {error}", top.display()))?;
        let mut tree = Self { packages: packages::read(top)?, ..Self::default() };
        let mut rust = Vec::new();
        for file in files {
            let path = relative(top, &file);
            // In a worktree, this is a file that points to the repository.
            if path == ".git" {
                continue;
            }
            tree.paths.insert(path.clone());
            // What is no UTF-8 is a picture or the like: no rule reads those.
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            match path.ends_with(".rs") {
                true => rust.push((path, text)),
                false if path.ends_with(".lock") => {}
                false => tree.texts.push(Text { path, text }),
            }
        }
        tree.sources = sources(&rust);
        Ok(tree)
    }

    /// A tree of a few Rust files, for the tests of rules.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let own = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        let (rust, other): (Vec<_>, Vec<_>) =
            files.iter().map(own).partition(|(path, _)| path.ends_with(".rs"));
        let mut tree = Self { sources: sources(&rust), ..Self::default() };
        for (path, text) in other {
            tree.paths.insert(path.clone());
            tree.texts.push(Text { path, text });
        }
        tree.paths.extend(rust.into_iter().map(|(path, _)| path));
        tree
    }

    /// The Rust files of one crate, by the folder of the crate.
    pub fn sources_in<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Source> {
        let inside =
            move |path: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        self.sources.iter().filter(move |source| inside(&source.path))
    }
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let is_folder = entry.file_type()?.is_dir();
        if is_folder && FOREIGN.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        files.push(entry.path());
        if is_folder {
            // A folder that vanishes meanwhile is none of ours.
            let _ = list(&entry.path(), files);
        }
    }
    files.sort();
    Ok(())
}

fn relative(top: &Path, file: &Path) -> String {
    let path = file.strip_prefix(top).unwrap_or(file);
    path.to_string_lossy().replace('\\', "/")
}

/// Cuts the files. Those that their parents declare under `#[cfg(test)]`, and those in folders
/// named `tests`, `benches` or `examples` beside `src`, are tests.
fn sources(files: &[(String, String)]) -> Vec<Source> {
    let mut all: Vec<Source> =
        files.iter().map(|(path, text)| Source::new(path, text, !path.contains("src/"))).collect();
    all.sort_by(|left, right| left.path.cmp(&right.path));
    let mut tests: Vec<String> = Vec::new();
    for source in &all {
        let stem = module_folder(&source.path);
        let modules = source.child_modules().into_iter().filter(|(_, is_test)| *is_test);
        tests.extend(modules.map(|(name, _)| format!("{stem}{name}")));
    }
    for source in &mut all {
        let stem = source.path.trim_end_matches(".rs");
        let below = |test: &String| {
            stem.strip_prefix(test.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if tests.iter().any(below) {
            *source = Source::new(&source.path, &source.text, true);
        }
    }
    all
}

/// The folder in which the modules of a file stand, with its last slash.
pub(crate) fn module_folder(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name {
        "lib.rs" | "main.rs" | "mod.rs" => format!("{folder}/"),
        _ => format!("{folder}/{}/", name.trim_end_matches(".rs")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_declared_as_tests_are_tests_with_all_below() {
        let tree = Tree::of(&[
            ("router/x/src/lib.rs", "mod a;\n#[cfg(test)]\nmod tests;"),
            ("router/x/src/a.rs", "fn a() {}"),
            ("router/x/src/tests/mod.rs", "mod deep;"),
            ("router/x/src/tests/deep.rs", "fn b() {}"),
            ("router/x/tests/c.rs", "fn c() {}"),
        ]);
        let tests: Vec<_> =
            tree.sources.iter().filter(|file| file.is_test).map(|file| &*file.path).collect();
        assert_eq!(
            tests,
            ["router/x/src/tests/deep.rs", "router/x/src/tests/mod.rs", "router/x/tests/c.rs"]
        );
    }

    #[test]
    fn modules_stand_in_the_folder_of_their_file() {
        assert_eq!(module_folder("a/src/lib.rs"), "a/src/");
        assert_eq!(module_folder("a/src/b.rs"), "a/src/b/");
        assert_eq!(module_folder("a/src/b/mod.rs"), "a/src/b/");
    }
}
