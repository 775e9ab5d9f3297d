//! `@authenticated`, `@requiresScopes`, `@policy`: what it takes to see an element, and how that is
//! inherited, so that no way around it exists.
//!
//! Whoever may see an interface may see whatever implements it; so it asks for all that its
//! implementations ask for, field by field. What an interface object guards, the objects that it
//! stands for guard too.

use sdl::{Name, Value};

use super::model::{MergedField, MergedType};
use crate::maps::HashMap;
use crate::subgraph::{AUTHORIZATION, Applied, Kind};

/// One directive that demands what all of these do; they have the same name. Those that say the
/// same keep their words.
pub(super) fn all_of(demands: &[&Applied]) -> Option<Applied> {
    let mut distinct: Vec<&Applied> = Vec::new();
    for &demand in demands {
        if distinct.iter().all(|known| known.arguments != demand.arguments) {
            distinct.push(demand);
        }
    }
    let mut all = (*distinct.first()?).clone();
    if distinct.len() > 1 {
        let choices = distinct.into_iter().map(choices).fold(Choices::new(), both);
        let list = |items: Vec<Name>| Value::List(items.into_iter().map(Value::String).collect());
        let value = Value::List(least(choices).into_iter().map(list).collect());
        if let Some((_, argument)) = all.arguments.first_mut() {
            *argument = value;
        }
    }
    Some(all)
}

/// Alternatives of things that must all be held. None at all demands nothing.
type Choices = Vec<Vec<Name>>;

/// Products of alternatives are cut here: no real schema comes near. What is cut is an alternative,
/// so that the rest demands more and nothing is opened.
const MAX_CHOICES: usize = 1024;

/// What a directive demands: its argument is a list of lists of strings, and a single value stands
/// for a list of one.
pub(crate) fn choices(applied: &Applied) -> Choices {
    let strings = |value: &Value| match value {
        Value::List(items) => items.iter().filter_map(Value::as_str).cloned().collect(),
        Value::String(text) => vec![text.clone()],
        _ => Vec::new(),
    };
    match applied.arguments.first() {
        Some((_, Value::List(items))) => items.iter().map(strings).collect(),
        Some((_, Value::String(text))) => vec![vec![text.clone()]],
        _ => Vec::new(),
    }
}

/// Each choice of the one with each of the other.
pub(crate) fn both(ours: Choices, theirs: Choices) -> Choices {
    if ours.is_empty() || theirs.is_empty() {
        return if ours.is_empty() { theirs } else { ours };
    }
    let pair = |our: &Vec<Name>, their: &Vec<Name>| -> Vec<Name> {
        our.iter().chain(their).cloned().collect()
    };
    let product = ours.iter().flat_map(|our| theirs.iter().map(move |their| pair(our, their)));
    least(product.take(16 * MAX_CHOICES).collect())
}

/// The choices in order, without those that demand all that another does.
fn least(mut choices: Choices) -> Choices {
    for choice in &mut choices {
        choice.sort_unstable();
        choice.dedup();
    }
    choices.sort_unstable_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    choices.dedup();
    let mut kept: Choices = Vec::new();
    for choice in choices {
        let less = |known: &Vec<Name>| known.iter().all(|item| choice.binary_search(item).is_ok());
        if kept.len() < MAX_CHOICES && !kept.iter().any(less) {
            kept.push(choice);
        }
    }
    kept
}

/// Hands down what interface objects guard, and up what implementations guard.
pub(super) fn inherit(types: &mut [MergedType]) {
    let guarded = |applied: &[Applied]| applied.iter().any(is_demand);
    let any = types
        .iter()
        .any(|ty| guarded(&ty.applied) || ty.fields.iter().any(|field| guarded(&field.applied)));
    if !any {
        return;
    }
    let mut interfaces: HashMap<Name, Vec<usize>> = HashMap::default();
    for (at, ty) in types.iter().enumerate().filter(|(_, ty)| ty.kind == Kind::Object) {
        for interface in &ty.implements {
            interfaces.entry(interface.clone()).or_default().push(at);
        }
    }
    let is_interface = |ty: &MergedType| ty.kind == Kind::Interface;
    let all: Vec<(usize, Vec<usize>)> = (types.iter().enumerate())
        .filter(|(_, ty)| is_interface(ty))
        .filter_map(|(at, ty)| Some((at, interfaces.remove(&ty.name)?)))
        .collect();
    // An interface is guarded here only by what interface objects add to it.
    for (interface, objects) in &all {
        let fields = types[*interface].fields.iter().filter(|field| guarded(&field.applied));
        let fields: Vec<MergedField> = fields.cloned().collect();
        for (field, object) in fields.iter().flat_map(|f| objects.iter().map(move |o| (f, *o))) {
            let known = types[object].fields.iter_mut().find(|known| known.name == field.name);
            if let Some(known) = known {
                demand(&mut known.applied, [&field.applied[..]].into_iter());
            }
        }
    }
    for (interface, objects) in all {
        let mut merged = std::mem::take(&mut types[interface].applied);
        demand(&mut merged, objects.iter().map(|object| &types[*object].applied[..]));
        types[interface].applied = merged;
        let mut fields = std::mem::take(&mut types[interface].fields);
        for field in &mut fields {
            let same = |object: &usize| {
                let known = types[*object].fields.iter().find(|known| known.name == field.name);
                known.map(|known| &known.applied[..])
            };
            demand(&mut field.applied, objects.iter().filter_map(same));
        }
        types[interface].fields = fields;
    }
}

fn is_demand(applied: &Applied) -> bool {
    AUTHORIZATION.contains(&applied.name.as_str())
}

/// Makes an element demand what others do, besides what it does already.
fn demand<'o>(applied: &mut Vec<Applied>, others: impl Iterator<Item = &'o [Applied]> + Clone) {
    for name in AUTHORIZATION {
        let theirs = others.clone().flatten().filter(|other| other.name == name);
        let own = applied.iter().position(|own| own.name == name);
        let mut all: Vec<&Applied> = own.iter().map(|at| &applied[*at]).collect();
        theirs.for_each(|other| all.push(other));
        let merged = all_of(&all);
        match (own, merged) {
            (Some(at), Some(merged)) => applied[at] = merged,
            (None, Some(merged)) => applied.push(merged),
            (_, None) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(sets: &[&[&str]]) -> Applied {
        let text = |text: &&str| Value::String(Name::new(text));
        let list = |set: &&[&str]| Value::List(set.iter().map(text).collect());
        let arguments = vec![(Name::new("scopes"), Value::List(sets.iter().map(list).collect()))];
        Applied { name: Name::new("requiresScopes"), arguments, at: sdl::Spot::default() }
    }

    fn merged(all: &[Applied]) -> Applied {
        all_of(&all.iter().collect::<Vec<_>>()).expect("there is one")
    }

    #[test]
    fn choices_that_add_nothing_are_left_out() {
        let all = [scopes(&[&["a"], &["b"]]), scopes(&[&["b"], &["c", "d"]])];
        assert_eq!(merged(&all), scopes(&[&["b"], &["a", "c", "d"]]));
    }

    #[test]
    fn what_says_the_same_keeps_its_words() {
        let odd = scopes(&[&["b"], &["a", "a"]]);
        assert_eq!(merged(&[odd.clone(), odd.clone()]), odd);
    }

    #[test]
    fn no_choice_demands_nothing() {
        assert_eq!(merged(&[scopes(&[]), scopes(&[&["a"]])]), scopes(&[&["a"]]));
        assert_eq!(merged(&[scopes(&[&[]]), scopes(&[&["a"]])]), scopes(&[&["a"]]));
    }
}
