//! Directives on elements: one set of them for all subgraphs.

use sdl::{Name, Value};

use crate::maps::HashSet;
use crate::subgraph::{Applied, Marks, View};

use super::authorization;
use super::model::{Graph, GraphEntry};

/// What merging directives has to know of the whole.
pub(super) struct Once {
    /// The directives that stand on an element once, with the arguments that most subgraphs give.
    names: HashSet<Name>,
    /// The subgraphs as `join__Graph` names them.
    graphs: Vec<Name>,
}

impl Once {
    pub(super) fn new(views: &[View], graphs: &[GraphEntry]) -> Self {
        let directives = views.iter().flat_map(|view| &view.directives);
        let composed = directives.filter(|(_, known)| known.composed && !known.repeatable);
        let known = ["inaccessible", "authenticated", "deprecated", "specifiedBy"];
        let known = known.into_iter().map(Name::new_static);
        let names = composed.map(|(name, _)| name.clone()).chain(known).collect();
        Self { names, graphs: graphs.iter().map(|graph| Name::new(&graph.value)).collect() }
    }
}

/// Merges the directives that an element has in several subgraphs, each with its marks there.
pub(super) fn merge<'m>(
    once: &Once,
    marks: impl Iterator<Item = (Graph, &'m Marks)> + Clone,
) -> Vec<Applied> {
    let all = || marks.clone().flat_map(|(_, marks)| &marks.applied);
    let mut merged: Vec<Applied> = Vec::new();
    let each =
        marks.clone().flat_map(|(graph, marks)| marks.applied.iter().map(move |a| (graph, a)));
    for (graph, applied) in each {
        match applied.name.as_str() {
            name if once.names.contains(name) => {
                if merged.iter_mut().all(|known| known.name != applied.name) {
                    merged.extend(most(all().filter(|other| other.name == *name)).cloned());
                }
            }
            "requiresScopes" | "policy" => {
                if merged.iter_mut().all(|known| known.name != applied.name) {
                    let demands = all().filter(|other| other.name == applied.name);
                    merged.extend(authorization::all_of(&demands.collect::<Vec<_>>()));
                }
            }
            "cacheTag" => joined(&mut merged, &once.graphs[graph], applied),
            "cost" | "listSize" => {
                if merged.iter_mut().all(|known| known.name != applied.name) {
                    merged.extend(largest(all().filter(|other| other.name == applied.name)));
                }
            }
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

/// A directive that means something in the subgraphs that have it, and nothing in the others, stands
/// in a `@join__directive` that names them.
fn joined(merged: &mut Vec<Applied>, graph: &Name, applied: &Applied) {
    let argument = |name, value| (Name::new_static(name), value);
    let name = Value::String(Name::from(format!("federation__{}", applied.name)));
    let rest = [argument("name", name), argument("args", Value::Object(applied.arguments.clone()))];
    let joined = Name::new_static("join__directive");
    let same = |known: &&mut Applied| known.name == joined && known.arguments[1..] == rest;
    let graph = Value::Enum(graph.clone());
    if let Some(known) = merged.iter_mut().find(same) {
        if let Value::List(graphs) = &mut known.arguments[0].1
            && !graphs.contains(&graph)
        {
            graphs.push(graph);
        }
        return;
    }
    let graphs = argument("graphs", Value::List(vec![graph]));
    let arguments = std::iter::once(graphs).chain(rest).collect();
    merged.push(Applied { name: joined, arguments, at: applied.at });
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

/// Each argument as large as in any of them; as it is written, if all say the same.
fn largest<'m>(mut all: impl Iterator<Item = &'m Applied> + Clone) -> Option<Applied> {
    let whole: Vec<Applied> = all.clone().map(whole).collect();
    let first = all.next()?;
    let mut largest = whole.first()?.clone();
    if whole.iter().all(|other| other.arguments == largest.arguments) {
        return Some(first.clone());
    }
    whole.iter().skip(1).for_each(|other| larger(&mut largest, other));
    Some(largest)
}

/// With the argument that has a default, also where it is left out.
fn whole(applied: &Applied) -> Applied {
    let mut whole = applied.clone();
    let one = "requireOneSlicingArgument";
    if applied.name == "listSize" && applied.arguments.iter().all(|(name, _)| name != one) {
        whole.arguments.push((Name::new_static(one), Value::Boolean(true)));
    }
    whole.arguments.sort_by(|(a, _), (b, _)| a.cmp(b));
    whole
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
        let merged = merge(&Once::new(&[], &[]), marks.iter().map(|marks| (0, marks)));
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0].arguments[0].1, text("two"));
    }
}
