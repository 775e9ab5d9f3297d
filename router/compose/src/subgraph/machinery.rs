//! Federation's own definitions in a subgraph's file: checked, and taken away, since composition
//! knows them better.

use sdl::{DirectiveDefinition, Document, Name, RootKind};

use super::finding::Finding;
use super::links::Links;
use super::model::Kind;
use super::spec;
use super::validate::BUILT_IN;
use crate::diagnostic::Code;

/// Removes federation's own definitions from a document.
/// What of them is defined wrongly is found.
pub(super) fn strip(document: &mut Document, links: &Links) -> Vec<Finding> {
    let mut found = Vec::new();
    let query = root(document, RootKind::Query);
    document.directives.retain(|directive| {
        let known = links.known(&directive.name);
        let wrong = known.and_then(|known| wrong_definition(directive, known, links));
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
        if is_machinery(&ty.name, links) || ty.name == "FieldSet" && ty.kind == sdl::Kind::Scalar {
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

/// How many lists are around a type.
fn lists(ty: &sdl::Type) -> usize {
    match ty {
        sdl::Type::Named(_) | sdl::Type::NonNullNamed(_) => 0,
        sdl::Type::List(item) | sdl::Type::NonNullList(item) => 1 + lists(item),
    }
}

/// What is wrong with a subgraph's own definition of a directive of federation.
fn wrong_definition(directive: &DirectiveDefinition, known: &str, links: &Links) -> Option<String> {
    // Federation 1 was not strict about its own definitions.
    links.federation?;
    let should = spec::definition(known, links.federation)?;
    for argument in &directive.arguments {
        let Some(known) = should.arguments.iter().find(|known| known.name == argument.name) else {
            return Some(format!(
                "@{} has no argument `{}` in federation.",
                directive.name, argument.name
            ));
        };
        // Where federation has a scalar of its own, that or one of GraphQL's will do.
        let (wanted, given) = (known.ty.inner_named_type(), argument.ty.inner_named_type());
        let lists = lists(&known.ty) == lists(&argument.ty);
        let same = match links.scalars.get(wanted.as_str()) {
            Some(local) => given == local || BUILT_IN.contains(&given.as_str()),
            None => wanted == given,
        };
        let same = same && lists;
        let stricter = argument.ty.is_non_null() && !known.ty.is_non_null();
        let looser = !argument.ty.is_non_null() && known.ty.is_non_null();
        if !same || stricter || looser {
            return Some(format!(
                "The argument `{}` of @{} is of type {} in federation, not {}.",
                argument.name, directive.name, known.ty, argument.ty
            ));
        }
    }
    let required = should.arguments.iter().filter(|a| a.ty.is_non_null() && a.default.is_none());
    let mut lacking =
        required.filter(|known| directive.arguments.iter().all(|own| own.name != known.name));
    if let Some(known) = lacking.next() {
        return Some(format!("@{} lacks the argument `{}`.", directive.name, known.name));
    }
    let wrong = directive.locations.iter().find(|location| !should.locations.contains(*location));
    wrong.map(|location| format!("@{} can't stand on {location} in federation.", directive.name))
}
