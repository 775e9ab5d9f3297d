//! Where we differ from the oracle and mean to: counted and printed, not failed. Each has the
//! clause that the oracle breaks, or why what we say is more, and a story that shows it.

use crate::compare::Difference;

/// A known divergence.
pub(crate) struct Known {
    pub(crate) name: &'static str,
    /// The clause of the documentation that the oracle breaks, or what we tell beyond it.
    pub(crate) clause: &'static str,
    /// The story of it, in `router/stories`.
    pub(crate) story: &'static str,
    matches: fn(&Difference) -> bool,
}

pub(crate) const KNOWN: &[Known] = &[
    Known {
        name: "the oracle throws",
        clause: "Apollo, error codes: what is wrong with subgraphs has a code; the oracle ends with \
                 an exception that has none, and bad input is told with a code here",
        story: "composition/query-as-an-interface.md",
        matches: |difference| difference.theirs == ["THROWN"] && difference.ours != ["COMPOSES"],
    },
    Known {
        name: "REST connectors",
        clause: "they are refused with a code of their own, since no subgraph answers for them",
        story: "composition/connectors.md",
        matches: |difference| has(&difference.ours, "CONNECTORS_UNSUPPORTED"),
    },
    Known {
        name: "a link without the URL of a specification",
        clause: "link v1.0, `directive @link(url: String!, …)`: the URL is required, and ends with a \
                 name and a version; the oracle ignores the link, with all that it imports",
        story: "composition/link-without-url.md",
        matches: |difference| {
            let codes = ["INVALID_LINK_DIRECTIVE_USAGE", "INVALID_LINK_IDENTIFIER"];
            let told = |message: &String| {
                message == "A @link has no url." || message.contains("is not the URL of a spec")
            };
            difference.told.iter().any(told)
                && !codes.iter().any(|code| has(&difference.theirs, code))
        },
    },
    Known {
        name: "what stands twice, or in itself",
        clause: "GraphQL September 2025, 3.3, 3.6.1, 3.9 and 3.13: a document has one `schema` \
                 definition at most, the arguments of a field and the values of an enum have names of \
                 their own, and no directive stands in its own definition",
        story: "composition/schema-twice.md",
        matches: |difference| {
            let told = |message: &String| {
                message.ends_with(" twice.") || message.ends_with(" in its own definition.")
            };
            difference.told.iter().any(told) && !has(&difference.theirs, "INVALID_GRAPHQL")
        },
    },
    Known {
        name: "a fraction for a whole number",
        clause: "GraphQL September 2025, 3.5.1: a literal with a fraction is no `Int`, be the \
                 fraction zero",
        story: "composition/fraction-for-int.md",
        matches: |difference| {
            let told = |message: &String| message.contains("is no value of type `Int");
            !difference.told.is_empty()
                && difference.told.iter().all(told)
                && !has(&difference.theirs, "INVALID_GRAPHQL")
        },
    },
    Known {
        name: "a single slicing argument without brackets",
        clause: "GraphQL September 2025, 3.11: a value where a list is wanted is a list of it; the \
                 oracle takes each letter of the name for a name",
        story: "composition/one-slicing-argument.md",
        matches: |difference| {
            let one_letter = |message: &String| {
                let name = message.split('"').nth(1);
                message.contains("Slicing argument") && name.is_some_and(|name| name.len() == 1)
            };
            has(&difference.theirs, "LIST_SIZE_INVALID_SLICING_ARGUMENT")
                && !has(&difference.ours, "LIST_SIZE_INVALID_SLICING_ARGUMENT")
                && difference.messages.iter().any(one_letter)
        },
    },
    Known {
        name: "a narrower type where the query begins",
        clause: "Apollo, value types, differing return types: a shared field may be of an interface \
                 in one subgraph and of a type that implements it in another; a type condition that \
                 the second never meets selects nothing there",
        story: "composition/narrower-type.md",
        matches: |difference| {
            let told = |message: &String| {
                message.contains("cannot find type \"") && !message.contains("cannot find field")
            };
            difference.ours == ["COMPOSES"]
                && difference.theirs == ["SATISFIABILITY_ERROR"]
                && difference.messages.iter().all(told)
        },
    },
    Known {
        name: "a requirement of a field that moves under a label",
        clause: "Apollo, @requires and progressive @override: neither excludes the other; it is \
                 proven for each choice of labels, and what holds for each can be answered",
        story: "composition/required-under-a-label.md",
        matches: |difference| {
            let told = |message: &String| message.contains("cannot satisfy @require conditions");
            difference.ours == ["COMPOSES"]
                && difference.theirs == ["SATISFIABILITY_ERROR"]
                && difference.texts.contains(", label: ")
                && difference.messages.iter().all(told)
        },
    },
    Known {
        name: "types that go together in one order of the subgraphs only",
        clause: "Apollo, differing shared fields: types may differ if one of them holds for all; the \
                 oracle compares two at a time, and refuses or composes by the names of subgraphs",
        story: "composition/types-in-any-order.md",
        matches: |difference| {
            let told = |message: &String| {
                message.contains("is incompatible across subgraphs")
                    && message.contains(" and type ")
            };
            difference.ours == ["COMPOSES"]
                && difference.theirs == ["FIELD_TYPE_MISMATCH"]
                && difference.messages.iter().all(told)
        },
    },
    Known {
        name: "what one path provides and another does not",
        clause: "Apollo, @provides: it holds at the path of the field it stands on; the oracle \
                 composes or refuses by the order of the fields of `Query`",
        story: "composition/provided-on-one-path.md",
        matches: |difference| {
            difference.ours == ["SATISFIABILITY_ERROR"]
                && difference.theirs == ["COMPOSES"]
                && difference.texts.contains("@provides(fields: ")
        },
    },
    Known {
        name: "what follows from mismatched kinds",
        clause: "Apollo, error codes, TYPE_KIND_MISMATCH: the kind is what is wrong; that fields of \
                 one kind are missing in the other follows from it, and is not told again",
        story: "composition/two-kinds.md",
        matches: |difference| {
            let follows = [
                "EXTERNAL_MISSING_ON_BASE",
                "EMPTY_MERGED_INPUT_TYPE",
                "INVALID_FIELD_SHARING",
                "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH",
            ];
            let besides =
                |code: &&String| has(&difference.ours, code) || !follows.contains(&code.as_str());
            has(&difference.ours, "TYPE_KIND_MISMATCH")
                && difference.theirs.iter().filter(besides).eq(&difference.ours)
        },
    },
    Known {
        name: "what is wrong besides",
        clause: "all errors of a run are told; the oracle stops a subgraph at an invalid key of an \
                 interface or of what implements it, at @external beside @provides and at @provides \
                 of a field without fields",
        story: "composition/wrong-besides.md",
        matches: |difference| {
            let stops = [
                "KEY_INVALID_FIELDS",
                "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE",
                "PROVIDES_ON_NON_OBJECT_FIELD",
            ];
            stops.iter().any(|code| has(&difference.theirs, code))
                && difference.theirs.iter().all(|code| has(&difference.ours, code))
        },
    },
    Known {
        name: "a cache tag that stands twice",
        clause: "join v0.5, `@join__directive(graphs:)`: the subgraphs that have the directive; the \
                 oracle names one as often as the tag stands there",
        story: "composition/cache-tag-twice.md",
        matches: |difference| {
            let told = |line: &String| line.contains("name: \"federation__cacheTag\"");
            !difference.lines.is_empty() && difference.lines.iter().all(told)
        },
    },
];

fn has(codes: &[String], code: &str) -> bool {
    codes.iter().any(|known| known == code)
}

/// The known divergence that explains a difference.
pub(crate) fn explain(difference: &Difference) -> Option<&'static Known> {
    KNOWN.iter().find(|known| (known.matches)(difference))
}
