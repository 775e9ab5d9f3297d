//! Type references: the one that holds for all subgraphs.

use sdl::Type;

use crate::subgraph::{Kind, Views};

/// What the reference is for: answers may become more general, what clients send more strict.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Output,
    Input,
}

/// The type that all others are a subtype of (for output) or a supertype of (for input); `None` if
/// none of them is that.
pub(super) fn merge(views: &Views<'_>, types: &[&Type], direction: Direction) -> Option<Type> {
    let fits = |candidate: &&&Type| {
        types.iter().all(|other| match direction {
            Direction::Output => is_subtype(views, other, candidate),
            Direction::Input => is_subtype(views, candidate, other),
        })
    };
    types.iter().find(fits).map(|ty| (**ty).clone())
}

/// Whether every value of `sub` is one of `of`.
pub(super) fn is_subtype(views: &Views<'_>, sub: &Type, of: &Type) -> bool {
    match (sub, of) {
        (Type::NonNullNamed(sub), Type::NonNullNamed(of) | Type::Named(of))
        | (Type::Named(sub), Type::Named(of)) => sub == of || is_named_subtype(views, sub, of),
        (Type::NonNullList(sub), Type::NonNullList(of) | Type::List(of))
        | (Type::List(sub), Type::List(of)) => is_subtype(views, sub, of),
        _ => false,
    }
}

/// Whether a type is a member of a union or implements an interface, in any subgraph.
fn is_named_subtype(views: &Views<'_>, sub: &str, of: &str) -> bool {
    let member = views.of(of).iter().any(|(_, ty)| ty.members.iter().any(|name| name == sub));
    let implements = views.of(sub).iter().any(|(_, ty)| ty.implements.iter().any(|i| i == of));
    let interface = views.of(of).iter().any(|(_, ty)| ty.kind == Kind::Interface);
    member || implements && interface
}
