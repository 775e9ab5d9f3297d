//! Makes a set smaller while something still holds of it.

use crate::set::Set;

/// Drops parts until no single one can be dropped, or the budget of tries is spent.
pub(crate) fn shrink(mut set: Set, mut budget: usize, holds: &mut impl FnMut(&Set) -> bool) -> Set {
    loop {
        let mut smaller = false;
        let mut index = 0;
        while budget > 0 {
            let Some(less) = without(&set, index) else { break };
            budget -= 1;
            if holds(&less) {
                set = less;
                smaller = true;
            } else {
                index += 1;
            }
        }
        if !smaller || budget == 0 {
            return set;
        }
    }
}

/// The set without its part of that number, large parts first.
fn without(set: &Set, index: usize) -> Option<Set> {
    let mut less = set.clone();
    let mut left = index;
    if drop_from(&mut less.subgraphs, &mut left) {
        return Some(less);
    }
    for subgraph in &mut less.subgraphs {
        if drop_from(&mut subgraph.definitions, &mut left)
            || drop_from(&mut subgraph.schema, &mut left)
            || drop_from(&mut subgraph.extra, &mut left)
        {
            return Some(less);
        }
    }
    for definition in less.subgraphs.iter_mut().flat_map(|subgraph| &mut subgraph.definitions) {
        if drop_from(&mut definition.members, &mut left)
            || drop_from(&mut definition.directives, &mut left)
            || drop_from(&mut definition.implements, &mut left)
        {
            return Some(less);
        }
        for member in &mut definition.members {
            if drop_from(&mut member.directives, &mut left)
                || drop_from(&mut member.arguments, &mut left)
            {
                return Some(less);
            }
        }
    }
    None
}

/// Drops the item of that number, or counts past all of them.
fn drop_from<T>(items: &mut Vec<T>, left: &mut usize) -> bool {
    if *left < items.len() {
        items.remove(*left);
        return true;
    }
    *left -= items.len();
    false
}
