//! `INVALID_SHAREABLE_USAGE`.

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{Kind, View};

/// `@shareable` stands on fields of objects, once on each definition.
pub(super) fn check(view: &View, out: &mut Vec<Diagnostic>) {
    for ty in view.types.values() {
        for (_, at) in ty.shareable.iter().filter(|(times, _)| *times > 1) {
            let message = format!("One definition of `{}` is marked @shareable twice.", ty.name);
            out.push(
                Diagnostic::new(Code::InvalidShareableUsage, message)
                    .label(view.label(*at, "twice here"))
                    .help("keep one @shareable for each definition or extension"),
            );
        }
        for field in ty.fields.values() {
            if field.shareable_here == 0 {
                continue;
            }
            let place = format!("{}.{}", ty.name, field.name);
            if ty.kind == Kind::Interface && field.shareable_here > 0 {
                let message = format!("The interface field `{place}` is marked @shareable.");
                out.push(
                    Diagnostic::new(Code::InvalidShareableUsage, message)
                        .label(view.label(field.at, "a field of an interface"))
                        .help(format!("remove @shareable from {place} in {}", view.name)),
                );
            } else if field.shareable_here > 1 {
                let message = format!("`{place}` is marked @shareable twice.");
                out.push(
                    Diagnostic::new(Code::InvalidShareableUsage, message)
                        .label(view.label(field.at, "twice here"))
                        .help("keep one @shareable"),
                );
            }
        }
    }
}
