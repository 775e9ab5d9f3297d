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

use super::finding::{Finding, Validated};
use super::links::Links;
use world::World;

/// More findings of this kind are read by nobody.
const MOST_FINDINGS: usize = 50;

/// What is told of a document whose links are wrong. What is defined twice, or not at all, comes
/// before; types that are not defined come before versions only that are not known, and what makes no
/// schema goes along with those.
pub(super) fn with_links(document: &Document, links: &Links, wrong: Vec<Finding>) -> Vec<Finding> {
    let world = World::new(document, links);
    let mut found = Validated::default();
    names::check(&world, &mut found.first);
    match links.is_unlinked(&wrong) {
        true => positions::check(&world, &mut found),
        false => positions::of_directives(&world, &mut found),
    }
    let mut told = found.first;
    if told.is_empty() {
        told = wrong;
        if links.is_unlinked(&told) {
            told.extend(found.built);
        }
    }
    told.truncate(MOST_FINDINGS);
    told
}

/// Validates a document, of which federation's own definitions are checked elsewhere.
pub(super) fn validate(document: &Document, links: &Links) -> Validated {
    let world = World::new(document, links);
    let mut found = Validated::default();
    names::check(&world, &mut found.first);
    positions::check(&world, &mut found);
    directives::check(&world, &mut found);
    if [&found.first, &found.built, &found.rest].iter().all(|found| found.is_empty()) {
        interfaces::check(&world, &mut found.rest);
        inputs::check(&world, &mut found.rest);
    }
    for found in [&mut found.first, &mut found.built, &mut found.rest] {
        found.truncate(MOST_FINDINGS);
    }
    found
}
