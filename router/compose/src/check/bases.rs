//! `EXTENSION_WITH_NO_BASE`, `NO_QUERIES`, `INVALID_SUBGRAPH_NAME`.

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{Emptied, Kind, TypeView, View, Views, nearest};

const ROOTS: [&str; 3] = ["Query", "Mutation", "Subscription"];

/// Every type that is extended is defined somewhere; of the types that are asked about.
pub(super) fn check(
    views: &Views<'_>,
    asked: impl Fn(&View, &TypeView) -> bool,
    out: &mut Vec<Diagnostic>,
) {
    for (name, of) in &views.types {
        // In federation 2, @extends stands on what is a definition all the same.
        let defines = |(view, ty): &(&View, &TypeView)| {
            !ty.extension_only || !view.federation_1 && !ty.extension_word
        };
        // Federation defines the roots, as object types.
        let root = ROOTS.contains(name) && of.iter().all(|(_, ty)| ty.is_object());
        let all = views.mixed.get(name).unwrap_or(of);
        // In federation 2, what is of another kind than in the first subgraph is told to be that.
        let kind = of[0].1.kind.plain();
        let same = |view: &View, ty: &TypeView| view.federation_1 || ty.kind.plain() == kind;
        let asked = |view: &View, ty: &TypeView| asked(view, ty) && same(view, ty) && !root;
        for (view, ty) in all.iter().filter(|(view, ty)| asked(view, ty)) {
            let is_base =
                |other: &&(&View, &TypeView)| defines(other) && can_base(ty.kind, other.1.kind);
            if !defines(&(*view, *ty)) && !all.iter().any(|other| is_base(&other)) {
                out.push(without_base(views, view, name, ty.at));
            }
        }
    }
}

/// Whether a type of one kind could extend one of another: both have fields.
fn can_base(kind: Kind, other: Kind) -> bool {
    kind == other || kind.has_fields() && other.has_fields()
}

fn without_base(views: &Views<'_>, view: &View, name: &str, at: sdl::Spot) -> Diagnostic {
    let message = format!("`{name}` is extended in {} but defined nowhere.", view.name);
    let defined = views.types.iter().filter(|(_, of)| of.iter().any(|(_, ty)| !ty.extension_only));
    let help = match nearest(name, defined.map(|(name, _)| *name)) {
        Some(near) => format!("write `{near}` instead of `{name}`, or define {name}"),
        None => format!("define {name} in the subgraph that owns it, or drop `extend` here"),
    };
    Diagnostic::new(Code::ExtensionWithNoBase, message)
        .label(view.label(at, "extends a type that no subgraph defines"))
        .help(help)
}

/// Types of federation 1 that had only external fields which nothing uses.
pub(super) fn emptied(view: &View, out: &mut Vec<Diagnostic>) {
    out.extend(view.emptied.iter().filter_map(|ty| nothing_left(view, ty)));
}

fn nothing_left(view: &View, ty: &Emptied) -> Option<Diagnostic> {
    if !ty.referenced || ty.name == "Query" {
        return None;
    }
    let name = &ty.name;
    let message =
        format!("All fields of `{name}` are @external in {}, and nothing uses them.", view.name);
    let found = Diagnostic::new(Code::TypeWithOnlyUnusedExternal, message)
        .label(view.label(ty.at, "nothing of it is left"))
        .help(format!("remove {name} from {}, or the @external of its fields", view.name));
    Some(found)
}

/// Types of federation 1 that were only extended, with nothing that anybody uses, and that no
/// subgraph defines.
pub(super) fn emptied_without_base(views: &Views<'_>, out: &mut Vec<Diagnostic>) {
    for view in views.all {
        for ty in view.emptied.iter().filter(|ty| ty.extension_only) {
            let mixed = views.mixed.get(ty.name.as_str());
            let mut all = mixed.map_or_else(|| views.of(&ty.name), Vec::as_slice).iter();
            let known = all.any(|(_, other)| can_base(Kind::Object, other.kind));
            if !known && !ROOTS.contains(&ty.name.as_str()) {
                out.push(without_base(views, view, &ty.name, ty.at));
                out.extend(nothing_left(view, ty));
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
    if view.name.starts_with("__") {
        let message =
            format!("A subgraph can't be named `{}`: it becomes an enum value.", view.name);
        let found = Diagnostic::new(Code::InvalidGraphql, message)
            .help("begin the name with a letter or a single underscore");
        out.push(found);
    }
    if view.name.is_empty() || view.name == "_" {
        let message = format!("A subgraph can't be named `{}`.", view.name);
        let found = Diagnostic::new(Code::InvalidSubgraphName, message)
            .help("give the subgraph a name of letters, digits, `_` and `-`");
        out.push(found);
    }
}
