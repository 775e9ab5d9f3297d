//! `@composeDirective`: which directives of a subgraph the supergraph keeps.

use std::collections::BTreeMap;

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Directive, Document};

use super::complete::{Finding, node_span};
use super::links::Links;
use super::model::{ComposedLink, Spot};
use crate::diagnostic::Code;

/// Reads `@composeDirective`: the links whose directives are kept, and the local names of these
/// with the names in the supergraph.
pub(super) fn read(
    document: &Document,
    links: &Links,
) -> (Vec<ComposedLink>, BTreeMap<String, String>, Vec<Finding>) {
    let mut kept: Vec<ComposedLink> = Vec::new();
    let mut names = BTreeMap::new();
    let mut found = Vec::new();
    for directive in applied(document, links) {
        let at = node_span(directive, &document.sources);
        match resolve(document, links, directive) {
            Ok((custom, name, local)) => {
                names.insert(local.clone(), local.clone());
                let link = &links.custom[custom];
                match kept.iter_mut().find(|kept| kept.identity == link.identity) {
                    Some(kept) => kept.directives.push((name, local)),
                    None => kept.push(ComposedLink {
                        identity: link.identity.clone(),
                        version: link.version,
                        name: link.name.clone(),
                        directives: vec![(name, local)],
                        at: node_span(&link.at, &document.sources)
                            .map_or_else(Spot::default, super::applied::spot),
                    }),
                }
            }
            Err(Some(message)) => found.push(Finding {
                code: Code::DirectiveCompositionError,
                message,
                line_column: at,
            }),
            Err(None) => {}
        }
    }
    (kept, names, found)
}

fn applied<'d>(
    document: &'d Document,
    links: &'d Links,
) -> impl Iterator<Item = &'d Node<Directive>> {
    let lists = document.definitions.iter().filter_map(|definition| match definition {
        Definition::SchemaDefinition(schema) => Some(&schema.directives),
        Definition::SchemaExtension(schema) => Some(&schema.directives),
        _ => None,
    });
    lists
        .flat_map(|list| list.iter())
        .filter(|directive| links.known(&directive.name) == Some("composeDirective"))
}

/// The link, the name in its specification and the local name of a directive to keep; `None` for
/// one that is kept anyway.
fn resolve(
    document: &Document,
    links: &Links,
    directive: &Directive,
) -> Result<(usize, String, String), Option<String>> {
    let given = directive.specified_argument_by_name("name").and_then(|value| value.as_str());
    let given = given.unwrap_or_default();
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
    let defined = document.definitions.iter().any(
        |definition| matches!(definition, Definition::DirectiveDefinition(d) if d.name == *local),
    );
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
        Some((index, prefixed.or(own)?.to_owned()))
    });
    match found {
        Some((index, name)) => Ok((index, name, local.to_owned())),
        None => Err(Some(format!("`@{local}` belongs to no specification that is linked."))),
    }
}
