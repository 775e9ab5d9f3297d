//! `INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS`: a directive for operations that may stand on
//! different places in different subgraphs.

use sdl::Location;

use super::element::{One, Place, listed};
use super::sides::{few, subgraphs};
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::DirectiveView;

/// Told of a directive that all subgraphs define.
pub(super) fn check(place: Place<'_>, all: &[One<'_, DirectiveView>], out: &mut Vec<Diagnostic>) {
    let everywhere = |at: &&Location| all.iter().all(|one| one.item.locations.contains(*at));
    let executable = |one: &One<'_, DirectiveView>| -> Vec<Location> {
        one.item.locations.iter().filter(|at| at.is_executable()).copied().collect()
    };
    let more: Vec<_> = all
        .iter()
        .filter(|one| !executable(one).iter().all(|at| everywhere(&at)))
        .copied()
        .collect();
    if more.is_empty() {
        return;
    }
    let here = subgraphs(&more);
    let message =
        format!("{here} allows `{place}` where another subgraph doesn't; that is left out.");
    let labels = all.iter().map(|one| one.label(format!("on {} here", listed(one.item))));
    let help = format!("allow `{place}` on the same places in all subgraphs");
    let code = Code::InconsistentExecutableDirectiveLocations;
    out.push(Diagnostic::new(code, message).labels(few(labels)).help(help));
}
