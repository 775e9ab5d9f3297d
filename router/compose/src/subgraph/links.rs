//! `@link`: which specifications a subgraph uses, and under which names.

use std::collections::BTreeMap;

use sdl::{Directive, Document, Name, Spot};

use super::finding::Finding;
use super::link::{Link, parse, split, url};
use super::link_conflicts as conflicts;
use super::model::ForeignLink;
use super::near::nearest;
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
    /// Whether the document is read all the same when its links are wrong: there is no federation
    /// among them, or the link specification twice.
    read_anyway: bool,
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
    // Federation 1 did not know links: there, those that contradict each other say nothing.
    let strict = applied.iter().any(|directive| url(directive).starts_with(FEDERATION));
    let mut parsed: Vec<Link<'_>> = Vec::new();
    for directive in applied {
        match parse(directive) {
            Ok(link) => parsed.push(link),
            Err(found) => wrong.push(found),
        }
    }
    wrong.extend(conflicts::find(&parsed, strict));
    let imports = parsed.iter().filter(|link| link.identity == FEDERATION);
    let imports = imports.flat_map(|link| &link.imports).map(|(name, _)| name.clone()).collect();
    let of_links = parsed.iter().filter(|link| matches!(link.identity, LINK | CORE)).count();
    let linked = of_links > 0;
    links.read_anyway = of_links > 1 || linked && !strict;
    let around = Around { strict, linked, document, imports };
    for link in parsed {
        links.add(link, &around, &mut wrong);
    }
    wrong.extend(undefined(document, &links, &around));
    if links.federation.is_none() {
        links.federation_1(&around);
    }
    if links.is_unlinked(&wrong) {
        wrong.extend(unbrought(document, &links));
    }
    (links, wrong)
}

/// A `@link` under another name has to be defined.
fn undefined(document: &Document, links: &Links, around: &Around<'_>) -> Option<Finding> {
    if links.link == "link" || links.link == "core" || around.defines(&links.link) {
        return None;
    }
    let mut all = document.schemas.iter().flat_map(|schema| &schema.directives);
    let used = all.find(|directive| directive.name == links.link)?;
    Some(Finding {
        code: Code::InvalidGraphql,
        message: format!("The directive `@{}` is not defined.", links.link),
        at: used.at,
        help: Some("define it as the link specification does".to_owned()),
    })
}

/// The first use of a directive that nothing brings, since the version that would is not there.
fn unbrought(document: &Document, links: &Links) -> Option<Finding> {
    let graphql = |name: &str| spec::built_in().iter().any(|known| known.name == name);
    let defined = |name: &str| document.directives.iter().any(|own| own.name == name);
    let known = |name: &str| graphql(name) || defined(name) || links.known(name).is_some();
    let used = document.directives_on_types().find(|used| !known(&used.name))?;
    let help = match spec::directive(used.name.rsplit("__").next().unwrap_or_default()) {
        Some(_) => format!("link a version of federation up to v{}", text(LATEST)),
        None => format!("define it: directive @{} on …", used.name),
    };
    Some(Finding {
        code: Code::InvalidGraphql,
        message: format!("Nothing that is linked here defines `@{}`.", used.name),
        at: used.at,
        help: Some(help),
    })
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

/// What stands beside a link.
struct Around<'a> {
    /// Whether federation is linked.
    strict: bool,
    /// Whether the link specification itself is linked.
    linked: bool,
    document: &'a Document,
    /// What is imported of federation.
    imports: Vec<String>,
}

impl Around<'_> {
    fn defines(&self, directive: &str) -> bool {
        self.document.directives.iter().any(|own| own.name == directive)
    }
}

