//! A subgraph as data: what rules, merging and satisfiability look at.
//!
//! What a directive means has been decided by reading (renames, federation 1, `@extends`): a field
//! is `external` here if it really is resolved elsewhere, whatever the file says. Names of root
//! types are the usual ones here.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use sdl::{Location, Name, Spot, Type, Value};

use crate::diagnostic::{Diagnostic, Label};
use crate::maps::{HashSet, IndexMap};

/// One subgraph.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    /// Its place among all subgraphs.
    pub graph: usize,
    pub name: Name,
    pub url: String,
    pub file: String,
    /// Federation 1 schemas are read leniently, as they were before there were rules.
    pub federation_1: bool,
    /// The linked version of federation.
    pub version: (u32, u32),
    /// Of the schema itself.
    pub description: Option<Name>,
    pub schema_at: Spot,
    /// Of the schema itself too.
    pub schema_marks: Marks,
    pub types: IndexMap<Name, TypeView>,
    /// The definitions of directives that may stay in the supergraph: executable ones and composed
    /// ones, by the name that they have there.
    pub directives: IndexMap<Name, DirectiveView>,
    /// The definitions of directives of foreign specifications that the subgraph links without
    /// composing them: another may.
    pub linked: IndexMap<Name, DirectiveView>,
    /// The names of federation's directives here that the supergraph keeps and something in the
    /// subgraph has, by their usual names.
    pub kept_names: BTreeMap<&'static str, Name>,
    /// Where federation is linked; nowhere in federation 1.
    pub linked_at: Spot,
    /// The names of all directives that are defined for the subgraph.
    pub directive_names: HashSet<Name>,
    /// The links that `@composeDirective` keeps.
    pub composed: Vec<ForeignLink>,
    /// What is wrong with what `@composeDirective` names.
    pub uncomposed: Vec<Diagnostic>,
    /// All links of specifications that are not known here.
    pub links: Vec<ForeignLink>,
    /// Directives that `@composeDirective` names although they are kept without it.
    pub composed_anyway: Vec<(Name, Spot)>,
    /// A linked specification that needs a later federation than the linked one.
    pub upgrade: Option<Upgrade>,
    /// The types of federation 1 of which nothing was left once unused external fields were gone.
    pub emptied: Vec<Emptied>,
    /// Root types have their usual names here; this is where a type that is no root has such a
    /// name: the name, the real root, and the place.
    pub root_clashes: Vec<(&'static str, Name, Spot)>,
}

/// A type of which nothing is left.
#[derive(Clone, Debug)]
pub(crate) struct Emptied {
    pub name: Name,
    pub at: Spot,
    /// Whether the subgraph only extended it.
    pub extension_only: bool,
    /// Whether something of the subgraph refers to it.
    pub referenced: bool,
}

/// What a type is; an interface object is an object that stands for an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Scalar,
    Object,
    InterfaceObject,
    Interface,
    Union,
    Enum,
    Input,
}

/// A type of a subgraph.
#[derive(Clone, Debug)]
pub(crate) struct TypeView {
    pub name: Name,
    pub description: Option<Name>,
    pub kind: Kind,
    pub at: Spot,
    /// Whether the subgraph only extends it.
    pub extension_only: bool,
    /// Whether it is `extend` that says so, not a directive.
    pub extension_word: bool,
    pub implements: Vec<Name>,
    pub members: Vec<Name>,
    /// Fields, or input fields.
    pub fields: IndexMap<Name, FieldView>,
    /// Of an enum.
    pub values: IndexMap<Name, ElementView>,
    pub keys: Vec<KeyView>,
    /// Where an interface of federation 1 had a key, which means nothing since.
    pub old_key: Option<Spot>,
    /// The contexts it sets.
    pub contexts: Vec<(Name, Spot)>,
    /// `@shareable` on each definition or extension of it: how often, and where.
    pub shareable: Vec<(usize, Spot)>,
    pub marks: Marks,
}

/// A field of a type, or an input field.
#[derive(Clone, Debug)]
pub(crate) struct FieldView {
    pub name: Name,
    pub description: Option<Name>,
    pub ty: Type,
    pub at: Spot,
    pub arguments: Arguments,
    /// Of an input field.
    pub default: Option<Value>,
    pub external: bool,
    /// Whether `@external` stands on the field itself.
    pub external_here: bool,
    pub shareable: bool,
    /// How often `@shareable` stands on the field itself.
    pub shareable_here: usize,
    pub requires: Option<Box<FieldsArgument>>,
    pub provides: Option<Box<FieldsArgument>>,
    pub overrides: Option<Box<Override>>,
    pub list_size: Option<Box<ListSize>>,
    pub marks: Marks,
}

