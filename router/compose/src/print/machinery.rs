//! The head of a supergraph: the links, and the definitions of what they bring.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::text::{arguments, description, quote};
use crate::merge::{Joins, Merged, MergedLink, MergedType};
use crate::subgraph::Kind;

/// Specifications that are linked when a directive of theirs is used: the directive, the URL, the
/// purpose, and the definition.
const USED: &[(&str, &str, &str, &str)] = &[
    (
        "authenticated",
        "https://specs.apollo.dev/authenticated/v0.1",
        "SECURITY",
        "on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM",
    ),
    (
        "cost",
        "https://specs.apollo.dev/cost/v0.1",
        "",
        "(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | \
         INPUT_FIELD_DEFINITION | OBJECT | SCALAR",
    ),
    (
        "listSize",
        "https://specs.apollo.dev/cost/v0.1",
        "",
        "(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], \
         requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION",
    ),
    (
        "context",
        "https://specs.apollo.dev/context/v0.1",
        "SECURITY",
        "(name: String!) repeatable on INTERFACE | OBJECT | UNION",
    ),
    (
        "inaccessible",
        "https://specs.apollo.dev/inaccessible/v0.2",
        "SECURITY",
        "on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ENUM | ENUM_VALUE | SCALAR | \
         INPUT_OBJECT | INPUT_FIELD_DEFINITION | ARGUMENT_DEFINITION",
    ),
    (
        "policy",
        "https://specs.apollo.dev/policy/v0.1",
        "SECURITY",
        "(policies: [[policy__Policy!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM",
    ),
    (
        "requiresScopes",
        "https://specs.apollo.dev/requiresScopes/v0.1",
        "SECURITY",
        "(scopes: [[requiresScopes__Scope!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR \
         | ENUM",
    ),
    (
        "tag",
        "https://specs.apollo.dev/tag/v0.3",
        "",
        "(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | \
         ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION \
         | SCHEMA",
    ),
    (
        "cacheTag",
        "https://specs.apollo.dev/cacheTag/v0.1",
        "",
        "(format: String!) repeatable on OBJECT | FIELD_DEFINITION | INTERFACE",
    ),
];

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
    let used = used(merged);
    description(merged.description.as_deref(), "", out);
    schema(merged, &used, out);
    for (name, _, _, definition) in USED.iter().filter(|(name, ..)| used.contains(name)) {
        let space = if definition.starts_with('(') { "" } else { " " };
        let _ = writeln!(out, "\ndirective @{name}{space}{definition}");
    }
    for (name, scalar) in
        [("policy", "policy__Policy"), ("requiresScopes", "requiresScopes__Scope")]
    {
        if used.contains(name) {
            let _ = writeln!(out, "\nscalar {scalar}");
        }
    }
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

fn schema(merged: &Merged, used: &BTreeSet<&str>, out: &mut String) {
    out.push_str(
        "schema\n  @link(url: \"https://specs.apollo.dev/link/v1.0\")\n  \
         @link(url: \"https://specs.apollo.dev/join/v0.5\", for: EXECUTION)\n",
    );
    let mut urls: Vec<&str> = Vec::new();
    for (_, url, purpose, _) in USED.iter().filter(|(name, ..)| used.contains(name)) {
        if urls.contains(url) {
            continue;
        }
        urls.push(url);
        // The cost specification has a second directive, which is used without a prefix.
        let import = match (url.contains("/cost/"), used.contains("listSize")) {
            (true, true) => ", import: [\"@listSize\"]",
            _ => "",
        };
        let purpose = match purpose.is_empty() {
            true => String::new(),
            false => format!(", for: {purpose}"),
        };
        let _ = writeln!(out, "  @link(url: \"{url}\"{import}{purpose})");
    }
    for link in &merged.links {
        let _ = writeln!(out, "  {}", custom(link));
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
    // What has the name of its specification, or its prefix, needs no import.
    let needs = |(name, local): &&(sdl::Name, sdl::Name)| {
        *local != link.name && *local != format!("{}__{name}", link.name)
    };
    let import = |(name, local): &(sdl::Name, sdl::Name)| match name == local {
        true => quote(&format!("@{name}")),
        false => {
            format!("{{name: {}, as: {}}}", quote(&format!("@{name}")), quote(&format!("@{local}")))
        }
    };
    let imports: Vec<String> = link.imports.iter().filter(needs).map(import).collect();
    if !imports.is_empty() {
        let _ = write!(text, ", import: [{}]", imports.join(", "));
    }
    text.push(')');
    text
}

/// The names of all directives on elements of the supergraph.
fn used(merged: &Merged) -> BTreeSet<&str> {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for ty in &merged.types {
        let fields = ty.fields.iter();
        let arguments = fields.clone().flat_map(|field| &field.arguments);
        let all = (ty.applied.iter())
            .chain(ty.values.iter().flat_map(|value| &value.applied))
            .chain(fields.clone().flat_map(|field| &field.applied))
            .chain(arguments.flat_map(|argument| &argument.applied));
        used.extend(all.map(|applied| applied.name.as_str()));
        let contextual = fields.into_iter().any(|field| match &field.joins {
            Joins::Some(joins) => joins.iter().any(|join| !join.context_arguments.is_empty()),
            _ => false,
        });
        if contextual || !ty.contexts.is_empty() {
            used.insert("context");
        }
    }
    used
}
