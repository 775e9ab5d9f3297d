//! `DIRECTIVE_COMPOSITION_ERROR` and `LINK_IMPORT_NAME_MISMATCH` between subgraphs: those that compose
//! directives of a specification link it alike.

use sdl::Name;

use crate::diagnostic::{Code, Diagnostic};
use crate::maps::HashMap;
use crate::subgraph::Views;

pub(super) fn check(views: &Views<'_>, out: &mut Vec<Diagnostic>) {
    let mut named: HashMap<&Name, &str> = HashMap::default();
    for (identity, links) in views.composed() {
        let mut tell = |code, message: String, help: String| {
            let labels = links.iter().map(|(view, link)| view.label(link.at, "linked here"));
            out.push(Diagnostic::new(code, message).labels(labels).help(help));
        };
        let major = links[0].1.version.0;
        if links.iter().any(|(_, link)| link.version.0 != major) {
            tell(
                Code::DirectiveCompositionError,
                format!("The subgraphs link different major versions of {identity}."),
                "link the same major version everywhere".to_owned(),
            );
            continue;
        }
        let mut imports: HashMap<&Name, &Name> = HashMap::default();
        for (name, local) in links.iter().flat_map(|(_, link)| &link.directives) {
            let other = imports.insert(name, local);
            if other.is_some_and(|other| other != local) {
                tell(
                    Code::LinkImportNameMismatch,
                    format!("`@{name}` of {identity} has different names in different subgraphs."),
                    format!("import `@{name}` under the same name everywhere"),
                );
            }
            let other = named.insert(local, identity);
            if let Some(other) = other.filter(|other| *other != identity) {
                tell(
                    Code::DirectiveCompositionError,
                    format!("`@{local}` is of {other} in one subgraph, of {identity} in another."),
                    "import one of them under another name".to_owned(),
                );
            }
        }
    }
}
