//! No module cycles inside a crate: what a module needs stands below it or beside it, never both
//! above and below.
//!
//! A module is a file. It needs another when production code names something that the other
//! defines: through `crate::`, `super::`, `self::`, or a child module. What a module only re-exports
//! belongs to the module that defines it, so a `mod.rs` or `lib.rs` that is a mere door needs
//! nothing; and `mod child;` alone is no need. Methods that are called are not seen: only names are.

mod names;

use std::collections::{BTreeMap, BTreeSet};

use self::names::{Modules, Need};
use crate::{Finding, Source, Tree};

/// Finds modules that need each other.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &tree.packages {
        let folder = format!("{}/src", package.folder);
        let sources: Vec<&Source> =
            tree.sources_in(&folder).filter(|source| !source.is_test).collect();
        let modules = Modules::new(&folder, &sources);
        for cycle in cycles(&modules.needs()) {
            let first = &cycle[0];
            let told = cycle.iter().map(|need| modules.tell(need)).collect::<Vec<_>>().join("; ");
            let message = format!(
                "modules need each other: {told}. Move what both need into a module of its own"
            );
            findings.push(Finding::at(modules.path(first.from), first.line, message));
        }
    }
    findings
}

/// For each group of modules that reach each other, one shortest cycle.
fn cycles(needs: &[Need]) -> Vec<Vec<Need>> {
    let mut outgoing: BTreeMap<usize, Vec<&Need>> = BTreeMap::new();
    for need in needs {
        outgoing.entry(need.from).or_default().push(need);
    }
    let mut told: BTreeSet<usize> = BTreeSet::new();
    let mut found = Vec::new();
    for start in outgoing.keys() {
        if told.contains(start) {
            continue;
        }
        let Some(cycle) = shortest_cycle(*start, &outgoing) else { continue };
        told.extend(cycle.iter().map(|need| need.from));
        found.push(cycle);
    }
    found
}

/// The shortest way from a module back to itself, breadth first.
fn shortest_cycle(start: usize, outgoing: &BTreeMap<usize, Vec<&Need>>) -> Option<Vec<Need>> {
    let mut came_by: BTreeMap<usize, &Need> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for need in outgoing.get(&at).into_iter().flatten() {
            if came_by.contains_key(&need.to) {
                continue;
            }
            came_by.insert(need.to, need);
            if need.to == start {
                return Some(way_back(start, &came_by));
            }
            queue.push_back(need.to);
        }
    }
    None
}

fn way_back(start: usize, came_by: &BTreeMap<usize, &Need>) -> Vec<Need> {
    let mut way = Vec::new();
    let mut at = start;
    while way.is_empty() || at != start {
        let need = came_by[&at];
        way.push(need.clone());
        at = need.from;
    }
    way.reverse();
    way
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Package;

    fn check_files(files: &[(&str, &str)]) -> Vec<Finding> {
        let mut tree = Tree::of(files);
        let (name, folder) = ("tributary-x".to_owned(), "x".to_owned());
        tree.packages = vec![Package { name, folder, dependencies: Vec::new() }];
        check(&tree)
    }

    #[test]
    fn a_door_that_re_exports_is_no_cycle() {
        let found = check_files(&[
            ("x/src/lib.rs", "mod a;\nmod b;\npub use a::A;\npub use b::{self as c, B};"),
            ("x/src/a.rs", "use crate::B;\nstruct A;"),
            ("x/src/b.rs", "struct B;"),
        ]);
        assert_eq!(found, []);
    }

    #[test]
    fn a_parent_that_calls_its_children_is_no_cycle() {
        let found = check_files(&[
            ("x/src/lib.rs", "mod a;\nmod b;\npub fn go() { a::run(); }"),
            ("x/src/a/mod.rs", "mod deep;\nuse super::b;\npub fn run() { deep::run(); b::run(); }"),
            ("x/src/a/deep.rs", "use crate::b::run as other;\npub fn run() { other(); }"),
            ("x/src/b.rs", "pub fn run() {}\n#[cfg(test)]\nmod tests { use crate::go; }"),
        ]);
        assert_eq!(found, []);
    }

    #[test]
    fn siblings_that_need_each_other_are_a_cycle() {
        let found = check_files(&[
            ("x/src/lib.rs", "mod a;\nmod b;\npub use a::A;"),
            ("x/src/a.rs", "use crate::b::B;\npub struct A(B);"),
            ("x/src/b.rs", "pub struct B;\nfn f() -> super::A {}"),
        ]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].path.as_str(), found[0].line), ("x/src/a.rs", 1));
        assert!(found[0].message.contains("`a` needs `b` (x/src/a.rs:1)"), "{}", found[0].message);
        assert!(found[0].message.contains("`b` needs `a` (x/src/b.rs:2)"), "{}", found[0].message);
    }

    #[test]
    fn a_child_that_needs_a_parent_that_needs_it_is_a_cycle() {
        let found = check_files(&[
            ("x/src/lib.rs", "mod a;\npub struct Top;\nfn f() { a::run() }"),
            ("x/src/a.rs", "use super::Top;\npub fn run() -> Top {}"),
        ]);
        assert_eq!(found.len(), 1, "{found:?}");
    }
}
