//! Input values: defaults fit their types, what is required is not deprecated, and no input type
//! needs itself.

use sdl::{InputValue, Kind, Type};

use super::Finding;
use super::directives::is_required;
use super::values::misfit;
use super::world::{World, wrong};
use crate::maps::HashMap;

pub(super) fn check(world: &World<'_>, found: &mut Vec<Finding>) {
    for piece in &world.document.types {
        for field in &piece.fields {
            for argument in &field.arguments {
                one(world, argument, found);
            }
        }
        for field in &piece.inputs {
            one(world, field, found);
        }
    }
    for argument in world.document.directives.iter().flat_map(|directive| &directive.arguments) {
        one(world, argument, found);
    }
    cycles(world, found);
}

fn one(world: &World<'_>, input: &InputValue, found: &mut Vec<Finding>) {
    let why = input.default.as_ref().and_then(|default| misfit(world, &input.ty, default));
    if let Some(why) = why {
        let message = format!("The default of `{}` does not fit: {why}.", input.name);
        found.push(wrong(message, input.at));
    }
    let deprecated = input.directives.iter().find(|directive| directive.name == "deprecated");
    if let Some(deprecated) = deprecated.filter(|_| is_required(input)) {
        let message = format!("`{}` is required, so it can't be deprecated.", input.name);
        found.push(Finding {
            help: Some("make its type nullable, or give it a default value".to_owned()),
            ..wrong(message, deprecated.at)
        });
    }
}

/// How far the search has come with a type.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Open,
    Done,
}

/// Input types that can't be given without giving themselves. The stack of the search is its own,
/// since a chain of types can be as long as the file.
fn cycles(world: &World<'_>, found: &mut Vec<Finding>) {
    let mut states: HashMap<&str, State> = HashMap::default();
    for piece in world.document.types.iter().filter(|piece| piece.kind == Kind::Input) {
        if states.contains_key(piece.name.as_str()) {
            continue;
        }
        states.insert(&piece.name, State::Open);
        let mut stack = vec![(piece.name.as_str(), needed(world, &piece.name))];
        while let Some((name, fields)) = stack.last_mut() {
            let Some(field) = fields.pop() else {
                states.insert(name, State::Done);
                stack.pop();
                continue;
            };
            let target = field.ty.inner_named_type().as_str();
            match states.get(target) {
                Some(State::Done) => {}
                Some(State::Open) => {
                    let message = format!(
                        "`{target}` can't ever be given: it needs itself through `{}`.",
                        field.name
                    );
                    found.push(Finding {
                        help: Some(format!("make `{}` nullable", field.name)),
                        ..wrong(message, field.at)
                    });
                }
                None => {
                    states.insert(target, State::Open);
                    stack.push((target, needed(world, target)));
                }
            }
        }
    }
}

/// The fields of an input type that must be given and are of an input type.
fn needed<'d>(world: &World<'d>, name: &str) -> Vec<&'d InputValue> {
    let Some(ty) = world.types.get(name) else { return Vec::new() };
    let fields = ty.all.iter().flat_map(|piece| &piece.inputs);
    let needs = |field: &&InputValue| match &field.ty {
        Type::NonNullNamed(target) => world.kind(target) == Kind::Input,
        _ => false,
    };
    fields.filter(needs).collect()
}
