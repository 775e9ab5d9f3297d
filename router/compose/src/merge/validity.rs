//! `INVALID_GRAPHQL` of what is merged: each subgraph can be valid by itself and the whole is not,
//! since fields become wider, arguments narrower and values fewer.

use sdl::{Kind, Name, Type, Value};

use super::model::{Merged, MergedField, MergedType};
use crate::diagnostic::{Code, Diagnostic};
use crate::maps::HashMap;
use crate::subgraph::validate::cycles;
use crate::subgraph::validate::values::{InputTypes, misfit};
use crate::subgraph::{Applied, Kind as ViewKind, Views};

/// Checks the merged types against those rules of GraphQL that merging can break.
pub(crate) fn check(views: &Views<'_>, merged: &Merged) -> Vec<Diagnostic> {
    let types = merged.types.iter().map(|ty| (&ty.name, ty)).collect();
    let mut rules = Rules { views, types, found: Vec::new() };
    for ty in &merged.types {
        rules.root(ty);
        for interface in &ty.implements {
            rules.interface(ty, interface);
        }
        rules.members(ty);
        for field in &ty.fields {
            let place = format!("{}.{}", ty.name, field.name);
            rules.known((ty, field), &place, &field.ty);
            let required = field.ty.is_non_null() && field.default.is_none();
            let required = required && ty.kind == ViewKind::Input;
            rules.deprecated((ty, field), &place, required, &field.applied);
            rules.default((ty, field), &place, &field.ty, field.default.as_ref());
            for argument in &field.arguments {
                let place = format!("{place}({}:)", argument.name);
                rules.known((ty, field), &place, &argument.ty);
                let required = argument.ty.is_non_null() && argument.default.is_none();
                rules.deprecated((ty, field), &place, required, &argument.applied);
                rules.default((ty, field), &place, &argument.ty, argument.default.as_ref());
            }
        }
    }
    rules.applications(merged);
    let inputs = merged.types.iter().filter(|ty| ty.kind == ViewKind::Input);
    let circles = cycles::find(&rules, inputs.map(|ty| ty.name.as_str())).into_iter();
    let circles = circles.map(|(owner, field)| {
        let message = format!("`{owner}` can't ever be given: it needs itself through `{field}`.");
        let help = format!("make `{field}` nullable in all subgraphs");
        wrong(views, (owner, field), message).help(help)
    });
    let circles: Vec<Diagnostic> = circles.collect();
    rules.found.extend(circles);
    rules.found
}

const BUILT_IN: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

struct Rules<'a> {
    views: &'a Views<'a>,
    types: HashMap<&'a Name, &'a MergedType>,
    found: Vec<Diagnostic>,
}

