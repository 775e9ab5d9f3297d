//! `DIRECTIVE_COMPOSITION_INFO`: a remark on what `@composeDirective` does not do.

use super::sides::few;
use crate::diagnostic::{Code, Diagnostic, names};
use crate::subgraph::{ForeignLink, View};

/// Told of a `@composeDirective` that names a directive which the supergraph keeps anyway.
pub(super) fn kept_anyway(view: &View, out: &mut Vec<Diagnostic>) {
    for (name, at) in &view.composed_anyway {
        let message = format!("`@{name}` is kept in the supergraph without @composeDirective.");
        let help = format!("remove @composeDirective(name: \"@{name}\") from {}", view.name);
        out.push(
            Diagnostic::new(Code::DirectiveCompositionInfo, message)
                .label(view.label(*at, "not needed"))
                .help(help),
        );
    }
}

/// Told of a specification that is linked in several major versions, and of which nothing is kept.
pub(super) fn versions(identity: &str, links: &[(&View, &ForeignLink)], out: &mut Vec<Diagnostic>) {
    let major = links[0].1.version.0;
    let Some(other) = links.iter().find(|(_, link)| link.version.0 != major) else { return };
    let version = |link: &ForeignLink| format!("v{}.{}", link.version.0, link.version.1);
    let all = names(links.iter().map(|(view, _)| view.name.as_str()));
    let message = format!("{all} link different major versions of {identity}.");
    let shown = [&links[0], other].into_iter();
    let labels = shown.map(|(view, link)| view.label(link.at, format!("{} here", version(link))));
    let help = format!(
        "link the same major version everywhere before any directive of {identity} is composed"
    );
    let code = Code::DirectiveCompositionInfo;
    out.push(Diagnostic::new(code, message).labels(few(labels)).help(help));
}
