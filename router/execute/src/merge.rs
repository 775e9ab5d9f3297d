//! Merging answers of subgraphs into one tree.

use json::{Json, Object};
use plan::WireSet;

/// Merges one value into another. Objects merge by key and lists by position; a value beats null;
/// of two leaves the first stays, and so does the first where the shapes differ.
pub(crate) fn merge(into: &mut Json, from: Json) {
    match (into, from) {
        (into @ Json::Null, from) => *into = from,
        (Json::Object(into), Json::Object(from)) => merge_objects(into, from),
        (Json::List(into), Json::List(from)) => {
            for (into, from) in into.iter_mut().zip(from) {
                merge(into, from);
            }
        }
        _ => {}
    }
}

fn merge_objects(into: &mut Object, from: Object) {
    for (key, value) in from {
        match into.get_mut(&key) {
            Some(known) => merge(known, value),
            None => {
                into.insert(key, value);
            }
        }
    }
}

/// Reads a value of an answer: response keys become keys of the merged answer. What is not in
/// `wire` is dropped. A value that can't have selections where there are some becomes null; how
/// often that happened is counted in `misshapen`.
pub(crate) fn read(wire: &WireSet, value: Json, misshapen: &mut usize) -> Json {
    match value {
        Json::Null => Json::Null,
        Json::List(items) => {
            Json::List(items.into_iter().map(|item| read(wire, item, misshapen)).collect())
        }
        Json::Object(mut members) => {
            let mut object = Object::with_capacity(wire.fields.len());
            for field in &wire.fields {
                let Some(value) = members.swap_remove(&field.wire) else { continue };
                let value = match &field.selection {
                    Some(selection) => read(selection, value, misshapen),
                    None => value,
                };
                match object.get_mut(&field.key) {
                    Some(known) => merge(known, value),
                    None => {
                        object.insert(field.key.clone(), value);
                    }
                }
            }
            Json::Object(object)
        }
        _ => {
            *misshapen += 1;
            Json::Null
        }
    }
}
