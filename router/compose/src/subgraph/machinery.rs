//! Federation's own definitions in a subgraph's file: checked, and taken away, since composition
//! knows them better.

use sdl::{DirectiveDefinition, Document, Name, RootKind};

use super::finding::Finding;
use super::links::Links;
use super::model::Kind;
use super::spec;
use crate::diagnostic::Code;
use crate::maps::HashSet;

/// Removes federation's own definitions from a document.
/// What of them is defined wrongly is found.
pub(super) fn strip(document: &mut Document, links: &Links) -> Vec<Finding> {
    let mut found = Vec::new();
    let query = root(document, RootKind::Query);
    let scalars = document.types.iter().filter(|ty| ty.kind == sdl::Kind::Scalar);
    let own = Own { links, scalars: scalars.map(|ty| ty.name.clone()).collect() };
    document.directives.retain(|directive| {
        let known = links.known(&directive.name);
        let wrong = known.and_then(|known| own.wrong_definition(directive, known));
        if let Some(message) = wrong {
            found.push(Finding {
                code: Code::DirectiveDefinitionInvalid,
                message,
                at: directive.at,
                help: Some("remove the definition: it comes with the `@link`".to_owned()),
            });
        }
        if directive.name == links.link {
            found.extend(wrong_link(directive));
        }
        let ours = known.is_some() || directive.name == links.link;
        let graphql = spec::built_in().iter().any(|known| known.name == directive.name);
        !ours && !graphql && !matches!(directive.name.as_str(), "core" | "link")
    });
    document.types.retain_mut(|ty| {
        if is_machinery(&ty.name, links) {
            found.extend(wrong_purpose(ty));
            let scalar = links.scalars.values().any(|scalar| ty.name == scalar);
            if scalar && ty.kind != sdl::Kind::Scalar {
                let kind = Kind::from(ty.kind).noun();
                found.push(Finding {
                    code: Code::TypeDefinitionInvalid,
                    message: format!("`{}` is defined as {kind}, but it is a scalar.", ty.name),
                    at: ty.at,
                    help: Some(format!("define it as `scalar {}`", ty.name)),
                });
            }
            return false;
        }
        if ty.name == query {
            ty.fields.retain(|field| !matches!(field.name.as_str(), "_service" | "_entities"));
        }
        true
    });
    found
}

/// The name of a root type.
pub(super) fn root(document: &Document, operation: RootKind) -> Name {
    let mut roots = document.schemas.iter().flat_map(|schema| &schema.roots);
    let named = roots.find(|(root, _)| *root == operation).map(|(_, named)| named.name.clone());
    named.unwrap_or_else(|| Name::new_static(operation.default_type_name()))
}

/// Whether a type belongs to the machinery of federation.
fn is_machinery(name: &str, links: &Links) -> bool {
    matches!(name, "_Any" | "_Service" | "_Entity" | "_FieldSet")
        || matches!(name, "link__Import" | "link__Purpose" | "core__Purpose")
        || links.scalars.values().any(|scalar| scalar == name)
        || links.prefixes.iter().any(|prefix| name.starts_with(prefix.as_str()))
        || links.federation.is_none() && name.starts_with("federation__")
}

/// What is wrong with a subgraph's own definition of `@link`: its texts are texts.
fn wrong_link(directive: &DirectiveDefinition) -> Option<Finding> {
    let text = |name: &str| matches!(name, "url" | "feature" | "as");
    let mut arguments = directive.arguments.iter().filter(|argument| text(&argument.name));
    let wrong = arguments.find(|a| a.ty.is_list() || a.ty.inner_named_type() != "String")?;
    Some(Finding {
        code: Code::DirectiveDefinitionInvalid,
        message: format!("The argument `{}` of @{} is a String.", wrong.name, directive.name),
        at: directive.at,
        help: Some("remove the definition: every schema has it".to_owned()),
    })
}

