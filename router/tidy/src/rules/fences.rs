//! What lower crates refuse to know: sockets, files, clocks, the environment, the formats of the
//! edge. A fence is a dependency, a path or a word that stays out.

use super::floors::{Place, place};
use crate::{Finding, Link, Package, Source, Tree};

/// Packages of others that only some crates may use, tests aside, and why.
const PACKAGES: &[(&str, &[&str], &str)] = &[
    (
        "apollo-compiler",
        &["tributary-schema", "tributary-operation", "tributary-testkit"],
        "past validation everything is our own data with ids",
    ),
    ("serde-saphyr", &["tributary-server"], "`server` lifts YAML into each crate's options"),
    (
        "clap",
        &["tributary-server", "tributary-subgraphs", "tributary-loadtests"],
        "only programs read a command line",
    ),
    ("juniper", &["tributary-subgraphs"], "it serves the demo, never the data plane"),
    ("rusqlite", &["tributary-subgraphs"], "it holds the data of the demo"),
];

/// Packages that floors 0 to 3 do without, by the beginning of their names.
const EDGE: &[&str] =
    &["tokio", "hyper", "rustls", "opentelemetry", "prometheus", "tracing-", "fred", "rskafka"];

/// Paths that floors 0 to 3 do without.
const OUTSIDE: &[(&[&str], &str)] = &[
    (&["std", "::", "fs"], "files"),
    (&["std", "::", "net"], "sockets"),
    (&["std", "::", "env"], "the environment"),
    (&["std", "::", "process"], "processes"),
    (&["Instant", "::", "now"], "a clock: take the time as a parameter"),
    (&["SystemTime", "::", "now"], "a clock: take the time as a parameter"),
    (&[".", "elapsed", "("], "a clock: take the time as a parameter"),
    (&["thread", "::", "sleep"], "a clock: take the time as a parameter"),
];

/// Names of others that hold the word of the edge. Everything else with it lives in `server`.
const FOREIGN_NAMES: &[&str] = &["ClientConfig", "with_tls_config", "tls_config"];

/// Checks the dependencies and the text of every crate.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &tree.packages {
        let place = place(&package.name);
        let low = matches!(place, Some(Place::Floor(0..=3)));
        dependencies(package, low, &mut findings);
        for source in tree.sources_in(&package.folder) {
            if low {
                paths(source, &mut findings);
            }
            if matches!(place, Some(Place::Floor(0..=4) | Place::Wing)) {
                word_of_the_edge(source, &mut findings);
            }
        }
    }
    findings
}

fn dependencies(package: &Package, low: bool, findings: &mut Vec<Finding>) {
    let manifest = format!("{}/Cargo.toml", package.folder);
    for dependency in package.dependencies.iter().filter(|one| one.link != Link::Dev) {
        let name = &dependency.name;
        if low && EDGE.iter().any(|edge| name.starts_with(edge)) {
            let message =
                format!("floors 0 to 3 know no `{name}`: take a trait, and implement it in a wing");
            findings.push(Finding::of(&manifest, message));
        }
        for (fenced, allowed, why) in PACKAGES {
            if name == fenced && !allowed.contains(&package.name.as_str()) {
                let message = format!("`{name}` is only for {}: {why}", allowed.join(", "));
                findings.push(Finding::of(&manifest, message));
            }
        }
    }
}

fn paths(source: &Source, findings: &mut Vec<Finding>) {
    for index in source.production() {
        for (path, what) in OUTSIDE {
            if source.matches(index, path) {
                let message =
                    format!("`{}` is not for floors 0 to 3, which know no {what}", path.concat());
                findings.push(Finding::at(&source.path, source.line(index), message));
            }
        }
    }
}

fn word_of_the_edge(source: &Source, findings: &mut Vec<Finding>) {
    for index in source.production().filter(|index| source.is_word(*index)) {
        let name = source.word(index);
        if name.to_ascii_lowercase().contains("config") && !FOREIGN_NAMES.contains(&name) {
            let message = format!("`{name}`: below `server` there are only `Options`; rename it");
            findings.push(Finding::at(&source.path, source.line(index), message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dependency;

    fn check_one(name: &str, needs: &[(&str, Link)], text: &str) -> Vec<Finding> {
        let mut tree = Tree::of(&[("router/x/src/lib.rs", text)]);
        let dependencies = needs
            .iter()
            .map(|(name, link)| Dependency { name: (*name).to_owned(), link: *link })
            .collect();
        let (name, folder) = (name.to_owned(), "router/x".to_owned());
        tree.packages = vec![Package { name, folder, dependencies }];
        check(&tree)
    }

    #[test]
    fn what_stays_behind_its_fence_is_right() {
        let found = check_one(
            "tributary-execute",
            &[("bytes", Link::Normal), ("tokio", Link::Dev)],
            "fn a(now: std::time::Instant, options: &Options) {} // config",
        );
        assert_eq!(found, []);
        let text = "use rustls::ClientConfig; fn a() { Instant::now(); }";
        assert_eq!(check_one("tributary-upstream", &[("tokio", Link::Normal)], text), []);
        assert_eq!(check_one("tributary-server", &[], "struct Config;"), []);
    }

    #[test]
    fn dependencies_of_the_edge_are_wrong_below() {
        assert_eq!(check_one("tributary-plan", &[("tokio", Link::Normal)], "").len(), 1);
        assert_eq!(check_one("tributary-plan", &[("apollo-compiler", Link::Normal)], "").len(), 1);
        assert_eq!(check_one("tributary-engine", &[("serde-saphyr", Link::Normal)], "").len(), 1);
    }

    #[test]
    fn clocks_files_and_words_of_the_edge_are_wrong_below() {
        for text in
            ["use std::fs;", "fn a() { Instant::now() }", "struct Config;", "let b_config = 1;"]
        {
            assert_eq!(check_one("tributary-execute", &[], text).len(), 1, "{text}");
        }
        assert_eq!(check_one("tributary-upstream", &[], "struct PoolConfig;").len(), 1);
    }
}
