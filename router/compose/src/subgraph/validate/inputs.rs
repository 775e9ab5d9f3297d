//! Input values: defaults fit their types, what is required is not deprecated, and no input type
//! needs itself.

use sdl::{InputValue, Kind};

use super::Finding;
use super::cycles;
use super::directives::is_required;
use super::values::misfit;
use super::world::{World, wrong};

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
    circles(world, found);
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

/// Input types that can't be given without giving themselves.
fn circles(world: &World<'_>, found: &mut Vec<Finding>) {
    let types = world.document.types.iter().filter(|piece| piece.kind == Kind::Input);
    for (owner, field) in cycles::find(world, types.map(|piece| piece.name.as_str())) {
        let pieces = world.types.get(owner).into_iter().flat_map(|ty| &ty.all);
        let Some(field) = pieces.flat_map(|piece| &piece.inputs).find(|f| f.name == field) else {
            continue;
        };
        let target = field.ty.inner_named_type();
        let message =
            format!("`{target}` can't ever be given: it needs itself through `{}`.", field.name);
        let help = Some(format!("make `{}` nullable", field.name));
        found.push(Finding { help, ..wrong(message, field.at) });
    }
}
