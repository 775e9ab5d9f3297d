//! What failed, so that a null that comes of it is not told as another error.

use std::collections::HashMap;
use std::sync::Arc;

use plan::{Fetch, Part, Plan, Target, WireSet};

use crate::path::{Path, Step};

/// What failed, by the object that it was for. Paths are those of the merged answer.
#[derive(Default)]
pub(crate) struct Causes<'p> {
    at: HashMap<Path<'p>, Vec<Cause<'p>>>,
    /// The selections noted for all objects that they were for.
    whole: Vec<&'p WireSet>,
}

#[derive(Clone)]
struct Cause<'p> {
    /// What was to be supplied.
    selection: &'p WireSet,
    /// Where below the object it failed; empty when all of it did.
    below: Arc<[Step<'p>]>,
}

impl<'p> Causes<'p> {
    /// Notes that what `selection` was to supply for objects failed at `below`.
    pub(crate) fn note<'a>(
        &mut self,
        positions: impl IntoIterator<Item = &'a [Step<'p>]>,
        selection: &'p WireSet,
        below: &[Step<'p>],
    ) where
        'p: 'a,
    {
        let cause = Cause { selection, below: below.into() };
        for position in positions {
            let known = self.at.entry(position.to_vec()).or_default();
            if known.iter().all(|other| !other.covers(&cause)) {
                known.push(cause.clone());
            }
        }
    }

    /// Notes that all failed that `selection` was to supply, for all objects that it was for.
    pub(crate) fn note_whole<'a>(
        &mut self,
        positions: impl IntoIterator<Item = &'a [Step<'p>]>,
        selection: &'p WireSet,
    ) where
        'p: 'a,
    {
        if !self.whole.iter().any(|other| std::ptr::eq(*other, selection)) {
            self.whole.push(selection);
            self.note(positions, selection, &[]);
        }
    }

    /// Whether a failure of `selection` at `below` is noted for an object.
    pub(crate) fn knows(
        &self,
        position: &[Step<'p>],
        selection: &'p WireSet,
        below: &[Step<'p>],
    ) -> bool {
        let cause = Cause { selection, below: below.into() };
        let known = self.at.get(position);
        known.is_some_and(|known| known.iter().any(|other| other.covers(&cause)))
    }

    /// Whether something failed from which a null at `path` comes.
    pub(crate) fn explain(&self, path: &[Step<'p>]) -> bool {
        !self.at.is_empty()
            && (0..=path.len()).any(|cut| {
                let (position, rest) = path.split_at(cut);
                let causes = self.at.get(position);
                causes.is_some_and(|causes| causes.iter().any(|cause| cause.explains(rest)))
            })
    }
}

impl Cause<'_> {
    /// The failure may be above the null, or below it, from where a null came up.
    fn explains(&self, rest: &[Step<'_>]) -> bool {
        let both = self.below.len().min(rest.len());
        self.below[..both] == rest[..both] && supplies(self.selection, rest)
    }

    fn covers(&self, other: &Self) -> bool {
        std::ptr::eq(self.selection, other.selection) && other.below.starts_with(&self.below)
    }
}

/// Whether a selection has what a path leads to.
fn supplies(selection: &WireSet, path: &[Step<'_>]) -> bool {
    let Some((first, rest)) = path.split_first() else { return true };
    let Step::Key(key) = first else { return supplies(selection, rest) };
    selection.fields.iter().filter(|field| field.key == *key).any(|field| match &field.selection {
        Some(selection) => supplies(selection, rest),
        None => true,
    })
}

/// The fetch that supplies what stands at a path, if all that do are of one subgraph.
pub(crate) fn supplier<'p>(plan: &'p Plan, path: &[Step<'_>]) -> Option<&'p Fetch> {
    let mut suppliers = plan
        .fetches
        .iter()
        .filter(|fetch| fetch.parts.iter().any(|part| part_supplies(part, path)));
    let first = suppliers.next()?;
    suppliers.all(|other| other.subgraph == first.subgraph).then_some(first)
}

fn part_supplies(part: &Part, path: &[Step<'_>]) -> bool {
    let (Target::Root { path: steps } | Target::Entities { path: steps, .. }) = &part.target;
    let mut rest = path.iter();
    let leads = steps.iter().all(|step| {
        let key = rest.by_ref().find(|item| matches!(item, Step::Key(_)));
        matches!(key, Some(Step::Key(key)) if *key == step.key)
    });
    leads
        && rest.as_slice().iter().any(|item| matches!(item, Step::Key(_)))
        && supplies(&part.selection, rest.as_slice())
}
