//! Completing: what a subgraph may leave out of its file is added, so that it can be validated as
//! GraphQL: the definitions of federation's directives and scalars, a query, and base types.

use std::fmt::Write as _;

use apollo_compiler::ast::{self, Definition, Document};
use apollo_compiler::schema::SchemaBuilder;
use apollo_compiler::validation::DiagnosticList;
use apollo_compiler::{Name, Node};

use super::links::Links;
use super::model::Kind;
use super::pieces::piece;
use super::spec;
use crate::diagnostic::Code;

/// A finding in a document, before it has a place in a file.
pub(super) struct Finding {
    pub code: Code,
    pub message: String,
    pub line_column: Option<(u32, u32, u32)>,
}

/// Removes federation's own definitions from a document: they are added again as they should be.
/// What of them is defined wrongly is found.
pub(super) fn strip(document: &mut Document, links: &Links) -> Vec<Finding> {
    let sources = document.sources.clone();
    let mut found = Vec::new();
    let query = root(document, ast::OperationType::Query);
    document.definitions.retain_mut(|definition| {
        if let Definition::DirectiveDefinition(directive) = definition {
            let ours = links.known(&directive.name).is_some() || *directive.name == *links.link;
            if let Some(message) = links.known(&directive.name).and_then(|known| {
                wrong_definition(directive, spec::directive(known)?.definition, links)
            }) {
                let line_column = span(&directive.name, &sources);
                found.push(Finding {
                    code: Code::DirectiveDefinitionInvalid,
                    message,
                    line_column,
                });
            }
            return !ours && !matches!(directive.name.as_str(), "core" | "link");
        }
        let Some((name, kind, _)) = piece(definition) else { return true };
        if is_machinery(name, links) {
            let scalar = links.scalars.values().any(|scalar| *scalar == **name);
            if scalar && kind != Kind::Scalar {
                let message =
                    format!("`{name}` is defined as {}, but it is a scalar.", kind.noun());
                let line_column = span(name, &sources);
                found.push(Finding { code: Code::TypeDefinitionInvalid, message, line_column });
            }
            return false;
        }
        if **name == *query {
            strip_query(definition);
        }
        true
    });
    found
}

/// The name of a root type.
pub(super) fn root(document: &Document, operation: ast::OperationType) -> String {
    let named = document.definitions.iter().find_map(|definition| {
        let operations = match definition {
            Definition::SchemaDefinition(schema) => &schema.root_operations,
            Definition::SchemaExtension(schema) => &schema.root_operations,
            _ => return None,
        };
        let named = operations.iter().find(|named| named.0 == operation)?;
        Some(named.1.to_string())
    });
    named.unwrap_or_else(|| operation.default_type_name().to_string())
}

/// Whether a type belongs to the machinery of federation.
fn is_machinery(name: &str, links: &Links) -> bool {
    matches!(name, "_Any" | "_Service" | "_Entity" | "_FieldSet" | "FieldSet")
        || matches!(name, "link__Import" | "link__Purpose" | "core__Purpose")
        || links.scalars.values().any(|scalar| scalar == name)
        || links.prefixes.iter().any(|prefix| name.starts_with(prefix.as_str()))
}

fn strip_query(definition: &mut Definition) {
    let fields = match definition {
        Definition::ObjectTypeDefinition(ty) => &mut ty.make_mut().fields,
        Definition::ObjectTypeExtension(ty) => &mut ty.make_mut().fields,
        _ => return,
    };
    fields.retain(|field| !matches!(field.name.as_str(), "_service" | "_entities"));
}

/// What is wrong with a subgraph's own definition of a directive of federation.
fn wrong_definition(
    directive: &ast::DirectiveDefinition,
    should: &str,
    links: &Links,
) -> Option<String> {
    // Federation 1 was not strict about its own definitions.
    links.federation?;
    let text = format!("directive @{} {}", directive.name, local(should, links));
    let document = ast::Document::parse(text, "federation").ok()?;
    let Some(Definition::DirectiveDefinition(should)) = document.definitions.first() else {
        return None;
    };
    for argument in &directive.arguments {
        let Some(known) = should.arguments.iter().find(|known| known.name == argument.name) else {
            return Some(format!(
                "@{} has no argument `{}` in federation.",
                directive.name, argument.name
            ));
        };
        // A definition may say it more loosely or in the words of an older version.
        let scalar = known.ty.inner_named_type().to_string();
        let older = links.scalars.values().any(|local| *local == scalar)
            && matches!(
                argument.ty.inner_named_type().as_str(),
                "_FieldSet" | "FieldSet" | "String"
            );
        let same = argument.ty.inner_named_type() == known.ty.inner_named_type() || older;
        let stricter = argument.ty.is_non_null() && !known.ty.is_non_null();
        let looser = !argument.ty.is_non_null() && known.ty.is_non_null();
        if !same || stricter || looser {
            return Some(format!(
                "The argument `{}` of @{} is of type {} in federation, not {}.",
                argument.name, directive.name, known.ty, argument.ty
            ));
        }
    }
    let wrong = directive.locations.iter().find(|location| !should.locations.contains(*location));
    wrong.map(|location| format!("@{} can't stand on {location} in federation.", directive.name))
}

