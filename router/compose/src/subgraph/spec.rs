//! The specifications that subgraphs link: which directives they bring, since when, and how these
//! are defined.

use std::sync::LazyLock;

use sdl::{DirectiveDefinition, Limits};

use crate::maps::HashMap;

/// A version: major and minor.
pub(crate) type Version = (u32, u32);

/// A directive of a specification.
pub(super) struct Known {
    /// Its name in the specification.
    pub name: &'static str,
    /// The first version of federation that has it.
    pub since: Version,
    /// Whether federation 1 has it.
    pub federation_1: bool,
    /// Its arguments and locations; `FieldSet` and the like stand for the scalars' local names.
    pub definition: &'static str,
}

/// The scalars that definitions use.
pub(super) const SCALARS: &[&str] = &["FieldSet", "Scope", "Policy", "ContextFieldValue"];

/// The first version of federation that has one of its scalars.
pub(super) fn scalar_since(name: &str) -> Option<Version> {
    let since = [("FieldSet", (2, 0)), ("Scope", (2, 5)), ("Policy", (2, 6))];
    let since = since.iter().chain(&[("ContextFieldValue", (2, 8))]);
    since.into_iter().find(|(known, _)| *known == name).map(|(_, version)| *version)
}

/// The latest version of federation that is understood.
pub(super) const LATEST: Version = (2, 14);

/// The identity of the federation specification.
pub(super) const FEDERATION: &str = "https://specs.apollo.dev/federation";
/// Where the specifications are published whose names are read strictly.
pub(super) const OURS: &str = "https://specs.apollo.dev/";
/// The identity of the link specification.
pub(super) const LINK: &str = "https://specs.apollo.dev/link";
/// The identity of the older core specification.
pub(super) const CORE: &str = "https://specs.apollo.dev/core";
/// The identity of REST connectors.
pub(super) const CONNECT: &str = "https://specs.apollo.dev/connect";

const fn known(
    name: &'static str,
    since: Version,
    federation_1: bool,
    definition: &'static str,
) -> Known {
    Known { name, since, federation_1, definition }
}

const ANYWHERE: &str = "on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM";

/// The directives of federation.
pub(super) const DIRECTIVES: &[Known] = &[
    known(
        "key",
        (2, 0),
        true,
        "(fields: FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE",
    ),
    known("requires", (2, 0), true, "(fields: FieldSet!) on FIELD_DEFINITION"),
    known("provides", (2, 0), true, "(fields: FieldSet!) on FIELD_DEFINITION"),
    known("external", (2, 0), true, "(reason: String) on OBJECT | FIELD_DEFINITION"),
    known("extends", (2, 0), true, "on OBJECT | INTERFACE"),
    known(
        "tag",
        (2, 0),
        true,
        "(name: String!) repeatable on FIELD_DEFINITION | INTERFACE | OBJECT | UNION | \
         ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION \
         | SCHEMA",
    ),
    known("shareable", (2, 0), false, "repeatable on OBJECT | FIELD_DEFINITION"),
    known(
        "inaccessible",
        (2, 0),
        false,
        "on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ENUM | ENUM_VALUE | SCALAR | \
         INPUT_OBJECT | INPUT_FIELD_DEFINITION | ARGUMENT_DEFINITION",
    ),
    known("override", (2, 0), false, "(from: String!, label: String) on FIELD_DEFINITION"),
    known("composeDirective", (2, 1), false, "(name: String!) repeatable on SCHEMA"),
    known("interfaceObject", (2, 3), false, "on OBJECT"),
    known("authenticated", (2, 5), false, ANYWHERE),
    known(
        "requiresScopes",
        (2, 5),
        false,
        "(scopes: [[Scope!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM",
    ),
    known(
        "policy",
        (2, 6),
        false,
        "(policies: [[Policy!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM",
    ),
    known("context", (2, 8), false, "(name: String!) repeatable on INTERFACE | OBJECT | UNION"),
    known("fromContext", (2, 8), false, "(field: ContextFieldValue) on ARGUMENT_DEFINITION"),
    known(
        "cost",
        (2, 9),
        false,
        "(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | \
         INPUT_FIELD_DEFINITION | OBJECT | SCALAR",
    ),
    known(
        "listSize",
        (2, 9),
        false,
        "(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], \
         requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION",
    ),
    known("cacheTag", (2, 12), false, "(format: String!) repeatable on OBJECT | FIELD_DEFINITION"),
];

