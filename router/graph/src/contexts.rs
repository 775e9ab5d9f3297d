//! Which arguments from contexts a field has, in any subgraph.

use std::collections::HashMap;

use schema::{ContextArgument, FieldId, Id, Model};

use crate::sources::Source;

/// All arguments from contexts, and the fields that need them.
#[derive(Debug, Default)]
pub(crate) struct Contexts {
    /// Each distinct one once.
    pub arguments: Vec<ContextArgument>,
    /// For each field of an object or interface type that needs some, which.
    pub needed: HashMap<FieldId, Vec<ContextId>>,
}

/// An argument from a context, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContextId(u32);

impl Id for ContextId {
    fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).expect("a supergraph has fewer bytes than that"))
    }

    fn index(self) -> usize {
        self.0 as usize
    }
}

impl Contexts {
    /// Collects them; `sources` has the sources of each field.
    pub(crate) fn collect(schema: &Model, sources: &[Vec<Source>]) -> Self {
        let mut all = Self::default();
        if schema.fields().all(|(_, field)| field.joins.iter().all(|it| it.contexts.is_empty())) {
            return all;
        }
        for (id, _) in schema.fields() {
            let mut needed: Vec<ContextId> = Vec::new();
            for source in &sources[id.index()] {
                for argument in &source.join(schema).contexts {
                    let number = all.number(argument);
                    if !needed.contains(&number) {
                        needed.push(number);
                    }
                }
            }
            if !needed.is_empty() {
                all.needed.insert(id, needed);
            }
        }
        all
    }

    /// The number of an argument.
    pub(crate) fn find(&self, argument: &ContextArgument) -> Option<ContextId> {
        self.arguments.iter().position(|known| known == argument).map(ContextId::from_index)
    }

    fn number(&mut self, argument: &ContextArgument) -> ContextId {
        self.find(argument).unwrap_or_else(|| {
            self.arguments.push(argument.clone());
            ContextId::from_index(self.arguments.len() - 1)
        })
    }
}
