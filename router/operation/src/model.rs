//! The bound operation: what was asked, in ids, with conditions decided and fragments dissolved.

use std::sync::Arc;

use schema::{Arguments, FieldId, OperationKind, TypeId, TypeSet};

/// A bound operation. Made by [`crate::Document::bind`] only.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Query, mutation or subscription.
    pub kind: OperationKind,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The variables that it defines, in order.
    pub variables: Vec<Variable>,
    /// What it selects on its root type.
    pub selection: Arc<SelectionSet>,
}

/// A variable definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name, without the dollar sign.
    pub name: String,
    /// Its type as GraphQL text, for the documents of subgraphs.
    pub ty: String,
}

/// Selections of one position, fragments dissolved: each field says for which object types it is
/// asked. For an object of type `t`, the fields whose `types` contain `t`, grouped by response key
/// in order of first appearance, are exactly CollectFields of the GraphQL specification.
#[derive(Clone, Debug)]
pub struct SelectionSet {
    /// The static type of the position.
    pub ty: TypeId,
    /// The fields; no two agree in response key, field, arguments and types.
    pub fields: Vec<Field>,
}

/// A selected field.
#[derive(Clone, Debug)]
pub struct Field {
    /// The object types for which it is asked; never empty.
    pub types: TypeSet,
    /// The type on which it is selected: the object type itself when `types` has only one.
    pub parent: TypeId,
    /// What it selects.
    pub what: Selected,
    /// The key of the client's answer: the alias or the name.
    pub response_key: String,
    /// The key of the merged answer: see [`schema::store_key`].
    pub key: String,
    /// Its arguments, sorted by name, variables unresolved.
    pub arguments: Arguments,
    /// Its selections, when it is of a composite type.
    pub selection: Option<SelectionSet>,
}

/// What a selected field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Selected {
    /// `__typename`
    Typename,
    /// `__schema` or `__type`, answered from the public schema.
    Introspection,
    /// A field of the supergraph.
    Field(FieldId),
}
