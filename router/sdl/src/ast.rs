//! What a schema document says.

use crate::Name;

/// A schema document; each list in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// `schema` definitions and extensions.
    pub schemas: Vec<Schema>,
    /// Definitions and extensions of types.
    pub types: Vec<Definition>,
    /// Definitions of directives.
    pub directives: Vec<DirectiveDefinition>,
}

/// A place in the file; line 0 is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// Counted from 1.
    pub line: u32,
    /// In characters, counted from 1.
    pub column: u32,
    /// In characters; what goes on in the next line has 1.
    pub length: u32,
}

/// A name with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: Name,
    /// Its place.
    pub at: Spot,
}

/// A `schema` definition or extension.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// Whether it is an extension.
    pub extension: bool,
    /// Its description.
    pub description: Option<Name>,
    /// The keyword's place.
    pub at: Spot,
    /// Directives on the schema.
    pub directives: Vec<Directive>,
    /// The root types that it names.
    pub roots: Vec<(RootKind, Named)>,
}

/// A kind of operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RootKind {
    /// `query`
    Query,
    /// `mutation`
    Mutation,
    /// `subscription`
    Subscription,
}

/// What kind of type a definition defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `scalar`
    Scalar,
    /// `type`
    Object,
    /// `interface`
    Interface,
    /// `union`
    Union,
    /// `enum`
    Enum,
    /// `input`
    Input,
}

/// A definition or an extension of a type; what its kind does not have is empty.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The kind of the type.
    pub kind: Kind,
    /// Whether it is an extension.
    pub extension: bool,
    /// Its description.
    pub description: Option<Name>,
    /// Its name.
    pub name: Name,
    /// The name's place.
    pub at: Spot,
    /// Directives on the type.
    pub directives: Vec<Directive>,
    /// The interfaces that an object type or an interface implements.
    pub implements: Vec<Named>,
    /// The fields of an object type or an interface.
    pub fields: Vec<Field>,
    /// The fields of an input type.
    pub inputs: Vec<InputValue>,
    /// The values of an enum.
    pub values: Vec<EnumValue>,
    /// The members of a union.
    pub members: Vec<Named>,
}

/// A field of an object type or an interface.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its description.
    pub description: Option<Name>,
    /// Its name.
    pub name: Name,
    /// The name's place.
    pub at: Spot,
    /// Its arguments.
    pub arguments: Vec<InputValue>,
    /// Its type.
    pub ty: Type,
    /// The type's place.
    pub ty_at: Spot,
    /// Directives on the field.
    pub directives: Vec<Directive>,
}

/// An argument, or a field of an input type.
#[derive(Clone, Debug)]
pub struct InputValue {
    /// Its description.
    pub description: Option<Name>,
    /// Its name.
    pub name: Name,
    /// The name's place.
    pub at: Spot,
    /// Its type.
    pub ty: Type,
    /// The type's place.
    pub ty_at: Spot,
    /// Its default value.
    pub default: Option<Value>,
    /// Directives on it.
    pub directives: Vec<Directive>,
}

/// A value of an enum.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// Its description.
    pub description: Option<Name>,
    /// Its name.
    pub name: Name,
    /// The name's place.
    pub at: Spot,
    /// Directives on the value.
    pub directives: Vec<Directive>,
}

/// A definition of a directive.
#[derive(Clone, Debug)]
pub struct DirectiveDefinition {
    /// Its description.
    pub description: Option<Name>,
    /// Its name, without `@`.
    pub name: Name,
    /// The name's place.
    pub at: Spot,
    /// Its arguments.
    pub arguments: Vec<InputValue>,
    /// Whether it can stand more than once on an element.
    pub repeatable: bool,
    /// Where it can stand.
    pub locations: Vec<Location>,
}

/// A directive on an element.
#[derive(Clone, Debug, PartialEq)]
pub struct Directive {
    /// Its name, without `@`.
    pub name: Name,
    /// From `@` to the end.
    pub at: Spot,
    /// Its arguments.
    pub arguments: Vec<Argument>,
}

/// An argument of a directive, or of a field in a field set.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// Its name.
    pub name: Name,
    /// The name's place.
    pub at: Spot,
    /// Its value.
    pub value: Value,
    /// The value's place.
    pub value_at: Spot,
}

/// A reference to a type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    /// `T`
    Named(Name),
    /// `T!`
    NonNullNamed(Name),
    /// `[…]`
    List(Box<Type>),
    /// `[…]!`
    NonNullList(Box<Type>),
}

/// A literal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// As it is written.
    Int(Name),
    /// As it is written.
    Float(Name),
    /// What the string means, escapes resolved.
    String(Name),
    /// A bare name.
    Enum(Name),
    /// `$name`, without `$`
    Variable(Name),
    /// `[…]`
    List(Vec<Value>),
    /// `{…}`, in the order of the file.
    Object(Vec<(Name, Value)>),
}

/// A selection of a field set.
#[derive(Clone, Debug, PartialEq)]
pub enum Selection {
    /// A field.
    Field(FieldSelection),
    /// An inline fragment.
    On {
        /// The type condition.
        ty: Option<Name>,
        /// Where it stands in the text of the set.
        at: Spot,
        /// Directives on it.
        directives: Vec<Directive>,
        /// What is selected.
        inner: Vec<Selection>,
    },
    /// A spread of a named fragment, which no field set can define.
    Spread(Name),
}

