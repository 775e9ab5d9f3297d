//! Merging answers of subgraphs into one tree.
//!
//! The plan says what is a leaf and what has selections, so that values of custom scalars are
//! never looked into.

use json::{Json, Object};
use plan::WireSet;

use crate::path::{Path, Step};

/// Takes one answer into the merged answer.
pub(crate) struct Merge<'a> {
    /// How much may still be added, in the unit of [`size`].
    pub left: usize,
    /// Whether something was left out because it did not fit.
    pub full: bool,
    /// The first value whose shape is not what was asked for.
    pub misfit: Option<Misfit<'a>>,
    /// Where it is, from where it began.
    at: Path<'a>,
}

/// A value that can't be taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Misfit<'p> {
    /// Where, in keys of the merged answer, from the object that the value is for.
    pub path: Path<'p>,
    /// What is wrong, to stand behind `Subgraph "x" `.
    pub what: &'static str,
}

impl<'a> Merge<'a> {
    /// An answer of which at most `left` is taken.
    pub(crate) fn new(left: usize) -> Self {
        Self { left, full: false, misfit: None, at: Vec::new() }
    }

    /// Takes a value into a place: objects are merged by field, lists by position; a value beats
    /// null, and of two leaves the first stays. What is not in `wire` is dropped.
    pub(crate) fn value(&mut self, into: &mut Json, from: &Json, wire: &'a WireSet) {
        if into.is_null() {
            *into = match from {
                Json::Object(_) => Json::Object(Object::new()),
                Json::List(items) if self.spend(items.len() * OVERHEAD) => {
                    Json::List(vec![Json::Null; items.len()])
                }
                _ => Json::Null,
            };
        }
        match (into, from) {
            (_, Json::Null) => {}
            (Json::Object(into), Json::Object(from)) => self.object(into, from, wire),
            (Json::List(into), Json::List(from)) => {
                if into.len() != from.len() {
                    // The longer one stays, whichever came first.
                    self.misfit("answered with a list of another length than another subgraph");
                    if into.len() < from.len() && self.spend((from.len() - into.len()) * OVERHEAD) {
                        into.resize(from.len(), Json::Null);
                    }
                }
                for (index, (into, from)) in into.iter_mut().zip(from).enumerate() {
                    self.at.push(Step::Index(index));
                    self.value(into, from, wire);
                    self.at.pop();
                }
            }
            (Json::Null, Json::List(_)) => {}
            (Json::Object(_), Json::List(_)) => {
                self.misfit("answered with a list where an object was expected");
            }
            (Json::List(_), Json::Object(_)) => {
                self.misfit("answered with an object where a list was expected");
            }
            _ => self.misfit("answered with a value where an object was expected"),
        }
    }

    /// Takes the fields of an object.
    pub(crate) fn object(&mut self, into: &mut Object, from: &Object, wire: &'a WireSet) {
        for field in &wire.fields {
            let Some(value) = from.get(&field.wire) else { continue };
            if !into.contains_key(&field.key) && !self.spend(field.key.len() + OVERHEAD) {
                return;
            }
            let place = into.entry(field.key.to_owned()).or_default();
            match &field.selection {
                Some(selection) => {
                    self.at.push(Step::Key(&field.key));
                    self.value(place, value, selection);
                    self.at.pop();
                }
                None if place.is_null() && self.spend(size(value)) => *place = value.clone(),
                None => {}
            }
        }
    }

    /// Whether that much more fits.
    fn spend(&mut self, size: usize) -> bool {
        match self.left.checked_sub(size) {
            Some(left) => self.left = left,
            None => self.full = true,
        }
        !self.full
    }

    fn misfit(&mut self, what: &'static str) {
        if self.misfit.is_none() {
            self.misfit = Some(Misfit { path: self.at.to_vec(), what });
        }
    }
}

/// About how many bytes a value takes beside its text: its place among others, its allocation.
pub(crate) const OVERHEAD: usize = 64;

/// About how many bytes of memory a value takes.
pub(crate) fn size(value: &Json) -> usize {
    OVERHEAD
        + match value {
            Json::Null | Json::Bool(_) => 0,
            Json::Number(text) | Json::String(text) => text.len(),
            Json::List(items) => items.iter().map(size).sum(),
            Json::Object(members) => members.iter().map(|(key, it)| key.len() + size(it)).sum(),
        }
}
