//! The data of a supergraph: types, fields, and which subgraph can do what with them.

use std::collections::HashMap;

use crate::ids::{FieldId, Id, SubgraphId, SubgraphSet, TypeId, TypeSet};
use crate::value::Arguments;

/// A subgraph as the supergraph names it.
#[derive(Clone, Debug)]
pub struct Subgraph {
    /// The name that its team gave it; need not be a GraphQL name.
    pub name: String,
    /// Where it answers.
    pub url: String,
}

/// What kind of type a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `type`
    Object,
    /// `interface`
    Interface,
    /// `union`
    Union,
    /// `enum`
    Enum,
    /// `scalar`
    Scalar,
    /// `input`
    Input,
}

/// A named type of the supergraph.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// The subgraphs that define it, ascending by id.
    pub joins: Vec<JoinType>,
    /// Its fields by name; objects and interfaces only.
    pub fields: FieldsByName,
    /// The interfaces that it implements somewhere.
    pub implements: Vec<TypeId>,
    /// The object types that an object of this type can be, over all subgraphs; itself for objects.
    pub possible: TypeSet,
    /// Whether it is hidden from the public schema.
    pub inaccessible: bool,
    /// The public values, for an enum.
    pub enum_values: Vec<String>,
}

/// What one subgraph says of a type.
#[derive(Clone, Debug)]
pub struct JoinType {
    /// The subgraph.
    pub subgraph: SubgraphId,
    /// Its keys for the type, in the order of the supergraph.
    pub keys: Vec<Key>,
    /// Whether the type is an `@interfaceObject` there.
    pub interface_object: bool,
    /// The object types that an object of this type can be there.
    pub possible: TypeSet,
}

/// A `@key` of a type in a subgraph.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its fields.
    pub fields: FieldSet,
    /// Whether the subgraph can be entered by it.
    pub resolvable: bool,
}

/// A field of an object or interface type.
#[derive(Clone, Debug)]
pub struct FieldDef {
    /// Its name.
    pub name: String,
    /// The type that it is a field of.
    pub parent: TypeId,
    /// Its type in the supergraph.
    pub ty: TypeRef,
    /// The subgraphs that have it, ascending by id.
    pub joins: Vec<JoinField>,
    /// Whether it is hidden from the public schema.
    pub inaccessible: bool,
}

/// Fields by their names.
pub type FieldsByName = HashMap<String, FieldId, foldhash::fast::RandomState>;

/// What one subgraph says of a field.
#[derive(Clone, Debug)]
pub struct JoinField {
    /// The subgraph.
    pub subgraph: SubgraphId,
    /// The field's type there, when it differs from the supergraph's.
    pub ty: Option<TypeRef>,
    /// What must be sent along to resolve it there.
    pub requires: Option<FieldSet>,
    /// What can be read below it there, although it is external elsewhere in that subgraph.
    pub provides: Option<FieldSet>,
    /// The subgraph only mentions it: it can't be resolved there, unless provided.
    pub external: bool,
    /// The subgraph that it was taken over from.
    pub overrides: Option<String>,
    /// The label that decides, per request, whether the override counts.
    pub override_label: Option<String>,
    /// Another subgraph took it over; it stands there only for keys and requirements.
    pub used_overridden: bool,
    /// Its arguments there that clients don't give: their values come from objects above.
    pub contexts: Vec<ContextArgument>,
}

/// An argument whose value is read of the nearest object above the field's own that sets a
/// context.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ContextArgument {
    /// The argument's name.
    pub name: String,
    /// Its type in the subgraph.
    pub ty: TypeRef,
    /// The context, by the name that the supergraph has for it.
    pub context: String,
    /// What is read, as the supergraph has it.
    pub text: String,
    /// Who sets it; an object type is in one of them at most.
    pub setters: Vec<ContextSetter>,
}

/// Objects that set a context.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ContextSetter {
    /// Their object types.
    pub types: TypeSet,
    /// What leads to the value: for an object of one type, one field at each level.
    pub selection: FieldSet,
}

/// A type reference: a named type in lists and non-nulls.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TypeRef {
    /// A named type, and whether it is non-null.
    Named(TypeId, bool),
    /// A list of items, and whether it is non-null.
    List(Box<TypeRef>, bool),
}

impl TypeRef {
    /// The named type inside all lists.
    #[inline]
    pub fn named(&self) -> TypeId {
        match self {
            TypeRef::Named(id, _) => *id,
            TypeRef::List(item, _) => item.named(),
        }
    }

    /// Whether null is refused at the outermost level.
    pub fn non_null(&self) -> bool {
        match self {
            TypeRef::Named(_, non_null) | TypeRef::List(_, non_null) => *non_null,
        }
    }

    /// Whether it is a list at any level.
    pub fn is_list(&self) -> bool {
        matches!(self, TypeRef::List(..))
    }
}

/// The kind of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// `query`
    Query,
    /// `mutation`
    Mutation,
    /// `subscription`
    Subscription,
}

