//! Interfaces: what implements one has its fields, as they are there or narrower.

use sdl::{Field, Kind, Named, Type};

use super::Finding;
use super::directives::is_required;
use super::world::{World, noun, wrong};
use crate::maps::{HashMap, HashSet};
use crate::subgraph::pieces::Pieces;

pub(super) fn check(world: &World<'_>, found: &mut Vec<Finding>) {
    for piece in &world.document.types {
        let ty = &world.types[piece.name.as_str()];
        let first = std::ptr::eq(ty.all[0], piece);
        let implements: Vec<&Named> = ty.all.iter().flat_map(|p| &p.implements).collect();
        if first && !implements.is_empty() {
            let rules = Rules { world, name: &piece.name, ty, fields: fields(ty) };
            rules.check(&implements, found);
        }
    }
}

fn fields<'d>(ty: &Pieces<'d>) -> HashMap<&'d str, &'d Field> {
    let fields = ty.all.iter().flat_map(|piece| &piece.fields);
    fields.map(|field| (field.name.as_str(), field)).collect()
}

struct Rules<'a, 'd> {
    world: &'a World<'d>,
    name: &'a str,
    ty: &'a Pieces<'d>,
    fields: HashMap<&'d str, &'d Field>,
}

impl Rules<'_, '_> {
    fn check(&self, implements: &[&Named], found: &mut Vec<Finding>) {
        let name = self.name;
        let names: HashSet<&str> = implements.iter().map(|named| named.name.as_str()).collect();
        for named in implements {
            if named.name == name {
                found.push(wrong(format!("`{name}` implements itself."), named.at));
                continue;
            }
            let Some(interface) = self.world.types.get(named.name.as_str()) else {
                let interfaces =
                    self.world.types.iter().filter(|(_, ty)| ty.kind == Kind::Interface);
                let help = self.world.near(&named.name, interfaces.map(|(name, _)| *name));
                let message =
                    format!("`{name}` implements `{}`, which is not defined.", named.name);
                found.push(Finding { help, ..wrong(message, named.at) });
                continue;
            };
            if interface.kind != Kind::Interface {
                let kind = noun(interface.kind);
                let message = format!("`{name}` can't implement `{}`: it is {kind}.", named.name);
                found.push(wrong(message, named.at));
                continue;
            }
            for above in interface.all.iter().flat_map(|piece| &piece.implements) {
                if !names.contains(above.name.as_str()) && above.name != name {
                    found.push(Finding {
                        help: Some(format!("write `implements {} & {}`", named.name, above.name)),
                        ..wrong(
                            format!(
                                "`{name}` implements `{}`, but not `{}`, which that implements.",
                                named.name, above.name
                            ),
                            named.at,
                        )
                    });
                } else if above.name == name {
                    let message = format!("`{name}` and `{}` implement each other.", named.name);
                    let help = format!(
                        "let `{name}` not implement `{}`, or the other way round",
                        named.name
                    );
                    found.push(Finding { help: Some(help), ..wrong(message, named.at) });
                }
            }
            for field in interface.all.iter().flat_map(|piece| &piece.fields) {
                self.field(named, field, found);
            }
        }
    }

    fn field(&self, interface: &Named, wanted: &Field, found: &mut Vec<Finding>) {
        let (name, interface_name) = (self.name, &interface.name);
        let Some(field) = self.fields.get(wanted.name.as_str()) else {
            let message = format!(
                "`{name}` has no field `{}`, which the interface `{interface_name}` has.",
                wanted.name
            );
            let help = Some(format!("add `{}: {}` to `{name}`", wanted.name, wanted.ty));
            found.push(Finding { help, ..wrong(message, self.ty.all[0].at) });
            return;
        };
        if !self.is_subtype(&field.ty, &wanted.ty) {
            let message = format!(
                "`{name}.{}` is of type `{}`; as a field of `{interface_name}` it must be of type `{}`.",
                field.name, field.ty, wanted.ty
            );
            found.push(wrong(message, field.ty_at));
        }
        for argument in &wanted.arguments {
            match field.arguments.iter().find(|own| own.name == argument.name) {
                None => {
                    let message = format!(
                        "`{name}.{}` has no argument `{}`, which `{interface_name}.{}` has.",
                        field.name, argument.name, field.name
                    );
                    let help = Some(format!("add `{}: {}`", argument.name, argument.ty));
                    found.push(Finding { help, ..wrong(message, field.at) });
                }
                Some(own) if own.ty != argument.ty => {
                    let message = format!(
                        "The argument `{}` of `{name}.{}` is of type `{}`; in `{interface_name}` it is of type `{}`.",
                        own.name, field.name, own.ty, argument.ty
                    );
                    found.push(wrong(message, own.ty_at));
                }
                Some(_) => {}
            }
        }
        for own in field.arguments.iter().filter(|own| is_required(own)) {
            if wanted.arguments.iter().all(|argument| argument.name != own.name) {
                let message = format!(
                    "The argument `{}` of `{name}.{}` is required, but `{interface_name}.{}` does not have it.",
                    own.name, field.name, field.name
                );
                let help = Some("make it optional, or give it a default value".to_owned());
                found.push(Finding { help, ..wrong(message, own.at) });
            }
        }
    }

    /// Whether every value of one type is a value of the other.
    fn is_subtype(&self, sub: &Type, of: &Type) -> bool {
        match (sub, of) {
            (Type::NonNullNamed(sub), Type::NonNullNamed(of) | Type::Named(of))
            | (Type::Named(sub), Type::Named(of)) => sub == of || self.is_possible(sub, of),
            (Type::NonNullList(sub), Type::NonNullList(of) | Type::List(of))
            | (Type::List(sub), Type::List(of)) => self.is_subtype(sub, of),
            _ => false,
        }
    }

    fn is_possible(&self, sub: &str, of: &str) -> bool {
        let pieces = |name| self.world.types.get(name).map_or(&[][..], |ty: &Pieces<'_>| &ty.all);
        pieces(of).iter().flat_map(|piece| &piece.members).any(|member| member.name == sub)
            || pieces(sub).iter().flat_map(|piece| &piece.implements).any(|named| named.name == of)
    }
}
