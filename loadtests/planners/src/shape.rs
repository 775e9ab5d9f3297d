//! What two plans are compared by.

use std::collections::BTreeSet;

use operation::{Selected, SelectionSet};
use plan::Price;

/// A plan, as far as it is compared.
pub(crate) struct Shape {
    /// Requests, waves, entered places and fields: what our price is made of.
    pub(crate) price: Price,
    /// Leaves of the client's operation that the plan does not fetch, as paths.
    pub(crate) missing: Vec<String>,
    /// What is wrong with the plan besides, in sentences.
    pub(crate) unsound: Vec<String>,
    /// Whether it is proven that no plan is cheaper; unknown for another planner's.
    pub(crate) optimal: Option<bool>,
}

/// A path into an answer.
pub(crate) type Path = Vec<String>;

/// The client's leaves: by response keys, and by the keys of the merged answer. Names of types are
/// left out, since who tells them may differ.
pub(crate) fn leaves(
    set: &SelectionSet,
    (response, merged): (&mut Path, &mut Path),
    found: &mut Vec<(Path, Path)>,
) {
    for field in &set.fields {
        if !matches!(field.what, Selected::Field(_)) {
            continue;
        }
        response.push(field.response_key.to_owned());
        merged.push(field.key.to_owned());
        match &field.selection {
            Some(below) => leaves(below, (response, merged), found),
            None => found.push((response.to_vec(), merged.to_vec())),
        }
        response.pop();
        merged.pop();
    }
}

/// What is asked for, and not fetched.
pub(crate) fn missing(asked: &BTreeSet<Path>, fetched: &BTreeSet<Path>) -> Vec<String> {
    asked.difference(fetched).map(|path| path.join(".")).collect()
}
