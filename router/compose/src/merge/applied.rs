//! Directives on elements: one set of them for all subgraphs.

use sdl::{Name, Value};

use crate::subgraph::{Applied, Marks};

/// Merges the directives that an element has in several subgraphs.
pub(super) fn merge<'m>(marks: impl Iterator<Item = &'m Marks>) -> Vec<Applied> {
    let mut merged: Vec<Applied> = Vec::new();
    for applied in marks.flat_map(|marks| &marks.applied) {
        let same = |known: &&mut Applied| known.name == applied.name;
        match applied.name.as_str() {
            "inaccessible" | "authenticated" | "deprecated" | "specifiedBy" => {
                if merged.iter_mut().all(|known| known.name != applied.name) {
                    merged.push(applied.clone());
                }
            }
            "requiresScopes" | "policy" => match merged.iter_mut().find(same) {
                Some(known) => both(known, applied),
                None => merged.push(applied.clone()),
            },
            "cost" | "listSize" => match merged.iter_mut().find(same) {
                Some(known) => larger(known, applied),
                None => merged.push(applied.clone()),
            },
            _ => {
                let known = merged.iter().any(|known| {
                    known.name == applied.name && known.arguments == applied.arguments
                });
                if !known {
                    merged.push(applied.clone());
                }
            }
        }
    }
    merged
}

/// What both demand: each choice of the one with each of the other.
fn both(known: &mut Applied, other: &Applied) {
    let (Some((_, Value::List(ours))), Some((_, Value::List(theirs)))) =
        (known.arguments.first().cloned(), other.arguments.first())
    else {
        return;
    };
    let mut all: Vec<Value> = Vec::new();
    for our in &ours {
        for their in theirs {
            let mut both: Vec<_> = items(our);
            for item in items(their) {
                if !both.contains(&item) {
                    both.push(item);
                }
            }
            let both = Value::List(both);
            if !all.contains(&both) {
                all.push(both);
            }
        }
    }
    known.arguments[0].1 = Value::List(all);
}

fn items(value: &Value) -> Vec<Value> {
    match value {
        Value::List(items) => items.clone(),
        single => vec![single.clone()],
    }
}

/// Each argument as large as in any of the two.
fn larger(known: &mut Applied, other: &Applied) {
    for (name, value) in &other.arguments {
        let Some((_, ours)) = known.arguments.iter_mut().find(|(known, _)| known == name) else {
            known.arguments.push((name.clone(), value.clone()));
            continue;
        };
        match (&mut *ours, value) {
            (Value::Int(our), Value::Int(their)) => {
                let number = |value: &Name| value.as_str().parse::<i64>().unwrap_or_default();
                if number(their) > number(our) {
                    *ours = value.clone();
                }
            }
            (Value::List(our), Value::List(their)) => {
                for item in their {
                    if !our.contains(item) {
                        our.push(item.clone());
                    }
                }
            }
            (Value::Boolean(our), Value::Boolean(their)) => *our &= *their,
            _ => {}
        }
    }
}
