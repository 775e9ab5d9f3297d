//! Older federation: what its schemas mean in the words of the latest.
//!
//! In federation 1, an extension marked its keys `@external` although it resolves them, directives on
//! interfaces said nothing, and what nobody used was ignored.

use sdl::Name;

use super::field_set::{each_field, read};
use super::idle;
use super::links::Links;
use super::model::{Emptied, Kind, TypeView, Upgrade, View};
use super::uses::{is_used, used};
use crate::maps::HashSet;

/// The later version of federation that a linked specification needs.
pub(super) fn needed(links: &Links) -> Option<Upgrade> {
    let linked = links.federation?;
    let (by, to, at) = links.needs.iter().max_by_key(|(_, version, _)| *version)?;
    let upgrade = || Upgrade { by: by.clone(), to: *to, at: *at, federation: links.federation_at };
    (*to > linked).then(upgrade)
}

/// Key fields of an extension are not external: whoever extends an entity is given its key. That
/// holds in federation 2 as well, for types that are extended. In federation 1 it is said of the
/// extended type itself, not of what a key selects below it.
pub(super) fn keys_of_extensions(view: &mut View) {
    let mut resolved: HashSet<(Name, Name)> = HashSet::default();
    for ty in view.types.values() {
        for key in ty.keys.iter().filter(|key| key.extension || ty.extension_only) {
            let Some(text) = &key.fields.text else { continue };
            let (selected, _) = read(view, &ty.name, text);
            each_field(&selected, &mut |owner, name, _| {
                if !view.federation_1 || key.extension || *owner == ty.name {
                    resolved.insert((owner.clone(), name.clone()));
                }
            });
        }
    }
    for (ty, field) in resolved {
        if let Some(field) = view.types.get_mut(&ty).and_then(|ty| ty.fields.get_mut(&field)) {
            field.external = false;
        }
    }
}

/// Extensions of federation 1 could leave the key out; they resolve the fields of the keys that
/// others give.
pub(super) fn keys_left_out(views: &mut [View]) {
    let mut resolved: Vec<(usize, Name, Name)> = Vec::new();
    for (index, view) in views.iter().enumerate().filter(|(_, view)| view.federation_1) {
        let keyless = |ty: &&TypeView| ty.extension_only && ty.is_object() && ty.keys.is_empty();
        for ty in view.types.values().filter(keyless) {
            for other in views.iter() {
                let Some(known) = other.types.get(&ty.name) else { continue };
                for text in known.keys.iter().filter_map(|key| key.fields.text.as_ref()) {
                    let (selected, _) = read(other, &ty.name, text);
                    each_field(&selected, &mut |owner, name, _| {
                        if *owner == ty.name {
                            resolved.push((index, owner.clone(), name.clone()));
                        }
                    });
                }
            }
        }
    }
    for (view, ty, field) in resolved {
        let ty = views[view].types.get_mut(&ty);
        if let Some(field) = ty.and_then(|ty| ty.fields.get_mut(&field)) {
            field.external = false;
        }
    }
}

/// Upgrades a federation 1 schema.
pub(super) fn upgrade(view: &mut View) {
    for ty in view.types.values_mut().filter(|ty| ty.kind == Kind::Interface) {
        ty.old_key = ty.keys.first().map(|key| key.fields.at);
        ty.keys.clear();
        for field in ty.fields.values_mut() {
            field.external = false;
            field.external_here = false;
            field.requires = None;
            field.provides = None;
        }
    }
    // On a whole type, `@external` said nothing.
    for field in view.types.values_mut().flat_map(|ty| ty.fields.values_mut()) {
        field.external &= field.external_here;
    }
    idle::drop(view);
    drop_unused_externals(view);
}

/// External fields that nothing uses are not there, nor are types of which nothing is left.
fn drop_unused_externals(view: &mut View) {
    let used = used(view);
    let mut unused: Vec<(Name, Name)> = Vec::new();
    for ty in view.types.values() {
        for field in ty.fields.values().filter(|field| field.external) {
            if !is_used(view, &used, ty, field) {
                unused.push((ty.name.clone(), field.name.clone()));
            }
        }
    }
    for (name, field) in unused {
        let Some(ty) = view.types.get_mut(&name) else { continue };
        ty.fields.shift_remove(&field);
        if ty.fields.is_empty() {
            let referenced = is_referenced(view, &name);
            if let Some(ty) = view.types.shift_remove(&name) {
                let TypeView { name, at, extension_only, keys, .. } = ty;
                // An entity is a member of the union of all entities.
                let referenced = referenced || !keys.is_empty();
                view.emptied.push(Emptied { name, at, extension_only, referenced });
            }
        }
    }
}

/// Whether a type is a root, or anything in the subgraph is of it.
fn is_referenced(view: &View, name: &Name) -> bool {
    let root = sdl::RootKind::ALL.iter().any(|root| name == root.default_type_name());
    root || view.types.values().any(|ty| {
        let mut fields = ty.fields.values();
        ty.implements.contains(name)
            || ty.members.contains(name)
            || fields.any(|field| field.ty.inner_named_type() == name)
    })
}
