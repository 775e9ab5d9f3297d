//! `@composeDirective`: which directives of a subgraph the supergraph keeps.

use std::collections::BTreeMap;

use sdl::{Directive, Document, Name, Spot};

use super::finding::Finding;
use super::links::Links;
use super::model::ForeignLink;
use crate::diagnostic::Code;

/// What `@composeDirective` comes to.
#[derive(Default)]
pub(super) struct Composed {
    /// The links whose directives are kept.
    pub links: Vec<ForeignLink>,
    /// The local names of these directives, with the names in the supergraph.
    pub names: BTreeMap<Name, Name>,
    /// Directives that are kept without being named.
    pub anyway: Vec<(Name, Spot)>,
}

/// Reads `@composeDirective`.
pub(super) fn read(document: &Document, links: &Links) -> (Composed, Vec<Finding>) {
    let mut composed = Composed::default();
    let mut found = Vec::new();
    for directive in applied(document, links) {
        match resolve(document, links, directive) {
            Ok((custom, name, local)) => {
                composed.names.insert(local.clone(), local.clone());
                let link = &links.custom[custom];
                match composed.links.iter_mut().find(|kept| kept.identity == link.identity) {
                    Some(kept) => kept.directives.push((name, local)),
                    None => composed.links.push(ForeignLink {
                        identity: link.identity.clone(),
                        version: link.version,
                        name: link.name.clone(),
                        directives: vec![(name, local)],
                        at: link.at,
                    }),
                }
            }
            Err(Some(message)) => found.push(Finding {
                code: Code::DirectiveCompositionError,
                message,
                at: directive.at,
                help: None,
            }),
            Err(None) => {
                let name = directive.text("name").map(|name| name.trim_start_matches('@'));
                composed.anyway.push((Name::new(name.unwrap_or_default()), directive.at));
            }
        }
    }
    (composed, found)
}

fn applied<'d>(document: &'d Document, links: &'d Links) -> impl Iterator<Item = &'d Directive> {
    let directives = document.schemas.iter().flat_map(|schema| &schema.directives);
    directives.filter(|directive| links.known(&directive.name) == Some("composeDirective"))
}

/// Directives that may be named although the supergraph keeps them anyway.
const KEPT: &[&str] = &["tag", "inaccessible", "authenticated", "requiresScopes", "policy"];

/// The link, the name in its specification and the local name of a directive to keep; `None` for
/// one that is kept anyway.
fn resolve(
    document: &Document,
    links: &Links,
    directive: &Directive,
) -> Result<(usize, Name, Name), Option<String>> {
    let given = directive.text("name").map(Name::as_str).unwrap_or_default();
    let Some(local) = given.strip_prefix('@') else {
        return Err(Some(format!(
            "@composeDirective names `{given}`, which has no `@` before it."
        )));
    };
    if let Some(known) = links.known(local) {
        let kept = KEPT.contains(&known);
        let message = format!("`@{local}` is federation's own directive; it can't be composed.");
        return Err((!kept).then_some(message));
    }
    let defined = document.directives.iter().any(|directive| directive.name == local);
    if !defined {
        return Err(Some(format!("@composeDirective names `@{local}`, which is defined nowhere.")));
    }
    let found = links.custom.iter().enumerate().find_map(|(index, link)| {
        let imported = link.directives.iter().find(|(_, as_local)| as_local == local);
        if let Some((name, _)) = imported {
            return Some((index, name.clone()));
        }
        let prefixed = local.strip_prefix(&format!("{}__", link.name));
        let own = (local == link.name).then_some(local);
        Some((index, Name::new(prefixed.or(own)?)))
    });
    match found {
        Some((index, name)) => Ok((index, name, Name::new(local))),
        None => Err(Some(format!("`@{local}` belongs to no specification that is linked."))),
    }
}
