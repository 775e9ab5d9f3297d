//! `IMPLICITLY_UPGRADED_FEDERATION_VERSION`: a subgraph links a specification that needs a later
//! version of federation than the one it links.

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::View;

/// Told of one subgraph.
pub(super) fn check(view: &View, out: &mut Vec<Diagnostic>) {
    let Some(upgrade) = &view.upgrade else { return };
    let text = |version: (u32, u32)| format!("v{}.{}", version.0, version.1);
    let (linked, needed) = (text(view.version), text(upgrade.to));
    let message = format!(
        "{} links federation {linked}, but is read as {needed}, which {} needs.",
        view.name, upgrade.by
    );
    let help =
        format!("link federation {needed} in {}, and import the directives from there", view.name);
    let mut labels = [
        view.label(upgrade.federation, format!("links {linked}")),
        view.label(upgrade.at, format!("needs federation {needed}")),
    ];
    labels.sort_by_key(|label| (label.line, label.column));
    let code = Code::ImplicitlyUpgradedFederationVersion;
    out.push(Diagnostic::new(code, message).labels(labels).help(help));
}
