//! Drops fetches in which nothing is selected.
//!
//! Several subgraphs may be entered for one field, each for a part of what is below it. Where others
//! turn out to bring all of one's part, nothing is left to ask it.

use crate::build::groups::{GroupId, Groups};

/// Drops them; what would have waited for one waits for what it would have waited for.
pub(crate) fn empty(groups: &mut Groups) {
    let mut at = 0;
    while let Some(group) = groups.groups.get(at) {
        if groups.is_empty(group) {
            let before = group.after.clone();
            groups.remove(GroupId(at), &before);
        } else {
            at += 1;
        }
    }
}
