//! `INTERFACE_KEY_NOT_ON_IMPLEMENTATION`, `INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE`.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::field_set::{Selected, is_valid, read};
use crate::subgraph::{KeyView, Kind, TypeView, View, Views};

/// Every implementation has each key of its interface.
pub(super) fn on_implementations(view: &View, out: &mut Vec<Diagnostic>) {
    if view.federation_1 {
        return;
    }
    for interface in view.types.values().filter(|ty| ty.kind == Kind::Interface) {
        for key in &interface.keys {
            for object in view.possible(&interface.name) {
                out.extend(lacking(view, interface, key, &view.types[object]));
            }
        }
    }
}

fn lacking(
    view: &View,
    interface: &TypeView,
    key: &KeyView,
    object: &TypeView,
) -> Option<Diagnostic> {
    let text = key.fields.text.as_deref()?;
    // A key that makes no sense is told by a rule of its own.
    if !is_valid(&read(view, &interface.name, text).1) {
        return None;
    }
    let wanted = flat(view, &interface.name, text);
    if wanted.is_empty() {
        // What is wrong with the key itself is told of it.
        return None;
    }
    let same: Vec<_> = object
        .keys
        .iter()
        .filter(|own| {
            let own = own.fields.text.as_deref();
            own.is_some_and(|own| flat(view, &object.name, own) == wanted)
        })
        .collect();
    let name = &object.name;
    if same.is_empty() {
        let message = format!(
            "`{name}` lacks @key(fields: \"{text}\") of its interface `{}`.",
            interface.name
        );
        let found = Diagnostic::new(Code::InterfaceKeyNotOnImplementation, message)
            .label(view.label(object.at, "this key is missing here"))
            .label(view.label(key.fields.at, "the key of the interface"))
            .help(format!("add @key(fields: \"{text}\") to {name} in {}", view.name));
        return Some(found);
    }
    if key.resolvable && !same.iter().any(|own| own.resolvable) {
        let message = format!("`{name}` can't be resolved by the key \"{text}\" of its interface.");
        let found = Diagnostic::new(Code::InterfaceKeyNotOnImplementation, message)
            .label(view.label(same[0].fields.at, "not resolvable"))
            .label(view.label(key.fields.at, "resolvable"))
            .help(format!("remove `resolvable: false` from {name} in {}", view.name));
        return Some(found);
    }
    None
}

/// A field set without its order and its types, so that keys of different types can be compared.
fn flat(view: &View, parent: &str, text: &str) -> BTreeSet<String> {
    fn walk(selected: &[Selected], path: &str, found: &mut BTreeSet<String>) {
        for one in selected {
            match one {
                Selected::Typename(_) => {
                    found.insert(format!("{path}.__typename"));
                }
                Selected::On { inner, .. } => walk(inner, path, found),
                Selected::Field { name, inner, .. } => {
                    let path = format!("{path}.{name}");
                    walk(inner, &path, found);
                    found.insert(path);
                }
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(&read(view, parent, text).0, "", &mut found);
    found
}

/// A subgraph that resolves an interface by key has every type that implements it anywhere.
pub(super) fn all_implementations(views: &Views<'_>, out: &mut Vec<Diagnostic>) {
    for (name, of) in &views.types {
        let keyed = |(view, ty): &&(&View, &TypeView)| {
            ty.kind == Kind::Interface
                && !view.federation_1
                && ty.keys.iter().any(|key| key.resolvable)
        };
        if !of.iter().any(|of| keyed(&of)) {
            continue;
        }
        let mut wanted = BTreeSet::new();
        for (view, ty) in of.iter().filter(|(_, ty)| ty.kind == Kind::Interface) {
            wanted.extend(view.possible(&ty.name));
        }
        // What is an object here and something else in the first subgraph is told to be that.
        wanted.retain(|object| views.of(object).first().is_some_and(|(_, ty)| ty.is_object()));
        for (view, ty) in of.iter().filter(keyed) {
            let here = view.possible(name);
            let missing: Vec<_> = wanted.iter().filter(|object| !here.contains(object)).collect();
            let Some(first) = missing.first() else { continue };
            let list =
                missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let message = format!("`{name}` has a key in {} but not all types: {list}.", view.name);
            let elsewhere = views.of(first).iter().map(|(other, object)| {
                other.label(object.at, format!("`{first}` implements `{name}` here"))
            });
            let found = Diagnostic::new(Code::InterfaceKeyMissingImplementationType, message)
                .label(view.label(ty.at, "it must know every type of the interface"))
                .labels(elsewhere)
                .help(format!("define {list} in {} and let it implement {name}", view.name));
            out.push(found);
        }
    }
}
