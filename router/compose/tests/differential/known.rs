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

const KNOWN: &[Known] = &[Known {
    name: "the oracle throws",
    reason: "bad input is told with a code; the oracle ends with an exception that has none",
    matches: |difference| difference.theirs == ["THROWN"] && difference.ours != ["COMPOSES"],
}];

/// The known divergence that explains a difference.
pub(crate) fn explain(difference: &Difference) -> Option<&'static Known> {
    KNOWN.iter().find(|known| (known.matches)(difference))
}
