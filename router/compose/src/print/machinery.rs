//! The head of a supergraph: the links, and the definitions of what they bring.

use std::fmt::Write as _;

use super::text::{applied, arguments, description, quote};
use crate::merge::{Kept, Merged, MergedLink, MergedType};
use crate::subgraph::Kind;

/// A specification that is linked when one of its directives is used.
struct Specification {
    /// Its name, and its URL with the version.
    name: &'static str,
    url: &'static str,
    purpose: &'static str,
    /// Its directives with their definitions.
    directives: &'static [(&'static str, &'static str)],
    /// What else it defines, under its own prefix.
    more: &'static str,
}

const AUTHORIZATION: &str = "on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM";

const SPECIFICATIONS: &[Specification] = &[
    Specification {
        name: "authenticated",
        url: "https://specs.apollo.dev/authenticated/v0.1",
        purpose: "SECURITY",
        directives: &[("authenticated", AUTHORIZATION)],
        more: "",
    },
    Specification {
        name: "cost",
        url: "https://specs.apollo.dev/cost/v0.1",
        purpose: "",
        directives: &[
            (
                "cost",
                "(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | \
                 INPUT_FIELD_DEFINITION | OBJECT | SCALAR",
            ),
            (
                "listSize",
                "(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], \
                 requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION",
            ),
        ],
        more: "",
    },
    Specification {
        name: "context",
        url: "https://specs.apollo.dev/context/v0.1",
        purpose: "SECURITY",
        directives: &[("context", "(name: String!) repeatable on INTERFACE | OBJECT | UNION")],
        more: "\ndirective @context__fromContext(field: context__ContextFieldValue) on \
               ARGUMENT_DEFINITION\n\nscalar context__ContextFieldValue\n",
    },
    Specification {
        name: "inaccessible",
        url: "https://specs.apollo.dev/inaccessible/v0.2",
        purpose: "SECURITY",
        directives: &[(
            "inaccessible",
            "on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ENUM | ENUM_VALUE | SCALAR | \
             INPUT_OBJECT | INPUT_FIELD_DEFINITION | ARGUMENT_DEFINITION",
        )],
        more: "",
    },
    Specification {
        name: "policy",
        url: "https://specs.apollo.dev/policy/v0.1",
        purpose: "SECURITY",
        directives: &[(
            "policy",
            "(policies: [[policy__Policy!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR \
             | ENUM",
        )],
        more: "\nscalar policy__Policy\n",
    },
    Specification {
        name: "requiresScopes",
        url: "https://specs.apollo.dev/requiresScopes/v0.1",
        purpose: "SECURITY",
        directives: &[(
            "requiresScopes",
            "(scopes: [[requiresScopes__Scope!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | \
             SCALAR | ENUM",
        )],
        more: "\nscalar requiresScopes__Scope\n",
    },
    Specification {
        name: "tag",
        url: "https://specs.apollo.dev/tag/v0.3",
        purpose: "",
        directives: &[(
            "tag",
            "(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | \
             ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | \
             INPUT_FIELD_DEFINITION | SCHEMA",
        )],
        more: "",
    },
    // What it says stands in `@join__directive`.
    Specification {
        name: "cacheTag",
        url: "https://specs.apollo.dev/cacheTag/v0.1",
        purpose: "EXECUTION",
        directives: &[],
        more: "",
    },
];

impl Specification {
    fn is_used(&self, kept: &Kept) -> bool {
        kept.contains_key(self.name)
            || self.directives.iter().any(|(name, _)| kept.contains_key(name))
    }

    /// What one of its directives is called without an import.
    fn usual(&self, directive: &str) -> String {
        if directive == self.name {
            directive.to_owned()
        } else {
            format!("{}__{directive}", self.name)
        }
    }

    fn link(&self, kept: &Kept) -> String {
        let import = |(name, _): &(&'static str, &str)| {
            let local = kept.get(name).filter(|local| **local != self.usual(name))?;
            Some(import(name, local))
        };
        let imports: Vec<String> = match self.directives.is_empty() {
            true => Vec::new(),
            false => self.directives.iter().filter_map(import).collect(),
        };
        let mut text = format!("@link(url: {}", quote(self.url));
        if !self.purpose.is_empty() {
            let _ = write!(text, ", for: {}", self.purpose);
        }
        if !imports.is_empty() {
            let _ = write!(text, ", import: [{}]", imports.join(", "));
        }
        text.push(')');
        text
    }