impl OperationKind {
    /// The keyword.
    pub fn keyword(self) -> &'static str {
        match self {
            OperationKind::Query => "query",
            OperationKind::Mutation => "mutation",
            OperationKind::Subscription => "subscription",
        }
    }
}

/// A bound field set: what a `join__FieldSet` text selects.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct FieldSet {
    /// The selections in the order they were written.
    pub items: Vec<SetItem>,
}

/// One selection of a field set.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SetItem {
    /// `__typename`
    Typename,
    /// A field, with its own selections if it is of a composite type.
    Field {
        /// The field.
        field: FieldId,
        /// Its literal arguments.
        arguments: Arguments,
        /// Where its value stands in the merged answer.
        key: String,
        /// Its selections; empty for leaves.
        selection: FieldSet,
    },
    /// `... on Type { }`
    Fragment {
        /// The type condition.
        on: TypeId,
        /// Its selections.
        selection: FieldSet,
    },
}

/// The supergraph as data. Made by [`crate::Schema::read`] only.
#[derive(Debug)]
pub struct Model {
    pub(crate) subgraphs: Vec<Subgraph>,
    pub(crate) types: Vec<TypeDef>,
    pub(crate) fields: Vec<FieldDef>,
    pub(crate) by_name: HashMap<String, TypeId>,
    pub(crate) roots: [Option<TypeId>; 3],
    pub(crate) override_labels: Vec<String>,
}

impl Model {
    /// The subgraph of an id.
    #[inline]
    pub fn subgraph(&self, id: SubgraphId) -> &Subgraph {
        &self.subgraphs[id.index()]
    }

    /// All subgraphs, by id.
    pub fn subgraphs(&self) -> impl Iterator<Item = (SubgraphId, &Subgraph)> {
        self.subgraphs.iter().enumerate().map(|(i, s)| (SubgraphId::from_index(i), s))
    }

    /// The type of an id.
    #[inline]
    pub fn ty(&self, id: TypeId) -> &TypeDef {
        &self.types[id.index()]
    }

    /// All types, by id.
    pub fn types(&self) -> impl Iterator<Item = (TypeId, &TypeDef)> {
        self.types.iter().enumerate().map(|(i, t)| (TypeId::from_index(i), t))
    }

    /// The field of an id.
    #[inline]
    pub fn field(&self, id: FieldId) -> &FieldDef {
        &self.fields[id.index()]
    }

    /// All fields, by id.
    pub fn fields(&self) -> impl Iterator<Item = (FieldId, &FieldDef)> {
        self.fields.iter().enumerate().map(|(i, f)| (FieldId::from_index(i), f))
    }

    /// The type of a name.
    pub fn type_by_name(&self, name: &str) -> Option<TypeId> {
        self.by_name.get(name).copied()
    }

    /// The root type of an operation kind.
    pub fn root(&self, kind: OperationKind) -> Option<TypeId> {
        self.roots[kind as usize]
    }

    /// The kind of operation that a type is the root of.
    pub fn root_kind(&self, id: TypeId) -> Option<OperationKind> {
        [OperationKind::Query, OperationKind::Mutation, OperationKind::Subscription]
            .into_iter()
            .find(|kind| self.root(*kind) == Some(id))
    }

    /// The labels of progressive overrides, sorted.
    pub fn override_labels(&self) -> &[String] {
        &self.override_labels
    }

    /// Prints a type reference as GraphQL.
    pub fn type_text(&self, ty: &TypeRef) -> String {
        let bang = if ty.non_null() { "!" } else { "" };
        match ty {
            TypeRef::Named(id, _) => format!("{}{bang}", self.ty(*id).name),
            TypeRef::List(item, _) => format!("[{}]{bang}", self.type_text(item)),
        }
    }
}

impl TypeDef {
    /// Whether an object of this type has one of several object types.
    #[inline]
    pub fn is_abstract(&self) -> bool {
        matches!(self.kind, Kind::Interface | Kind::Union)
    }

    /// Whether it has selections: objects, interfaces and unions.
    #[inline]
    pub fn is_composite(&self) -> bool {
        matches!(self.kind, Kind::Object | Kind::Interface | Kind::Union)
    }

    /// What a subgraph says of it.
    #[inline]
    pub fn join(&self, subgraph: SubgraphId) -> Option<&JoinType> {
        self.joins.iter().find(|join| join.subgraph == subgraph)
    }

    /// The subgraphs that define it.
    pub fn subgraphs(&self) -> SubgraphSet {
        self.joins.iter().map(|join| join.subgraph).collect()
    }
}

impl FieldDef {
    /// What a subgraph says of it.
    #[inline]
    pub fn join(&self, subgraph: SubgraphId) -> Option<&JoinField> {
        self.joins.iter().find(|join| join.subgraph == subgraph)
    }
}

impl JoinField {
    /// Whether something must be known before the subgraph can be asked for it.
    #[inline]
    pub fn needs_others(&self) -> bool {
        self.requires.is_some() || !self.contexts.is_empty()
    }
}
