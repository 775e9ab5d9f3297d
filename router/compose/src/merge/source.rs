//! Where merging takes things from, and what all of its parts share.

use sdl::{Name, Spot};

use super::applied::Once;
use super::model::{GraphEntry, Usage};
use super::types::Direction;
use crate::check::overrides::Overrides;
use crate::diagnostic::{Diagnostic, Label, names};
use crate::maps::{HashMap, HashSet};
use crate::subgraph::uses::used;
use crate::subgraph::{FieldView, TypeView, View, Views};

/// The state of merging.
pub(super) struct Merge<'a> {
    pub views: &'a Views<'a>,
    pub overrides: &'a Overrides,
    pub found: Vec<Diagnostic>,
    pub once: Once,
    /// What each type is used for in the supergraph, as far as it is merged.
    usages: HashMap<Name, Usage>,
    /// What field sets of each subgraph use, once it was asked for.
    used: HashMap<usize, HashSet<(Name, Name)>>,
}

/// A field, an argument or a value that is merged, or a directive (`@name`, without a field); it
/// is written only where something is told of it.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub ty: &'a str,
    pub field: &'a str,
    pub argument: Option<&'a str>,
}

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.ty)?;
        if !self.field.is_empty() {
            write!(out, ".{}", self.field)?;
        }
        match self.argument {
            Some(argument) => write!(out, "({argument}:)"),
            None => Ok(()),
        }
    }
}

/// Something as one subgraph has it.
pub(super) struct Source<'a, T> {
    pub graph: usize,
    pub view: &'a View,
    pub item: &'a T,
}

/// How something required is made whole that some subgraphs have and some lack.
pub(super) fn mend_missing<'n>(
    required: &str,
    owner: &str,
    lacking: impl Iterator<Item = &'n str> + Clone,
    requiring: impl Iterator<Item = &'n str> + Clone,
) -> String {
    let (lacking, requiring) = (names(lacking), names(requiring));
    format!("add `{required}` to `{owner}` in {lacking}, or make it optional in {requiring}")
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
    pub(super) fn new(
        views: &'a Views<'a>,
        overrides: &'a Overrides,
        graphs: &[GraphEntry],
    ) -> Self {
        Self {
            views,
            overrides,
            found: Vec::new(),
            once: Once::new(views.all, graphs),
            usages: HashMap::default(),
            used: HashMap::default(),
        }
    }

    /// Notes that a type is used in the supergraph.
    pub(super) fn uses(&mut self, ty: &sdl::Type, direction: Direction) {
        let usage = self.usages.entry(ty.inner_named_type().clone()).or_default();
        match direction {
            Direction::Input => usage.input = true,
            Direction::Output => usage.output = true,
        }
    }

    /// What a type is used for in the supergraph, as far as it is merged.
    pub(super) fn usage(&self, name: &str) -> Usage {
        self.usages.get(name).copied().unwrap_or_default()
    }

    /// Whether a field set of the subgraph uses a field.
    pub(super) fn is_used(&mut self, graph: usize, ty: &str, field: &Name) -> bool {
        let view = &self.views.all[graph];
        let used = self.used.entry(graph).or_insert_with(|| used(view));
        used.contains(&(Name::new(ty), field.clone()))
    }

    /// A type as each subgraph has it.
    pub(super) fn sources(&self, name: &str) -> Vec<Source<'a, TypeView>> {
        let sources = self.views.of(name).iter();
        sources.map(|&(view, item)| Source { graph: view.graph, view, item }).collect()
    }
}

/// The description that most subgraphs give; of equally many, the first. An empty one counts where
/// there is no other.
pub(super) fn description<'d>(all: impl Iterator<Item = Option<&'d Name>>) -> Option<Name> {
    let mut counts: Vec<(&Name, usize)> = Vec::new();
    let mut empty = None;
    for text in all.flatten() {
        if text.trim().is_empty() {
            empty = empty.or_else(|| Some(Name::new("")));
            continue;
        }
        match counts.iter_mut().find(|(known, _)| *known == text) {
            Some((_, count)) => *count += 1,
            None => counts.push((text, 1)),
        }
    }
    let Some(most) = counts.iter().map(|(_, count)| *count).max() else { return empty };
    counts.iter().find(|(_, count)| *count == most).map(|(text, _)| (*text).clone())
}

impl<T> Source<'_, T> {
    /// A label in the source's file.
    pub(super) fn label(&self, at: Spot, text: impl Into<String>) -> Label {
        self.view.label(at, text)
    }
}
