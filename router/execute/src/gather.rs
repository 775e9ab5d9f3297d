//! The objects that a fetch is about.

use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;
use json::Json;
use plan::{Part, Target};
use schema::{Schema, TypeId};

use crate::context::values;
use crate::path::{Path, Step, locate};
use crate::representation::represent;

/// What one part of a request is about.
#[derive(Debug)]
pub(crate) enum Targets<'p> {
    /// The objects of a root type that the answer's fields are merged into.
    Roots(Vec<Path<'p>>),
    /// Entities.
    Entities(Entities<'p>),
}

/// Representations, each distinct one once, with the objects that it stands for.
#[derive(Debug, Default)]
pub(crate) struct Entities<'p> {
    /// What is sent.
    pub representations: Vec<Json>,
    /// Where the objects of each representation are.
    pub positions: Vec<Vec<Path<'p>>>,
    /// What another fetch was told already, with the objects that it is about: nobody is asked again.
    pub known: Vec<(Arc<Json>, Vec<Path<'p>>)>,
    /// The objects that can't be represented.
    pub unsent: Vec<Unsent<'p>>,
    /// Representations, one after the other, that share the values of arguments from contexts; all
    /// of them where there are no such arguments.
    pub sets: Vec<Shared>,
}

/// Representations for which the arguments from contexts have the same values.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// A value for each argument.
    pub values: Vec<Json>,
    /// Which representations.
    pub range: Range<usize>,
}

/// An object that can't be represented.
#[derive(Debug)]
pub(crate) struct Unsent<'p> {
    /// Where it is.
    pub position: Path<'p>,
    /// Where, from the root, that is which it lacks.
    pub lacks: Path<'p>,
}

impl<'p> Targets<'p> {
    /// Whether there is nothing to ask for.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Targets::Roots(paths) => paths.is_empty(),
            Targets::Entities(entities) => entities.representations.is_empty(),
        }
    }

    /// What is known already, with the objects that it is about.
    pub(crate) fn known(&self) -> &[(Arc<Json>, Vec<Path<'p>>)] {
        match self {
            Targets::Roots(_) => &[],
            Targets::Entities(entities) => &entities.known,
        }
    }

    /// All positions that are asked for.
    pub(crate) fn positions(&self) -> impl Iterator<Item = &[Step<'p>]> {
        let (roots, entities) = match self {
            Targets::Roots(paths) => (Some(paths), None),
            Targets::Entities(entities) => (None, Some(&entities.positions)),
        };
        let entities = entities.into_iter().flatten().flatten();
        roots.into_iter().flatten().chain(entities).map(Vec::as_slice)
    }

    /// The objects that can't be asked for.
    pub(crate) fn unsent(&self) -> &[Unsent<'p>] {
        match self {
            Targets::Roots(_) => &[],
            Targets::Entities(entities) => &entities.unsent,
        }
    }

    /// How often its part of a document is to be there.
    pub(crate) fn repetitions(&self) -> usize {
        match self {
            Targets::Roots(_) => 1,
            Targets::Entities(entities) => entities.sets.len(),
        }
    }

    /// How many representations are sent.
    pub(crate) fn representations(&self) -> usize {
        match self {
            Targets::Roots(_) => 0,
            Targets::Entities(entities) => entities.representations.len(),
        }
    }
}

/// Finds what a part is about. `root` is the type of `data`.
pub(crate) fn gather<'p>(
    schema: &Schema,
    data: &Json,
    root: TypeId,
    part: &'p Part,
) -> Targets<'p> {
    match &part.target {
        Target::Root { path } => {
            let found = locate(schema, data, root, path);
            Targets::Roots(found.into_iter().map(|located| located.path).collect())
        }
        Target::Entities { path, inputs, contexts, .. } => {
            let mut gathering = Gathering::default();
            for located in locate(schema, data, root, path) {
                let values = || values(schema, (data, root), &located.path, contexts);
                let made = represent(schema, data, &located, inputs).map(|made| {
                    let absolute = |mut missing: Path<'p>| {
                        missing.reverse();
                        [located.path.as_slice(), &missing].concat()
                    };
                    Ok((made.map_err(absolute)?, values()?))
                });
                gathering.add(located.path, made);
            }
            Targets::Entities(gathering.finish(contexts.is_empty()))
        }
    }
}

/// Entities while they are found, by the values of their arguments from contexts.
#[derive(Default)]
struct Gathering<'p> {
    sets: IndexMap<String, Set<'p>>,
    unsent: Vec<Unsent<'p>>,
}

#[derive(Default)]
struct Set<'p> {
    values: Vec<Json>,
    /// The text of a representation is the representation: equal texts, equal entities.
    found: IndexMap<String, (Json, Vec<Path<'p>>)>,
}

impl<'p> Gathering<'p> {
    /// Adds an object with its representation and the values of its arguments, or what it lacks for
    /// these; nothing when it is not asked for.
    fn add(&mut self, position: Path<'p>, made: Option<Result<(Json, Vec<Json>), Path<'p>>>) {
        match made {
            None => {}
            Some(Err(lacks)) => self.unsent.push(Unsent { position, lacks }),
            Some(Ok((representation, values))) => {
                let text: String = values.iter().map(|value| format!("{value},")).collect();
                let set = self.sets.entry(text).or_default();
                set.values = values;
                let text = representation.to_string();
                let found = set.found.entry(text).or_insert((representation, Vec::new()));
                found.1.push(position);
            }
        }
    }

    /// All of them; `together` in one set, be it empty, where there are no arguments from contexts.
    fn finish(mut self, together: bool) -> Entities<'p> {
        let mut entities = Entities { unsent: self.unsent, ..Entities::default() };
        if together {
            self.sets.entry(String::new()).or_default();
        }
        for set in self.sets.into_values() {
            let first = entities.representations.len();
            for (representation, positions) in set.found.into_values() {
                entities.representations.push(representation);
                entities.positions.push(positions);
            }
            let range = first..entities.representations.len();
            entities.sets.push(Shared { values: set.values, range });
        }
        entities
    }
}