    fn define(&self, kept: &Kept, out: &mut String) {
        for (name, definition) in self.directives {
            let local = kept.get(name).map_or_else(|| self.usual(name), ToString::to_string);
            let space = if definition.starts_with('(') { "" } else { " " };
            let _ = writeln!(out, "\ndirective @{local}{space}{definition}");
        }
        out.push_str(self.more);
    }
}

/// A directive in the imports of a link.
fn import(name: &str, local: &str) -> String {
    let (directive, renamed) = (quote(&format!("@{name}")), quote(&format!("@{local}")));
    if name == local { directive } else { format!("{{name: {directive}, as: {renamed}}}") }
}

/// The definitions of the link and join specifications.
const JOIN: &str = r#"
directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION

directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE

directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean, overrideLabel: String, contextArguments: [join__ContextArgument!]) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION

directive @join__graph(name: String!, url: String!) on ENUM_VALUE

directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE

directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR

directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION

directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA

input join__ContextArgument {
  name: String!
  type: String!
  context: String!
  selection: join__FieldValue!
}

scalar join__DirectiveArguments

scalar join__FieldSet

scalar join__FieldValue

scalar link__Import

enum link__Purpose {
  "`SECURITY` features provide metadata necessary to securely resolve fields."
  SECURITY
  "`EXECUTION` features provide metadata necessary for operation execution."
  EXECUTION
}
"#;

/// Writes everything that comes before the types.
pub(super) fn header(merged: &Merged, out: &mut String) {
    let used = || SPECIFICATIONS.iter().filter(|known| known.is_used(&merged.kept));
    description(merged.description.as_deref(), "", out);
    let links: Vec<String> = used().map(|known| known.link(&merged.kept)).collect();
    schema(merged, &links, out);
    used().for_each(|known| known.define(&merged.kept, out));
    for directive in &merged.directives {
        out.push('\n');
        description(directive.description.as_deref(), "", out);
        let _ = write!(out, "directive @{}", directive.name);
        arguments(&directive.arguments, "", out);
        if directive.repeatable {
            out.push_str(" repeatable");
        }
        let locations: Vec<String> = directive.locations.iter().map(ToString::to_string).collect();
        let _ = writeln!(out, " on {}", locations.join(" | "));
    }
    out.push_str(JOIN);
    out.push_str("\nenum join__Graph {\n");
    for graph in &merged.graphs {
        let (name, url) = (quote(&graph.name), quote(&graph.url));
        let _ = writeln!(out, "  {} @join__graph(name: {name}, url: {url})", graph.value);
    }
    out.push_str("}\n");
}

fn schema(merged: &Merged, links: &[String], out: &mut String) {
    out.push_str(
        "schema\n  @link(url: \"https://specs.apollo.dev/link/v1.0\")\n  \
         @link(url: \"https://specs.apollo.dev/join/v0.5\", for: EXECUTION)\n",
    );
    for link in links {
        let _ = writeln!(out, "  {link}");
    }
    for link in &merged.links {
        let _ = writeln!(out, "  {}", custom(link));
    }
    for one in &merged.applied {
        let _ = writeln!(out, "  {}", applied(one));
    }
    out.push_str("{\n");
    for (field, root) in
        [("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription")]
    {
        // What is no object type is no root, but a type that happens to have that name.
        let is_root = |ty: &MergedType| ty.name == root && ty.kind == Kind::Object;
        if merged.types.iter().any(is_root) {
            let _ = writeln!(out, "  {field}: {root}");
        }
    }
    out.push_str("}\n");
}

fn custom(link: &MergedLink) -> String {
    let mut text = format!("@link(url: {}", quote(&link.url));
    let usual = link.url.rsplit('/').nth(1);
    if usual != Some(&link.name) {
        let _ = write!(text, ", as: {}", quote(&link.name));
    }
    // What has the name of its specification needs no import.
    let needs = |(_, local): &&(sdl::Name, sdl::Name)| *local != link.name;
    let imports: Vec<String> =
        link.imports.iter().filter(needs).map(|(name, local)| import(name, local)).collect();
    if !imports.is_empty() {
        let _ = write!(text, ", import: [{}]", imports.join(", "));
    }
    text.push(')');
    text
}
