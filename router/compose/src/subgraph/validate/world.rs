//! What the rules look at: the types and directives of a document and what federation adds.

use sdl::{DirectiveDefinition, Document, Kind, Location, Spot};

use super::Finding;
use crate::diagnostic::Code;
use crate::maps::HashMap;
use crate::subgraph::links::Links;
use crate::subgraph::near::nearest;
use crate::subgraph::pieces::{Pieces, gather};
use crate::subgraph::spec;

/// A document, by names.
pub(super) struct World<'d> {
    pub document: &'d Document,
    pub types: HashMap<&'d str, Pieces<'d>>,
    pub directives: HashMap<&'d str, &'d DirectiveDefinition>,
    /// Whether the file links no federation 2, so that it is read as one of federation 1.
    pub federation_1: bool,
}

/// Types that every schema has.
pub(crate) const BUILT_IN: [&str; 5] = ["ID", "String", "Int", "Float", "Boolean"];

impl<'d> World<'d> {
    pub(super) fn new(document: &'d Document, links: &'d Links) -> Self {
        let types = gather(document).into_iter().map(|(name, ty)| (name.as_str(), ty)).collect();
        let mut directives: HashMap<&str, &DirectiveDefinition> = HashMap::default();
        for (local, name) in &links.directives {
            directives.extend(
                spec::definition(name, links.federation).map(|known| (local.as_str(), known)),
            );
        }
        directives.insert(&links.link, spec::link());
        // A file can repeat what federation defines, but not change it, save to fewer places or to
        // once: that is looked at where definitions are.
        for own in &document.directives {
            directives.insert(&own.name, own);
        }
        directives.extend(spec::built_in().iter().map(|known| (known.name.as_str(), known)));
        Self { document, types, directives, federation_1: links.federation.is_none() }
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
        nearest(name, names).map(|near| format!("did you mean `{near}`?"))
    }
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
