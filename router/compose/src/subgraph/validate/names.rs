//! Names: each thing has one definition, and none begins with two underscores.

use sdl::{Kind, Named, Spot};

use super::Finding;
use super::world::{BUILT_IN, World, noun, wrong};
use crate::maps::{HashMap, HashSet};
use crate::subgraph::pieces::Pieces;

pub(super) fn check(world: &World<'_>, found: &mut Vec<Finding>) {
    schema(world, found);
    let mut seen = HashSet::default();
    for piece in &world.document.types {
        if seen.insert(piece.name.as_str()) {
            ty(&piece.name, &world.types[piece.name.as_str()], found);
        }
    }
    let mut directives = Unique::default();
    for directive in &world.document.directives {
        reserved(&directive.name, directive.at, found);
        if directive.name.starts_with("join__") {
            let name = &directive.name;
            let message = format!("`@{name}` can't be defined: the supergraph has such names.");
            found.push(wrong(message, directive.at));
        }
        let what = || format!("The directive `@{}` is defined", directive.name);
        directives.see(&directive.name, directive.at, what, found);
        let mut arguments = Unique::default();
        for argument in &directive.arguments {
            reserved(&argument.name, argument.at, found);
            let what = || format!("`@{}` has the argument `{}`", directive.name, argument.name);
            arguments.see(&argument.name, argument.at, what, found);
        }
    }
}

fn schema(world: &World<'_>, found: &mut Vec<Finding>) {
    let schemas = &world.document.schemas;
    for again in schemas.iter().filter(|schema| !schema.extension).skip(1) {
        found.push(Finding {
            help: Some("keep one definition and extend it with `extend schema`".to_owned()),
            ..wrong("The schema is defined twice.".to_owned(), again.at)
        });
    }
    let mut kinds = HashSet::default();
    for (root, named) in schemas.iter().flat_map(|schema| &schema.roots) {
        if !kinds.insert(*root) {
            let message = format!("The schema names a type for `{}` twice.", root.keyword());
            found.push(wrong(message, named.at));
        }
    }
}

/// What GraphQL itself or the supergraph has is not for a subgraph to define.
fn built_in(name: &str, ty: &Pieces<'_>, found: &mut Vec<Finding>) {
    let first = ty.all[0];
    if name.starts_with("join__") {
        let message = format!("`{name}` can't be defined: the supergraph has such names.");
        found.push(wrong(message, first.at));
    }
    if BUILT_IN.contains(&name) && (ty.kind != Kind::Scalar || first.extension) {
        let message = format!("`{name}` is a scalar of GraphQL; it can't be anything else here.");
        let help = Some("use another name".to_owned());
        found.push(Finding { help, ..wrong(message, first.at) });
    }
}

fn ty(name: &str, ty: &Pieces<'_>, found: &mut Vec<Finding>) {
    let definitions = ty.all.iter().filter(|piece| !piece.extension);
    for again in definitions.skip(1) {
        found.push(Finding {
            help: Some(format!("make one of them `extend {} {name}`", again.kind.keyword())),
            ..wrong(format!("The type `{name}` is defined twice."), again.at)
        });
    }
    for piece in ty.all.iter().filter(|piece| piece.kind != ty.kind) {
        let message =
            format!("`{name}` is {}, but here it is {}.", noun(ty.kind), noun(piece.kind));
        found.push(wrong(message, piece.at));
    }
    reserved(name, ty.all[0].at, found);
    built_in(name, ty, found);
    let fields = ty.all.iter().flat_map(|piece| &piece.fields);
    let mut unique = Unique::default();
    for field in fields {
        reserved(&field.name, field.at, found);
        let what = || format!("`{name}` has the field `{}`", field.name);
        unique.see(&field.name, field.at, what, found);
        let mut arguments = Unique::default();
        for argument in &field.arguments {
            reserved(&argument.name, argument.at, found);
            let what = || format!("`{name}.{}` has the argument `{}`", field.name, argument.name);
            arguments.see(&argument.name, argument.at, what, found);
        }
    }
    for input in ty.all.iter().flat_map(|piece| &piece.inputs) {
        reserved(&input.name, input.at, found);
        let what = || format!("`{name}` has the field `{}`", input.name);
        unique.see(&input.name, input.at, what, found);
    }
    for value in ty.all.iter().flat_map(|piece| &piece.values) {
        reserved(&value.name, value.at, found);
        let what = || format!("`{name}` has the value `{}`", value.name);
        unique.see(&value.name, value.at, what, found);
    }
    named(ty.all.iter().flat_map(|piece| &piece.members), found, |member| {
        format!("`{name}` has the member `{member}`")
    });
    named(ty.all.iter().flat_map(|piece| &piece.implements), found, |interface| {
        format!("`{name}` implements `{interface}`")
    });
}

fn named<'d>(
    names: impl Iterator<Item = &'d Named>,
    found: &mut Vec<Finding>,
    what: impl Fn(&str) -> String,
) {
    let mut unique = Unique::default();
    for named in names {
        unique.see(&named.name, named.at, || what(&named.name), found);
    }
}

/// Names that should be there once. Few are held in a list, many in a set.
#[derive(Default)]
struct Unique<'d> {
    few: Vec<&'d str>,
    many: HashMap<&'d str, ()>,
}

impl<'d> Unique<'d> {
    fn see(
        &mut self,
        name: &'d str,
        at: Spot,
        what: impl FnOnce() -> String,
        found: &mut Vec<Finding>,
    ) {
        const FEW: usize = 16;
        let known = self.few.contains(&name)
            || (self.few.len() == FEW && self.many.insert(name, ()).is_some());
        if known {
            found.push(wrong(format!("{} twice.", what()), at));
        } else if self.few.len() < FEW {
            self.few.push(name);
        }
    }
}

fn reserved(name: &str, at: Spot, found: &mut Vec<Finding>) {
    if name.starts_with("__") {
        found.push(Finding {
            help: Some("begin the name with a letter or a single underscore".to_owned()),
            ..wrong(
                format!("`{name}` begins with two underscores: such names are GraphQL's own."),
                at,
            )
        });
    }
}
