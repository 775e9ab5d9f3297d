//! Federation's SDL made a valid schema: what is not declared is declared, what is not GraphQL's
//! own is taken off, and the keys are remembered.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use apollo_compiler::Schema;
use apollo_compiler::ast::{self, DirectiveList};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;

/// A key of an entity.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) fields: Vec<KeyField>,
    pub(crate) resolvable: bool,
}

/// A member of a key.
#[derive(Debug)]
pub(crate) struct KeyField {
    pub(crate) name: String,
    pub(crate) selection: Vec<KeyField>,
}

/// The keys of each type.
pub(crate) type Keys = BTreeMap<String, Vec<Key>>;

/// Reads the SDL of a subgraph.
pub(crate) fn read(sdl: &str, name: &str) -> Result<(Valid<Schema>, Keys), String> {
    let file = format!("{name}.graphql");
    let mut schema = Schema::builder()
        .adopt_orphan_extensions()
        .parse(sdl, &file)
        .build()
        .map_err(|error| error.errors.to_string())?;
    let names = KeyNames::read(&schema);
    let mut keys = Keys::new();
    for (ty, definition) in &schema.types {
        let mut found: Vec<Key> = definition
            .directives()
            .iter()
            .filter(|directive| names.0.iter().any(|name| directive.name == name.as_str()))
            .map(|directive| key(directive))
            .collect::<Result<_, _>>()?;
        if requires(definition) && found.iter().all(|key| !key.resolvable) {
            // Who requires other fields is asked again for the object that it had, by the key that
            // there is.
            found.iter_mut().for_each(|key| key.resolvable = true);
        }
        if !found.is_empty() {
            keys.insert(ty.to_string(), found);
        }
    }
    strip(&mut schema);
    let query = schema.schema_definition.query.as_ref().map(ToString::to_string);
    let text = complete(schema, query, &keys);
    let schema =
        Schema::parse_and_validate(text, &file).map_err(|error| error.errors.to_string())?;
    Ok((schema, keys))
}

/// What `@key` is called here.
struct KeyNames(Vec<String>);

impl KeyNames {
    fn read(schema: &Schema) -> Self {
        let mut names = vec!["key".to_owned(), "federation__key".to_owned()];
        for link in schema.schema_definition.directives.get_all("link") {
            let imports = link.specified_argument_by_name("import");
            for import in imports.and_then(|value| value.as_list()).into_iter().flatten() {
                let member = |wanted: &str| {
                    let members = import.as_object()?;
                    members.iter().find(|(name, _)| name == wanted)?.1.as_str()
                };
                if let (Some("@key"), Some(renamed)) = (member("name"), member("as")) {
                    names.push(renamed.trim_start_matches('@').to_owned());
                }
            }
            let prefix = link.specified_argument_by_name("as").and_then(|value| value.as_str());
            names.extend(prefix.map(|prefix| format!("{prefix}__key")));
        }
        Self(names)
    }
}

/// Whether a type has a field that requires others.
fn requires(definition: &ExtendedType) -> bool {
    let ExtendedType::Object(object) = definition else { return false };
    let directive = |name: &str| name == "requires" || name == "federation__requires";
    let mut fields = object.fields.values();
    fields.any(|field| field.directives.iter().any(|it| directive(&it.name)))
}

fn key(directive: &ast::Directive) -> Result<Key, String> {
    let text = directive
        .specified_argument_by_name("fields")
        .and_then(|value| value.as_str())
        .ok_or("a @key without fields")?;
    let document = ast::Document::parse(format!("{{ {text} }}"), "key")
        .map_err(|error| error.errors.to_string())?;
    let resolvable = directive.specified_argument_by_name("resolvable");
    let resolvable = resolvable.and_then(|value| value.to_bool()).unwrap_or(true);
    let fields = match document.definitions.first() {
        Some(ast::Definition::OperationDefinition(operation)) => fields(&operation.selection_set),
        _ => return Err(format!("`{text}` is no key")),
    };
    Ok(Key { fields, resolvable })
}

