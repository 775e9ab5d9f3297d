//! Which subgraphs have a field of an object type.

use schema::{FieldId, Id, JoinField, Kind, Model, SubgraphId, TypeId};

/// A subgraph that has a field of an object type, itself or through an interface object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// The subgraph.
    pub subgraph: SubgraphId,
    /// As what the subgraph knows the object.
    pub via: Via,
    /// The field as the subgraph knows it: of the object type, or of the interface.
    pub field: FieldId,
}

/// As what a subgraph knows an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Via {
    /// By its own type.
    Own,
    /// As an `@interfaceObject`: the subgraph never learns the object's own type.
    InterfaceObject(TypeId),
}

impl Source {
    /// What the subgraph says of the field.
    #[inline]
    pub fn join<'s>(&self, schema: &'s Model) -> &'s JoinField {
        schema
            .field(self.field)
            .join(self.subgraph)
            .expect("a source is made from what a subgraph says of a field")
    }
}

/// The sources of each field of each object and interface type, by field.
pub(crate) fn all(schema: &Model) -> Vec<Vec<Source>> {
    let mut all = vec![Vec::new(); schema.fields().count()];
    for (id, ty) in schema.types() {
        if !matches!(ty.kind, Kind::Object | Kind::Interface) {
            continue;
        }
        for (name, field) in &ty.fields {
            let mut sources: Vec<Source> = schema
                .field(*field)
                .joins
                .iter()
                .map(|join| {
                    let object = ty.join(join.subgraph).is_some_and(|join| join.interface_object);
                    let via = if object { Via::InterfaceObject(id) } else { Via::Own };
                    Source { subgraph: join.subgraph, via, field: *field }
                })
                .collect();
            if ty.kind == Kind::Object {
                sources.extend(through_interface_objects(schema, &ty.implements, name));
            }
            sources.sort_by_key(|source| (source.subgraph, source.via));
            all[field.index()] = sources;
        }
    }
    all
}

fn through_interface_objects<'s>(
    schema: &'s Model,
    interfaces: &'s [TypeId],
    name: &'s str,
) -> impl Iterator<Item = Source> + 's {
    interfaces.iter().flat_map(move |interface| {
        let ty = schema.ty(*interface);
        let field = ty.fields.get(name).copied();
        field.into_iter().flat_map(move |field| {
            let joins = schema.field(field).joins.iter();
            joins
                .filter(|join| ty.join(join.subgraph).is_some_and(|join| join.interface_object))
                .map(move |join| Source {
                    subgraph: join.subgraph,
                    via: Via::InterfaceObject(*interface),
                    field,
                })
        })
    })
}
