//! `EXTERNAL_TYPE_MISMATCH`, `EXTERNAL_ARGUMENT_MISSING`, `EXTERNAL_ARGUMENT_TYPE_MISMATCH`,
//! `EXTERNAL_ARGUMENT_DEFAULT_MISMATCH`, `EXTERNAL_MISSING_ON_BASE`.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{FieldView, TypeView, View, Views};

type Declared<'a> = (&'a View, &'a TypeView, &'a FieldView);

/// An external field repeats the declaration of a subgraph that resolves it.
pub(super) fn check(views: &Views<'_>, out: &mut Vec<Diagnostic>) {
    for (name, of) in &views.types {
        let externals: BTreeSet<&str> = of
            .iter()
            .filter(|(_, ty)| ty.is_object())
            .flat_map(|(_, ty)| ty.fields.values())
            .filter(|field| field.external)
            .map(|field| field.name.as_str())
            .collect();
        for field in externals {
            let (external, resolved): (Vec<Declared<'_>>, Vec<_>) =
                views.field(name, field).partition(|(_, _, field)| field.external);
            let types: Vec<&sdl::Type> = resolved.iter().map(|(_, _, field)| &field.ty).collect();
            let Some(base) = widest(&resolved) else {
                if views.is_stood_in(name, field) {
                    continue;
                }
                out.push(missing(&format!("{name}.{field}"), &external));
                continue;
            };
            for external in &external {
                compare(views, *external, (base, &types), out);
            }
        }
    }
}

/// The declaration that says the most of what clients can do: the first with the most arguments.
fn widest<'a>(resolved: &[Declared<'a>]) -> Option<Declared<'a>> {
    resolved.iter().rev().max_by_key(|(_, _, field)| field.arguments.len()).copied()
}

fn missing(place: &str, external: &[Declared<'_>]) -> Diagnostic {
    let message = format!("`{place}` is @external wherever it is, so no subgraph resolves it.");
    let labels = external.iter().map(|(view, _, field)| view.label(field.at, "external here"));
    Diagnostic::new(Code::ExternalMissingOnBase, message)
        .labels(labels)
        .help(format!("add {place} to the subgraph that resolves it, or remove its @external"))
}

fn compare(
    views: &Views<'_>,
    (view, ty, field): Declared<'_>,
    ((base_view, _, base), types): (Declared<'_>, &[&sdl::Type]),
    out: &mut Vec<Diagnostic>,
) {
    let place = format!("{}.{}", ty.name, field.name);
    let told = |code, message: String, mend: String| {
        Diagnostic::new(code, message)
            .label(view.label(field.at, "external here"))
            .label(base_view.label(base.at, "resolved here"))
            .help(mend)
    };
    if !repeats(views, &field.ty, types) {
        let message = format!(
            "The external `{place}` is a `{}` but is resolved as a `{}`.",
            field.ty, base.ty
        );
        let mend = format!("change the type of {place} in {} to `{}`", view.name, base.ty);
        out.push(told(Code::ExternalTypeMismatch, message, mend));
    }
    for (name, argument) in &base.arguments {
        let Some(own) = field.arguments.get(name) else {
            let message = format!("The external `{place}` lacks the argument `{name}`.");
            let mend = format!("add `{name}: {}` to {place} in {}", argument.ty, view.name);
            out.push(told(Code::ExternalArgumentMissing, message, mend));
            continue;
        };
        if !fits(views, &own.ty, &argument.ty) {
            let message = format!("`{name}` of the external `{place}` is not a `{}`.", argument.ty);
            let mend = format!("change the type of `{name}` in {} to `{}`", view.name, argument.ty);
            out.push(told(Code::ExternalArgumentTypeMismatch, message, mend));
        }
        if own.default != argument.default {
            let message = format!("`{name}` of the external `{place}` has another default.");
            let mend =
                format!("give `{name}` the same default in {} and {}", view.name, base_view.name);
            out.push(told(Code::ExternalArgumentDefaultMismatch, message, mend));
        }
    }
}

/// Whether the type of an external field is that of those who resolve it: the same where they
/// agree, else one that can stand for what clients see.
fn repeats(views: &Views<'_>, external: &sdl::Type, types: &[&sdl::Type]) -> bool {
    match types.split_first() {
        Some((first, rest)) if rest.iter().all(|other| other == first) => external == *first,
        _ => {
            let merged = types.iter().find(|ty| types.iter().all(|other| fits(views, other, ty)));
            merged.is_none_or(|merged| fits(views, external, merged))
        }
    }
}

/// Whether a value of one type is a value of another: equal, stricter, or of a subtype.
fn fits(views: &Views<'_>, narrow: &sdl::Type, wide: &sdl::Type) -> bool {
    if wide.is_non_null() && !narrow.is_non_null() {
        return false;
    }
    match (narrow.is_list(), wide.is_list()) {
        (true, true) => fits(views, narrow.item_type(), wide.item_type()),
        (false, false) => {
            let (narrow, wide) = (narrow.inner_named_type(), wide.inner_named_type());
            narrow == wide || views.of(wide).iter().any(|(view, _)| view.is_possible(wide, narrow))
        }
        _ => false,
    }
}
