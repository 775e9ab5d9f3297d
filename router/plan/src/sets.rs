//! Field sets that are to go into one representation.

use schema::{FieldSet, Model, SetItem, TypeSet};

use crate::maps::HashMap;

/// A field of a set: its key, the object types that it is selected for (`None` for all), and what
/// is selected of it.
type Selected<'s> = (&'s str, Option<TypeSet>, &'s FieldSet);

/// Whether sets agree: a field that several of them select for one object, they select with the
/// same arguments.
pub(crate) fn agree(schema: &Model, sets: &[&FieldSet]) -> bool {
    let mut fields: HashMap<&str, Vec<Selected<'_>>> = HashMap::default();
    sets.iter().for_each(|set| collect(schema, set, None, &mut fields));
    fields.values().all(|selected| {
        selected.iter().enumerate().all(|(index, (key, types, below))| {
            agree(schema, &[below])
                && selected[..index].iter().all(|(other, other_types, other_below)| {
                    let meet = match (types, other_types) {
                        (Some(types), Some(others)) => !types.intersection(others).is_empty(),
                        _ => true,
                    };
                    !meet || key == other && agree(schema, &[below, other_below])
                })
        })
    })
}

fn collect<'s>(
    schema: &Model,
    set: &'s FieldSet,
    types: Option<&TypeSet>,
    fields: &mut HashMap<&'s str, Vec<Selected<'s>>>,
) {
    for item in &set.items {
        match item {
            SetItem::Typename => {}
            SetItem::Fragment { on, selection } => {
                let possible = &schema.ty(*on).possible;
                let types = types.map_or_else(|| possible.clone(), |t| t.intersection(possible));
                collect(schema, selection, Some(&types), fields);
            }
            SetItem::Field { key, selection, .. } => {
                let name = key.split('(').next().unwrap_or(key);
                let same = fields.entry(name).or_default();
                let known = |(other, others, below): &Selected<'_>| {
                    other == key && others.as_ref() == types && *below == selection
                };
                if !same.iter().any(known) {
                    same.push((key, types.cloned(), selection));
                }
            }
        }
    }
}
