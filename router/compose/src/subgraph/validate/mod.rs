//! Validating: a subgraph's own document against the rules that GraphQL has for schemas.
//!
//! [`world`] is what the rules look at: the document together with what federation adds to it. A
//! subgraph may lack a query and may extend types that it does not define.

pub(crate) mod cycles;
mod directives;
mod inputs;
mod interfaces;
mod names;
mod positions;
pub(crate) mod values;
mod world;

use sdl::Document;

use super::finding::Finding;
use super::links::Links;
use world::World;

pub(super) use world::BUILT_IN;

/// More findings of this kind are read by nobody.
const MOST_FINDINGS: usize = 50;

/// The rules about names alone, for a document whose links make no sense.
pub(super) fn names(document: &Document, links: &Links) -> Vec<Finding> {
    let mut found = Vec::new();
    names::check(&World::new(document, links), &mut found);
    found.truncate(MOST_FINDINGS);
    found
}

/// Validates a document from which federation's own definitions have been taken away.
pub(super) fn validate(document: &Document, links: &Links) -> Vec<Finding> {
    let world = World::new(document, links);
    let mut found = Vec::new();
    names::check(&world, &mut found);
    positions::check(&world, &mut found);
    directives::check(&world, &mut found);
    if found.is_empty() {
        interfaces::check(&world, &mut found);
        inputs::check(&world, &mut found);
    }
    found.truncate(MOST_FINDINGS);
    found
}