impl Rules<'_> {
    /// Every schema has queries, so that `Query` is a root type, and an object type.
    fn root(&mut self, ty: &MergedType) {
        if ty.name != "Query" || ty.kind == ViewKind::Object {
            return;
        }
        let message = format!("`{}` is a root type, but it is {}.", ty.name, ty.kind.noun());
        let of = self.views.of(&ty.name).iter();
        let places = of.map(|(view, ty)| view.label(ty.at, ty.kind.noun()));
        let found = Diagnostic::new(Code::InvalidGraphql, message)
            .labels(places)
            .help(format!("define it as `type {}`, or rename it", ty.name));
        self.found.push(found);
    }

    fn interface(&mut self, ty: &MergedType, name: &Name) {
        let Some(interface) = self.types.get(name).copied() else { return };
        for above in &interface.implements {
            let message = if *above == ty.name {
                format!("`{}` and `{name}` implement each other in the supergraph.", ty.name)
            } else if !ty.implements.contains(above) {
                format!(
                    "`{}` implements `{name}`, but not `{above}`, which `{name}` implements in another subgraph.",
                    ty.name
                )
            } else {
                continue;
            };
            let places =
                self.views.of(&ty.name).iter().map(|(view, ty)| view.label(ty.at, "defined here"));
            let found = Diagnostic::new(Code::InvalidGraphql, message)
                .labels(places)
                .help(format!("let `{}` implement the same interfaces everywhere", ty.name));
            self.found.push(found);
        }
    }

    /// An interface object can be a member of a union where it is an object; merged it is none.
    fn members(&mut self, union: &MergedType) {
        for (member, graphs) in &union.members {
            if self.types.get(member).is_none_or(|ty| ty.kind == ViewKind::Object) {
                continue;
            }
            let views = graphs.iter().map(|graph| &self.views.all[*graph]);
            let places = views.filter_map(|view| Some((view, view.types.get(&union.name)?)));
            let message = format!(
                "`{member}` is a member of the union `{}`, but stands for an interface.",
                union.name
            );
            let found = Diagnostic::new(Code::InvalidGraphql, message)
                .labels(places.map(|(view, ty)| view.label(ty.at, "the union")))
                .help(format!("let the union have the object types of `{member}` as members"));
            self.found.push(found);
        }
    }

    /// What belongs to federation in a subgraph is not in the supergraph.
    fn known(&mut self, (owner, field): (&MergedType, &MergedField), place: &str, ty: &Type) {
        let name = ty.inner_named_type();
        if self.types.contains_key(name) || BUILT_IN.contains(&name.as_str()) {
            return;
        }
        let message = format!("`{place}` is of type `{name}`, which clients can't see.");
        let found = wrong(self.views, (&owner.name, &field.name), message);
        self.found.push(found.help(format!("use a type of your own instead of `{name}`")));
    }

    /// Composed directives are given what their merged definitions ask for.
    fn applications(&mut self, merged: &Merged) {
        if merged.directives.is_empty() {
            return;
        }
        self.applied(merged, "schema", &merged.applied);
        for ty in &merged.types {
            self.applied(merged, &ty.name, &ty.applied);
            for value in &ty.values {
                self.applied(merged, &format!("{}.{}", ty.name, value.name), &value.applied);
            }
            for field in &ty.fields {
                let place = format!("{}.{}", ty.name, field.name);
                self.applied(merged, &place, &field.applied);
                for argument in &field.arguments {
                    let place = format!("{place}({}:)", argument.name);
                    self.applied(merged, &place, &argument.applied);
                }
            }
        }
    }

    fn applied(&mut self, merged: &Merged, place: &str, applied: &[Applied]) {
        for used in applied {
            let definition = merged.directives.iter().find(|known| known.name == used.name);
            let Some(definition) = definition else { continue };
            let why = used.arguments.iter().find_map(|(name, value)| {
                match definition.arguments.iter().find(|known| known.name == *name) {
                    Some(known) => misfit(self, &known.ty, value),
                    None => Some(format!("it has no argument `{name}`")),
                }
            });
            if let Some(why) = why {
                let name = &used.name;
                let message = format!("`@{name}` on `{place}` does not fit what is merged: {why}.");
                let found = Diagnostic::new(Code::InvalidGraphql, message)
                    .help(format!("define `@{name}` and its types alike in all subgraphs"));
                self.found.push(found);
            }
        }
    }

    /// What clients have to give can't be deprecated: they could not do without it.
    fn deprecated(
        &mut self,
        (owner, field): (&MergedType, &MergedField),
        place: &str,
        required: bool,
        applied: &[Applied],
    ) {
        if required && applied.iter().any(|applied| applied.name == "deprecated") {
            let message = format!("`{place}` is deprecated, but required when merged.");
            let found = wrong(self.views, (&owner.name, &field.name), message);
            self.found.push(found.help("make it optional everywhere, or drop the @deprecated"));
        }
    }

    fn default(
        &mut self,
        (owner, field): (&MergedType, &MergedField),
        place: &str,
        ty: &Type,
        default: Option<&Value>,
    ) {
        let Some(why) = default.and_then(|default| misfit(self, ty, default)) else { return };
        let message = format!("The default of `{place}` does not fit what is merged: {why}.");
        let found = wrong(self.views, (&owner.name, &field.name), message);
        self.found.push(found.help("use a default that all subgraphs can take"));
    }
}

/// A finding about a field, wherever it stands.
fn wrong(views: &Views<'_>, (ty, field): (&str, &str), message: String) -> Diagnostic {
    let places = views.field(ty, field).map(|(view, _, field)| view.label(field.at, "one of them"));
    Diagnostic::new(Code::InvalidGraphql, message).labels(places)
}

impl InputTypes for Rules<'_> {
    fn kind_of(&self, name: &str) -> Option<Kind> {
        let kind = match self.types.get(&Name::new(name))?.kind {
            ViewKind::Scalar => Kind::Scalar,
            ViewKind::Object | ViewKind::InterfaceObject => Kind::Object,
            ViewKind::Interface => Kind::Interface,
            ViewKind::Union => Kind::Union,
            ViewKind::Enum => Kind::Enum,
            ViewKind::Input => Kind::Input,
        };
        Some(kind)
    }

    fn values(&self, name: &str) -> Vec<&Name> {
        let values = self.types.get(&Name::new(name)).into_iter().flat_map(|ty| &ty.values);
        values.map(|value| &value.name).collect()
    }

    fn input_fields(&self, name: &str) -> Vec<(&Name, &Type, bool)> {
        let fields = self.types.get(&Name::new(name)).into_iter().flat_map(|ty| &ty.fields);
        fields.map(|field| (&field.name, &field.ty, field.default.is_some())).collect()
    }
}
