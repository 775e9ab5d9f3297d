//! `FROM_SUBGRAPH_DOES_NOT_EXIST`: an `@override` names a subgraph that is not there. This hint is
//! told beside errors too, since a misspelt name is often why a field is resolved twice.

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{Override, View, nearest};

/// Told of one override of a field in a subgraph.
pub(super) fn told(place: &str, view: &View, used: &Override, views: &[View]) -> Diagnostic {
    let (by, from) = (&view.name, &used.from);
    let message = format!("{place} is overridden from {from}, but there is no such subgraph.");
    let near = nearest(from, views.iter().filter(|v| v.name != *by).map(|v| v.name.as_str()));
    let help = match near {
        Some(near) => format!("write @override(from: \"{near}\") on {place} in {by}"),
        None => format!("correct the name, or remove the @override of {place} from {by}"),
    };
    Diagnostic::new(Code::FromSubgraphDoesNotExist, message)
        .label(view.label(used.at, "no such subgraph"))
        .help(help)
}
