//! `@link`: which specifications a subgraph uses, and under which names.

use std::collections::BTreeMap;

use sdl::{Directive, Document, Name, Spot, Value};

use super::finding::Finding;
use super::link_names::{self, Linked};
use super::model::ForeignLink;
use super::spec::{self, CONNECT, CORE, FEDERATION, LATEST, LINK, OTHERS, Version};
use crate::diagnostic::Code;
use crate::maps::HashMap;

/// What the links of a subgraph come to.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// The version of federation; `None` is federation 1.
    pub federation: Option<Version>,
    /// Local names of known directives, without `@`, to their names in the specification.
    pub directives: BTreeMap<String, &'static str>,
    /// Local names of federation's scalars by their names in the specification.
    pub scalars: HashMap<&'static str, String>,
    /// The local name of `@link` itself.
    pub link: String,
    /// The links of specifications that are not known here.
    pub custom: Vec<ForeignLink>,
    /// Where federation is linked.
    pub federation_at: Spot,
    /// What needs a later version of federation.
    pub needs: Vec<(String, Version, Spot)>,
    /// Prefixes of names that belong to known specifications.
    pub prefixes: Vec<String>,
}

/// Reads all links of a document.
pub(super) fn read(document: &Document) -> (Links, Vec<Finding>) {
    let mut links = Links { link: "link".to_owned(), ..Links::default() };
    let mut wrong = Vec::new();
    let mut applied: Vec<&Directive> =
        document.schemas.iter().flat_map(|schema| &schema.directives).collect();
    if let Some(own) = applied.iter().find(|directive| links_itself(directive)) {
        links.link = own.name.to_string();
    }
    applied.retain(|directive| directive.name == links.link);
    let mut linked = Vec::new();
    for directive in applied {
        match parse(directive) {
            Ok(link) => {
                linked.push(link.linked(directive.at));
                links.add(link, directive, &mut wrong);
            }
            Err(found) => wrong.push(found),
        }
    }
    if wrong.is_empty() {
        wrong = link_names::check(&linked);
    }
    if links.federation.is_none() {
        links.federation_1();
    }
    (links, wrong)
}

/// Whether a directive links the link specification under its own name.
fn links_itself(directive: &Directive) -> bool {
    let text = |name| directive.text(name).map(Name::as_str);
    let Some((identity, _)) = text("url").and_then(split) else { return false };
    let name = match text("as") {
        Some(name) => name.trim_start_matches('@'),
        None => identity.rsplit('/').next().unwrap_or_default(),
    };
    (identity == LINK || identity == CORE) && directive.name == name
}

/// The identity and the version of a specification's URL.
fn split(url: &str) -> Option<(&str, Version)> {
    let (identity, version) = url.trim_end_matches('/').rsplit_once("/v")?;
    let (major, minor) = version.split_once('.')?;
    Some((identity, (major.parse().ok()?, minor.parse().ok()?)))
}

struct Link<'a> {
    identity: &'a str,
    version: Version,
    name: String,
    imports: Vec<(String, String)>,
}

impl Link<'_> {
    fn linked(&self, at: Spot) -> Linked {
        let (name, imports) = (self.name.clone(), self.imports.clone());
        Linked { identity: self.identity.to_owned(), name, imports, at }
    }
}

fn parse(directive: &Directive) -> Result<Link<'_>, Finding> {
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
    let path = url.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    let Some((identity, version)) = split(url).filter(|_| path.is_some()) else {
        return Err(wrong(
            Code::InvalidLinkIdentifier,
            format!("`{url}` is not the URL of a specification with its version."),
            "end the URL with the name and the version, as in https://example.com/name/v1.0",
        ));
    };
    let name = text("as").or_else(|| identity.rsplit('/').next()).unwrap_or_default().to_owned();
    if !is_name(&name) || name.starts_with('_') || name.ends_with('_') {
        return Err(wrong(
            Code::InvalidLinkIdentifier,
            format!("`{name}` can't be the name of a specification."),
            "give it a GraphQL name with `as:`",
        ));
    }
    let mut imports = Vec::new();
    if let Some(Value::List(items)) = directive.argument("import") {
        for item in items {
            imports.push(import(item).map_err(|message| {
                wrong(
                    Code::InvalidLinkDirectiveUsage,
                    message,
                    "import names as \"@name\" or as {name: \"@name\", as: \"@other\"}",
                )
            })?);
        }
    }
    Ok(Link { identity, version, name, imports })
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
            Ok((name.to_owned(), local.to_owned()))
        }
        other => Err(format!("`{other}` is not an import of a @link.")),
    }
}