/// The arguments of a field; it is small where there are none, as for most.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arguments(Option<Box<IndexMap<Name, ArgumentView>>>);

impl std::ops::Deref for Arguments {
    type Target = IndexMap<Name, ArgumentView>;

    fn deref(&self) -> &Self::Target {
        static NONE: LazyLock<IndexMap<Name, ArgumentView>> = LazyLock::new(IndexMap::default);
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl FromIterator<(Name, ArgumentView)> for Arguments {
    fn from_iter<T: IntoIterator<Item = (Name, ArgumentView)>>(all: T) -> Self {
        let mut all = all.into_iter().peekable();
        let any = all.peek().is_some();
        Self(any.then(|| Box::new(all.collect())))
    }
}

impl<'a> IntoIterator for &'a Arguments {
    type Item = (&'a Name, &'a ArgumentView);
    type IntoIter = indexmap::map::Iter<'a, Name, ArgumentView>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// An argument of a field or of a directive.
#[derive(Clone, Debug)]
pub(crate) struct ArgumentView {
    pub description: Option<Name>,
    pub ty: Type,
    pub default: Option<Value>,
    pub at: Spot,
    /// The text of `@fromContext(field:)`.
    pub from_context: Option<Name>,
    pub marks: Marks,
}

/// A directive's definition.
#[derive(Clone, Debug)]
pub(crate) struct DirectiveView {
    pub description: Option<Name>,
    pub arguments: IndexMap<Name, ArgumentView>,
    pub repeatable: bool,
    pub locations: Vec<Location>,
    /// Whether `@composeDirective` keeps it; else it is an executable directive.
    pub composed: bool,
    pub at: Spot,
}

/// An enum value.
#[derive(Clone, Debug)]
pub(crate) struct ElementView {
    pub description: Option<Name>,
    pub at: Spot,
    pub marks: Marks,
}

/// Directives that any element can have; it is small where there are none, as on most elements.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks(Option<Box<Marked>>);

impl std::ops::Deref for Marks {
    type Target = Marked;

    fn deref(&self) -> &Marked {
        static NONE: Marked =
            Marked { inaccessible: false, merged: Vec::new(), applied: Vec::new() };
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl std::ops::DerefMut for Marks {
    fn deref_mut(&mut self) -> &mut Marked {
        self.0.get_or_insert_default()
    }
}

/// What the directives on an element come to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marked {
    pub inaccessible: bool,
    /// The names of the directives on it that the supergraph keeps, `@inaccessible` among them.
    pub merged: Vec<Name>,
    /// Every directive on it that the supergraph keeps, with its arguments, in order: `tag`,
    /// `inaccessible`, `deprecated`, `specifiedBy`, `cost`, `listSize`, `authenticated`,
    /// `requiresScopes`, `policy`, `cacheTag` and the composed ones.
    pub applied: Vec<Applied>,
}

/// The directives that say what it takes to see an element.
pub(crate) const AUTHORIZATION: [&str; 3] = ["authenticated", "requiresScopes", "policy"];

impl Marked {
    /// Whether it takes anything to see the element.
    pub(crate) fn is_guarded(&self) -> bool {
        self.merged.iter().any(|name| AUTHORIZATION.contains(&name.as_str()))
    }
}

/// A directive as it stands on an element.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Applied {
    /// The name that it has in the supergraph, without `@`.
    pub name: Name,
    pub arguments: Vec<(Name, Value)>,
    pub at: Spot,
}

/// A link of a specification that is not known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ForeignLink {
    /// The URL without the version.
    pub identity: String,
    pub version: (u32, u32),
    /// The name under which the subgraph links it.
    pub name: Name,
    /// Directives: the name in the specification and here.
    pub directives: Vec<(Name, Name)>,
    pub at: Spot,
}

/// A subgraph is read by a later version of federation than it links.
#[derive(Clone, Debug)]
pub(crate) struct Upgrade {
    /// The specification that needs it.
    pub by: String,
    pub to: (u32, u32),
    /// Its link, and that of federation.
    pub at: Spot,
    pub federation: Spot,
}

/// A `@key`.
#[derive(Clone, Debug)]
pub(crate) struct KeyView {
    pub fields: FieldsArgument,
    pub resolvable: bool,
    /// Whether it is said to be of an extension: of `extend type`, or of a type with `@extends`.
    pub extension: bool,
}

/// The `fields` of a `@key`, `@requires` or `@provides`.
#[derive(Clone, Debug)]
pub(crate) struct FieldsArgument {
    /// None if it is not a string.
    pub text: Option<Name>,
    /// If it is not a string: the names in it, separated by spaces.
    pub meant: String,
    pub at: Spot,
}

impl FieldsArgument {
    /// A place in the text as a place in the file: all of the text, if that has escapes or several
    /// lines.
    pub(crate) fn within(&self, at: Spot) -> Spot {
        let text = self.text.as_deref().unwrap_or_default();
        // What is around the text: a quote, or three.
        let around = (self.at.length as usize).checked_sub(text.chars().count());
        let before = match around {
            Some(2) => 1,
            Some(6) => 3,
            _ => return self.at,
        };
        if at.line != 1 {
            return self.at;
        }
        let column = self.at.column.saturating_add(before).saturating_add(at.column - 1);
        Spot { line: self.at.line, column, length: at.length.max(1) }
    }

    /// Where a word of the text stands; the first time, if it stands there more than once.
    pub(crate) fn spot(&self, word: &str) -> Spot {
        let text = self.text.as_deref().unwrap_or_default();
        let part = |c: char| c == '_' || c.is_ascii_alphanumeric();
        let stands =
            |at: &usize| !text[..*at].ends_with(part) && !text[at + word.len()..].starts_with(part);
        let Some(at) = text.match_indices(word).map(|(at, _)| at).find(stands) else {
            return self.at;
        };
        let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let (column, length) = (count(&text[..at]).saturating_add(1), count(word));
        self.within(Spot { line: 1, column, length })
    }
}

/// An `@override`.
#[derive(Clone, Debug)]
pub(crate) struct Override {
    pub from: Name,
    pub label: Option<Name>,
    pub at: Spot,
}

/// A `@listSize`.
#[derive(Clone, Debug)]
pub(crate) struct ListSize {
    pub assumed: Option<i64>,
    pub slicing_arguments: Vec<Name>,
    pub sized_fields: Option<Vec<Name>>,
    pub at: Spot,
}

impl View {
    pub(crate) fn label(&self, at: Spot, text: impl Into<String>) -> Label {
        Label {
            subgraph: self.name.to_string(),
            file: self.file.clone(),
            line: at.line,
            column: at.column,
            length: at.length.max(1),
            text: text.into(),
        }
    }

    /// Whether `@composeDirective` keeps a directive.
    pub(crate) fn composes(&self, local: &str) -> bool {
        self.directives.get(local).is_some_and(|directive| directive.composed)
    }

    /// The object types that an object of type `name` can have here.
    pub(crate) fn possible(&self, name: &str) -> Vec<&Name> {
        let Some(ty) = self.types.get(name) else { return Vec::new() };
        match ty.kind {
            Kind::Object | Kind::InterfaceObject => vec![&ty.name],
            Kind::Union => ty.members.iter().collect(),
            Kind::Interface => self
                .types
                .values()
                .filter(|ty| ty.kind == Kind::Object && ty.implements.iter().any(|i| i == name))
                .map(|ty| &ty.name)
                .collect(),
            _ => Vec::new(),
        }
    }
}

impl TypeView {
    /// Whether its fields are resolved: it is an object, or stands for one.
    pub(crate) fn is_object(&self) -> bool {
        matches!(self.kind, Kind::Object | Kind::InterfaceObject)
    }

    pub(crate) fn is_composite(&self) -> bool {
        self.is_object() || matches!(self.kind, Kind::Interface | Kind::Union)
    }
}

impl From<sdl::Kind> for Kind {
    fn from(kind: sdl::Kind) -> Self {
        match kind {
            sdl::Kind::Scalar => Self::Scalar,
            sdl::Kind::Object => Self::Object,
            sdl::Kind::Interface => Self::Interface,
            sdl::Kind::Union => Self::Union,
            sdl::Kind::Enum => Self::Enum,
            sdl::Kind::Input => Self::Input,
        }
    }
}

impl Kind {
    /// What it is in the supergraph: an interface object stands for an interface.
    pub(crate) fn plain(self) -> Self {
        match self {
            Self::InterfaceObject => Self::Interface,
            kind => kind,
        }
    }

    /// Whether it is made of fields that can be queried.
    pub(crate) const fn has_fields(self) -> bool {
        matches!(self, Self::Object | Self::InterfaceObject | Self::Interface)
    }

    /// As a sentence says it.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Kind::Scalar => "a scalar",
            Kind::Object => "an object type",
            Kind::InterfaceObject => "an interface object",
            Kind::Interface => "an interface",
            Kind::Union => "a union",
            Kind::Enum => "an enum",
            Kind::Input => "an input type",
        }
    }
}
