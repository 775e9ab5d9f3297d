//! `@composeDirective`: which directives of a subgraph the supergraph keeps.

use std::collections::BTreeMap;

use sdl::{Directive, Document, Name};

use super::finding::Finding;
use super::links::Links;
use super::model::ComposedLink;
use crate::diagnostic::Code;

/// Reads `@composeDirective`: the links whose directives are kept, and the local names of these
/// with the names in the supergraph.
pub(super) fn read(
    document: &Document,
    links: &Links,
) -> (Vec<ComposedLink>, BTreeMap<Name, Name>, Vec<Finding>) {
    let mut kept: Vec<ComposedLink> = Vec::new();
    let mut names = BTreeMap::new();
    let mut found = Vec::new();
    for directive in applied(document, links) {
        match resolve(document, links, directive) {
            Ok((custom, name, local)) => {
                names.insert(local.clone(), local.clone());
                let link = &links.custom[custom];
                match kept.iter_mut().find(|kept| kept.identity == link.identity) {
                    Some(kept) => kept.directives.push((name, local)),
                    None => kept.push(ComposedLink {
                        identity: link.identity.clone(),
                        version: link.version,
                        name: Name::new(&link.name),
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
            Err(None) => {}
        }
    }
    (kept, names, found)
}

fn applied<'d>(document: &'d Document, links: &'d Links) -> impl Iterator<Item = &'d Directive> {
    let directives = document.schemas.iter().flat_map(|schema| &schema.directives);
    directives.filter(|directive| links.known(&directive.name) == Some("composeDirective"))
}

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
        let kept = super::spec::MERGED.contains(&known);
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
            return Some((index, Name::new(name)));
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