impl Links {
    fn add(&mut self, link: Link<'_>, at: &Directive, wrong: &mut Vec<Finding>) {
        let mut tell = |code, message: String, help: &str| {
            wrong.push(Finding { code, message, help: Some(help.to_owned()), at: at.at });
        };
        let others = OTHERS.iter().find(|(identity, _)| *identity == link.identity);
        match link.identity {
            LINK | CORE => {
                self.prefixes.push(format!("{}__", link.name));
                if link.version.0 != 1 && link.identity == LINK {
                    let message =
                        format!("There is no link specification v{}.", text(link.version));
                    tell(Code::UnknownLinkVersion, message, "use link v1.0");
                }
            }
            FEDERATION if link.version.0 != 2 || link.version > LATEST => {
                let message = format!("There is no federation v{}.", text(link.version));
                let help = format!("link a version up to v{}", text(LATEST));
                tell(Code::UnknownFederationLinkVersion, message, &help);
                self.federation = Some(LATEST);
            }
            FEDERATION => {
                if self.federation.is_some() {
                    let message = "Federation is linked twice.".to_owned();
                    tell(Code::InvalidLinkDirectiveUsage, message, "keep one of the two links");
                }
                self.federation = Some(link.version);
                self.federation_at = at.at;
                let names: Vec<&'static str> = spec::DIRECTIVES
                    .iter()
                    .filter(|known| known.since <= link.version)
                    .map(|known| known.name)
                    .collect();
                for import in self.bring(&link, &names, true) {
                    let message =
                        format!("Federation v{} has no `{import}` to import.", text(link.version));
                    let later = spec::directive(import.trim_start_matches('@'));
                    let help = match later {
                        Some(known) => format!("link federation v{} or later", text(known.since)),
                        None => "check the spelling".to_owned(),
                    };
                    tell(Code::InvalidLinkDirectiveUsage, message, &help);
                }
            }
            CONNECT => {
                let message = "REST connectors are not supported.".to_owned();
                let help = "put a GraphQL service before the REST service";
                tell(Code::ConnectorsUnsupported, message, help);
            }
            _ if others.is_some() => {
                let names = others.map(|(_, names)| *names).unwrap_or_default();
                let since = names.iter().filter_map(|name| spec::directive(name)).map(|d| d.since);
                self.needs
                    .extend(since.max().map(|since| (link.identity.to_owned(), since, at.at)));
                self.bring(&link, names, false);
            }
            _ => {
                let directive = |(name, local): &(String, String)| {
                    Some((Name::new(name.strip_prefix('@')?), Name::new(local.strip_prefix('@')?)))
                };
                self.custom.push(ForeignLink {
                    identity: link.identity.to_owned(),
                    version: link.version,
                    name: Name::new(&link.name),
                    directives: link.imports.iter().filter_map(directive).collect(),
                    at: at.at,
                });
            }
        }
    }

    /// Brings the directives and scalars of a known specification in; the result is the imports
    /// that it does not have.
    fn bring(&mut self, link: &Link<'_>, names: &[&'static str], scalars: bool) -> Vec<String> {
        self.prefixes.push(format!("{}__", link.name));
        let imported = |name: &str| {
            let found = link.imports.iter().filter(|(import, _)| import == name);
            found.map(|(_, local)| local.trim_start_matches('@').to_owned()).collect::<Vec<_>>()
        };
        for name in names {
            let mut locals = imported(&format!("@{name}"));
            if locals.is_empty() {
                // A directive named as its specification needs no prefix.
                let same = link.identity.ends_with(&format!("/{name}"));
                let local = if same { link.name.clone() } else { format!("{}__{name}", link.name) };
                locals.push(local);
            }
            self.directives.extend(locals.into_iter().map(|local| (local, *name)));
        }
        if scalars {
            for scalar in spec::SCALARS {
                let local = imported(scalar).into_iter().next();
                let local = local.unwrap_or_else(|| format!("{}__{scalar}", link.name));
                self.scalars.insert(scalar, local);
            }
        }
        let has = |import: &str| match import.strip_prefix('@') {
            Some(directive) => names.contains(&directive),
            None => spec::SCALARS.contains(&import),
        };
        let unknown = link.imports.iter().filter(|(import, _)| !has(import));
        unknown.map(|(import, _)| import.clone()).collect()
    }

    fn federation_1(&mut self) {
        let names = spec::DIRECTIVES.iter().filter(|known| known.federation_1);
        for known in names {
            self.directives.entry(known.name.to_owned()).or_insert(known.name);
        }
        self.scalars.insert("FieldSet", "_FieldSet".to_owned());
    }

    /// What a directive is in its specification, if it is a known one.
    pub(super) fn known(&self, local: &str) -> Option<&'static str> {
        self.directives.get(local).copied()
    }
}

/// A version as it is written.
pub(super) fn text(version: Version) -> String {
    format!("{}.{}", version.0, version.1)
}

/// Whether a text is a name in GraphQL.
fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first == b'_' || first.is_ascii_alphabetic())
        && bytes.all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}
