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
        name: "a scalar of GraphQL that is something else",
        clause: "GraphQL September 2025, 3.5: `Int`, `Float`, `String`, `Boolean` and `ID` are \
                 scalars that GraphQL defines, and no type of another kind has one of their names",
        story: "composition/type-named-int.md",
        matches: |difference| {
            let told = |message: &String| message.contains("is a scalar of GraphQL; it can't be");
            difference.told.iter().any(told)
        },
    },
    Known {
        name: "an extension of another kind",
        clause: "GraphQL September 2025, 3.6.3, 3.7.1, 3.8.1, 3.9.1 and 3.10.1: what is extended is a \
                 type of the kind that the extension names",
        story: "composition/extension-of-another-kind.md",
        matches: |difference| {
            let told = |message: &String| message.contains(", but here it is ");
            difference.told.iter().any(told) && !has(&difference.theirs, "INVALID_GRAPHQL")
        },
    },
    Known {
        name: "a literal of another kind",
        clause: "GraphQL September 2025, 3.5.1, 3.5.3 and 3.5.5: a literal with a fraction is no \
                 `Int`, be the fraction zero, and a bare name is no `String` and no `ID`",
        story: "composition/fraction-for-int.md",
        matches: |difference| {
            let told = |message: &String| {
                ["Int", "String", "ID"]
                    .iter()
                    .any(|scalar| message.contains(&format!("is no value of type `{scalar}")))
            };
            difference.told.iter().any(told)
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
        name: "a key that the subgraph helps to make which it leads to",
        clause: "Apollo, @key: the router fetches the fields of a key from wherever they can be had; \
                 a nested entity's field can be had from the subgraph that the key leads to, by the \
                 key of that entity",
        story: "composition/key-by-way-of-its-subgraph.md",
        matches: |difference| {
            let moves = |message: &String| {
                let mut keys = message.split("using @key(fields: \"").skip(1);
                keys.any(|key| key.split('"').next().is_some_and(|key| key.contains('{')))
                    && message.contains("the key field(s) cannot be resolved from")
            };
            difference.ours == ["COMPOSES"]
                && difference.theirs == ["SATISFIABILITY_ERROR"]
                && difference.messages.iter().all(moves)
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
            let told = |message: &&String| message.starts_with("FIELD_TYPE_MISMATCH");
            let besides = |code: &&String| *code != "FIELD_TYPE_MISMATCH";
            let ours = difference.ours.iter().filter(|code| *code != "COMPOSES");
            let mut mismatches = difference.messages.iter().filter(told);
            difference.theirs.iter().filter(besides).eq(ours)
                && has(&difference.theirs, "FIELD_TYPE_MISMATCH")
                && mismatches.all(|message| go_together(message, &difference.texts))
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
                "KEY_INVALID_FIELDS_TYPE",
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

/// Whether a message names more than two types, of which one holds for all: each of the others is
/// it, or is said in the files to implement it or to be its member.
fn go_together(message: &str, texts: &str) -> bool {
    let mut types: Vec<&str> = message.split("type \"").skip(1).collect();
    types.iter_mut().for_each(|ty| *ty = ty.split('"').next().unwrap_or_default());
    let name = |ty: &str| ty.trim_matches(['[', ']', '!']).to_owned();
    let is = |ty: &str, wide: &str| {
        let (ty, wide) = (name(ty), name(wide));
        let implements = format!("{ty} implements ");
        let mut lines = texts.lines();
        ty == wide
            || lines.any(|line| {
                let object = line.contains(&implements) && line.contains(&wide);
                object || line.contains(&format!("union {wide}")) && line.contains(&ty)
            })
    };
    let holds = |wide: &&str| !wide.contains('!') && types.iter().all(|ty| is(ty, wide));
    types.len() > 2 && types.iter().any(holds)
}

/// The known divergence that explains a difference.
pub(crate) fn explain(difference: &Difference) -> Option<&'static Known> {
    KNOWN.iter().find(|known| (known.matches)(difference))
}
