//! A set of subgraphs as parts that can be added, changed and dropped, and its SDL.

use std::fmt::Write;

use tributary_compose::SubgraphSource;

/// A set of subgraphs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Set {
    pub(crate) subgraphs: Vec<Subgraph>,
}

/// One subgraph.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subgraph {
    pub(crate) name: String,
    /// The minor version of federation 2, or none for a file of federation 1.
    pub(crate) version: Option<usize>,
    /// Further applications on the schema, and definitions, as text.
    pub(crate) schema: Vec<String>,
    pub(crate) extra: Vec<String>,
    pub(crate) definitions: Vec<Definition>,
    /// Directives of federation, and what they are called here.
    pub(crate) renames: Vec<(&'static str, String)>,
}

/// A type.
#[derive(Clone, Debug, Default)]
pub(crate) struct Definition {
    /// `type`, `extend type`, `interface`, `union`, `enum`, `input`, `scalar`.
    pub(crate) keyword: &'static str,
    pub(crate) name: String,
    pub(crate) implements: Vec<String>,
    pub(crate) directives: Vec<String>,
    pub(crate) members: Vec<Member>,
    /// As it stands between quotes.
    pub(crate) description: Option<&'static str>,
}

/// A field, an input field, a value, or a member of a union.
#[derive(Clone, Debug, Default)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) arguments: Vec<String>,
    /// None for a value or a member of a union.
    pub(crate) ty: Option<String>,
    pub(crate) default: Option<String>,
    pub(crate) directives: Vec<String>,
    /// As it stands between quotes.
    pub(crate) description: Option<&'static str>,
}

/// The directives that a link imports, with the minor version that brought each.
const DIRECTIVES: &[(&str, usize)] = &[
    ("@key", 0),
    ("@external", 0),
    ("@requires", 0),
    ("@provides", 0),
    ("@shareable", 0),
    ("@override", 0),
    ("@inaccessible", 0),
    ("@tag", 0),
    ("@extends", 0),
    ("@composeDirective", 1),
    ("@interfaceObject", 3),
    ("@authenticated", 5),
    ("@requiresScopes", 5),
    ("@policy", 6),
    ("@context", 8),
    ("@fromContext", 8),
    ("@cost", 9),
    ("@listSize", 9),
    ("@cacheTag", 12),
];

impl Set {
    pub(crate) fn sources(&self) -> Vec<SubgraphSource> {
        let source = |subgraph: &Subgraph| SubgraphSource {
            name: subgraph.name.clone(),
            url: format!("http://{}", subgraph.name),
            sdl: subgraph.sdl(),
            file: format!("{}.graphql", subgraph.name),
        };
        self.subgraphs.iter().map(source).collect()
    }

    /// All files, for a person to read.
    pub(crate) fn text(&self) -> String {
        let file = |subgraph: &Subgraph| format!("--- {}\n{}", subgraph.name, subgraph.sdl());
        self.subgraphs.iter().map(file).collect()
    }
}

impl Subgraph {
    pub(crate) fn sdl(&self) -> String {
        let mut body = String::new();
        for extra in &self.extra {
            writeln!(body, "{extra}").unwrap();
        }
        for definition in &self.definitions {
            definition.print(&mut body);
        }
        let mut head = String::new();
        if let Some(version) = self.version {
            let schema = self.schema.join(" ");
            let text = format!("{schema}\n{body}");
            let used = DIRECTIVES
                .iter()
                .filter(|(name, since)| *since <= version && places(&text, name).next().is_some());
            let mut imports: Vec<String> = Vec::new();
            for (name, _) in used {
                let renamed = self.renames.iter().find(|(known, _)| known == name);
                let Some((_, local)) = renamed else {
                    imports.push(format!("\"{name}\""));
                    continue;
                };
                // What has federation's prefix needs no import.
                if !local.starts_with("@federation__") {
                    imports.push(format!("{{name: \"{name}\", as: \"{local}\"}}"));
                }
                let places: Vec<usize> = places(&body, name).collect();
                for at in places.into_iter().rev() {
                    body.replace_range(at..at + name.len(), local);
                }
            }
            writeln!(
                head,
                "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.{version}\", \
                 import: [{}]) {schema}",
                imports.join(", ")
            )
            .unwrap();
        }
        head + &body
    }
}

/// Where a directive stands in a text.
fn places<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = usize> + 't {
    text.match_indices(name).map(|(at, _)| at).filter(move |at| {
        let rest = &text[at + name.len()..];
        !rest.starts_with(|next: char| next.is_alphanumeric())
    })
}

impl Definition {
    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    fn print(&self, out: &mut String) {
        if let Some(text) = self.description {
            writeln!(out, "\"{text}\"").unwrap();
        }
        write!(out, "{} {}", self.keyword, self.name).unwrap();
        if !self.implements.is_empty() {
            write!(out, " implements {}", self.implements.join(" & ")).unwrap();
        }
        for directive in &self.directives {
            write!(out, " {directive}").unwrap();
        }
        if self.keyword == "union" {
            let names: Vec<&str> = self.members.iter().map(|member| &*member.name).collect();
            if !names.is_empty() {
                write!(out, " = {}", names.join(" | ")).unwrap();
            }
        } else if !self.members.is_empty() {
            out.push_str(" {\n");
            for member in &self.members {
                member.print(out);
            }
            out.push('}');
        }
        out.push('\n');
    }
}

impl Member {
    pub(crate) fn field(name: &str, ty: &str) -> Self {
        Self { name: name.into(), ty: Some(ty.into()), ..Self::default() }
    }

    pub(crate) fn value(name: &str) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    pub(crate) fn with(mut self, directive: impl Into<String>) -> Self {
        self.directives.push(directive.into());
        self
    }

    fn print(&self, out: &mut String) {
        if let Some(text) = self.description {
            writeln!(out, "  \"{text}\"").unwrap();
        }
        write!(out, "  {}", self.name).unwrap();
        if !self.arguments.is_empty() {
            write!(out, "({})", self.arguments.join(", ")).unwrap();
        }
        if let Some(ty) = &self.ty {
            write!(out, ": {ty}").unwrap();
        }
        if let Some(default) = &self.default {
            write!(out, " = {default}").unwrap();
        }
        for directive in &self.directives {
            write!(out, " {directive}").unwrap();
        }
        out.push('\n');
    }
}
