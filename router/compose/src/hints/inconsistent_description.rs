//! `INCONSISTENT_DESCRIPTION`: subgraphs describe one element in different words.

use sdl::Name;

use super::element::{Item, One, Place};
use super::sides::{few, subgraphs};
use crate::diagnostic::{Code, Diagnostic};

/// Told of any element; a subgraph that says nothing contradicts nobody.
pub(super) fn check<T: Item>(place: Place<'_>, all: &[One<'_, T>], out: &mut Vec<Diagnostic>) {
    let mut given = all.iter().filter_map(|one| Some((one, text(one)?)));
    let Some((_, first)) = given.next() else { return };
    if given.all(|(_, other)| other == first) {
        return;
    }
    out.push(told(place, all));
}

fn text<'a, T: Item>(one: &One<'a, T>) -> Option<&'a Name> {
    one.item.description().filter(|text| !text.trim().is_empty())
}

fn told<T: Item>(place: Place<'_>, all: &[One<'_, T>]) -> Diagnostic {
    let mut by_text: Vec<(&Name, Vec<One<'_, T>>)> = Vec::new();
    for (one, text) in all.iter().filter_map(|one| Some((one, text(one)?))) {
        match by_text.iter_mut().find(|(known, _)| *known == text) {
            Some((_, ones)) => ones.push(*one),
            None => by_text.push((text, vec![*one])),
        }
    }
    // Of equally many, the first is taken: sorting keeps their order.
    by_text.sort_by_key(|(_, ones)| std::cmp::Reverse(ones.len()));
    let taken = subgraphs(&by_text[0].1);
    let message = format!("`{place}` is described in different words; those of {taken} are taken.");
    let labels = by_text.iter().enumerate().map(|(index, (_, ones))| {
        ones[0].label(if index == 0 { "these words are taken" } else { "described otherwise here" })
    });
    let others: Vec<_> = by_text[1..].iter().flat_map(|(_, ones)| ones).copied().collect();
    let help = format!(
        "use the words of {taken} in {} too, or describe `{place}` in one subgraph only",
        subgraphs(&others)
    );
    Diagnostic::new(Code::InconsistentDescription, message).labels(few(labels)).help(help)
}
