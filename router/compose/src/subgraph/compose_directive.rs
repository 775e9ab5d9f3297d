//! `@composeDirective`: which directives of a subgraph the supergraph keeps.

use std::collections::BTreeMap;

use sdl::{Directive, Document, Name, Spot};

use super::finding::Finding;
use super::links::Links;
use super::model::ForeignLink;
use super::near::nearest;
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
            Err(Some((message, help))) => found.push(Finding {
                code: Code::DirectiveCompositionError,
                message,
                at: directive.at,
                help: Some(help),
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

/// The link, the name in its specification and the local name of a directive to keep; else what is
/// wrong and what to do, or nothing for one that is kept anyway.
fn resolve(
    document: &Document,
    links: &Links,
    directive: &Directive,
) -> Result<(usize, Name, Name), Option<(String, String)>> {
    let wrong = |message: String, help: String| Err(Some((message, help)));
    let given = directive.text("name").map(Name::as_str).unwrap_or_default();
    let Some(local) = given.strip_prefix('@') else {
        return wrong(
            format!("@composeDirective names `{given}`, which has no `@` before it."),
            format!("write @composeDirective(name: \"@{given}\")"),
        );
    };
    if let Some(known) = links.known(local) {
        let kept = KEPT.contains(&known);
        let message = format!("`@{local}` is federation's own directive; it can't be composed.");
        let help = "remove this @composeDirective".to_owned();
        return Err((!kept).then_some((message, help)));
    }
    let defined = document.directives.iter().any(|directive| directive.name == local);
    if !defined {
        let known = document.directives.iter().map(|directive| directive.name.as_str());
        let help = match nearest(local, known) {
            Some(near) => format!("write @composeDirective(name: \"@{near}\")"),
            None => format!("define `directive @{local} on …`, or remove this @composeDirective"),
        };
        let message = format!("@composeDirective names `@{local}`, which is defined nowhere.");
        return wrong(message, help);
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
        None => wrong(
            format!("`@{local}` belongs to no specification that is linked."),
            format!("add @link(url: \"https://example.com/{local}/v1.0\", import: [\"@{local}\"])"),
        ),
    }
}
