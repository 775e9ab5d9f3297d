//! The section `subgraphs` and `federation_version`: rover's format, with a few keys of our own.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::names::Names;
use super::value::Span;

/// The subgraphs by name.
pub(crate) type Subgraphs = BTreeMap<String, Subgraph>;

/// What the file says of a subgraph.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Subgraph {
    /// Where it answers; with a supergraph, this overrides what stands there.
    pub(crate) routing_url: Option<String>,
    /// Where its schema comes from; needed to compose only.
    pub(crate) schema: Option<Source>,
    /// How long it may take to answer.
    pub(crate) timeout: Option<Span>,
    /// Whether the messages of its errors are passed on.
    pub(crate) expose_errors: Option<bool>,
    /// Headers that every request to it carries.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// Headers of the client that go along.
    pub(crate) forward_headers: Option<Names>,
}

/// Where the schema of a subgraph comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A file, relative to the configuration.
    File(PathBuf),
    /// The text itself.
    Sdl(String),
    /// The subgraph is asked for `{ _service { sdl } }`.
    Ask(String),
}

impl Subgraph {
    /// Where it answers: what is configured, else where its schema was asked for.
    pub(crate) fn url(&self) -> Option<&str> {
        match (&self.routing_url, &self.schema) {
            (Some(url), _) | (None, Some(Source::Ask(url))) => Some(url),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(SourceVisitor)
    }
}

struct SourceVisitor;

impl<'de> Visitor<'de> for SourceVisitor {
    type Value = Source;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("one of `file`, `subgraph_url` and `sdl`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Source, E> {
        Err(E::custom(format!("write `schema: {{ file: {text} }}` for a file")))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Source, A::Error> {
        const SHAPE: &str = "`schema` needs exactly one of `file`, `subgraph_url` and `sdl`";
        let keys = Keys::deserialize(MapAccessDeserializer::new(map))?;
        if keys.graphref.is_some() || keys.subgraph.is_some() {
            return Err(A::Error::custom(format!("`graphref` is not supported: {SHAPE}")));
        }
        match (keys.file, keys.subgraph_url, keys.sdl) {
            (Some(file), None, None) => Ok(Source::File(file)),
            (None, Some(url), None) => Ok(Source::Ask(url)),
            (None, None, Some(sdl)) => Ok(Source::Sdl(sdl)),
            _ => Err(A::Error::custom(SHAPE)),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    file: Option<PathBuf>,
    subgraph_url: Option<String>,
    sdl: Option<String>,
    graphref: Option<String>,
    subgraph: Option<String>,
}

/// The version of federation that the file asks for: any of federation 2 will do, since subgraphs
/// of federation 1 are upgraded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FederationVersion;

impl<'de> Deserialize<'de> for FederationVersion {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let number = text.trim_start_matches('=').trim_start_matches('v');
        if number == "2" || number.starts_with("2.") {
            return Ok(Self);
        }
        let wrong = "is not supported: write 2, or a version such as =2.9.0";
        Err(D::Error::custom(format!("federation_version {text:?} {wrong}")))
    }
}
