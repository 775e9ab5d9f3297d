//! Compiling a plan: positions become nodes, keys become slots.
//!
//! A plan of which this makes nothing is not wrong, only unusual, and stays with the reference
//! executor: objects that several fetches bring at one position, field sets with fragments,
//! interface fields whose types differ by implementation, arguments from contexts, introspection.

mod output;
mod template;
mod tree;

use std::sync::Arc;

use json::quoted;
use plan::{Part, Plan, Target};
use schema::Schema;

use super::program::{EntitiesProgram, FetchProgram, PartProgram, Program, Share};
use tree::Tree;

impl Program {
    /// Compiles a plan; `None` when it is not of a usual shape.
    pub fn compile(schema: &Schema, plan: &Plan) -> Option<Program> {
        let mut tree = Tree::new(schema, plan.answer.ty, plan.fetches.len());
        let mut parts = Vec::new();
        let mut fetches = Vec::new();
        if plan.fetches.iter().any(|fetch| fetch.repeats.is_some()) {
            return None;
        }
        for (index, fetch) in plan.fetches.iter().enumerate() {
            // The first shape of a table is that of `data`.
            tree.shape(index);
            let first = parts.len();
            let mut needed = Vec::new();
            for part in &fetch.parts {
                let at = match &part.target {
                    Target::Root { path } | Target::Entities { path, .. } => tree.follow(path)?,
                };
                let to = (at.node, Some(parts.len()));
                let entities = match &part.target {
                    Target::Root { .. } => {
                        let before = tree.fields_of(index);
                        tree.supply(to, (0, index), &part.selection)?;
                        needed.extend(before..tree.fields_of(index));
                        None
                    }
                    Target::Entities { wire, variable, inputs, .. } => {
                        let item = tree.shape(index);
                        tree.supply(to, (item, index), &part.selection)?;
                        let slot = tree.entities(index, wire, item)?;
                        let variable = format!("{}:[", quoted(variable));
                        Some((slot, variable, inputs))
                    }
                };
                parts.push((at, entities, share(plan, (index, part))));
            }
            let before = plan.fetches.iter().enumerate();
            let before = before.filter(|(_, other)| other.after.contains(&index));
            fetches.push(FetchProgram {
                shapes: Arc::default(),
                parts: first..parts.len(),
                shares: fetch.parts.iter().any(|part| part.share.is_some()),
                needed,
                head: format!("{{\"query\":{}", quoted(&plan::minified(&fetch.document))),
                before: before.map(|(at, _)| at).collect(),
            });
        }
        let parts = parts.into_iter().map(|(at, entities, share)| {
            let entities = match entities {
                None => None,
                Some((slot, variable, inputs)) => {
                    let inputs =
                        inputs.iter().map(|input| template::template(&tree, at.node, input));
                    let inputs = inputs.collect::<Option<Vec<_>>>()?;
                    Some(EntitiesProgram { slot, variable, inputs })
                }
            };
            Some(PartProgram { node: at.node, walk: tree.walk(&at)?, entities, share })
        });
        let parts = parts.collect::<Option<Vec<PartProgram>>>()?;
        let (root, classes) = output::output(&tree, &plan.answer)?;
        let (nodes, tables) = tree.finish(&parts);
        for (fetch, shapes) in fetches.iter_mut().zip(tables) {
            fetch.shapes = Arc::new(shapes);
        }
        Some(Program { nodes, fetches, parts, classes, root })
    }
}

/// What is to be known of a part of a fetch, where others ask the same.
fn share(plan: &Plan, (fetch, part): (usize, &Part)) -> Option<Share> {
    let number = part.share?;
    let asks = |other: &&Part| other.share == Some(number);
    let mut later = plan.fetches[fetch].parts.iter().rev();
    let others = plan.fetches.iter().enumerate().filter(|(at, _)| *at != fetch);
    Some(Share {
        number,
        flat: part.selection.fields.iter().all(|field| field.selection.is_none()),
        again: later.find(asks).is_some_and(|last| !std::ptr::eq(last, part)),
        elsewhere: others.flat_map(|(_, other)| &other.parts).any(|other| asks(&other)),
    })
}
