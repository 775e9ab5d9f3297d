//! The `@link`s of a supergraph: which specifications it uses, under which names.

use apollo_compiler::{Node, ast};

/// One `@link` of the schema.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// The specification's name, the last but one part of its URL: `join`, `inaccessible`, …
    pub spec: String,
    /// The name that stands for it in this schema.
    pub name: String,
    /// `SECURITY` or `EXECUTION`: what must understand it.
    pub purpose: Option<String>,
    /// Imported elements: the name in the specification, and the name in this schema.
    pub imports: Vec<(String, String)>,
}

/// Reads the links of a schema definition.
pub(crate) fn links(directives: &ast::DirectiveList) -> Vec<Link> {
    directives.iter().filter(|directive| is_link(directive)).filter_map(|d| link(d)).collect()
}

fn is_link(directive: &Node<ast::Directive>) -> bool {
    directive.name == "link" || directive.name == "core"
}

fn link(directive: &ast::Directive) -> Option<Link> {
    let url = text(directive, "url").or_else(|| text(directive, "feature"))?;
    let mut parts = url.trim_end_matches('/').rsplit('/');
    let last = parts.next()?;
    let is_version =
        last.strip_prefix('v').is_some_and(|v| v.starts_with(|c: char| c.is_ascii_digit()));
    let spec = if is_version { parts.next()? } else { last }.to_owned();
    let name = text(directive, "as").unwrap_or_else(|| spec.clone());
    let purpose = directive
        .specified_argument_by_name("for")
        .and_then(|value| value.as_enum())
        .map(|name| name.to_string());
    let imports = directive
        .specified_argument_by_name("import")
        .and_then(|value| value.as_list())
        .map(|items| items.iter().filter_map(|item| import(item)).collect())
        .unwrap_or_default();
    Some(Link { spec, name, purpose, imports })
}

fn import(value: &ast::Value) -> Option<(String, String)> {
    let plain = |text: &str| text.trim_start_matches('@').to_owned();
    match value {
        ast::Value::String(name) => Some((plain(name), plain(name))),
        ast::Value::Object(fields) => {
            let get = |wanted: &str| {
                fields.iter().find(|(name, _)| name == wanted).and_then(|(_, value)| value.as_str())
            };
            let name = get("name")?;
            Some((plain(name), plain(get("as").unwrap_or(name))))
        }
        _ => None,
    }
}

pub(crate) fn text(directive: &ast::Directive, argument: &str) -> Option<String> {
    Some(directive.specified_argument_by_name(argument)?.as_str()?.to_owned())
}

impl Link {
    /// The name in this schema of one of the specification's directives.
    pub(crate) fn directive(&self, name: &str) -> String {
        if let Some((_, local)) = self.imports.iter().find(|(original, _)| original == name) {
            return local.clone();
        }
        if name == self.spec { self.name.clone() } else { format!("{}__{name}", self.name) }
    }

    /// Whether an element of that name in this schema belongs to the specification.
    pub(crate) fn owns(&self, element: &str) -> bool {
        element == self.name
            || element.strip_prefix(self.name.as_str()).is_some_and(|rest| rest.starts_with("__"))
            || self.imports.iter().any(|(_, local)| local == element)
    }
}
