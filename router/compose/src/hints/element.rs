//! What hints speak of: an element, as each subgraph has it that has it.

use std::fmt::{Display, Formatter, Result};

use sdl::{Name, Spot};

use crate::diagnostic::Label;
use crate::maps::IndexMap;
use crate::subgraph::{ArgumentView, DirectiveView, ElementView, FieldView, TypeView, View};

/// Where an element stands; it is written only where something is told of it.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    Schema,
    Type(&'a str),
    /// A field, an input field or an enum value.
    Member(&'a str, &'a str),
    Argument(&'a str, &'a str, &'a str),
    Directive(&'a str),
    DirectiveArgument(&'a str, &'a str),
}

impl<'a> Place<'a> {
    /// The argument of that name of a field or directive.
    pub(super) fn argument(self, name: &'a str) -> Self {
        match self {
            Self::Member(ty, field) => Self::Argument(ty, field, name),
            Self::Directive(directive) => Self::DirectiveArgument(directive, name),
            other => other,
        }
    }

    /// The name of the element itself.
    pub(super) fn name(self) -> &'a str {
        match self {
            Self::Schema => "schema",
            Self::Type(name)
            | Self::Member(_, name)
            | Self::Argument(_, _, name)
            | Self::Directive(name)
            | Self::DirectiveArgument(_, name) => name,
        }
    }
}

impl Display for Place<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        match self {
            Self::Schema => out.write_str("schema"),
            Self::Type(name) => out.write_str(name),
            Self::Member(ty, name) => write!(out, "{ty}.{name}"),
            Self::Argument(ty, field, name) => write!(out, "{ty}.{field}({name}:)"),
            Self::Directive(name) => write!(out, "@{name}"),
            Self::DirectiveArgument(directive, name) => write!(out, "@{directive}({name}:)"),
        }
    }
}

/// An element as one subgraph has it.
pub(super) struct One<'a, T> {
    pub name: &'a Name,
    pub view: &'a View,
    pub item: &'a T,
}

impl<T> Clone for One<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for One<'_, T> {}

impl<T: Item> One<'_, T> {
    /// A label at the element.
    pub(super) fn label(&self, text: impl Into<String>) -> Label {
        self.view.label(self.item.at(), text)
    }
}

/// The parts of several owners, those of one name together, each group in the order of subgraphs.
pub(super) fn parts<'a, O: Item, T>(
    owners: &[One<'a, O>],
    parts: impl Fn(&'a O) -> &'a IndexMap<Name, T>,
) -> Vec<One<'a, T>> {
    let mut all: Vec<One<'a, T>> = Vec::new();
    for owner in owners {
        let of = parts(owner.item).iter();
        all.extend(of.map(|(name, item)| One { name, view: owner.view, item }));
    }
    all.sort_by(|a, b| a.name.cmp(b.name).then(a.view.graph.cmp(&b.view.graph)));
    all
}

/// The groups of [`parts`].
pub(super) fn groups<'g, 'a, T>(parts: &'g [One<'a, T>]) -> impl Iterator<Item = &'g [One<'a, T>]> {
    parts.chunk_by(|a, b| a.name == b.name)
}

/// Those of the owners that don't have a part.
pub(super) fn lacking<'g, 'a, O, T>(
    owners: &'g [One<'a, O>],
    having: &'g [One<'a, T>],
) -> impl Iterator<Item = &'g One<'a, O>> + Clone {
    let mut having = having.iter().map(|one| one.view.graph).peekable();
    owners.iter().filter(move |owner| {
        let graph = owner.view.graph;
        while having.next_if(|before| *before < graph).is_some() {}
        having.next_if_eq(&graph).is_none()
    })
}

/// The places in operations where a definition lets its directive stand.
pub(super) fn listed(directive: &DirectiveView) -> String {
    let places = directive.locations.iter().filter(|at| at.is_executable());
    let places: Vec<_> = places.map(ToString::to_string).collect();
    if places.is_empty() { "no place in operations".to_owned() } else { places.join(" | ") }
}

/// What can be told of.
pub(super) trait Item {
    fn at(&self) -> Spot;
    fn description(&self) -> Option<&Name>;
}

impl Item for View {
    fn at(&self) -> Spot {
        self.schema_at
    }

    fn description(&self) -> Option<&Name> {
        self.description.as_ref()
    }
}

macro_rules! items {
    ($($view:ident)*) => {
        $(impl Item for $view {
            fn at(&self) -> Spot {
                self.at
            }

            fn description(&self) -> Option<&Name> {
                self.description.as_ref()
            }
        })*
    };
}

items! { TypeView FieldView ArgumentView ElementView DirectiveView }