fn fields(selections: &[ast::Selection]) -> Vec<KeyField> {
    let field = |selection: &ast::Selection| {
        let field = selection.as_field()?;
        let selection = fields(field.selection_set.as_deref().unwrap_or_default());
        Some(KeyField { name: field.name.to_string(), selection })
    };
    selections.iter().filter_map(field).collect()
}

/// Takes off every directive and machinery type that is not GraphQL's own.
fn strip(schema: &mut Schema) {
    let machinery = |name: &str| {
        matches!(name, "_Any" | "_Entity" | "_Service" | "_FieldSet" | "FieldSet")
            || name.starts_with("link__")
            || name.starts_with("federation__")
    };
    schema.types.retain(|name, _| !machinery(name));
    schema.directive_definitions.retain(|_, definition| {
        definition.locations.iter().all(|location| {
            use ast::DirectiveLocation::{Field, FragmentSpread, InlineFragment, Query};
            matches!(location, Field | FragmentSpread | InlineFragment | Query)
        })
    });
    schema.schema_definition.make_mut().directives = DirectiveList::new();
    for ty in schema.types.values_mut() {
        match ty {
            ExtendedType::Scalar(ty) => keep_own(&mut ty.make_mut().directives),
            ExtendedType::Union(ty) => keep_own(&mut ty.make_mut().directives),
            ExtendedType::Object(ty) => {
                let ty = ty.make_mut();
                keep_own(&mut ty.directives);
                strip_fields(&mut ty.fields);
            }
            ExtendedType::Interface(ty) => {
                let ty = ty.make_mut();
                keep_own(&mut ty.directives);
                strip_fields(&mut ty.fields);
            }
            ExtendedType::Enum(ty) => {
                let ty = ty.make_mut();
                keep_own(&mut ty.directives);
                ty.values.values_mut().for_each(|value| keep_own(&mut value.make_mut().directives));
            }
            ExtendedType::InputObject(ty) => {
                let ty = ty.make_mut();
                keep_own(&mut ty.directives);
                ty.fields.values_mut().for_each(|field| keep_own(&mut field.make_mut().directives));
            }
        }
    }
}

type Fields = apollo_compiler::collections::IndexMap<
    apollo_compiler::Name,
    apollo_compiler::Node<ast::FieldDefinition>,
>;

fn strip_fields(fields: &mut Fields) {
    fields.retain(|name, _| name != "_entities" && name != "_service");
    for field in fields.values_mut() {
        let field = field.make_mut();
        keep_own(&mut field.directives);
        for argument in &mut field.arguments {
            keep_own(&mut argument.make_mut().directives);
        }
    }
}

fn keep_own(directives: &mut DirectiveList) {
    directives.retain(|directive| {
        matches!(directive.name.as_str(), "deprecated" | "specifiedBy" | "oneOf")
    });
}

/// The text of the schema with what federation adds to it. `_Entity` holds objects only: an
/// interface with a key stands for its implementations.
fn complete(mut schema: Schema, query: Option<String>, keys: &Keys) -> String {
    let name = query.as_deref().unwrap_or("Query");
    if query.is_none() {
        schema.schema_definition.make_mut().query = Some(apollo_compiler::name!("Query").into());
    }
    let mut text = schema.to_string();
    if query.is_none() {
        let _ = writeln!(text, "type {name} {{ _none: Boolean }}");
    }
    let is_entity = |definition: &ExtendedType| {
        let ExtendedType::Object(object) = definition else { return false };
        keys.contains_key(object.name.as_str())
            || object.implements_interfaces.iter().any(|name| keys.contains_key(name.as_str()))
    };
    let entities: Vec<&str> = schema
        .types
        .values()
        .filter(|definition| is_entity(definition))
        .map(|definition| definition.name().as_str())
        .collect();
    if !entities.is_empty() {
        let _ = writeln!(text, "scalar _Any union _Entity = {}", entities.join(" | "));
        let field = "_entities(representations: [_Any!]!): [_Entity]!";
        let _ = writeln!(text, "extend type {name} {{ {field} }}");
    }
    let _ = writeln!(text, "type _Service {{ sdl: String }}");
    let _ = writeln!(text, "extend type {name} {{ _service: _Service! }}");
    text
}
