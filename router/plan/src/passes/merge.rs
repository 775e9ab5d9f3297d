//! Merges fetches that ask the same subgraph about the same objects.

use graph::EntryKind;

use super::waves;
use crate::build::groups::{Group, GroupId, Groups, Providers, add_input};
use crate::model::{Input, PathStep};
use crate::sets::agree;

/// Merges each pair of fetches that agree in subgraph, objects and kind, unless one of them needs
/// the other or the plan would take more waves.
pub(crate) fn merge(groups: &mut Groups) {
    let mut first = 0;
    while first < groups.groups.len() {
        let mut second = first + 1;
        while second < groups.groups.len() {
            let path = path_of_both(&groups.groups[first].path, &groups.groups[second].path);
            let path = path.filter(|path| alike(groups, first, second, path));
            if let Some(path) = path
                && !related(groups, first, second)
            {
                let depth = longest(groups);
                let before =
                    (groups.groups[first].after.clone(), groups.groups[second].after.clone());
                let union: Providers = before.0.union(&before.1).copied().collect();
                groups.groups[first].after = union.clone();
                groups.groups[second].after = union;
                if longest(groups) <= depth {
                    groups.groups[first].path = path;
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

/// The path to the objects of both, when these are one place of the answer: the same, or the same
/// but for the types of the objects that are followed at one step. What is asked of some of the
/// objects is then asked of all: fields that nobody needs cost less than objects entered twice.
fn path_of_both(a: &[PathStep], b: &[PathStep]) -> Option<Vec<PathStep>> {
    if a.len() != b.len() || a.iter().zip(b).any(|(a, b)| a.key != b.key) {
        return None;
    }
    let mut differ = a.iter().zip(b).enumerate().filter(|(_, (a, b))| a.types != b.types);
    let mut path = a.to_vec();
    if let Some((at, (a, b))) = differ.next() {
        let both = a.types.as_ref().zip(b.types.as_ref());
        path[at].types = both.map(|(a, b)| a.union(b));
    }
    differ.next().is_none().then_some(path)
}

/// Whether two fetches can be one about the objects of a path.
fn alike(groups: &Groups, first: usize, second: usize, path: &[PathStep]) -> bool {
    let (a, b) = (&groups.groups[first], &groups.groups[second]);
    let root_field = a.kind == EntryKind::Root && a.path.is_empty();
    let same_path = a.path == path && b.path == path;
    // Nobody sees to it that other objects have what these are represented by.
    let plain = |group: &Group| group.kind == EntryKind::Object && group.contexts.is_empty();
    let for_all = || a.inputs == b.inputs && plain(a) && plain(b);
    let same = a.subgraph == b.subgraph && a.kind == b.kind && (same_path || for_all());
    let same = same && !root_field;
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
