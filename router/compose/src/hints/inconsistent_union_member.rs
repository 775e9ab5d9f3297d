//! `INCONSISTENT_UNION_MEMBER`: a member of a union that not every subgraph with the union has.

use sdl::Name;

use super::element::One;
use super::sides::{some_have, subgraphs};
use crate::diagnostic::{Code, Diagnostic, names};
use crate::maps::IndexMap;
use crate::subgraph::TypeView;

/// Told of each member.
pub(super) fn check(name: &str, all: &[One<'_, TypeView>], out: &mut Vec<Diagnostic>) {
    let mut members: IndexMap<&Name, Vec<One<'_, TypeView>>> = IndexMap::default();
    for one in all {
        for member in &one.item.members {
            members.entry(member).or_default().push(*one);
        }
    }
    for (member, having) in members.iter().filter(|(_, having)| having.len() < all.len()) {
        let without = super::element::lacking(all, having);
        let here = subgraphs(having);
        let there = names(without.clone().map(|one| one.view.name.as_str()));
        let message = format!("`{member}` is a member of `{name}` in {here}, but not in {there}.");
        let help = format!("add `{member}` to `{name}` in {there}, if it can be given there");
        let (with, without) = ((having.as_slice(), "a member here"), (without, "not here"));
        let code = Code::InconsistentUnionMember;
        out.push(some_have(code, message, with, without).help(help));
    }
}
