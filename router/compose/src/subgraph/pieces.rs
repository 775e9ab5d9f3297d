//! Definitions and extensions of types in one form, gathered by name.

use apollo_compiler::ast::{
    Definition, DirectiveList, Document, EnumValueDefinition, FieldDefinition, InputValueDefinition,
};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::{Name, Node};
use indexmap::IndexMap;

use super::model::Kind;

/// A definition or an extension of a type.
#[derive(Clone, Copy, Default)]
pub(super) struct Piece<'d> {
    /// Whether it is an extension.
    pub extension: bool,
    pub description: Option<&'d str>,
    pub implements: &'d [Name],
    pub directives: Option<&'d DirectiveList>,
    pub fields: &'d [Node<FieldDefinition>],
    pub inputs: &'d [Node<InputValueDefinition>],
    pub values: &'d [Node<EnumValueDefinition>],
    pub members: &'d [Name],
    /// Where its name stands.
    pub at: Option<SourceSpan>,
}

/// A type: all that is said of it.
pub(super) struct Pieces<'d> {
    pub kind: Kind,
    pub all: Vec<Piece<'d>>,
}

/// The types of a document, in order of first mention.
pub(super) fn gather(document: &Document) -> IndexMap<&Name, Pieces<'_>> {
    let mut types: IndexMap<&Name, Pieces<'_>> = IndexMap::new();
    for definition in &document.definitions {
        if let Some((name, kind, piece)) = piece(definition) {
            let piece = Piece { at: name.location(), ..piece };
            types.entry(name).or_insert_with(|| Pieces { kind, all: Vec::new() }).all.push(piece);
        }
    }
    types
}

/// A definition as a piece of a type, if it is one.
pub(super) fn piece(definition: &Definition) -> Option<(&Name, Kind, Piece<'_>)> {
    let none = Piece::default();
    let extended = Piece { extension: true, ..none };
    Some(match definition {
        Definition::ScalarTypeDefinition(ty) => {
            let description = ty.description.as_deref();
            (
                &ty.name,
                Kind::Scalar,
                Piece { description, directives: Some(&ty.directives), ..none },
            )
        }
        Definition::ScalarTypeExtension(ty) => {
            (&ty.name, Kind::Scalar, Piece { directives: Some(&ty.directives), ..extended })
        }
        Definition::ObjectTypeDefinition(ty) => {
            let description = ty.description.as_deref();
            let piece = of_fields(&ty.implements_interfaces, &ty.directives, &ty.fields, none);
            (&ty.name, Kind::Object, Piece { description, ..piece })
        }
        Definition::ObjectTypeExtension(ty) => {
            let piece = of_fields(&ty.implements_interfaces, &ty.directives, &ty.fields, extended);
            (&ty.name, Kind::Object, piece)
        }
        Definition::InterfaceTypeDefinition(ty) => {
            let description = ty.description.as_deref();
            let piece = of_fields(&ty.implements_interfaces, &ty.directives, &ty.fields, none);
            (&ty.name, Kind::Interface, Piece { description, ..piece })
        }
        Definition::InterfaceTypeExtension(ty) => {
            let piece = of_fields(&ty.implements_interfaces, &ty.directives, &ty.fields, extended);
            (&ty.name, Kind::Interface, piece)
        }
        Definition::UnionTypeDefinition(ty) => {
            let description = ty.description.as_deref();
            let directives = Some(&ty.directives);
            (&ty.name, Kind::Union, Piece { description, directives, members: &ty.members, ..none })
        }
        Definition::UnionTypeExtension(ty) => {
            let directives = Some(&ty.directives);
            (&ty.name, Kind::Union, Piece { directives, members: &ty.members, ..extended })
        }
        Definition::EnumTypeDefinition(ty) => {
            let description = ty.description.as_deref();
            let directives = Some(&ty.directives);
            (&ty.name, Kind::Enum, Piece { description, directives, values: &ty.values, ..none })
        }
        Definition::EnumTypeExtension(ty) => {
            let directives = Some(&ty.directives);
            (&ty.name, Kind::Enum, Piece { directives, values: &ty.values, ..extended })
        }
        Definition::InputObjectTypeDefinition(ty) => {
            let description = ty.description.as_deref();
            let directives = Some(&ty.directives);
            (&ty.name, Kind::Input, Piece { description, directives, inputs: &ty.fields, ..none })
        }
        Definition::InputObjectTypeExtension(ty) => {
            let directives = Some(&ty.directives);
            (&ty.name, Kind::Input, Piece { directives, inputs: &ty.fields, ..extended })
        }
        _ => return None,
    })
}

fn of_fields<'d>(
    implements: &'d [Name],
    directives: &'d DirectiveList,
    fields: &'d [Node<FieldDefinition>],
    piece: Piece<'d>,
) -> Piece<'d> {
    Piece { implements, directives: Some(directives), fields, ..piece }
}
