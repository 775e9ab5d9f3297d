//! Field sets that are to go into one representation.

use schema::{FieldSet, SetItem};

use crate::maps::HashMap;

/// Whether sets agree: a field that several of them select, they select with the same arguments.
pub(crate) fn agree(sets: &[&FieldSet]) -> bool {
    let mut fields: HashMap<&str, (&str, Vec<&FieldSet>)> = HashMap::default();
    let mut open: Vec<&FieldSet> = sets.to_vec();
    while let Some(set) = open.pop() {
        for item in &set.items {
            match item {
                SetItem::Typename => {}
                SetItem::Fragment { selection, .. } => open.push(selection),
                SetItem::Field { key, selection, .. } => {
                    let name = key.split('(').next().unwrap_or(key);
                    let known = fields.entry(name).or_insert((key, Vec::new()));
                    if known.0 != key {
                        return false;
                    }
                    known.1.push(selection);
                }
            }
        }
    }
    fields.values().all(|(_, below)| agree(below))
}