/// A field that a field set selects.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldSelection {
    /// Its alias.
    pub alias: Option<Name>,
    /// Its name.
    pub name: Name,
    /// Where it stands in the text of the set.
    pub at: Spot,
    /// Its arguments.
    pub arguments: Vec<Argument>,
    /// Directives on it.
    pub directives: Vec<Directive>,
    /// What is selected of it; `None` has no braces.
    pub inner: Option<Vec<Selection>>,
}

/// Where a directive can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // The names of the specification.
pub enum Location {
    Query,
    Mutation,
    Subscription,
    Field,
    FragmentDefinition,
    FragmentSpread,
    InlineFragment,
    VariableDefinition,
    Schema,
    Scalar,
    Object,
    FieldDefinition,
    ArgumentDefinition,
    Interface,
    Union,
    Enum,
    EnumValue,
    InputObject,
    InputFieldDefinition,
}

impl Document {
    /// Every directive that stands on a type or on something in it, in the order of the file.
    pub fn directives_on_types(&self) -> impl Iterator<Item = &Directive> {
        fn of_inputs(inputs: &[InputValue]) -> impl Iterator<Item = &Directive> {
            inputs.iter().flat_map(|input| &input.directives)
        }
        fn of_field(field: &Field) -> impl Iterator<Item = &Directive> {
            field.directives.iter().chain(of_inputs(&field.arguments))
        }
        self.types.iter().flat_map(|ty| {
            let values = ty.values.iter().flat_map(|value| &value.directives);
            let fields = ty.fields.iter().flat_map(of_field);
            ty.directives.iter().chain(fields).chain(of_inputs(&ty.inputs)).chain(values)
        })
    }
}

impl Directive {
    /// The value of an argument that is given.
    pub fn argument(&self, name: &str) -> Option<&Value> {
        self.arguments.iter().find(|argument| argument.name == name).map(|given| &given.value)
    }

    /// The text of an argument that is given as a string.
    pub fn text(&self, name: &str) -> Option<&Name> {
        self.argument(name)?.as_str()
    }
}

impl Type {
    /// The name inside all lists.
    pub fn inner_named_type(&self) -> &Name {
        match self {
            Self::Named(name) | Self::NonNullNamed(name) => name,
            Self::List(item) | Self::NonNullList(item) => item.inner_named_type(),
        }
    }

    /// Whether `null` is no value of it.
    pub const fn is_non_null(&self) -> bool {
        matches!(self, Self::NonNullNamed(_) | Self::NonNullList(_))
    }

    /// Whether it is a list.
    pub const fn is_list(&self) -> bool {
        matches!(self, Self::List(_) | Self::NonNullList(_))
    }

    /// The type of the items of a list; of another type, itself.
    pub fn item_type(&self) -> &Self {
        match self {
            Self::List(item) | Self::NonNullList(item) => item,
            Self::Named(_) | Self::NonNullNamed(_) => self,
        }
    }

    /// The same type without its own `!`.
    #[must_use]
    pub fn nullable(self) -> Self {
        match self {
            Self::NonNullNamed(name) => Self::Named(name),
            Self::NonNullList(item) => Self::List(item),
            nullable => nullable,
        }
    }

    /// The same type with a `!` of its own.
    #[must_use]
    pub fn non_null(self) -> Self {
        match self {
            Self::Named(name) => Self::NonNullNamed(name),
            Self::List(item) => Self::NonNullList(item),
            non_null => non_null,
        }
    }
}

impl Value {
    /// The text of a string.
    pub const fn as_str(&self) -> Option<&Name> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// A boolean.
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(*value),
            _ => None,
        }
    }
}

impl RootKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Query, Self::Mutation, Self::Subscription];

    /// The usual name of its type.
    pub const fn default_type_name(self) -> &'static str {
        match self {
            Self::Query => "Query",
            Self::Mutation => "Mutation",
            Self::Subscription => "Subscription",
        }
    }

    /// The keyword.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Mutation => "mutation",
            Self::Subscription => "subscription",
        }
    }
}

impl Kind {
    /// The keyword.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Object => "type",
            Self::Interface => "interface",
            Self::Union => "union",
            Self::Enum => "enum",
            Self::Input => "input",
        }
    }
}

impl Location {
    /// All locations with their names.
    pub const ALL: [(Self, &'static str); 19] = [
        (Self::Query, "QUERY"),
        (Self::Mutation, "MUTATION"),
        (Self::Subscription, "SUBSCRIPTION"),
        (Self::Field, "FIELD"),
        (Self::FragmentDefinition, "FRAGMENT_DEFINITION"),
        (Self::FragmentSpread, "FRAGMENT_SPREAD"),
        (Self::InlineFragment, "INLINE_FRAGMENT"),
        (Self::VariableDefinition, "VARIABLE_DEFINITION"),
        (Self::Schema, "SCHEMA"),
        (Self::Scalar, "SCALAR"),
        (Self::Object, "OBJECT"),
        (Self::FieldDefinition, "FIELD_DEFINITION"),
        (Self::ArgumentDefinition, "ARGUMENT_DEFINITION"),
        (Self::Interface, "INTERFACE"),
        (Self::Union, "UNION"),
        (Self::Enum, "ENUM"),
        (Self::EnumValue, "ENUM_VALUE"),
        (Self::InputObject, "INPUT_OBJECT"),
        (Self::InputFieldDefinition, "INPUT_FIELD_DEFINITION"),
    ];

    /// As it is written in a definition.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The location of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(location, _)| *location)
    }

    /// Whether it is a place in operations.
    pub const fn is_executable(self) -> bool {
        (self as u8) < (Self::Schema as u8)
    }
}
