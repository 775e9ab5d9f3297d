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
        name: "an extension of another kind in federation 1",
        reason: "undecided: both refuse; we say that nothing of that kind is extended",
        matches: |difference| {
            difference.ours == ["EXTENSION_WITH_NO_BASE"]
                && difference.theirs == ["TYPE_KIND_MISMATCH"]
        },
    },
    Known {
        name: "an external field of a type of mismatched kinds",
        reason: "the kind is what is wrong; what else differs between the two follows from it",
        matches: |difference| {
            difference.ours == ["TYPE_KIND_MISMATCH"]
                && difference.theirs == ["EXTERNAL_MISSING_ON_BASE", "TYPE_KIND_MISMATCH"]
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
        name: "a field that is taken over where nobody had it",
        reason: "we write down the override all the same; it says what holds without it",
        matches: |difference| {
            let told = |line: &String| line.starts_with("ours ") && line.contains(", override: ");
            !difference.lines.is_empty() && difference.lines.iter().all(told)
        },
    },
];

/// The known divergence that explains a difference.
pub(crate) fn explain(difference: &Difference) -> Option<&'static Known> {
    KNOWN.iter().find(|known| (known.matches)(difference))
}
