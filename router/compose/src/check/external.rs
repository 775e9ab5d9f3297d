//! `EXTERNAL_UNUSED`, `EXTERNAL_ON_INTERFACE`, `EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE`,
//! `MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL`.

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::field_set::Selected;
use crate::subgraph::uses::{is_used, used};
use crate::subgraph::{FieldView, Kind, View, Views};

/// External fields are used, stand on objects, and say nothing of how they are resolved.
pub(super) fn check(view: &View, out: &mut Vec<Diagnostic>) {
    let externals = view.types.values().any(|ty| ty.fields.values().any(|field| field.external));
    if !externals {
        return;
    }
    let used = used(view);
    for ty in view.types.values() {
        for field in ty.fields.values().filter(|field| field.external) {
            let place = format!("{}.{}", ty.name, field.name);
            if field.external_here && ty.kind == Kind::Interface {
                let message = format!("The interface field `{place}` is marked @external.");
                let found = Diagnostic::new(Code::ExternalOnInterface, message)
                    .label(view.label(field.at, "a field of an interface"))
                    .help(format!("remove @external from {place} in {}", view.name));
                out.push(found);
            }
            if view.federation_1 {
                continue;
            }
            // What contradicts itself is not told to be unused as well.
            if field.provides.is_some() {
                out.push(provides_too(view, field, &place));
            } else if !is_used(view, &used, ty, field) {
                out.push(unused(view, field, &place));
            }
        }
    }
}

fn unused(view: &View, field: &FieldView, place: &str) -> Diagnostic {
    let message = format!("`{place}` is marked @external but nothing in {} uses it.", view.name);
    Diagnostic::new(Code::ExternalUnused, message)
        .label(view.label(field.at, "not used by any @key, @requires, @provides or interface"))
        .help(format!("remove {place} from {}, or remove its @external", view.name))
}

fn provides_too(view: &View, field: &FieldView, place: &str) -> Diagnostic {
    let message = format!("`{place}` has both @external and @provides.");
    Diagnostic::new(Code::ExternalCollisionWithAnotherDirective, message)
        .label(view.label(field.at, "resolved elsewhere, so it can't provide anything"))
        .help(format!("remove one of the two from {place} in {}", view.name))
}

/// What the supergraph tells of a field, the subgraph says that resolves it.
pub(super) fn merged_directives(views: &Views<'_>, out: &mut Vec<Diagnostic>) {
    for (view, ty) in views.each() {
        for field in ty.fields.values().filter(|field| field.external) {
            let mut all = views.field(&ty.name, &field.name);
            if all.all(|(_, _, other)| other.external) {
                continue;
            }
            for applied in &field.marks.applied {
                // Federation 1 repeated tags wherever a field was mentioned, and what composed
                // directives mean is not known. Cache tags are the subgraph's own affair.
                let name = &applied.name;
                let composed = view.directives.get(name).is_some_and(|known| known.composed);
                let repeats = view.federation_1 && name == "tag" && {
                    let mut all = views.field(&ty.name, &field.name);
                    let said = |other: &FieldView| {
                        let mut tags = other.marks.applied.iter().filter(|tag| tag.name == "tag");
                        tags.any(|tag| tag.arguments == applied.arguments)
                    };
                    all.any(|(_, _, other)| !other.external && said(other))
                };
                if composed || repeats || name == "cacheTag" {
                    continue;
                }
                let place = format!("{}.{}", ty.name, field.name);
                let message = format!("The external field `{place}` is marked @{name}.");
                let help = format!("put @{name} on {place} in the subgraph that resolves it");
                out.push(
                    Diagnostic::new(Code::MergedDirectiveApplicationOnExternal, message)
                        .label(view.label(field.at, "resolved elsewhere"))
                        .help(help),
                );
            }
        }
    }
}

/// The leaves of a field set that the subgraph resolves itself, as (type, field).
pub(super) fn not_external<'a>(view: &View, selected: &'a [Selected]) -> Vec<(&'a str, &'a str)> {
    fn walk<'a>(view: &View, selected: &'a [Selected], found: &mut Vec<(&'a str, &'a str)>) {
        for one in selected {
            match one {
                Selected::Typename(owner) => found.push((owner, "__typename")),
                Selected::On { inner, .. } => walk(view, inner, found),
                // What is in an external field is not resolved here either.
                Selected::Field { owner, name, .. } if is_external(view, owner, name) => {}
                Selected::Field { owner, name, inner, .. } => {
                    if inner.is_empty() {
                        found.push((owner.as_str(), name.as_str()));
                    }
                    walk(view, inner, found);
                }
            }
        }
    }
    let mut found = Vec::new();
    walk(view, selected, &mut found);
    found
}

fn is_external(view: &View, owner: &str, name: &str) -> bool {
    let field = view.types.get(owner).and_then(|ty| ty.fields.get(name));
    field.is_some_and(|field| field.external || field.external_here)
}