/// A definition with the local names of scalars.
fn local(definition: &str, links: &Links) -> String {
    let mut text = definition.to_owned();
    for scalar in spec::SCALARS {
        if let Some(local) = links.scalars.get(scalar) {
            for (open, close) in [(": ", "!"), ("[", "!"), (": ", ")")] {
                text = text
                    .replace(&format!("{open}{scalar}{close}"), &format!("{open}{local}{close}"));
            }
        }
    }
    text
}

/// Validates a stripped document, completed, as GraphQL.
pub(super) fn validate(document: &Document, links: &Links) -> Vec<Finding> {
    let builder = SchemaBuilder::new()
        .adopt_orphan_extensions()
        .ignore_builtin_redefinitions()
        .add_ast(document)
        .parse(additions(document, links), "federation.graphql");
    let errors = match builder.build() {
        Ok(schema) => match schema.validate() {
            Ok(_) => return Vec::new(),
            Err(with) => with.errors,
        },
        Err(with) => with.errors,
    };
    invalid(&errors)
}

/// The findings of the parser or the validation, at most [`MOST_FINDINGS`].
pub(super) fn invalid(errors: &DiagnosticList) -> Vec<Finding> {
    let mut found = Vec::new();
    for error in errors.iter().take(MOST_FINDINGS) {
        let range = error.line_column_range();
        found.push(Finding {
            code: Code::InvalidGraphql,
            message: sentence(&error.to_json().message),
            line_column: range
                .map(|range| (number(range.start.line), number(range.start.column), 1)),
        });
    }
    found
}

/// More findings of this kind are read by nobody.
const MOST_FINDINGS: usize = 50;

/// A message of the validation as a sentence.
pub(super) fn sentence(message: &str) -> String {
    let message = message.strip_prefix("syntax error: ").unwrap_or(message);
    let mut letters = message.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if message.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// The definitions that federation adds to a subgraph's own.
fn additions(document: &Document, links: &Links) -> String {
    let mut text = String::new();
    for (local_name, known) in &links.directives {
        if let Some(known) = spec::directive(known) {
            let definition = local(known.definition, links);
            let _ = writeln!(text, "directive @{local_name} {definition}");
        }
    }
    for scalar in links.scalars.values() {
        let _ = writeln!(text, "scalar {scalar}");
    }
    for scalar in spec::SCALARS {
        if !links.scalars.contains_key(scalar) && text.contains(&format!("{scalar}!")) {
            let _ = writeln!(text, "scalar {scalar}");
        }
    }
    let _ = writeln!(
        text,
        "directive @{}(url: String, feature: String, as: String, for: link__Purpose, \
         import: [link__Import]) repeatable on SCHEMA\n\
         scalar link__Import\nenum link__Purpose {{ SECURITY EXECUTION }}",
        links.link
    );
    let query = root(document, ast::OperationType::Query);
    let defined = document.definitions.iter().any(|definition| {
        matches!(definition, Definition::SchemaDefinition(schema)
            if schema.root_operations.iter().all(|named| named.0 != ast::OperationType::Query))
    });
    if defined {
        let _ = writeln!(text, "extend schema {{ query: {query} }}");
    }
    // A subgraph need not have queries; every schema must.
    let _ = writeln!(text, "extend type {query} {{ _service: String }}");
    text
}

/// Line, column and length of a name, each from 1.
pub(super) fn span(
    name: &Name,
    sources: &apollo_compiler::parser::SourceMap,
) -> Option<(u32, u32, u32)> {
    let range = name.location()?.line_column_range(sources)?;
    let length = number(name.as_str().chars().count());
    Some((number(range.start.line), number(range.start.column), length))
}

/// Line, column and length of a node; one that spans lines is marked by its first character.
pub(super) fn node_span<T>(
    node: &Node<T>,
    sources: &apollo_compiler::parser::SourceMap,
) -> Option<(u32, u32, u32)> {
    let range = node.location()?.line_column_range(sources)?;
    let one_line = range.start.line == range.end.line;
    let length = if one_line { range.end.column.saturating_sub(range.start.column) } else { 1 };
    Some((number(range.start.line), number(range.start.column), number(length.max(1))))
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
