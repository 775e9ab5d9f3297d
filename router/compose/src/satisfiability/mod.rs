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

use crate::check::overrides::Overrides;
use crate::diagnostic::{Diagnostic, Label};
use crate::maps::HashSet;
use crate::merge::Merged;
use crate::subgraph::Views;
use reach::Reach;
use world::LabelIx;

/// Finds the queries that can't be answered, the shortest for each field, whichever labels of
/// progressive overrides are on.
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
    let mut world = build::build(views, overrides, merged);
    let labels =
        LabelIx::try_from(world.labels.len()).expect("labels stand in texts that are bounded");
    for labels_on in choices(labels) {
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

/// So many labels are tried in every combination: with more, the walks would take too long.
const TRIED_IN_FULL: LabelIx = 5;

/// The sets of labels that are on together. With many labels: none, all, each alone, and all but
/// each, which finds what two of them do to each other at one place.
fn choices(labels: LabelIx) -> Vec<HashSet<LabelIx>> {
    if labels <= TRIED_IN_FULL {
        let on = |choice: u32| (0..labels).filter(|label| choice >> label & 1 == 1).collect();
        return (0..1 << labels).map(on).collect();
    }
    let all = || (0..labels).collect::<HashSet<LabelIx>>();
    let alone = (0..labels).map(|label| HashSet::from_iter([label]));
    let without = (0..labels).map(|label| (0..labels).filter(|other| *other != label).collect());
    [HashSet::default(), all()].into_iter().chain(alone).chain(without).collect()
}
