//! `EXTENSION_WITH_NO_BASE`, `NO_QUERIES`, `INVALID_SUBGRAPH_NAME`.

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{Kind, View, Views};

const ROOTS: [&str; 3] = ["Query", "Mutation", "Subscription"];

/// Every type that is extended is defined somewhere, and there is something to query.
pub(super) fn check(views: &Views<'_>, out: &mut Vec<Diagnostic>) {
    for (name, of) in &views.types {
        if ROOTS.contains(name) {
            continue;
        }
        let bases = of.iter().filter(|(_, ty)| !ty.extension_only);
        let bases: Vec<Kind> = bases.map(|(_, ty)| ty.kind).collect();
        for (view, ty) in of.iter().filter(|(_, ty)| ty.extension_only) {
            if bases.iter().any(|base| extends(ty.kind, *base)) {
                continue;
            }
            let message = format!("`{name}` is extended in {} but defined nowhere.", view.name);
            let found = Diagnostic::new(Code::ExtensionWithNoBase, message)
                .label(view.label(ty.at, "extends a type that no subgraph defines"))
                .help(format!("define {name} in the subgraph that owns it, or drop `extend` here"));
            out.push(found);
        }
    }
    if views.of("Query").iter().all(|(_, ty)| ty.fields.is_empty()) {
        let message = "No subgraph has a query.";
        let found = Diagnostic::new(Code::NoQueries, message)
            .help("add a `Query` type with at least one field to a subgraph");
        out.push(found);
    }
}

/// Whether what is extended as one kind can be defined as another.
fn extends(extended: Kind, base: Kind) -> bool {
    let plain = |kind| if kind == Kind::InterfaceObject { Kind::Object } else { kind };
    plain(extended) == plain(base)
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
