//! `MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS`: a directive that can stand on an element only once
//! has different arguments in different subgraphs, which were merged by the directive's own rule.

use super::element::Place;
use super::sides::few;
use super::uses::Uses;
use crate::diagnostic::{Code, Diagnostic};

/// Told of the uses of one directive on one element, which differ.
pub(super) fn check(place: Place<'_>, uses: &Uses<'_>, out: &mut Vec<Diagnostic>) {
    let name = uses.name;
    let how = match name {
        "cost" => "the larger weight counts",
        "listSize" => "the larger sizes count, and all names",
        _ => "what each of them demands must be held",
    };
    let message = format!("`@{name}` on `{place}` has different arguments: {how}.");
    let groups = uses.by_arguments();
    let labels = groups.iter().map(|group| {
        let one = &group[0];
        one.view.label(one.applied.at, format!("`{}` here", one.text()))
    });
    let help = format!("write the same `@{name}` everywhere, unless the difference is meant");
    let code = Code::MergedNonRepeatableDirectiveArguments;
    out.push(Diagnostic::new(code, message).labels(few(labels)).help(help));
}
