//! Directives on elements: one set of them for all subgraphs.

use sdl::{Name, Value};

use crate::maps::HashSet;
use crate::subgraph::{Applied, Marks, View};

/// The directives that stand on an element once, with the arguments that most subgraphs give.
pub(super) struct Once {
    names: HashSet<Name>,
}

impl Once {
    pub(super) fn new(views: &[View]) -> Self {
        let directives = views.iter().flat_map(|view| &view.directives);
        let composed = directives.filter(|(_, known)| known.composed && !known.repeatable);
        let known = ["inaccessible", "authenticated", "deprecated", "specifiedBy"];
        let known = known.into_iter().map(Name::new_static);
        Self { names: composed.map(|(name, _)| name.clone()).chain(known).collect() }
    }
}

/// Merges the directives that an element has in several subgraphs.
pub(super) fn merge<'m>(
    once: &Once,
    marks: impl Iterator<Item = &'m Marks> + Clone,
) -> Vec<Applied> {
    let all = || marks.clone().flat_map(|marks| &marks.applied);
    let mut merged: Vec<Applied> = Vec::new();
    for applied in all() {
        let same = |known: &&mut Applied| known.name == applied.name;
        match applied.name.as_str() {
            name if once.names.contains(name) => {
                if merged.iter_mut().all(|known| known.name != applied.name) {
                    merged.extend(most(all().filter(|other| other.name == *name)).cloned());
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

/// The one whose arguments are the most common; of equally common ones, the first.
fn most<'m>(all: impl Iterator<Item = &'m Applied>) -> Option<&'m Applied> {
    let mut counts: Vec<(&Applied, usize)> = Vec::new();
    for one in all {
        match counts.iter_mut().find(|(known, _)| known.arguments == one.arguments) {
            Some((_, count)) => *count += 1,
            None => counts.push((one, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(one, _)| one)
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
    // A choice that demands all that another does, and more, adds nothing.
    let more = |choice: &Value, than: &Value| {
        let (choice, than) = (items(choice), items(than));
        than.len() < choice.len() && than.iter().all(|item| choice.contains(item))
    };
    let least = |choice: &&Value| !all.iter().any(|other| more(choice, other));
    known.arguments[0].1 = Value::List(all.iter().filter(least).cloned().collect());
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

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(name: &str, argument: &str, value: Value) -> Marks {
        let arguments = vec![(Name::new(argument), value)];
        let at = sdl::Spot::default();
        let applied = vec![Applied { name: Name::new(name), arguments, at }];
        let mut marks = Marks::default();
        marks.applied = applied;
        marks
    }

    fn text(text: &str) -> Value {
        Value::String(Name::new(text))
    }

    #[test]
    fn the_most_common_arguments_are_taken() {
        let marks = ["one", "two", "two"].map(|why| applied("deprecated", "reason", text(why)));
        let merged = merge(&Once::new(&[]), marks.iter());
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0].arguments[0].1, text("two"));
    }

    #[test]
    fn choices_that_add_nothing_are_left_out() {
        let list = |items: &[&[&str]]| {
            let choice = |items: &&[&str]| Value::List(items.iter().map(|t| text(t)).collect());
            Value::List(items.iter().map(choice).collect())
        };
        let marks = [list(&[&["a"], &["b"]]), list(&[&["b"], &["c", "d"]])];
        let marks = marks.map(|scopes| applied("requiresScopes", "scopes", scopes));
        let merged = merge(&Once::new(&[]), marks.iter());
        assert_eq!(merged[0].arguments[0].1, list(&[&["a", "c", "d"], &["b"]]));
    }
}
