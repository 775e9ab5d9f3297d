//! A field that another subgraph takes over.

use super::element::Place;
use crate::diagnostic::Label;
use crate::subgraph::{FieldView, Override, View};

/// An override that takes a field over.
pub(super) struct Taken<'a> {
    pub place: Place<'a>,
    /// The subgraph that takes it over.
    pub view: &'a View,
    /// The one that had it.
    pub from: &'a View,
    pub label: Option<&'a str>,
    /// Whether field sets or an interface of the subgraph that had it still need it.
    pub still_used: bool,
    pub used: &'a Override,
    pub known: &'a FieldView,
}

impl Taken<'_> {
    pub(super) fn label_here(&self, text: &str) -> Label {
        self.view.label(self.used.at, text)
    }

    pub(super) fn label_there(&self, text: &str) -> Label {
        self.from.label(self.known.at, text)
    }
}
