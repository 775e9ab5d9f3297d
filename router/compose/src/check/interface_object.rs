//! `INTERFACE_OBJECT_USAGE_ERROR`.

use sdl::Spot;

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{Kind, TypeView, View, Views};

/// An interface object has a key.
pub(super) fn has_key(view: &View, out: &mut Vec<Diagnostic>) {
    for ty in view.types.values() {
        if ty.kind == Kind::InterfaceObject && ty.keys.is_empty() {
            let message = format!("The interface object `{}` has no @key.", ty.name);
            let found = Diagnostic::new(Code::InterfaceObjectUsageError, message)
                .label(view.label(ty.at, "only entities can stand for an interface"))
                .help(format!("add the @key of the interface to {} in {}", ty.name, view.name));
            out.push(found);
        }
    }
}

/// An interface object stands for an interface of another subgraph, whose types are not here.
pub(super) fn stands_for_interface(views: &Views<'_>, out: &mut Vec<Diagnostic>) {
    for (name, of) in &views.types {
        if !of.iter().any(|(_, ty)| ty.kind == Kind::InterfaceObject) {
            continue;
        }
        let mixed = views.mixed.contains_key(name);
        if of.iter().all(|(_, ty)| ty.kind == Kind::InterfaceObject) && !mixed {
            let message =
                format!("`{name}` is an interface object everywhere and an interface nowhere.");
            let labels = of.iter().map(|(view, ty)| view.label(ty.at, "an interface object"));
            let found = Diagnostic::new(Code::InterfaceObjectUsageError, message)
                .labels(labels)
                .help(format!("define {name} as an interface with a @key in another subgraph"));
            out.push(found);
        }
        let interfaces = of.iter().filter(|(_, ty)| ty.kind == Kind::Interface);
        let mut objects: Vec<_> = interfaces.flat_map(|(view, _)| view.possible(name)).collect();
        objects.sort_unstable();
        objects.dedup();
        for (view, ty) in of.iter().filter(|(_, ty)| ty.kind == Kind::InterfaceObject) {
            for object in objects.iter().filter_map(|object| view.types.get(*object)) {
                let message = format!(
                    "{} has the interface object `{name}` and also `{}`, which implements it.",
                    view.name, object.name
                );
                let found = Diagnostic::new(Code::InterfaceObjectUsageError, message)
                    .label(view.label(object.at, format!("implements `{name}` elsewhere")))
                    .label(view.label(ty.at, "stands for all types that implement it"))
                    .help(format!(
                        "remove {} from {}, or move it to another",
                        object.name, view.name
                    ));
                out.push(found);
            }
        }
    }
}

/// The `@key` of an interface of federation 1 is no promise to tell the types of its objects, which an
/// interface object needs somebody for.
pub(super) fn of_federation_1(views: &Views<'_>, out: &mut Vec<Diagnostic>) {
    for (name, of) in &views.types {
        old_keys(name, of, out);
    }
}

fn old_keys(name: &str, of: &[(&View, &TypeView)], out: &mut Vec<Diagnostic>) {
    let old: Vec<(&View, Spot)> =
        of.iter().filter_map(|(view, ty)| Some((*view, ty.old_key?))).collect();
    if old.is_empty() {
        return;
    }
    for (view, ty) in of.iter().filter(|(_, ty)| ty.kind == Kind::InterfaceObject) {
        let message = format!(
            "The interface object `{name}` needs its types told by an interface with a @key, but \
             that of federation 1 tells none.",
        );
        let names: Vec<&str> = old.iter().map(|(view, _)| view.name.as_str()).collect();
        let found = Diagnostic::new(Code::InterfaceObjectUsageError, message)
            .label(view.label(ty.at, "an interface object"))
            .labels(old.iter().map(|(view, at)| view.label(*at, "a key of federation 1")))
            .help(format!(
                "link federation 2 in {}, or remove the @key of {name} there",
                names.join(" and ")
            ));
        out.push(found);
    }
}
