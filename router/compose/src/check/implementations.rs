//! `INVALID_GRAPHQL` of the merged schema: what implements an interface has its fields as they are
//! there, also where an interface object or another subgraph made them what they are.

use sdl::{Name, Type};

use crate::diagnostic::{Code, Diagnostic, Label};
use crate::maps::HashMap;
use crate::merge::{Merged, MergedArgument, MergedField, MergedType};
use crate::subgraph::{FieldView, Views};

pub(super) fn check(views: &Views<'_>, merged: &Merged, out: &mut Vec<Diagnostic>) {
    let types: HashMap<&Name, &MergedType> = merged.types.iter().map(|ty| (&ty.name, ty)).collect();
    let rules = Rules { views, types };
    for ty in merged.types.iter().filter(|ty| !ty.implements.is_empty()) {
        let own: HashMap<&Name, &MergedField> =
            ty.fields.iter().map(|field| (&field.name, field)).collect();
        for interface in ty.implements.iter().filter_map(|name| rules.types.get(name)) {
            for wanted in &interface.fields {
                // That a field is missing is told by a rule of its own.
                if let Some(field) = own.get(&wanted.name) {
                    rules.field(ty, field, (interface, wanted), out);
                }
            }
        }
    }
}

struct Rules<'a> {
    views: &'a Views<'a>,
    types: HashMap<&'a Name, &'a MergedType>,
}

impl Rules<'_> {
    fn field(
        &self,
        ty: &MergedType,
        field: &MergedField,
        (interface, wanted): (&MergedType, &MergedField),
        out: &mut Vec<Diagnostic>,
    ) {
        let place = format!("{}.{}", ty.name, field.name);
        let as_wanted = format!("{}.{}", interface.name, wanted.name);
        let mut tell = |message: String, help: String| {
            let labels = self.labels(ty, field).into_iter().chain(self.labels(interface, wanted));
            out.push(Diagnostic::new(Code::InvalidGraphql, message).labels(labels).help(help));
        };
        if !self.is_subtype(&field.ty, &wanted.ty) {
            tell(
                format!(
                    "In the merged schema `{place}` is of type `{}`, but `{as_wanted}`, which it \
                     implements, is of type `{}`.",
                    field.ty, wanted.ty
                ),
                format!("give `{place}` and `{as_wanted}` the same type in all subgraphs"),
            );
        }
        for argument in &wanted.arguments {
            match field.arguments.iter().find(|own| own.name == argument.name) {
                None => tell(
                    format!(
                        "In the merged schema `{place}` lacks the argument `{}` that \
                         `{as_wanted}` has.",
                        argument.name
                    ),
                    format!("add `{}: {}` to `{place}` everywhere", argument.name, argument.ty),
                ),
                Some(own) if own.ty != argument.ty => tell(
                    format!(
                        "In the merged schema the argument `{}` of `{place}` is of type `{}`, \
                         but for `{as_wanted}` of type `{}`.",
                        own.name, own.ty, argument.ty
                    ),
                    format!("give `{}` the same type everywhere", own.name),
                ),
                Some(_) => {}
            }
        }
        let extra = |own: &&MergedArgument| {
            let known = wanted.arguments.iter().any(|argument| argument.name == own.name);
            own.ty.is_non_null() && own.default.is_none() && !known
        };
        for own in field.arguments.iter().filter(extra) {
            tell(
                format!(
                    "In the merged schema the argument `{}` of `{place}` is required, but \
                     `{as_wanted}` does not have it.",
                    own.name
                ),
                format!("make `{}` optional, or give it a default value", own.name),
            );
        }
    }

    /// Where subgraphs define a field.
    fn labels(&self, ty: &MergedType, field: &MergedField) -> Vec<Label> {
        let sources = self.views.field(&ty.name, &field.name);
        let place = format!("{}.{}", ty.name, field.name);
        let text = |known: &FieldView| format!("`{place}` is of type `{}`", known.ty);
        sources.map(|(view, _, known)| view.label(known.at, text(known))).collect()
    }

    fn is_subtype(&self, sub: &Type, of: &Type) -> bool {
        match (sub, of) {
            (Type::NonNullNamed(sub), Type::NonNullNamed(of) | Type::Named(of))
            | (Type::Named(sub), Type::Named(of)) => sub == of || self.is_possible(sub, of),
            (Type::NonNullList(sub), Type::NonNullList(of) | Type::List(of))
            | (Type::List(sub), Type::List(of)) => self.is_subtype(sub, of),
            _ => false,
        }
    }

    fn is_possible(&self, sub: &Name, of: &Name) -> bool {
        let implements = self.types.get(sub).is_some_and(|ty| ty.implements.contains(of));
        let of = self.types.get(of);
        implements || of.is_some_and(|ty| ty.members.iter().any(|(member, _)| member == sub))
    }
}
