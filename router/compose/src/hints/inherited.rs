//! What authorization comes to where it is inherited: an interface asks for all that its
//! implementations and interface objects ask for, so their arguments are merged as well.

use super::applied::Once;
use super::element::{One, Place};
use crate::diagnostic::Diagnostic;
use crate::merge::Merged;
use crate::subgraph::{AUTHORIZATION, Kind, TypeView, Views};

/// Asks of each interface, and of each of its fields, whether what is inherited differs.
pub(super) fn check(
    views: &Views<'_>,
    merged: &Merged,
    once: &Once<'_>,
    out: &mut Vec<Diagnostic>,
) {
    let guarded = |ty: &TypeView| {
        ty.marks.is_guarded() || ty.fields.values().any(|field| field.marks.is_guarded())
    };
    let guarded: Vec<_> = views.each().filter(|(_, ty)| ty.is_object() && guarded(ty)).collect();
    if guarded.len() < 2 {
        return;
    }
    for interface in merged.types.iter().filter(|ty| ty.kind == Kind::Interface) {
        let name = &interface.name;
        let inherits = |ty: &TypeView| ty.implements.contains(name) || ty.name == *name;
        let from: Vec<_> = guarded.iter().filter(|(_, ty)| inherits(ty)).collect();
        let types = from.iter().map(|&&(view, item)| One { name: &item.name, view, item });
        let all: Vec<_> = types.collect();
        once.check_only(&AUTHORIZATION, Place::Type(name), &all, |ty| &ty.marks, out);
        for field in &interface.fields {
            let having = from.iter().filter_map(|&&(view, ty)| {
                ty.fields.get(&field.name).map(|item| One { name: &item.name, view, item })
            });
            let place = Place::Member(name, &field.name);
            let all: Vec<_> = having.collect();
            once.check_only(&AUTHORIZATION, place, &all, |field| &field.marks, out);
        }
    }
}
