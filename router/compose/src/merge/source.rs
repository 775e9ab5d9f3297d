//! Where merging takes things from, and what all of its parts share.

use crate::check::overrides::Overrides;
use crate::diagnostic::{Code, Diagnostic, Label};
use crate::subgraph::{FieldView, Spot, TypeView, View, Views};

/// The state of merging.
pub(super) struct Merge<'a> {
    pub views: &'a Views<'a>,
    pub overrides: &'a Overrides,
    pub found: Vec<Diagnostic>,
}

/// Something as one subgraph has it.
pub(super) struct Source<'a, T> {
    pub graph: usize,
    pub view: &'a View,
    pub item: &'a T,
}

/// A field as one subgraph has it.
pub(super) type FieldSource<'a> = Source<'a, FieldView>;

impl<T> Clone for Source<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Source<'_, T> {}

impl<'a> Merge<'a> {
    pub(super) fn new(views: &'a Views<'a>, overrides: &'a Overrides) -> Self {
        Self { views, overrides, found: Vec::new() }
    }

    /// A type as each subgraph has it.
    pub(super) fn sources(&self, name: &str) -> Vec<Source<'a, TypeView>> {
        let views = self.views.all.iter().enumerate();
        views
            .filter_map(|(graph, view)| Some(Source { graph, view, item: view.types.get(name)? }))
            .collect()
    }

    /// The description that most subgraphs give; of equally many, the first.
    pub(super) fn description<'d>(
        &mut self,
        place: &str,
        all: impl Iterator<Item = Option<&'d String>>,
    ) -> Option<String> {
        let mut counts: Vec<(&String, usize)> = Vec::new();
        for text in all.flatten().filter(|text| !text.trim().is_empty()) {
            match counts.iter_mut().find(|(known, _)| *known == text) {
                Some((_, count)) => *count += 1,
                None => counts.push((text, 1)),
            }
        }
        if counts.len() > 1 {
            let message = format!("`{place}` is described differently in different subgraphs.");
            self.found.push(
                Diagnostic::new(Code::InconsistentDescription, message)
                    .help("use the same description everywhere, or give it in one subgraph only"),
            );
        }
        let most = counts.iter().map(|(_, count)| *count).max()?;
        counts.iter().find(|(_, count)| *count == most).map(|(text, _)| (*text).clone())
    }
}

impl<T> Source<'_, T> {
    /// A label in the source's file.
    pub(super) fn label(&self, at: Spot, text: impl Into<String>) -> Label {
        self.view.label(at, text)
    }
}