/// What is wrong with a subgraph's own definition of the purposes of links.
fn wrong_purpose(ty: &sdl::Definition) -> Option<Finding> {
    let known = |name: &str| matches!(name, "SECURITY" | "EXECUTION");
    let right = ty.values.len() == 2 && ty.values.iter().all(|value| known(&value.name));
    (ty.name == "link__Purpose" && !right).then(|| Finding {
        code: Code::TypeDefinitionInvalid,
        message: "`link__Purpose` has the values SECURITY and EXECUTION and no others.".to_owned(),
        at: ty.at,
        help: Some("remove the definition: every schema has it".to_owned()),
    })
}

/// What a file defines that federation defines too.
struct Own<'a> {
    links: &'a Links,
    /// The file's scalars.
    scalars: HashSet<Name>,
}

impl Own<'_> {
    /// What is wrong with a subgraph's own definition of a directive of federation.
    fn wrong_definition(&self, directive: &DirectiveDefinition, known: &str) -> Option<String> {
        if self.links.federation.is_none() && is_of_federation_1(directive, known) {
            return None;
        }
        let should = spec::definition(known, self.links.federation)?;
        let name = &directive.name;
        for argument in &directive.arguments {
            let Some(known) = should.arguments.iter().find(|known| known.name == argument.name)
            else {
                return Some(format!("@{name} has no argument `{}` in federation.", argument.name));
            };
            if !self.may_be(&argument.ty, &known.ty) {
                return Some(format!(
                    "The argument `{}` of @{name} is of type {} in federation, not {}.",
                    argument.name, known.ty, argument.ty
                ));
            }
            // Where it has to be given, the default means nothing.
            if argument.default != known.default && !argument.ty.is_non_null() {
                let text = |default: &Option<sdl::Value>| match default {
                    Some(value) => format!("the default {value}"),
                    None => "no default".to_owned(),
                };
                return Some(format!(
                    "The argument `{}` of @{name} has {} in federation, not {}.",
                    argument.name,
                    text(&known.default),
                    text(&argument.default)
                ));
            }
        }
        let required =
            should.arguments.iter().filter(|a| a.ty.is_non_null() && a.default.is_none());
        let mut lacking =
            required.filter(|known| directive.arguments.iter().all(|own| own.name != known.name));
        if let Some(known) = lacking.next() {
            return Some(format!("@{name} lacks the argument `{}`.", known.name));
        }
        if directive.repeatable && !should.repeatable {
            return Some(format!("@{name} is not repeatable in federation."));
        }
        let wrong =
            directive.locations.iter().find(|location| !should.locations.contains(*location));
        wrong.map(|location| format!("@{name} can't stand on {location} in federation."))
    }

    /// Whether an argument that federation defines with one type may have another in a file: a stricter
    /// one, and one of GraphQL's own in place of a scalar of federation's, since federation looks at the
    /// value by itself.
    fn may_be(&self, given: &sdl::Type, wanted: &sdl::Type) -> bool {
        if given.is_non_null() && !wanted.is_non_null() {
            return self.may_be(&given.clone().nullable(), wanted);
        }
        if given.is_non_null() != wanted.is_non_null() {
            return false;
        }
        if wanted.is_list() {
            return given.is_list() && self.may_be(given.item_type(), wanted.item_type());
        }
        let (wanted, named) = (wanted.inner_named_type(), given.inner_named_type());
        match self.links.scalars.get(wanted.as_str()) {
            // A scalar of the file's own may be anything.
            Some(local) => given.is_list() || named == local || !self.scalars.contains(named),
            None => !given.is_list() && named == wanted,
        }
    }
}

/// Whether a definition is one of those that libraries of federation 1 wrote.
fn is_of_federation_1(directive: &DirectiveDefinition, known: &str) -> bool {
    let with_fields = matches!(known, "key" | "requires" | "provides");
    let old =
        |ty: &sdl::Type| matches!(ty.to_string().as_str(), "String" | "_FieldSet" | "FieldSet");
    match directive.arguments.as_slice() {
        [] => with_fields,
        [only] => with_fields && only.name == "fields" && old(&only.ty),
        _ => false,
    }
}
