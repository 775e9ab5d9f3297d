//! `ROOT_QUERY_USED`, `ROOT_MUTATION_USED`, `ROOT_SUBSCRIPTION_USED`.

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::View;

/// The usual names of root types are free for the roots.
pub(super) fn check(view: &View, out: &mut Vec<Diagnostic>) {
    for (usual, actual, at) in &view.root_clashes {
        let code = match *usual {
            "Query" => Code::RootQueryUsed,
            "Mutation" => Code::RootMutationUsed,
            _ => Code::RootSubscriptionUsed,
        };
        let message = format!("`{usual}` is not the root type of its kind, `{actual}` is.");
        let found = Diagnostic::new(code, message)
            .label(view.label(*at, format!("in the supergraph, `{actual}` takes this name")))
            .help(format!("rename the type `{usual}` in {}", view.name));
        out.push(found);
    }
}
