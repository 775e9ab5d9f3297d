//! `INTERFACE_FIELD_NO_IMPLEM`.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{Kind, Views};

/// After merging, every type has every field of its interfaces.
pub(super) fn check(views: &Views<'_>, out: &mut Vec<Diagnostic>) {
    let implementations = implementations(views);
    for (interface, types) in &implementations {
        let mut fields = BTreeSet::new();
        let mut given = BTreeSet::new();
        for (_, ty) in views.of(interface) {
            let into = if ty.kind == Kind::InterfaceObject { &mut given } else { &mut fields };
            into.extend(ty.fields.keys().map(sdl::Name::as_str));
        }
        for ty in types {
            // What interface objects give, objects have; an interface must say so itself.
            let is_interface = views.of(ty).iter().any(|(_, ty)| ty.kind == Kind::Interface);
            let given_there = given.iter().filter(|_| is_interface);
            for field in fields.difference(&given).chain(given_there) {
                let known = views.field(ty, field).next().is_some()
                    || !is_interface && stands_in(views, &implementations, ty, field);
                if !known {
                    out.push(told(views, interface, ty, field));
                }
            }
        }
    }
}

/// Whether an interface object of another interface gives the type this field.
fn stands_in(
    views: &Views<'_>,
    implementations: &BTreeMap<&str, BTreeSet<&str>>,
    ty: &str,
    field: &str,
) -> bool {
    implementations.iter().any(|(interface, types)| {
        types.contains(ty)
            && views.field(interface, field).any(|(_, ty, _)| ty.kind == Kind::InterfaceObject)
    })
}

/// For each interface, the types that implement it in any subgraph.
fn implementations<'a>(views: &Views<'a>) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, of) in &views.types {
        for interface in of.iter().flat_map(|(_, ty)| &ty.implements) {
            found.entry(interface).or_default().insert(name);
        }
    }
    found
}

fn told(views: &Views<'_>, interface: &str, ty: &str, field: &str) -> Diagnostic {
    let message =
        format!("`{ty}` implements `{interface}` but has no field `{field}` after merging.");
    let declared = views
        .field(interface, field)
        .map(|(view, _, field)| view.label(field.at, "declared by the interface here"));
    let lacking = views
        .of(ty)
        .iter()
        .map(|(view, ty)| view.label(ty.at, format!("`{}` does not have it here", ty.name)));
    let there: Vec<&str> = views.of(ty).iter().map(|(view, _)| view.name.as_str()).collect();
    let typed = views.field(interface, field).next();
    let typed = typed.map(|(_, _, field)| format!(": {}", field.ty)).unwrap_or_default();
    Diagnostic::new(Code::InterfaceFieldNoImplem, message)
        .labels(declared)
        .labels(lacking)
        .help(format!("add `{field}{typed}` to {ty} in {}", there.join(" or ")))
}
