//! Types in their places: each is defined, and fit for where it is used.

use sdl::{Kind, RootKind, Spot};

use super::world::{World, noun, wrong};
use super::{Finding, Validated};
use crate::maps::HashMap;

pub(super) fn check(world: &World<'_>, found: &mut Validated) {
    roots(world, found);
    for piece in &world.document.types {
        for field in &piece.fields {
            let place = || format!("The field `{}.{}`", piece.name, field.name);
            output(world, field.ty.inner_named_type(), field.ty_at, &place, found);
            for argument in &field.arguments {
                let place = || {
                    format!("The argument `{}` of `{}.{}`", argument.name, piece.name, field.name)
                };
                input(world, argument.ty.inner_named_type(), argument.ty_at, &place, found);
            }
        }
        for field in &piece.inputs {
            let place = || format!("The field `{}.{}`", piece.name, field.name);
            input(world, field.ty.inner_named_type(), field.ty_at, &place, found);
        }
        for member in &piece.members {
            let place = || format!("The union `{}`", piece.name);
            if is_known(world, &member.name, member.at, &place, found)
                && world.kind(&member.name) != Kind::Object
            {
                let message = format!(
                    "`{}` can't be a member of the union `{}`: it is {}.",
                    member.name,
                    piece.name,
                    noun(world.kind(&member.name))
                );
                found.built.push(wrong(message, member.at));
            }
        }
    }
    of_directives(world, found);
    empty(world, found);
}

/// The types of what directives are given.
pub(super) fn of_directives(world: &World<'_>, found: &mut Validated) {
    for directive in &world.document.directives {
        for argument in &directive.arguments {
            let place = || format!("The argument `{}` of `@{}`", argument.name, directive.name);
            input(world, argument.ty.inner_named_type(), argument.ty_at, &place, found);
        }
    }
}

fn roots(world: &World<'_>, found: &mut Validated) {
    let mut used: HashMap<&str, RootKind> = HashMap::default();
    for (root, named) in world.document.schemas.iter().flat_map(|schema| &schema.roots) {
        let place = || format!("The schema's `{}`", root.keyword());
        if !is_known(world, &named.name, named.at, &place, found) {
            continue;
        }
        if world.kind(&named.name) != Kind::Object {
            let kind = noun(world.kind(&named.name));
            let message = format!("`{}` can't be a root type: it is {kind}.", named.name);
            found.built.push(wrong(message, named.at));
        }
        if let Some(other) = used.insert(&named.name, *root)
            && other != *root
        {
            let message = format!(
                "`{}` is the type of `{}` and of `{}`.",
                named.name,
                other.keyword(),
                root.keyword()
            );
            found.built.push(wrong(message, named.at));
        }
    }
}

fn output(
    world: &World<'_>,
    name: &str,
    at: Spot,
    place: &dyn Fn() -> String,
    found: &mut Validated,
) {
    if is_known(world, name, at, place, found) && world.kind(name) == Kind::Input {
        let message = format!("{} can't be of type `{name}`: that is an input type.", place());
        found.built.push(wrong(message, at));
    }
}

fn input(
    world: &World<'_>,
    name: &str,
    at: Spot,
    place: &dyn Fn() -> String,
    found: &mut Validated,
) {
    if is_known(world, name, at, place, found)
        && !matches!(world.kind(name), Kind::Scalar | Kind::Enum | Kind::Input)
    {
        let kind = noun(world.kind(name));
        let message = format!("{} can't be of type `{name}`: that is {kind}.", place());
        found.built.push(wrong(message, at));
    }
}

fn is_known(
    world: &World<'_>,
    name: &str,
    at: Spot,
    place: &dyn Fn() -> String,
    found: &mut Validated,
) -> bool {
    let known = world.knows(name);
    if !known {
        let names = world.types.keys().copied().chain(["ID", "String", "Int", "Float", "Boolean"]);
        let help = world.near(name, names);
        let help = help.or_else(|| Some(format!("define `{name}` in this file")));
        let message = format!("{} uses the type `{name}`, which is not defined.", place());
        found.first.push(Finding { help, ..wrong(message, at) });
    }
    known
}

/// A type that has nothing inside.
fn empty(world: &World<'_>, found: &mut Validated) {
    let query = world.root(RootKind::Query);
    for piece in &world.document.types {
        let ty = &world.types[piece.name.as_str()];
        let first = std::ptr::eq(ty.all[0], piece);
        // Federation adds fields to the query.
        if !first || piece.name == query || piece.name == "_Entity" {
            continue;
        }
        let none = |is_none: fn(&sdl::Definition) -> bool| ty.all.iter().all(|p| is_none(p));
        let lacks = match ty.kind {
            Kind::Scalar => None,
            Kind::Object | Kind::Interface => none(|p| p.fields.is_empty()).then_some("fields"),
            Kind::Input => none(|p| p.inputs.is_empty()).then_some("fields"),
            Kind::Enum => none(|p| p.values.is_empty()).then_some("values"),
            Kind::Union => none(|p| p.members.is_empty()).then_some("members"),
        };
        if let Some(lacks) = lacks {
            found.rest.push(wrong(format!("`{}` has no {lacks}.", piece.name), piece.at));
        }
    }
}
