//! Where we differ from the oracle and mean to, or know it and have yet to decide: counted and
//! printed, not failed.

use crate::compare::Difference;

/// A known divergence.
pub(crate) struct Known {
    pub(crate) name: &'static str,
    /// The clause of the documentation that the oracle breaks, or another reason.
    pub(crate) reason: &'static str,
    matches: fn(&Difference) -> bool,
}

const KNOWN: &[Known] = &[
    Known {
        name: "the oracle throws",
        reason: "bad input is told with a code; the oracle ends with an exception that has none",
        matches: |difference| difference.theirs == ["THROWN"] && difference.ours != ["COMPOSES"],
    },
    Known {
        name: "an external field of a type of mismatched kinds",
        reason: "the kind is what is wrong; what else differs between the two follows from it",
        matches: |difference| {
            let theirs =
                difference.theirs.iter().filter(|code| *code != "EXTERNAL_MISSING_ON_BASE");
            difference.ours.iter().any(|code| code == "TYPE_KIND_MISMATCH")
                && theirs.eq(&difference.ours)
        },
    },
    Known {
        name: "an extension of federation 1 that nothing is left of and that nobody defines",
        reason: "undecided: both refuse; the oracle also tells that its fields are unused",
        matches: |difference| {
            difference.ours == ["EXTENSION_WITH_NO_BASE"]
                && difference.theirs == ["EXTENSION_WITH_NO_BASE", "TYPE_WITH_ONLY_UNUSED_EXTERNAL"]
        },
    },
    Known {
        name: "a requirement of a field that moves under a label",
        reason: "it is proven for each choice of labels, and what holds for each can be answered",
        matches: |difference| {
            let told = |message: &String| message.contains("cannot satisfy @require conditions");
            difference.ours == ["COMPOSES"]
                && difference.theirs == ["SATISFIABILITY_ERROR"]
                && difference.labels
                && difference.messages.iter().all(told)
        },
    },
    Known {
        name: "what is wrong besides",
        reason: "the oracle stops at an invalid key of an interface or of what implements it, and \
                 at @external beside @provides; we tell what else is wrong in the same run",
        matches: |difference| {
            let more = |code: &String| {
                difference.theirs.contains(code)
                    || [
                        "INTERFACE_KEY_NOT_ON_IMPLEMENTATION",
                        "INVALID_SHAREABLE_USAGE",
                        "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE",
                        "EXTERNAL_UNUSED",
                    ]
                    .contains(&code.as_str())
            };
            let stops = ["KEY_INVALID_FIELDS", "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE"];
            difference.theirs.iter().any(|code| stops.contains(&code.as_str()))
                && difference.theirs.iter().all(|code| difference.ours.contains(code))
                && difference.ours.iter().all(more)
        },
    },
    Known {
        name: "what one path provides and another does not",
        reason: "the oracle composes it or not by the order of the fields of `Query`; the field \
                 can't be reached either way",
        matches: |difference| {
            difference.ours == ["SATISFIABILITY_ERROR"]
                && difference.theirs == ["COMPOSES"]
                && difference.provides
        },
    },
    Known {
        name: "a cache tag that stands twice",
        reason: "the oracle names the subgraph as often as the tag stands there; once says it all",
        matches: |difference| {
            let told = |line: &String| line.contains("name: \"federation__cacheTag\"");
            !difference.lines.is_empty() && difference.lines.iter().all(told)
        },
    },
];

/// The known divergence that explains a difference.
pub(crate) fn explain(difference: &Difference) -> Option<&'static Known> {
    KNOWN.iter().find(|known| (known.matches)(difference))
}
