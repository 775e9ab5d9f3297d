//! One `@link` as it is written: the URL, the name and the imports.

use sdl::{Directive, Name, Spot, Value};

use super::finding::Finding;
use super::spec::{FEDERATION, OURS, Version};
use crate::diagnostic::Code;

/// The identity and the version of a specification's URL.
pub(super) fn split(url: &str) -> Option<(&str, Version)> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let (identity, version) = path.rsplit_once("/v")?;
    identity.split_once("://")?.1.split_once('/')?;
    let (major, minor) = version.split_once('.')?;
    Some((identity, (major.parse().ok()?, minor.parse().ok()?)))
}

/// A link as it is written.
pub(super) struct Link<'a> {
    pub identity: &'a str,
    pub version: Version,
    /// The local name of the specification.
    pub name: String,
    /// Imported names and what they are here.
    pub imports: Vec<(String, String)>,
    pub at: Spot,
    /// The list of imports, as a value and where it stands.
    list: Option<(&'a Value, Spot)>,
}

impl Link<'_> {
    /// Where an import stands; the whole list, or the whole link, where its place can't be told.
    pub(super) fn import_at(&self, name: &str) -> Spot {
        let Some((list, at)) = self.list else { return self.at };
        // The value's places are not kept; in the usual spelling they can be counted.
        let text = list.to_string();
        let quoted = format!("\"{name}\"");
        let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        match text.find(&quoted) {
            Some(before) if count(&text) == at.length => {
                let column = at.column.saturating_add(count(&text[..before]));
                Spot { line: at.line, column, length: count(&quoted) }
            }
            _ => at,
        }
    }

    /// A finding about the link.
    /// Whether a directive has the same name here as in its specification.
    pub(super) fn calls_so(&self, directive: &str) -> bool {
        let at = format!("@{directive}");
        match self.imports.iter().find(|(name, _)| *name == at) {
            Some((_, local)) => *local == at,
            None => self.name == directive && self.identity.ends_with(&format!("/{directive}")),
        }
    }

    pub(super) fn wrong(&self, code: Code, message: String, help: &str) -> Finding {
        Finding { code, message, at: self.at, help: Some(help.to_owned()) }
    }
}

/// The URL of a link, if it is a text.
pub(super) fn url(directive: &Directive) -> &str {
    directive.text("url").or_else(|| directive.text("feature")).map_or("", Name::as_str)
}

/// Reads a link.
pub(super) fn parse(directive: &Directive) -> Result<Link<'_>, Finding> {
    let wrong = |code, message: String, help: &str| Finding {
        code,
        message,
        help: Some(help.to_owned()),
        at: directive.at,
    };
    let text = |name| directive.text(name).map(Name::as_str);
    let Some(url) = text("url").or_else(|| text("feature")) else {
        return Err(wrong(
            Code::InvalidLinkDirectiveUsage,
            "A @link has no url.".into(),
            "give the url of the specification, with its version",
        ));
    };
    let Some((identity, version)) = split(url) else {
        return Err(wrong(
            Code::InvalidLinkIdentifier,
            format!("`{url}` is not the URL of a specification with its version."),
            "end the URL with the name and the version, as in https://example.com/name/v1.0",
        ));
    };
    let name = text("as").or_else(|| identity.rsplit('/').next()).unwrap_or_default().to_owned();
    let plain = !identity.starts_with(OURS) || is_name(&name);
    if !plain || name.contains("__") || name.ends_with('_') {
        return Err(wrong(
            Code::InvalidLinkDirectiveUsage,
            format!("`{name}` can't be the name of a specification."),
            "give it a GraphQL name without `__` and without `_` at the end, with `as:`",
        ));
    }
    let mut imports = Vec::new();
    let items = match directive.argument("import") {
        Some(Value::List(items)) => items.as_slice(),
        Some(Value::Null) | None => &[],
        Some(single) => std::slice::from_ref(single),
    };
    if let Some(Value::String(single)) = directive.argument("import")
        && identity == FEDERATION
    {
        return Err(wrong(
            Code::InvalidLinkDirectiveUsage,
            format!("The import of a @link is a list, not \"{single}\"."),
            "put brackets around it",
        ));
    }
    for item in items {
        imports.push(import(item).map_err(|message| {
            wrong(
                Code::InvalidLinkDirectiveUsage,
                message,
                "import names as \"@name\" or as {name: \"@name\", as: \"@other\"}",
            )
        })?);
    }
    let mut given = directive.arguments.iter();
    let list = given.find(|given| given.name == "import");
    let list = list.map(|given| (&given.value, given.value_at));
    Ok(Link { identity, version, name, imports, at: directive.at, list })
}

fn import(item: &Value) -> Result<(String, String), String> {
    match item {
        Value::String(name) => Ok((name.to_string(), name.to_string())),
        Value::Object(members) => {
            let member = |key: &str| {
                let found = members.iter().find(|(name, _)| name == key);
                found.and_then(|(_, value)| value.as_str()).map(Name::as_str)
            };
            let unknown = members.iter().find(|(name, _)| name != "name" && name != "as");
            if let Some((name, _)) = unknown {
                return Err(format!("An import of a @link has an unknown member `{name}`."));
            }
            let Some(name) = member("name") else {
                return Err("An import of a @link has no name.".into());
            };
            let local = member("as").unwrap_or(name);
            if name.starts_with('@') != local.starts_with('@') {
                return Err(format!("`{name}` can't be imported as `{local}`."));
            }
            if local != name && !is_name(local.trim_start_matches('@')) {
                return Err(format!("`{name}` can't be imported as `{local}`: that is no name."));
            }
            Ok((name.to_owned(), local.to_owned()))
        }
        other => Err(format!("`{other}` is not an import of a @link.")),
    }
}

/// Whether a text is a name in GraphQL.
fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first == b'_' || first.is_ascii_alphabetic())
        && bytes.all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}
