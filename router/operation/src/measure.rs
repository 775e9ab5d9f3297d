//! How large an operation is, for limits and metrics.

use crate::model::{Operation, SelectionSet};

/// The measures of a bound operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// The levels of fields.
    pub depth: usize,
    /// The most fields on one level.
    pub width: usize,
    /// All fields.
    pub fields: usize,
    /// The fields whose response key is not their name.
    pub aliases: usize,
    /// The fields of the root.
    pub root_fields: usize,
}

impl Operation {
    /// Measures the operation.
    pub fn measure(&self) -> Measures {
        let mut levels = Vec::new();
        let mut measures =
            Measures { root_fields: self.selection.fields.len(), ..Default::default() };
        visit(&self.selection, 0, &mut levels, &mut measures);
        measures.depth = levels.len();
        measures.width = levels.iter().copied().max().unwrap_or_default();
        measures.fields = levels.iter().sum();
        measures
    }
}

fn visit(set: &SelectionSet, level: usize, levels: &mut Vec<usize>, measures: &mut Measures) {
    if set.fields.is_empty() {
        return;
    }
    if levels.len() <= level {
        levels.push(0);
    }
    levels[level] += set.fields.len();
    for field in &set.fields {
        let name = field.key.split('(').next().unwrap_or_default();
        measures.aliases += usize::from(field.response_key != name);
        if let Some(below) = &field.selection {
            visit(below, level + 1, levels, measures);
        }
    }
}
