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
        // Federation defines the roots, as object types.
        let root = ROOTS.contains(name) && of.iter().all(|(_, ty)| ty.is_object());
        // One of another kind is a definition too; that the kinds differ is told by itself.
        let all = views.mixed.get(name).unwrap_or(of);
        if root || all.iter().any(defines) {
            continue;
        }
        for (view, ty) in of.iter().filter(|(view, _)| asked(view)) {
            out.push(without_base(view, name, ty.at));
        }
    }
}

fn without_base(view: &View, name: &str, at: sdl::Spot) -> Diagnostic {
    let message = format!("`{name}` is extended in {} but defined nowhere.", view.name);
    Diagnostic::new(Code::ExtensionWithNoBase, message)
        .label(view.label(at, "extends a type that no subgraph defines"))
        .help(format!("define {name} in the subgraph that owns it, or drop `extend` here"))
}

/// Types of federation 1 that had only external fields which nothing uses.
pub(super) fn emptied(view: &View, out: &mut Vec<Diagnostic>) {
    for ty in view.emptied.iter().filter(|ty| ty.referenced && ty.name != "Query") {
        let name = &ty.name;
        let message = format!(
            "All fields of `{name}` are @external in {}, and nothing uses them.",
            view.name
        );
        let found = Diagnostic::new(Code::TypeWithOnlyUnusedExternal, message)
            .label(view.label(ty.at, "nothing of it is left"))
            .help(format!("remove {name} from {}, or the @external of its fields", view.name));
        out.push(found);
    }
}

/// Types of federation 1 that were only extended, with nothing that anybody uses, and that no
/// subgraph defines.
pub(super) fn emptied_without_base(views: &Views<'_>, out: &mut Vec<Diagnostic>) {
    for view in views.all {
        for ty in view.emptied.iter().filter(|ty| ty.extension_only) {
            let known = ROOTS.contains(&ty.name.as_str()) || !views.of(&ty.name).is_empty();
            if !known {
                out.push(without_base(view, &ty.name, ty.at));
            }
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
