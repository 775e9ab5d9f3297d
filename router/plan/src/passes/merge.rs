//! Merges fetches that ask the same subgraph about the same objects.

use std::collections::BTreeSet;

use graph::EntryKind;
use schema::Model;

use super::schedule::{self, Batch};
use super::waves;
use crate::build::groups::{Group, GroupId, Groups, Providers, add_input};
use crate::maps::HashMap;
use crate::model::{Input, PathStep};
use crate::sets::agree;

/// Merges each pair of fetches that agree in subgraph, objects and kind, unless one of them needs
/// the other or the plan would take more waves. Those that leave with the same one of the `open`
/// requests come first: for them nothing else changes.
pub(crate) fn merge(schema: &Model, groups: &mut Groups, open: &BTreeSet<Batch>) {
    if groups.groups.len() < 2 {
        return;
    }
    let (places, place_of) = places(groups);
    if places.iter().all(|place| place.len() < 2) {
        return;
    }
    let mut flow = Flow::new(groups);
    if !open.is_empty() {
        let leaves = schedule::leaves(groups, open);
        let together = |_: &Flow, first: usize, second: usize| leaves[first] == leaves[second];
        join_pairs((schema, groups), (&places, &place_of), &mut flow, together);
        flow.depth = flow.wave.iter().copied().max().unwrap_or_default();
    }
    join_pairs((schema, groups), (&places, &place_of), &mut flow, Flow::may_join);
    flow.close(groups);
}

/// Merges each pair of fetches of one place that may be one.
fn join_pairs(
    (schema, groups): (&Model, &mut Groups),
    (places, place_of): (&[Vec<usize>], &[usize]),
    flow: &mut Flow,
    may_join: impl Fn(&Flow, usize, usize) -> bool,
) {
    for (first, place) in place_of.iter().enumerate() {
        for second in places[*place].iter().copied().filter(|second| *second > first) {
            if flow.gone[first] || flow.gone[second] {
                continue;
            }
            let path = path_of_both(&groups.groups[first].path, &groups.groups[second].path);
            let path = path.filter(|path| alike(schema, (&*groups, path), first, second));
            if let Some(path) = path
                && may_join(flow, first, second)
            {
                groups.groups[first].path = path;
                flow.join(first, second);
                absorb(groups, first, second);
            }
        }
    }
}

/// So many pairs of fetches are looked at in the time of a unit of work.
const PAIRS: u64 = 16;

/// What looking for pairs counts of the work budget, at most.
pub(crate) fn work(groups: &Groups) -> u64 {
    let count = groups.groups.len() as u64;
    count + count.saturating_mul(count) / 2 / PAIRS
}

/// So many groups are found faster by looking at each of them.
const FEW: usize = 12;

/// The groups of each subgraph, kind and position, and the number of these for each group.
fn places(groups: &Groups) -> (Vec<Vec<usize>>, Vec<usize>) {
    let mut numbers = HashMap::default();
    let mut places: Vec<Vec<usize>> = Vec::with_capacity(groups.groups.len().min(FEW));
    let mut place_of = Vec::with_capacity(groups.groups.len());
    for (index, group) in groups.groups.iter().enumerate() {
        let next = places.len();
        let place = match groups.groups.len() {
            0..=FEW => places
                .iter()
                .position(|place| is_same_place(&groups.groups[place[0]], group))
                .unwrap_or(next),
            _ => {
                let keys: Vec<_> = group.path.iter().map(|step| &step.key).collect();
                *numbers.entry((group.subgraph, group.kind, keys)).or_insert(next)
            }
        };
        if place == next {
            places.push(Vec::with_capacity(1));
        }
        places[place].push(index);
        place_of.push(place);
    }
    (places, place_of)
}

