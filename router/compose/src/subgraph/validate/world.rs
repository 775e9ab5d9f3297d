//! What the rules look at: the types and directives of a document and what federation adds.

use sdl::{DirectiveDefinition, Document, Kind, Location, Spot};

use super::Finding;
use crate::diagnostic::Code;
use crate::maps::HashMap;
use crate::subgraph::links::Links;
use crate::subgraph::pieces::{Pieces, gather};
use crate::subgraph::spec;

/// A document, by names.
pub(super) struct World<'d> {
    pub document: &'d Document,
    pub types: HashMap<&'d str, Pieces<'d>>,
    pub directives: HashMap<&'d str, &'d DirectiveDefinition>,
}

/// Types that every schema has.
const BUILT_IN: [&str; 5] = ["ID", "String", "Int", "Float", "Boolean"];

impl<'d> World<'d> {
    pub(super) fn new(document: &'d Document, links: &'d Links) -> Self {
        let types = gather(document).into_iter().map(|(name, ty)| (name.as_str(), ty)).collect();
        let mut directives: HashMap<&str, &DirectiveDefinition> = HashMap::default();
        directives.extend(spec::built_in().iter().map(|known| (known.name.as_str(), known)));
        for (local, name) in &links.directives {
            directives.extend(
                spec::definition(name, links.federation).map(|known| (local.as_str(), known)),
            );
        }
        directives.insert(&links.link, spec::link());
        for own in &document.directives {
            directives.insert(&own.name, own);
        }
        Self { document, types, directives }
    }

    /// Whether there is a type of that name. Those that federation adds are not there for a file
    /// that uses them without defining them.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.types.contains_key(name) || BUILT_IN.contains(&name)
    }

    /// The kind of a type; one that is not defined here is a scalar.
    pub(super) fn kind(&self, name: &str) -> Kind {
        self.types.get(name).map_or(Kind::Scalar, |ty| ty.kind)
    }

    /// The name of the type of a kind of operation.
    pub(super) fn root(&self, operation: sdl::RootKind) -> &'d str {
        let mut roots = self.document.schemas.iter().flat_map(|schema| &schema.roots);
        let named = roots.find(|(root, _)| *root == operation).map(|(_, named)| &*named.name);
        named.unwrap_or_else(|| operation.default_type_name())
    }

    /// A known name that one may have meant.
    pub(super) fn near<'n>(
        &self,
        name: &str,
        names: impl Iterator<Item = &'n str>,
    ) -> Option<String> {
        near(name, names).map(|near| format!("did you mean `{near}`?"))
    }
}

/// The nearest of some names that differs from one in few letters.
fn near<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let most = name.len() / 3;
    let length = |other: &&str| other.len().abs_diff(name.len()) <= most;
    let distance = |other| (distance(name, other), other);
    let nearest = names.filter(length).map(distance).min()?;
    (nearest.0 <= most.max(1) && nearest.0 > 0).then_some(nearest.1)
}

/// How many letters of a name must change to make another; letter case counts half as nothing.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<u8> = b.to_ascii_lowercase().into_bytes();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.to_ascii_lowercase().bytes().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, other) in b.iter().enumerate() {
            let changed = corner + usize::from(letter != *other);
            corner = row[j + 1];
            row[j + 1] = changed.min(corner + 1).min(row[j] + 1);
        }
    }
    // Names that differ in letter case alone are near, but not the same.
    row[b.len()].max(usize::from(a.as_bytes() != b.as_slice()))
}

/// A finding of these rules.
pub(super) fn wrong(message: String, at: Spot) -> Finding {
    Finding { code: Code::InvalidGraphql, message, at, help: None }
}

/// Where the directives of a type stand.
pub(super) const fn location(kind: Kind) -> Location {
    match kind {
        Kind::Scalar => Location::Scalar,
        Kind::Object => Location::Object,
        Kind::Interface => Location::Interface,
        Kind::Union => Location::Union,
        Kind::Enum => Location::Enum,
        Kind::Input => Location::InputObject,
    }
}

/// A kind of type as a sentence says it.
pub(super) const fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Scalar => "a scalar",
        Kind::Object => "an object type",
        Kind::Interface => "an interface",
        Kind::Union => "a union",
        Kind::Enum => "an enum",
        Kind::Input => "an input type",
    }
}
