//! `LINK_IMPORT_NAME_MISMATCH` of federation's own directives that the supergraph keeps: whoever uses
//! one, uses it under the same name.

use std::collections::BTreeMap;

use sdl::Name;

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{View, Views};

pub(super) fn check(views: &Views<'_>, out: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<&'static str, Vec<(&View, &Name)>> = BTreeMap::new();
    for view in views.all {
        for (name, local) in &view.kept_names {
            known.entry(name).or_default().push((view, local));
        }
    }
    for (name, users) in known {
        if users.iter().all(|(_, local)| *local == users[0].1) {
            continue;
        }
        let names = users.iter().map(|(view, local)| format!("@{local} in {}", view.name));
        let names = names.collect::<Vec<_>>().join(", ");
        let message = format!("`@{name}` has different names in different subgraphs: {names}.");
        let links = users.iter().map(|(view, local)| {
            view.label(view.linked_at, format!("it is `@{local}` in this file"))
        });
        let found = Diagnostic::new(Code::LinkImportNameMismatch, message)
            .labels(links)
            .help(format!("import `@{name}` under the same name everywhere"));
        out.push(found);
    }
}
