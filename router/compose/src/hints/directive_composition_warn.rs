//! `DIRECTIVE_COMPOSITION_WARN`: a composed directive has another name where it is not composed.

use super::sides::few;
use crate::diagnostic::{Code, Diagnostic};
use crate::maps::IndexMap;
use crate::subgraph::{ForeignLink, View};

/// Told of each directive of a specification that some subgraph composes.
pub(super) fn check(links: &[(&View, &ForeignLink)], out: &mut Vec<Diagnostic>) {
    let mut composed: IndexMap<&str, (&str, &View, &ForeignLink)> = IndexMap::default();
    for (view, link) in links {
        for (name, local) in link.directives.iter().filter(|(_, local)| view.composes(local)) {
            composed.entry(name).or_insert((local, view, link));
        }
    }
    for (name, (local, view, link)) in &composed {
        let local_in = |other: &ForeignLink| {
            let found = other.directives.iter().find(|(known, _)| known == name);
            found.map(|(_, local)| local.clone())
        };
        let others: Vec<_> = links
            .iter()
            .filter_map(|(view, link)| Some((view, link, local_in(link)?)))
            .filter(|(view, _, other)| other != local && !view.composes(other))
            .collect();
        let Some((other, _, other_local)) = others.first() else { continue };
        let message =
            format!("`@{local}` is composed, but it is `@{other_local}` in {}.", other.name);
        let help = format!(
            "import it as `@{local}` in {} too; else it can't be composed there",
            other.name
        );
        let here = view.label(link.at, format!("composed as `@{local}`"));
        let there = others.iter().map(|(view, link, local)| {
            view.label(link.at, format!("`@{local}` here, and left out"))
        });
        let code = Code::DirectiveCompositionWarn;
        out.push(Diagnostic::new(code, message).label(here).labels(few(there)).help(help));
    }
}
