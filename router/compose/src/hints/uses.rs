//! The uses of one directive on one element.

use std::fmt::Write;

use sdl::{Name, Value};

use crate::subgraph::{Applied, View};

/// The uses of one directive on one element.
pub(super) struct Uses<'a> {
    pub name: &'a str,
    pub all: Vec<Use<'a>>,
}

/// A directive as one subgraph writes it.
pub(super) struct Use<'a> {
    pub view: &'a View,
    pub applied: &'a Applied,
    /// In the order of names, with those left out that say what goes without saying.
    pub arguments: Vec<(&'a Name, &'a Value)>,
}

impl Use<'_> {
    /// As it stands in the file, more or less.
    pub(super) fn text(&self) -> String {
        let mut text = format!("@{}", self.applied.name);
        for (index, (name, value)) in self.applied.arguments.iter().enumerate() {
            let _ = write!(text, "{}{name}: {value}", if index == 0 { "(" } else { ", " });
        }
        if !self.applied.arguments.is_empty() {
            text.push(')');
        }
        text
    }
}

impl<'a> Uses<'a> {
    /// Those with the same arguments together, the most common ones first.
    pub(super) fn by_arguments(&self) -> Vec<Vec<&Use<'a>>> {
        let mut groups: Vec<Vec<&Use<'a>>> = Vec::new();
        for one in &self.all {
            match groups.iter_mut().find(|group| group[0].arguments == one.arguments) {
                Some(group) => group.push(one),
                None => groups.push(vec![one]),
            }
        }
        groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
        groups
    }
}
