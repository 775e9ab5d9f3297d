//! `LINK_IMPORT_NAME_MISMATCH` of federation's own directives that the supergraph keeps: whoever uses
//! one, uses it under the same name.

use sdl::Name;

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{Marks, View, Views};

pub(super) fn check(views: &Views<'_>, out: &mut Vec<Diagnostic>) {
    let mut known: Vec<&'static str> = Vec::new();
    for view in views.all {
        known.extend(view.kept_names.keys().copied());
    }
    known.sort_unstable();
    known.dedup();
    for name in known {
        let named = |view| Some((view, View::kept_name(view, name)?));
        let all: Vec<(&View, &Name)> = views.all.iter().filter_map(named).collect();
        // The same everywhere: then nobody need be asked who uses it.
        if all.iter().all(|(_, local)| *local == all[0].1) {
            continue;
        }
        let users: Vec<&(&View, &Name)> = all.iter().filter(|(view, _)| uses(view, name)).collect();
        if users.iter().all(|(_, local)| *local == users[0].1) {
            continue;
        }
        let names = users.iter().map(|(view, local)| format!("@{local} in {}", view.name));
        let names = names.collect::<Vec<_>>().join(", ");
        let message = format!("`@{name}` has different names in different subgraphs: {names}.");
        let found = Diagnostic::new(Code::LinkImportNameMismatch, message)
            .help(format!("import `@{name}` under the same name everywhere"));
        out.push(found);
    }
}

/// Whether a directive of federation stands on anything of a subgraph.
fn uses(view: &View, name: &str) -> bool {
    let has = |marks: &Marks| marks.merged.iter().any(|merged| merged == name);
    view.types.values().any(|ty| {
        has(&ty.marks)
            || ty.values.values().any(|value| has(&value.marks))
            || ty.fields.values().any(|field| {
                has(&field.marks) || field.arguments.values().any(|argument| has(&argument.marks))
            })
    })
}
