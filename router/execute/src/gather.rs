//! The objects that a fetch is about.

use std::collections::HashMap;

use json::Json;
use plan::{Part, Target};
use schema::{Schema, TypeId};

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
    /// The objects that can't be represented.
    pub unsent: Vec<Unsent<'p>>,
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
        Target::Entities { path, inputs, .. } => {
            let mut entities = Entities::default();
            // The text of a representation is the representation: equal texts, equal entities.
            let mut known: HashMap<String, usize> = HashMap::new();
            for located in locate(schema, data, root, path) {
                match represent(schema, data, &located, inputs) {
                    None => {}
                    Some(Err(mut missing)) => {
                        missing.reverse();
                        let lacks = [located.path.as_slice(), &missing].concat();
                        entities.unsent.push(Unsent { position: located.path, lacks });
                    }
                    Some(Ok(representation)) => {
                        let next = entities.representations.len();
                        let index = *known.entry(representation.to_string()).or_insert(next);
                        if index == next {
                            entities.representations.push(representation);
                            entities.positions.push(Vec::new());
                        }
                        entities.positions[index].push(located.path);
                    }
                }
            }
            Targets::Entities(entities)
        }
    }
}
