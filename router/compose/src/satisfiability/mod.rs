//! Proof that every query which the merged schema allows can be answered.
//!
//! [`build`] puts the merged types and each subgraph's part of them into a [`world`]; [`reach`]
//! tells in which subgraphs an object can be continued, from anywhere it can be held; [`walk`]
//! visits every position that a query can have; [`explain`] tells what it found there.

mod build;
mod explain;
mod reach;
mod walk;
mod world;

use std::collections::HashSet;

use crate::check::overrides::Overrides;
use crate::diagnostic::{Diagnostic, Label};
use crate::merge::Merged;
use crate::subgraph::Views;
use reach::Reach;
use world::LabelIx;

/// Finds the queries that can't be answered, the shortest for each field. Progressive overrides
/// are looked at with all of their labels off, and with all of them on.
pub(crate) fn check(views: &Views<'_>, overrides: &Overrides, merged: &Merged) -> Vec<Diagnostic> {
    let places = |subgraph: &str, ty: &str, field: Option<&str>, text: &str| -> Option<Label> {
        let view = views.all.iter().find(|view| view.name == subgraph)?;
        let ty = view.types.get(ty)?;
        let at = match field {
            Some(field) => ty.fields.get(field)?.at,
            None => ty.at,
        };
        Some(view.label(at, text))
    };
    let mut found = Vec::new();
    let labels = LabelIx::try_from(build::build(views, overrides, merged).labels.len())
        .expect("labels stand in texts that are bounded");
    let all: HashSet<LabelIx> = (0..labels).collect();
    let sets = if all.is_empty() { vec![all] } else { vec![HashSet::new(), all] };
    for labels_on in sets {
        let mut world = build::build(views, overrides, merged);
        let mut reach = Reach::new(&mut world, labels_on);
        for dead_end in walk::walk(&mut reach) {
            let diagnostic = explain::explain(&mut reach, &dead_end, &places);
            if !found.contains(&diagnostic) {
                found.push(diagnostic);
            }
        }
    }
    found
}
