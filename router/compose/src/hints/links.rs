//! Asks the rules about links and `@composeDirective`.

use std::collections::BTreeMap;

use super::{
    directive_composition_info, directive_composition_warn, implicitly_upgraded_federation_version,
};
use crate::diagnostic::Diagnostic;
use crate::subgraph::{ForeignLink, View};

/// Every link of every subgraph.
pub(super) fn check(views: &[View], out: &mut Vec<Diagnostic>) {
    let mut by_identity: BTreeMap<&str, Vec<(&View, &ForeignLink)>> = BTreeMap::new();
    for view in views {
        implicitly_upgraded_federation_version::check(view, out);
        directive_composition_info::kept_anyway(view, out);
        for link in &view.links {
            by_identity.entry(&link.identity).or_default().push((view, link));
        }
    }
    for (identity, links) in &by_identity {
        directive_composition_warn::check(links, out);
        directive_composition_info::versions(identity, links, out);
    }
}
