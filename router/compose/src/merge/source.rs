//! Where merging takes things from, and what all of its parts share.

use std::collections::HashMap;

use sdl::{Name, Spot};

use crate::check::overrides::Overrides;
use crate::diagnostic::{Code, Diagnostic, Label};
use crate::subgraph::{FieldView, Kind, TypeView, View, Views};

/// The state of merging.
pub(super) struct Merge<'a> {
    pub views: &'a Views<'a>,
    pub overrides: &'a Overrides,
    pub found: Vec<Diagnostic>,
    /// What each type is used for, in any subgraph.
    usages: HashMap<&'a str, Usage>,
}

/// What a type is used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Usage {
    pub input: bool,
    pub output: bool,
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
        Self { views, overrides, found: Vec::new(), usages: usages(views) }
    }

    /// What a type is used for, in any subgraph.
    pub(super) fn usage(&self, name: &str) -> Usage {
        self.usages.get(name).copied().unwrap_or_default()
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
        all: impl Iterator<Item = Option<&'d Name>>,
    ) -> Option<Name> {
        let mut counts: Vec<(&Name, usize)> = Vec::new();
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

fn usages<'a>(views: &'a Views<'a>) -> HashMap<&'a str, Usage> {
    let mut usages: HashMap<&str, Usage> = HashMap::new();
    for ty in views.all.iter().flat_map(|view| view.types.values()) {
        for field in ty.fields.values() {
            let usage = usages.entry(field.ty.inner_named_type()).or_default();
            usage.input |= ty.kind == Kind::Input;
            usage.output |= ty.kind != Kind::Input;
            for argument in field.arguments.values() {
                usages.entry(argument.ty.inner_named_type()).or_default().input = true;
            }
        }
    }
    usages
}

impl<T> Source<'_, T> {
    /// A label in the source's file.
    pub(super) fn label(&self, at: Spot, text: impl Into<String>) -> Label {
        self.view.label(at, text)
    }
}
