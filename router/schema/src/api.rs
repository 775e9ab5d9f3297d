//! The public schema: the supergraph without what is inaccessible and without our machinery.

use std::collections::HashSet;

use apollo_compiler::collections::HashMap;
use apollo_compiler::schema::{ExtendedType, Implementers};
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Node, Schema, ast};

use crate::error::ReadError;
use crate::link::Link;
use crate::validate;

/// The public schema and what introspection of it needs.
#[derive(Debug)]
pub struct Api {
    /// The schema that clients see.
    pub schema: Valid<Schema>,
    /// The same with the directives that operations may use although nothing says so: `@defer`.
    pub operations: Valid<Schema>,
    /// Who implements which interface, made once for all introspection queries.
    pub implementers: HashMap<Name, Implementers>,
}

/// Derives the public schema from the supergraph.
pub(crate) fn derive(supergraph: &Schema, links: &[Link]) -> Result<Api, ReadError> {
    let hidden = links
        .iter()
        .find(|link| link.spec == "inaccessible")
        .map(|link| link.directive("inaccessible"));
    let mut schema = supergraph.clone();
    let is_ours = |name: &str| links.iter().any(|link| link.owns(name)) || name == "link";
    let is_hidden = |directives: &ast::DirectiveList| {
        hidden.as_ref().is_some_and(|hidden| directives.has(hidden))
    };
    schema.types.retain(|name, ty| !is_ours(name) && !is_hidden(ty.directives()));
    schema.directive_definitions.retain(|name, _| !is_ours(name));
    let kept_types: HashSet<Name> = schema.types.keys().cloned().collect();
    let kept = Kept { types: kept_types, hidden };
    for ty in schema.types.values_mut() {
        kept.trim_type(ty);
    }
    for directive in schema.directive_definitions.values_mut() {
        let arguments = &mut directive.make_mut().arguments;
        arguments.retain(|argument| !kept.is_hidden(&argument.directives));
        arguments.iter_mut().for_each(|argument| strip(&mut argument.make_mut().directives));
    }
    let definition = schema.schema_definition.make_mut();
    definition.directives = Default::default();
    for root in [&mut definition.mutation, &mut definition.subscription] {
        if root.as_ref().is_some_and(|name| !kept.types.contains(name.as_ref())) {
            *root = None;
        }
    }
    let schema = validate::validate(schema).map_err(ReadError::Api)?;
    let implementers = schema.implementers_map();
    let operations = with_defer(&schema)?;
    Ok(Api { schema, operations, implementers })
}

/// A client may ask for parts of an answer to come later. A server need not do it, and one that
/// does not isn't asked to say that it knows the directive.
fn with_defer(schema: &Schema) -> Result<Valid<Schema>, ReadError> {
    let mut schema = schema.clone();
    if !schema.directive_definitions.contains_key("defer") {
        let defined = Schema::parse(DEFER, "defer.graphql");
        let defined = defined.map_err(|error| ReadError::Api(error.errors.to_string()))?;
        let defer = defined.directive_definitions.into_iter();
        schema.directive_definitions.extend(defer.filter(|(name, _)| name == "defer"));
    }
    validate::validate(schema).map_err(ReadError::Api)
}

const DEFER: &str = "directive @defer(if: Boolean! = true, label: String) \
                     on FRAGMENT_SPREAD | INLINE_FRAGMENT";

struct Kept {
    types: HashSet<Name>,
    hidden: Option<String>,
}

impl Kept {
    fn is_hidden(&self, directives: &ast::DirectiveList) -> bool {
        self.hidden.as_ref().is_some_and(|hidden| directives.has(hidden))
    }

    fn trim_type(&self, ty: &mut ExtendedType) {
        match ty {
            ExtendedType::Scalar(ty) => strip(&mut ty.make_mut().directives),
            ExtendedType::Object(ty) => {
                let ty = ty.make_mut();
                strip(&mut ty.directives);
                ty.implements_interfaces.retain(|name| self.types.contains(name.as_ref()));
                self.trim_fields(&mut ty.fields);
            }
            ExtendedType::Interface(ty) => {
                let ty = ty.make_mut();
                strip(&mut ty.directives);
                ty.implements_interfaces.retain(|name| self.types.contains(name.as_ref()));
                self.trim_fields(&mut ty.fields);
            }
            ExtendedType::Union(ty) => {
                let ty = ty.make_mut();
                strip(&mut ty.directives);
                ty.members.retain(|name| self.types.contains(name.as_ref()));
            }
            ExtendedType::Enum(ty) => {
                let ty = ty.make_mut();
                strip(&mut ty.directives);
                ty.values.retain(|_, value| !self.is_hidden(&value.directives));
                ty.values.values_mut().for_each(|value| strip(&mut value.make_mut().directives));
            }
            ExtendedType::InputObject(ty) => {
                let ty = ty.make_mut();
                strip(&mut ty.directives);
                ty.fields.retain(|_, field| !self.is_hidden(&field.directives));
                ty.fields.values_mut().for_each(|field| strip(&mut field.make_mut().directives));
            }
        }
    }

    fn trim_fields(
        &self,
        fields: &mut apollo_compiler::collections::IndexMap<Name, Node<ast::FieldDefinition>>,
    ) {
        fields.retain(|_, field| !self.is_hidden(&field.directives));
        for field in fields.values_mut() {
            let field = field.make_mut();
            strip(&mut field.directives);
            field.arguments.retain(|argument| !self.is_hidden(&argument.directives));
            field
                .arguments
                .iter_mut()
                .for_each(|argument| strip(&mut argument.make_mut().directives));
        }
    }
}

/// The applications that introspection shows; all others are no business of clients.
const PUBLIC_DIRECTIVES: [&str; 3] = ["deprecated", "specifiedBy", "oneOf"];

fn strip(directives: &mut ast::DirectiveList) {
    directives.retain(|directive| PUBLIC_DIRECTIVES.contains(&directive.name.as_str()));
}
