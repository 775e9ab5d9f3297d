//! Limits on documents, counted before anything is expanded.

use std::collections::HashMap;
use std::num::NonZeroUsize;

use apollo_compiler::ast::{self, Definition, Selection};

use crate::error::{Code, RequestError};

/// What a document may be at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the text.
    pub bytes: NonZeroUsize,
    /// Tokens of the text, white space between them counted too.
    pub tokens: NonZeroUsize,
    /// Levels of nesting of selections, lists and objects, fragments counted where they are spread.
    pub nesting: NonZeroUsize,
    /// Selections of an operation, with each fragment counted as often as it is spread.
    pub selections: NonZeroUsize,
}

impl Default for Limits {
    fn default() -> Self {
        let limit = |n| NonZeroUsize::new(n).expect("the defaults are not zero");
        Self {
            bytes: limit(256 << 10),
            tokens: limit(15_000),
            nesting: limit(100),
            selections: limit(20_000),
        }
    }
}

/// What a selection set comes to with its fragments expanded.
#[derive(Clone, Copy, Default)]
struct Size {
    selections: usize,
    nesting: usize,
}

/// Refuses documents that would expand beyond the limits. Each fragment is measured once, and
/// numbers saturate, so that the work is linear in the text.
pub(crate) fn check(document: &ast::Document, limits: &Limits) -> Result<(), RequestError> {
    let mut fragments = HashMap::new();
    for definition in &document.definitions {
        if let Definition::FragmentDefinition(fragment) = definition {
            fragments.insert(fragment.name.as_str(), fragment.selection_set.as_slice());
        }
    }
    let order = order(&fragments);
    let mut sizes: HashMap<&str, Size> = HashMap::new();
    for name in order {
        let size = measure(fragments[name], &sizes);
        sizes.insert(name, size);
    }
    for definition in &document.definitions {
        let size = match definition {
            Definition::OperationDefinition(operation) => measure(&operation.selection_set, &sizes),
            // A fragment that nothing spreads is refused later; its size must not hurt before.
            Definition::FragmentDefinition(fragment) => {
                sizes.get(fragment.name.as_str()).copied().unwrap_or_default()
            }
            _ => continue,
        };
        refuse("selections", size.selections, limits.selections)?;
        refuse("levels of nesting", size.nesting, limits.nesting)?;
    }
    Ok(())
}

fn refuse(what: &str, count: usize, limit: NonZeroUsize) -> Result<(), RequestError> {
    if count <= limit.get() {
        return Ok(());
    }
    let more = if count == usize::MAX { "far more".to_owned() } else { count.to_string() };
    let message = format!(
        "The operation has {more} {what} with its fragments expanded; the limit is {limit}."
    );
    Err(RequestError::new(Code::TooLarge, message))
}

/// The fragments, each after those that it spreads. What spreads itself is left out: validation
/// says so.
fn order<'d>(fragments: &HashMap<&'d str, &'d [Selection]>) -> Vec<&'d str> {
    let mut waiting: HashMap<&str, usize> = HashMap::new();
    let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
    for (name, selections) in fragments {
        let mut spreads = Vec::new();
        each_spread(selections, &mut |spread| {
            if fragments.contains_key(spread) {
                spreads.push(spread);
            }
        });
        spreads.sort_unstable();
        spreads.dedup();
        waiting.insert(name, spreads.len());
        for spread in spreads {
            users.entry(spread).or_default().push(name);
        }
    }
    let mut ready: Vec<&str> =
        waiting.iter().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect();
    let mut order = Vec::new();
    while let Some(name) = ready.pop() {
        order.push(name);
        for user in users.get(name).into_iter().flatten() {
            let count = waiting.get_mut(user).expect("each user is a fragment");
            *count -= 1;
            if *count == 0 {
                ready.push(user);
            }
        }
    }
    order
}

/// Calls `visit` with each fragment that is spread in some selections. The parser's own limit on
/// nesting bounds the recursion here and below.
fn each_spread<'d>(selections: &'d [Selection], visit: &mut impl FnMut(&'d str)) {
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                each_spread(field.selection_set.as_deref().unwrap_or_default(), visit);
            }
            Selection::InlineFragment(fragment) => each_spread(&fragment.selection_set, visit),
            Selection::FragmentSpread(spread) => visit(&spread.fragment_name),
        }
    }
}

fn measure(selections: &[Selection], fragments: &HashMap<&str, Size>) -> Size {
    let mut size = Size::default();
    for selection in selections {
        let below = match selection {
            Selection::Field(field) => {
                measure(field.selection_set.as_deref().unwrap_or_default(), fragments)
            }
            Selection::InlineFragment(fragment) => measure(&fragment.selection_set, fragments),
            Selection::FragmentSpread(spread) => {
                fragments.get(spread.fragment_name.as_str()).copied().unwrap_or_default()
            }
        };
        size.selections = size.selections.saturating_add(below.selections).saturating_add(1);
        size.nesting = size.nesting.max(below.nesting.saturating_add(1));
    }
    size
}
