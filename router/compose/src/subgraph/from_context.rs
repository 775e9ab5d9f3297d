//! What `@fromContext(field:)` says: a context, and what is selected where it is set.

use super::{TypeView, View};

/// `$name selection`, taken apart: the name, and the rest as it is written. `None` when it names
/// no context.
pub(crate) fn split(text: &str) -> Option<(&str, &str)> {
    let rest = text.trim_start().strip_prefix('$')?.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let (name, selection) = rest.split_at(end);
    (!name.is_empty()).then_some((name, selection))
}

/// The types of a subgraph that set a context themselves.
pub(crate) fn setters<'v>(view: &'v View, context: &str) -> impl Iterator<Item = &'v TypeView> {
    let sets = move |ty: &&TypeView| ty.contexts.iter().any(|(name, _)| name == context);
    view.types.values().filter(sets)
}
