//! The supergraph before it is written: what clients see, and who joins in what.

use std::collections::BTreeMap;

use sdl::Name;

use crate::subgraph::{Applied, Kind};

/// Federation's directives that the supergraph has, by their usual names, with the names that they
/// have there. All subgraphs that use one agree on its name, which was checked; one that is used on
/// nothing that was kept still stands here.
pub(crate) type Kept = BTreeMap<&'static str, Name>;

/// A subgraph, by its place in the order of names.
pub(crate) type Graph = usize;

/// The supergraph.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    /// Of the schema itself.
    pub description: Option<Name>,
    /// On the schema itself.
    pub applied: Vec<Applied>,
    pub graphs: Vec<GraphEntry>,
    /// Federation's directives that are used, and what they are called.
    pub kept: Kept,
    /// The composed specifications: URL, local name, and imports.
    pub links: Vec<MergedLink>,
    /// Definitions of composed and executable directives, by name.
    pub directives: Vec<MergedDirective>,
    /// By name.
    pub types: Vec<MergedType>,
}

/// A value of `join__Graph`.
#[derive(Debug)]
pub(crate) struct GraphEntry {
    pub value: String,
    pub name: Name,
    pub url: String,
}

/// A link that the supergraph keeps.
#[derive(Debug)]
pub(crate) struct MergedLink {
    pub url: String,
    pub name: Name,
    pub imports: Vec<(Name, Name)>,
}

/// A definition of a directive.
#[derive(Debug)]
pub(crate) struct MergedDirective {
    pub name: Name,
    pub description: Option<Name>,
    pub arguments: Vec<MergedArgument>,
    pub repeatable: bool,
    pub locations: Vec<sdl::Location>,
}

/// A type.
#[derive(Debug)]
pub(crate) struct MergedType {
    pub name: Name,
    pub kind: Kind,
    pub description: Option<Name>,
    pub joins: Vec<JoinType>,
    pub implements: Vec<Name>,
    pub join_implements: Vec<(Graph, Name)>,
    pub members: Vec<(Name, Vec<Graph>)>,
    pub fields: Vec<MergedField>,
    pub values: Vec<MergedValue>,
    /// What it is used for, in any subgraph.
    pub usage: Usage,
    pub contexts: Vec<String>,
    pub applied: Vec<Applied>,
}

/// What a type is used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    pub input: bool,
    pub output: bool,
}

impl Usage {
    /// Whether it is used at all.
    pub(crate) fn is_any(self) -> bool {
        self.input || self.output
    }
}

/// A `@join__type`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct JoinType {
    pub graph: Graph,
    pub key: Option<String>,
    pub resolvable: bool,
    pub extension: bool,
    pub interface_object: bool,
}

/// A field, or an input field.
#[derive(Clone, Debug)]
pub(crate) struct MergedField {
    pub name: Name,
    pub description: Option<Name>,
    pub ty: sdl::Type,
    pub arguments: Vec<MergedArgument>,
    pub default: Option<sdl::Value>,
    pub joins: Joins,
    pub applied: Vec<Applied>,
}

/// Who resolves a field.
#[derive(Clone, Debug)]
pub(crate) enum Joins {
    /// Every subgraph that has the type, plainly: nothing need be said.
    All,
    /// No subgraph as a field of this type: it comes with an interface object.
    Inherited,
    /// These.
    Some(Vec<JoinField>),
}

/// A `@join__field`; it is small where there is nothing more to say, as for most.
#[derive(Clone, Debug)]
pub(crate) struct JoinField {
    pub graph: Graph,
    pub external: bool,
    said: Option<Box<Said>>,
}

impl JoinField {
    pub(super) fn new(graph: Graph, external: bool, said: Said) -> Self {
        let said = (said != Said::NOTHING).then(|| Box::new(said));
        Self { graph, external, said }
    }

    /// What it says besides.
    pub(crate) fn said(&self) -> &Said {
        static NOTHING: Said = Said::NOTHING;
        self.said.as_deref().unwrap_or(&NOTHING)
    }
}

/// What a `@join__field` says besides the subgraph.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Said {
    pub ty: Option<String>,
    pub requires: Option<String>,
    pub provides: Option<String>,
    pub overrides: Option<Name>,
    pub override_label: Option<Name>,
    pub used_overridden: bool,
    /// Arguments from contexts: context, argument, type and selection.
    pub context_arguments: Vec<[String; 4]>,
}

impl Said {
    pub(super) const NOTHING: Self = Self {
        ty: None,
        requires: None,
        provides: None,
        overrides: None,
        override_label: None,
        used_overridden: false,
        context_arguments: Vec::new(),
    };
}

/// An argument.
#[derive(Clone, Debug)]
pub(crate) struct MergedArgument {
    pub name: Name,
    pub description: Option<Name>,
    pub ty: sdl::Type,
    pub default: Option<sdl::Value>,
    pub applied: Vec<Applied>,
}

/// An enum value.
#[derive(Debug)]
pub(crate) struct MergedValue {
    pub name: Name,
    pub description: Option<Name>,
    pub graphs: Vec<Graph>,
    pub applied: Vec<Applied>,
}
