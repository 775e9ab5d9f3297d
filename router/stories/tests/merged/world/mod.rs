//! A random supergraph before it is written down: the types of all teams together, and for each
//! subgraph what it has of them and by which directives.

mod directives;
mod objects;
mod throw;
mod weave;

use std::collections::{BTreeMap, BTreeSet};

/// A supergraph. Types, fields and subgraphs are numbers; the types 0 and 1 are the roots.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) subgraphs: Vec<Subgraph>,
    pub(crate) types: Vec<Type>,
    /// The labels of progressive overrides, and whether each is on.
    pub(crate) labels: Vec<(String, bool)>,
    pub(crate) failing: Failing,
}

/// The type of queries.
pub(crate) const QUERY: usize = 0;
/// The type of mutations.
pub(crate) const MUTATION: usize = 1;
/// Rows of each entity.
pub(crate) const ROWS: usize = 3;

/// How a team writes its schema.
#[derive(Clone)]
pub(crate) struct Subgraph {
    pub(crate) name: String,
    /// Federation 1: no link, extensions, external keys.
    pub(crate) first: bool,
    /// The names of its root types.
    pub(crate) roots: [&'static str; 2],
}

/// Which fields fail in some rows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failing {
    Nothing,
    /// Fields that may be null: then all errors are known.
    Nullable,
    /// Any field: a null that goes up may hide other errors, so that only data is known.
    Any,
}

/// What a type is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Root,
    /// Has keys and rows.
    Entity,
    /// Has no key; its fields are spread over the subgraphs that have it.
    Part,
    /// Has no key; each subgraph that has it has all of it.
    Plain,
    Interface,
    Union,
}

/// A type of the supergraph.
#[derive(Clone)]
pub(crate) struct Type {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) fields: Vec<Field>,
    /// The object types of an abstract one.
    pub(crate) members: Vec<usize>,
    /// The subgraphs that have it.
    pub(crate) homes: BTreeMap<usize, Home>,
    pub(crate) hidden: bool,
    /// The interface that an interface implements.
    pub(crate) extends: Option<usize>,
    /// Whether a subgraph may have fewer members than another.
    pub(crate) partial: bool,
}

/// A type in a subgraph.
#[derive(Clone, Default)]
pub(crate) struct Home {
    /// The keys, and whether the subgraph can be entered by each.
    pub(crate) keys: Vec<(Set, bool)>,
    /// The object types of an abstract one there.
    pub(crate) members: Vec<usize>,
    /// Whether an interface is an object there.
    pub(crate) object: bool,
}

/// A field with what each subgraph says of it.
#[derive(Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) to: To,
    /// Lists from the outside in, each whether it may be null; the last is the value itself.
    pub(crate) nullable: Vec<bool>,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) at: BTreeMap<usize, At>,
    /// Whether its subgraph fails to resolve it in some rows.
    pub(crate) fails: bool,
    pub(crate) hidden: bool,
    /// Whether a key, a requirement or `@provides` reads it.
    pub(crate) read: bool,
    /// A field that an interface object adds to its members.
    pub(crate) added: bool,
}

/// A field in a subgraph.
#[derive(Clone, Default)]
pub(crate) struct At {
    pub(crate) external: bool,
    /// Whether it promises that there is no null.
    pub(crate) strict: bool,
    pub(crate) requires: Option<Set>,
    pub(crate) provides: Option<Set>,
    /// The subgraph from which it takes the field over, and the label on which that depends.
    pub(crate) overrides: Option<(usize, Option<usize>)>,
    /// Another subgraph takes it over, by a label or not.
    pub(crate) overridden: Option<Option<usize>>,
    /// Another type than the supergraph's.
    pub(crate) to: Option<usize>,
}

/// What a field leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum To {
    Id,
    Int,
    Text,
    Flag,
    Colour,
    /// A custom scalar: any JSON.
    Blob,
    /// A text made of its arguments.
    Echo,
    /// The next number of a counter that all share.
    Next,
    /// A text made of what it requires.
    Made,
    Type(usize),
}

/// An argument of a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Argument {
    pub(crate) name: &'static str,
    pub(crate) ty: &'static str,
    pub(crate) default: Option<&'static str>,
    pub(crate) hidden: bool,
}

/// A field set.
pub(crate) type Set = Vec<Item>;

/// A selection of a field set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Item {
    /// A field of a type, the number that its argument `x` has, and what is selected of it.
    Field {
        ty: usize,
        field: usize,
        x: Option<usize>,
        below: Set,
    },
    On {
        ty: usize,
        below: Set,
    },
}

impl Type {
    pub(crate) fn is_abstract(&self) -> bool {
        matches!(self.kind, Kind::Interface | Kind::Union)
    }

    /// The subgraphs in which it is what it is, not an interface object.
    pub(crate) fn own_homes(&self) -> Vec<usize> {
        self.homes.iter().filter(|(_, home)| !home.object).map(|(at, _)| *at).collect()
    }
}

impl Field {
    pub(crate) fn new(name: String, to: To) -> Self {
        Self {
            name,
            to,
            nullable: vec![true],
            arguments: Vec::new(),
            at: BTreeMap::new(),
            fails: false,
            hidden: false,
            read: false,
            added: false,
        }
    }

    /// The subgraphs that resolve it on their own, whether or not another takes it over.
    pub(crate) fn owners(&self) -> Vec<usize> {
        self.at.iter().filter(|(_, at)| !at.external).map(|(at, _)| *at).collect()
    }

    /// Whether a number chooses the value.
    pub(crate) fn chosen(&self) -> bool {
        self.to != To::Echo && self.arguments.iter().any(|argument| argument.name == "x")
    }
}

impl World {
    /// The object types that a type stands for.
    pub(crate) fn objects(&self, ty: usize) -> BTreeSet<usize> {
        match self.types[ty].is_abstract() {
            true => self.types[ty].homes.values().flat_map(|home| &home.members).copied().collect(),
            false => BTreeSet::from([ty]),
        }
    }

    /// Whether what a subgraph says of a field counts, given the labels.
    pub(crate) fn in_force(&self, at: &At) -> bool {
        let on = |label: usize| self.labels[label].1;
        let takes = at.overrides.is_none_or(|(_, label)| label.is_none_or(on));
        let keeps = at.overridden.is_none_or(|label| label.is_some_and(|label| !on(label)));
        takes && keeps && !at.external
    }

    /// A field set as it is written.
    pub(crate) fn set_text(&self, set: &[Item]) -> String {
        let item = |item: &Item| match item {
            Item::On { ty, below } => {
                format!("... on {} {{ {} }}", self.types[*ty].name, self.set_text(below))
            }
            Item::Field { ty, field, x, below } => {
                let mut text = self.types[*ty].fields[*field].name.to_owned();
                text.extend(x.map(|x| format!("(x: {x})")));
                if !below.is_empty() {
                    text.push_str(&format!(" {{ {} }}", self.set_text(below)));
                }
                text
            }
        };
        set.iter().map(item).collect::<Vec<_>>().join(" ")
    }
}
