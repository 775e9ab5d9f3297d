//! `INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS`: a directive that can stand on an element only
//! once has different arguments in different subgraphs, and no rule merges them.

use super::element::Place;
use super::sides::few;
use super::uses::Uses;
use crate::diagnostic::{Code, Diagnostic, names};

/// Told of the uses of one directive on one element, which differ.
pub(super) fn check(place: Place<'_>, uses: &Uses<'_>, out: &mut Vec<Diagnostic>) {
    let name = uses.name;
    let groups = uses.by_arguments();
    let listed = |index: usize| names(groups[index].iter().map(|one| one.view.name.as_str()));
    let taken = listed(0);
    let message =
        format!("`@{name}` on `{place}` has different arguments; those of {taken} are taken.");
    let labels = groups.iter().enumerate().map(|(index, group)| {
        let text = if index == 0 { "these arguments are taken" } else { "other arguments here" };
        group[0].view.label(group[0].applied.at, text)
    });
    let others = groups[1..].iter().flatten().map(|one| one.view.name.as_str());
    let help = format!("write `{}` in {} too", groups[0][0].text(), names(others));
    let code = Code::InconsistentNonRepeatableDirectiveArguments;
    out.push(Diagnostic::new(code, message).labels(few(labels)).help(help));
}