impl Links {
    fn add(&mut self, link: Link<'_>, around: &Around<'_>, wrong: &mut Vec<Finding>) {
        let at = link.at;
        match link.identity {
            LINK | CORE => {
                self.prefixes.push(format!("{}__", link.name));
                if link.version != (1, 0) && link.identity == LINK {
                    let message =
                        format!("There is no link specification v{}.", text(link.version));
                    // Who links federation has linked link v1.0 by that.
                    let code = match around.strict {
                        true => Code::InvalidLinkDirectiveUsage,
                        false => Code::UnknownLinkVersion,
                    };
                    wrong.push(link.wrong(code, message, "use link v1.0"));
                }
            }
            FEDERATION => self.federation(&link, wrong),
            CONNECT => {
                let message = "REST connectors are not supported.".to_owned();
                let help = "put a GraphQL service before the REST service";
                wrong.push(link.wrong(Code::ConnectorsUnsupported, message, help));
            }
            _ if OTHERS.iter().any(|(identity, ..)| *identity == link.identity) => {
                self.other(&link, around, wrong);
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
                    at,
                });
            }
        }
    }

    /// Federation itself.
    fn federation(&mut self, link: &Link<'_>, wrong: &mut Vec<Finding>) {
        let mut tell = |code, message, help: &str| wrong.push(link.wrong(code, message, help));
        if link.version.0 != 2 || link.version > LATEST {
            let message = format!("There is no federation v{}.", text(link.version));
            let help = format!("link a version up to v{}", text(LATEST));
            tell(Code::UnknownFederationLinkVersion, message, &help);
            self.federation = Some(LATEST);
            return;
        }
        self.federation = Some(link.version);
        self.federation_at = link.at;
        let known = spec::DIRECTIVES.iter().filter(|known| known.since <= link.version);
        let names: Vec<&'static str> = known.map(|known| known.name).collect();
        for import in self.bring(link, &names, true) {
            let message =
                format!("Federation v{} has no `{import}` to import.", text(link.version));
            let later = spec::directive(import.trim_start_matches('@'));
            let help = match later {
                Some(known) => format!("link federation v{} or later", text(known.since)),
                None => misspelt(&import, &names),
            };
            let at = link.import_at(&import);
            wrong.push(Finding {
                at,
                ..link.wrong(Code::InvalidLinkDirectiveUsage, message, &help)
            });
        }
    }

    /// A specification of directives that federation has as well.
    fn other(&mut self, link: &Link<'_>, around: &Around<'_>, wrong: &mut Vec<Finding>) {
        let known = OTHERS.iter().find(|(identity, _, last)| {
            let version = link.version.0 == 0 && (1..=*last).contains(&link.version.1);
            *identity == link.identity && version
        });
        // Federation 1 does not bring definitions: there, the file has them, or it links links.
        let brought = around.strict || around.linked;
        let here = |name: &&&'static str| brought || around.defines(name);
        let names = known.map(|(_, names, _)| *names).unwrap_or_default();
        let names: Vec<&'static str> = names.iter().filter(here).copied().collect();
        let twice = |name: &&&str| {
            let named = link.identity.ends_with(&format!("/{name}"));
            named && around.imports.contains(&format!("@{name}"))
        };
        if let Some(name) = names.iter().find(twice) {
            let message = format!("`@{name}` is imported of federation and linked apart.");
            let help = "keep the import of federation and remove this link";
            wrong.push(link.wrong(Code::InvalidLinkDirectiveUsage, message, help));
        }
        // Federation 1 has these by their own names, where links are read at all.
        let clashes = |name: &&&str| {
            let known = matches!(**name, "tag" | "inaccessible") && link.calls_so(name);
            known && around.linked && !around.strict
        };
        if let Some(name) = names.iter().find(clashes) {
            let message = format!("`@{name}` is linked apart, but no federation is.");
            let help = format!("link federation v2 and import \"@{name}\" of it instead");
            wrong.push(link.wrong(Code::InvalidLinkDirectiveUsage, message, &help));
        }
        let since = names.iter().filter_map(|name| spec::directive(name)).map(|d| d.since);
        self.needs.extend(since.max().map(|since| (link.identity.to_owned(), since, link.at)));
        let unknown = self.bring(link, &names, false);
        for import in unknown.iter().filter(|import| import.starts_with('@') && self.read_anyway) {
            let message = format!("{} has no `{import}` to import.", link.identity);
            let help = misspelt(import, &names);
            let found = link.wrong(Code::InvalidLinkDirectiveUsage, message, &help);
            wrong.push(Finding { at: link.import_at(import), ..found });
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
            None => spec::scalar_since(import)
                .is_some_and(|since| self.federation.is_some_and(|version| since <= version)),
        };
        let unknown = link.imports.iter().filter(|(import, _)| !has(import));
        unknown.map(|(import, _)| import.clone()).collect()
    }

    /// The directives of federation 1, and those later ones that a file defines for itself.
    fn federation_1(&mut self, around: &Around<'_>) {
        let later = |name: &str| matches!(name, "inaccessible" | "override" | "interfaceObject");
        let names = spec::DIRECTIVES
            .iter()
            .filter(|known| known.federation_1 || later(known.name) && around.defines(known.name));
        for known in names {
            self.directives.entry(known.name.to_owned()).or_insert(known.name);
        }
        self.scalars.insert("FieldSet", "_FieldSet".to_owned());
    }

    /// Whether the rest of the document is read though its links are wrong, as where a specification
    /// is not there at all.
    pub(super) fn is_unlinked(&self, wrong: &[Finding]) -> bool {
        let unknown = [Code::UnknownFederationLinkVersion, Code::UnknownLinkVersion];
        self.read_anyway || wrong.iter().any(|found| unknown.contains(&found.code))
    }

    /// What a directive is in its specification, if it is a known one.
    pub(super) fn known(&self, local: &str) -> Option<&'static str> {
        self.directives.get(local).copied()
    }
}

/// What may have been meant by an import that federation does not have.
fn misspelt(import: &str, directives: &[&'static str]) -> String {
    let near = match import.strip_prefix('@') {
        Some(name) => nearest(name, directives.iter().copied()).map(|near| format!("@{near}")),
        // Without `@` it is a scalar, or a directive whose `@` was forgotten.
        None if directives.contains(&import) => Some(format!("@{import}")),
        None => nearest(import, spec::SCALARS.iter().copied()).map(str::to_owned),
    };
    match near {
        Some(near) => format!("import \"{near}\" instead of \"{import}\""),
        None => {
            format!("remove \"{import}\" from the `import`, or link the specification that has it")
        }
    }
}

/// A version as it is written.
pub(super) fn text(version: Version) -> String {
    format!("{}.{}", version.0, version.1)
}