fn is_same_place(a: &Group, b: &Group) -> bool {
    let keys = || a.path.iter().zip(&b.path).all(|(a, b)| a.key == b.key);
    (a.subgraph, a.kind, a.path.len()) == (b.subgraph, b.kind, b.path.len()) && keys()
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
fn alike(
    schema: &Model,
    (groups, path): (&Groups, &[PathStep]),
    first: usize,
    second: usize,
) -> bool {
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
    same && agree(schema, &sets().collect::<Vec<_>>()) && (tells(a.kind) || sufficient(a, b))
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

/// Moves what the second group asks into the first.
fn absorb(groups: &mut Groups, first: usize, second: usize) {
    let gone = &mut groups.groups[second];
    let (nodes, inputs) = (std::mem::take(&mut gone.nodes), std::mem::take(&mut gone.inputs));
    let contexts = std::mem::take(&mut gone.contexts);
    let kept = &mut groups.groups[first];
    kept.nodes.extend(nodes);
    kept.contexts.extend(contexts);
    for input in inputs {
        add_input(&mut kept.inputs, input);
    }
}

/// What waits for what while groups are joined: kept up to date join by join, since a plan may have
/// thousands of them.
struct Flow {
    after: Vec<Providers>,
    /// Who waits for a group.
    dependents: Vec<Providers>,
    /// The longest way to a group.
    wave: Vec<usize>,
    /// The longest way on from it.
    height: Vec<usize>,
    /// The longest way of all.
    depth: usize,
    /// What was joined to another.
    gone: Vec<bool>,
}

impl Flow {
    fn new(groups: &Groups) -> Self {
        let count = groups.groups.len();
        let wave = waves(groups);
        let after: Vec<Providers> = groups.groups.iter().map(|group| group.after.clone()).collect();
        let mut dependents = vec![Providers::default(); count];
        for (index, after) in after.iter().enumerate() {
            after.iter().for_each(|before| _ = dependents[before.0].insert(GroupId(index)));
        }
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|index| std::cmp::Reverse(wave[*index]));
        let mut height = vec![0; count];
        for index in order {
            for before in after[index].iter() {
                height[before.0] = height[before.0].max(height[index] + 1);
            }
        }
        let depth = wave.iter().copied().max().unwrap_or_default();
        Self { after, dependents, wave, height, depth, gone: vec![false; count] }
    }

    /// Whether neither needs the other, and the plan would take no more waves.
    fn may_join(&self, first: usize, second: usize) -> bool {
        let wave = self.wave[first].max(self.wave[second]);
        let height = self.height[first].max(self.height[second]);
        wave + height <= self.depth && !self.related(first, second)
    }

    fn related(&self, first: usize, second: usize) -> bool {
        let (earlier, later) = match self.wave[first].cmp(&self.wave[second]) {
            std::cmp::Ordering::Equal => return false,
            std::cmp::Ordering::Less => (first, second),
            std::cmp::Ordering::Greater => (second, first),
        };
        let mut seen = Providers::default();
        let mut todo = vec![later];
        while let Some(index) = todo.pop() {
            if self.after[index].contains(GroupId(earlier)) {
                return true;
            }
            let later = self.after[index].iter();
            let later = later.filter(|before| self.wave[before.0] > self.wave[earlier]);
            todo.extend(later.filter(|before| seen.insert(*before)).map(|before| before.0));
        }
        false
    }

    fn join(&mut self, first: usize, second: usize) {
        self.gone[second] = true;
        let (kept, gone) = (GroupId(first), GroupId(second));
        for before in std::mem::take(&mut self.after[second]).iter() {
            self.dependents[before.0].remove(gone);
            self.dependents[before.0].insert(kept);
            self.after[first].insert(before);
        }
        for dependent in std::mem::take(&mut self.dependents[second]).iter() {
            self.after[dependent.0].remove(gone);
            self.after[dependent.0].insert(kept);
            self.dependents[first].insert(dependent);
        }
        self.wave[first] = self.wave[first].max(self.wave[second]);
        self.height[first] = self.height[first].max(self.height[second]);
        raise(&mut self.wave, &self.dependents, first);
        raise(&mut self.height, &self.after, first);
    }

    /// Closes the gaps that joined groups leave.
    fn close(self, groups: &mut Groups) {
        let mut next = 0;
        let mut numbers = Vec::with_capacity(self.gone.len());
        for gone in &self.gone {
            numbers.push(next);
            next += usize::from(!gone);
        }
        for (group, after) in groups.groups.iter_mut().zip(&self.after) {
            group.after = after.iter().map(|before| GroupId(numbers[before.0])).collect();
        }
        let mut gone = self.gone.iter();
        groups.groups.retain(|_| gone.next() == Some(&false));
    }
}

/// Makes all that follow a group at least one more than it.
fn raise(of: &mut [usize], next: &[Providers], from: usize) {
    let mut todo = vec![from];
    while let Some(index) = todo.pop() {
        for GroupId(follower) in next[index].iter() {
            if of[follower] <= of[index] {
                of[follower] = of[index] + 1;
                todo.push(follower);
            }
        }
    }
}