/// How directives were defined before some version.
const EARLIER: &[(&str, Version, &str)] = &[
    ("override", (2, 7), "(from: String!) on FIELD_DEFINITION"),
    ("shareable", (2, 2), "on OBJECT | FIELD_DEFINITION"),
    (
        "tag",
        (2, 3),
        "(name: String!) repeatable on FIELD_DEFINITION | INTERFACE | OBJECT | UNION | \
         ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION",
    ),
];

/// The specifications besides federation whose directives can be linked by themselves, with the
/// last of their versions, all of which are `v0.…`.
pub(super) const OTHERS: &[(&str, &[&str], u32)] = &[
    ("https://specs.apollo.dev/tag", &["tag"], 3),
    ("https://specs.apollo.dev/inaccessible", &["inaccessible"], 2),
    ("https://specs.apollo.dev/authenticated", &["authenticated"], 1),
    ("https://specs.apollo.dev/requiresScopes", &["requiresScopes"], 1),
    ("https://specs.apollo.dev/policy", &["policy"], 1),
    ("https://specs.apollo.dev/cost", &["cost", "listSize"], 1),
];

/// The directive of a name.
pub(super) fn directive(name: &str) -> Option<&'static Known> {
    DIRECTIVES.iter().find(|known| known.name == name)
}

/// Directives that the supergraph keeps without being asked to.
pub(super) const MERGED: &[&str] = &[
    "tag",
    "inaccessible",
    "deprecated",
    "specifiedBy",
    "cost",
    "listSize",
    "authenticated",
    "requiresScopes",
    "policy",
    "cacheTag",
];

/// How a directive of a known specification is defined, under its own name; scalars have the names
/// of the specification as well.
pub(super) fn definition(
    name: &str,
    version: Option<Version>,
) -> Option<&'static DirectiveDefinition> {
    static OLD: LazyLock<Vec<DirectiveDefinition>> = LazyLock::new(|| {
        let read = |(name, _, text): &(&str, Version, &str)| {
            definitions(&format!("directive @{name} {text}")).pop()
        };
        EARLIER.iter().filter_map(read).collect()
    });
    let old = |(known, since, _): &(&str, Version, &str)| {
        *known == name && version.is_some_and(|version| version < *since)
    };
    if let Some(old) = EARLIER.iter().position(old) {
        return OLD.get(old);
    }
    static ALL: LazyLock<HashMap<&str, DirectiveDefinition>> = LazyLock::new(|| {
        let read = |known: &'static Known| {
            let text = format!("directive @{} {}", known.name, known.definition);
            Some((known.name, definitions(&text).pop()?))
        };
        DIRECTIVES.iter().filter_map(read).collect()
    });
    ALL.get(name)
}

/// How the directives that GraphQL itself has are defined. `@oneOf` is not among them: a supergraph
/// would lose it, since no specification says how it is joined.
pub(super) fn built_in() -> &'static [DirectiveDefinition] {
    static ALL: LazyLock<Vec<DirectiveDefinition>> = LazyLock::new(|| {
        definitions(
            "directive @skip(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
             directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
             directive @deprecated(reason: String = \"No longer supported\") on
                FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
             directive @specifiedBy(url: String!) on SCALAR",
        )
    });
    &ALL
}

/// How `@link` is defined.
pub(super) fn link() -> &'static DirectiveDefinition {
    static LINK: LazyLock<Vec<DirectiveDefinition>> = LazyLock::new(|| {
        definitions(
            "directive @link(url: String, feature: String, as: String, for: link__Purpose, \
             import: [link__Import]) repeatable on SCHEMA",
        )
    });
    &LINK[0]
}

fn definitions(text: &str) -> Vec<DirectiveDefinition> {
    let limits = Limits { bytes: 1 << 16, tokens: 1 << 12, nesting: 8 };
    let document = sdl::parse(text, limits);
    document.expect("invariant: definitions of specifications are GraphQL").directives
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_definition_is_read() {
        for known in DIRECTIVES {
            let read = definition(known.name, None).expect("it is in the table");
            assert!(!read.locations.is_empty(), "{}", known.name);
        }
        assert_eq!(built_in().len(), 4);
        assert!(link().repeatable);
    }
}
