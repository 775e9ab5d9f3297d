//! `EXTENSION_WITH_NO_BASE`, `NO_QUERIES`, `INVALID_SUBGRAPH_NAME`.

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{TypeView, View, Views};

const ROOTS: [&str; 3] = ["Query", "Mutation", "Subscription"];

/// Every type that is extended is defined somewhere; in the subgraphs that are asked about.
pub(super) fn check(views: &Views<'_>, asked: impl Fn(&View) -> bool, out: &mut Vec<Diagnostic>) {
    for (name, of) in &views.types {
        // In federation 2, @extends stands on what is a definition all the same.
        let defines = |(view, ty): &(&View, &TypeView)| {
            !ty.extension_only || !view.federation_1 && !ty.extension_word
        };
        if ROOTS.contains(name) || of.iter().any(defines) {
            continue;
        }
        for (view, ty) in of.iter().filter(|(view, _)| asked(view)) {
            let message = format!("`{name}` is extended in {} but defined nowhere.", view.name);
            let found = Diagnostic::new(Code::ExtensionWithNoBase, message)
                .label(view.label(ty.at, "extends a type that no subgraph defines"))
                .help(format!("define {name} in the subgraph that owns it, or drop `extend` here"));
            out.push(found);
        }
    }
}

/// There is something to query.
pub(super) fn queries(views: &Views<'_>, out: &mut Vec<Diagnostic>) {
    if views.of("Query").iter().all(|(_, ty)| ty.fields.is_empty()) {
        let message = "No subgraph has a query.";
        let found = Diagnostic::new(Code::NoQueries, message)
            .help("add a `Query` type with at least one field to a subgraph");
        out.push(found);
    }
}

/// The names of subgraphs can be used.
pub(super) fn names(view: &View, out: &mut Vec<Diagnostic>) {
    if view.name.is_empty() || view.name == "_" {
        let message = format!("A subgraph can't be named `{}`.", view.name);
        let found = Diagnostic::new(Code::InvalidSubgraphName, message)
            .help("give the subgraph a name of letters, digits, `_` and `-`");
        out.push(found);
    }
}
