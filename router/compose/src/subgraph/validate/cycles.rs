//! Input types that need themselves, so that no value of them can be written.

use sdl::{Kind, Type};

use super::values::InputTypes;
use crate::maps::HashMap;

/// How far the search has come with a type.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Open,
    Done,
}

/// The fields that close a circle of required fields, with the types that have them. The stack of
/// the search is its own, since a chain of types can be as long as the file.
pub(crate) fn find<'d>(
    types: &'d impl InputTypes,
    names: impl Iterator<Item = &'d str>,
) -> Vec<(&'d str, &'d str)> {
    let mut found = Vec::new();
    let mut states: HashMap<&str, State> = HashMap::default();
    for name in names {
        if states.contains_key(name) {
            continue;
        }
        states.insert(name, State::Open);
        let mut stack = vec![(name, needed(types, name))];
        while let Some((name, fields)) = stack.last_mut() {
            let Some((field, target)) = fields.pop() else {
                states.insert(name, State::Done);
                stack.pop();
                continue;
            };
            match states.get(target) {
                Some(State::Done) => {}
                Some(State::Open) => found.push((*name, field)),
                None => {
                    states.insert(target, State::Open);
                    stack.push((target, needed(types, target)));
                }
            }
        }
    }
    found
}

/// The fields of an input type that must be given and are of an input type, with that type.
fn needed<'d>(types: &'d impl InputTypes, name: &str) -> Vec<(&'d str, &'d str)> {
    let needs = |(name, ty, _): (&'d sdl::Name, &'d Type, bool)| match ty {
        Type::NonNullNamed(target) if types.kind_of(target) == Some(Kind::Input) => {
            Some((name.as_str(), target.as_str()))
        }
        _ => None,
    };
    types.input_fields(name).into_iter().filter_map(needs).collect()
}
