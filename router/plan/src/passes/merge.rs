//! Merges fetches that ask the same subgraph about the same objects.

use graph::EntryKind;

use super::waves;
use crate::build::groups::{Group, GroupId, Groups, Providers, add_input};
use crate::model::Input;
use crate::sets::agree;

/// Merges each pair of fetches that agree in subgraph, objects and kind, unless one of them needs
/// the other or the plan would take more waves.
pub(crate) fn merge(groups: &mut Groups) {
    let mut first = 0;
    while first < groups.groups.len() {
        let mut second = first + 1;
        while second < groups.groups.len() {
            if alike(groups, first, second) && !related(groups, first, second) {
                let depth = longest(groups);
                let before =
                    (groups.groups[first].after.clone(), groups.groups[second].after.clone());
                let union: Providers = before.0.union(&before.1).copied().collect();
                groups.groups[first].after = union.clone();
                groups.groups[second].after = union;
                if longest(groups) <= depth {
                    absorb(groups, first, second);
                    continue;
                }
                (groups.groups[first].after, groups.groups[second].after) = before;
            }
            second += 1;
        }
        first += 1;
    }
}

fn alike(groups: &Groups, first: usize, second: usize) -> bool {
    let (a, b) = (&groups.groups[first], &groups.groups[second]);
    let root_field = a.kind == EntryKind::Root && a.path.is_empty();
    let same = a.subgraph == b.subgraph && a.kind == b.kind && a.path == b.path && !root_field;
    // One representation has one value for each name.
    let inputs = || a.inputs.iter().chain(&b.inputs);
    let sets = || inputs().flat_map(|input| std::iter::once(&input.key).chain(&input.requires));
    same && agree(&sets().collect::<Vec<_>>()) && (tells(a.kind) || sufficient(a, b))
}

/// Whether fields can be asked for objects of some types only.
fn tells(kind: EntryKind) -> bool {
    !matches!(kind, EntryKind::InterfaceObject(_))
}

/// Whether all objects of two fetches would bring along what any field of these requires: an
/// interface object is asked for all its fields, of whatever type the object is.
fn sufficient(a: &Group, b: &Group) -> bool {
    let mut inputs = a.inputs.clone();
    for input in &b.inputs {
        add_input(&mut inputs, input.clone());
    }
    let has = |input: &Input, requires| input.requires.contains(requires);
    inputs
        .iter()
        .flat_map(|input| &input.requires)
        .all(|requires| inputs.iter().all(|input| has(input, requires)))
}

fn related(groups: &Groups, first: usize, second: usize) -> bool {
    let before = |id: usize| groups.ancestors(&groups.groups[id].after);
    before(first).contains(&GroupId(second)) || before(second).contains(&GroupId(first))
}

fn longest(groups: &Groups) -> usize {
    waves(groups).into_iter().max().unwrap_or_default()
}

/// Moves everything of the second group into the first.
fn absorb(groups: &mut Groups, first: usize, second: usize) {
    let gone = groups.remove(GroupId(second), &Providers::from([GroupId(first)]));
    let kept = &mut groups.groups[first];
    kept.nodes.extend(gone.nodes);
    kept.contexts.extend(gone.contexts);
    for input in gone.inputs {
        add_input(&mut kept.inputs, input);
    }
}
