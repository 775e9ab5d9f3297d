//! Dependencies between our crates point down only. The table of floors is data, here.

use crate::{Finding, Link, Tree};

/// What a crate is in the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A floor of the product; floors see only what is below them.
    Floor(u8),
    /// Implements a port that a floor defines; only `engine` and `server` see it.
    Wing,
    /// Helps tests: the product sees it only as a development dependency.
    Tests,
    /// Stands beside the product and shares no code with it.
    Beside,
}

/// The house. A crate that is not built yet has its floor all the same.
pub const HOUSE: &[(&str, Place)] = &[
    ("tributary-server", Place::Floor(5)),
    ("tributary-engine", Place::Floor(4)),
    ("tributary-execute", Place::Floor(3)),
    ("tributary-subscribe", Place::Floor(3)),
    ("tributary-plan", Place::Floor(2)),
    ("tributary-compose", Place::Floor(2)),
    ("tributary-operation", Place::Floor(1)),
    ("tributary-graph", Place::Floor(1)),
    ("tributary-schema", Place::Floor(0)),
    ("tributary-sdl", Place::Floor(0)),
    ("tributary-json", Place::Floor(0)),
    ("tributary-share", Place::Floor(0)),
    ("tributary-upstream", Place::Wing),
    ("tributary-events", Place::Wing),
    ("tributary-cache", Place::Wing),
    ("tributary-telemetry", Place::Wing),
    ("tributary-registry", Place::Wing),
    ("tributary-testkit", Place::Tests),
    ("tributary-trials", Place::Tests),
    ("tributary-stories", Place::Tests),
    ("tributary-tidy", Place::Tests),
    ("tributary-devbroker", Place::Tests),
    ("tributary-loadtests", Place::Tests),
    ("tributary-subgraphs", Place::Beside),
    ("xtask", Place::Beside),
];

/// The lowest floor that sees the wings.
const SEES_WINGS: u8 = 4;

/// The place of a crate.
pub fn place(name: &str) -> Option<Place> {
    HOUSE.iter().find(|(known, _)| *known == name).map(|(_, place)| *place)
}

/// Checks every dependency of every crate.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &tree.packages {
        let manifest = format!("{}/Cargo.toml", package.folder);
        let Some(from) = place(&package.name) else {
            let message = format!(
                "`{}` has no place in the house: give it a floor in router/tidy/src/rules/floors.rs",
                package.name
            );
            findings.push(Finding::of(&manifest, message));
            continue;
        };
        for dependency in &package.dependencies {
            let Some(to) = place(&dependency.name) else { continue };
            if let Some(why) = refuse(from, to, dependency.link) {
                let message =
                    format!("`{}` must not depend on `{}`: {why}", package.name, dependency.name);
                findings.push(Finding::of(&manifest, message));
            }
        }
    }
    findings
}

/// Why one crate may not depend on the other.
fn refuse(from: Place, to: Place, link: Link) -> Option<&'static str> {
    use Place::{Beside, Floor, Tests, Wing};
    match (from, to) {
        (Beside, _) => Some("it stands beside the product and shares no code with it"),
        (_, Beside) if link == Link::Dev => None,
        (_, Beside) => Some("what stands beside the product is none of its parts"),
        (Tests, _) => None,
        (_, Tests) if link == Link::Dev => None,
        (_, Tests) => Some("it is for tests: move it to [dev-dependencies]"),
        (Floor(upper), Floor(lower)) if upper > lower => None,
        (Floor(_), Floor(lower)) if link == Link::Dev && lower < SEES_WINGS => None,
        (Floor(_), Floor(_)) => Some("dependencies point down only: move what both need lower"),
        (Floor(floor), Wing) if floor >= SEES_WINGS => None,
        (Floor(_), Wing) => Some("only `engine` and `server` see wings: take the port as a trait"),
        (Wing, Floor(floor)) if floor < SEES_WINGS => None,
        (Wing, Floor(_)) => Some("a wing implements a port of a floor below `engine`"),
        (Wing, Wing) => Some("wings do not see each other: let `engine` join them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dependency, Package};

    fn check_one(from: &str, to: &str, link: Link) -> Vec<Finding> {
        let dependencies = vec![Dependency { name: to.to_owned(), link }];
        let name = from.to_owned();
        let package = Package { name, folder: "router/x".to_owned(), dependencies };
        check(&Tree { packages: vec![package], ..Tree::default() })
    }

    #[test]
    fn down_is_right() {
        for (from, to, link) in [
            ("tributary-plan", "tributary-graph", Link::Normal),
            ("tributary-plan", "tributary-compose", Link::Dev),
            ("tributary-upstream", "tributary-execute", Link::Normal),
            ("tributary-engine", "tributary-telemetry", Link::Normal),
            ("tributary-execute", "tributary-testkit", Link::Dev),
            ("tributary-stories", "tributary-testkit", Link::Normal),
            ("tributary-server", "tributary-subgraphs", Link::Dev),
            ("tributary-plan", "thiserror", Link::Normal),
        ] {
            assert_eq!(check_one(from, to, link), [], "{from} -> {to}");
        }
    }

    #[test]
    fn up_sideways_and_across_are_wrong() {
        for (from, to, link) in [
            ("tributary-graph", "tributary-plan", Link::Normal),
            ("tributary-plan", "tributary-compose", Link::Normal),
            ("tributary-plan", "tributary-server", Link::Dev),
            ("tributary-execute", "tributary-upstream", Link::Normal),
            ("tributary-upstream", "tributary-telemetry", Link::Normal),
            ("tributary-upstream", "tributary-engine", Link::Normal),
            ("tributary-execute", "tributary-testkit", Link::Normal),
            ("tributary-subgraphs", "tributary-schema", Link::Normal),
            ("tributary-server", "tributary-subgraphs", Link::Normal),
        ] {
            assert_eq!(check_one(from, to, link).len(), 1, "{from} -> {to}");
        }
    }

    #[test]
    fn a_crate_without_a_place_is_told() {
        assert!(
            check_one("tributary-attic", "serde", Link::Normal)[0].message.contains("no place")
        );
    }
}
