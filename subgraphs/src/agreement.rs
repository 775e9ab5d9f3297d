//! Proves that each `schema.graphql` and the code beside it define the same schema.
//!
//! Both are taken apart into one line per fact, sorted. Federation is left out: its directives, and
//! the fields and types of its protocol, which the published SDL does not carry. Descriptions stand
//! in `schema.graphql` only.

use apollo_compiler::ast::{
    Definition, DirectiveList, Document, FieldDefinition, InputValueDefinition, Value,
};

use crate::Name;

#[test]
fn every_schema_agrees_with_its_code() {
    for name in Name::ALL {
        let service = name.service();
        let (published, exported) = (facts(service.sdl()), facts(&service.exported()));
        let only = |these: &[String], those: &[String]| {
            let lone = these.iter().filter(|fact| !those.contains(fact));
            lone.map(|fact| format!("\n    {fact}")).collect::<String>()
        };
        assert!(
            published == exported,
            "{}: schema.graphql and the code differ\n  only schema.graphql:{}\n  only the code:{}",
            name.as_str(),
            only(&published, &exported),
            only(&exported, &published),
        );
        assert!(published.len() > 20, "{}: hardly any facts were read", name.as_str());
    }
}

#[test]
fn a_difference_of_any_kind_is_seen() {
    let schema = "type Query { a(x: Int! = 1, y: [E!]): [A!] } \
                  interface I { i: ID } type A implements I { i: ID } \
                  union U = A | Query enum E { P Q } input N { n: Int = 2 } scalar S";
    for (from, to) in [
        ("= 1", "= 2"),
        ("x: Int!", "x: Int"),
        ("[E!]", "[E]"),
        ("[A!]", "[A!]!"),
        ("implements I ", ""),
        ("A | Query", "A"),
        ("{ P Q }", "{ P }"),
        ("n: Int = 2", "n: Int"),
        ("scalar S", ""),
        ("i: ID }", "i: ID @deprecated }"),
    ] {
        assert_ne!(facts(schema), facts(&schema.replacen(from, to, 1)), "{from} to {to}");
    }
    assert_eq!(facts(schema), facts(&schema.replace("scalar S", "scalar S @tag(name: \"x\")")));
}

/// The facts of a schema, sorted.
fn facts(sdl: &str) -> Vec<String> {
    let document = Document::parse(sdl, "schema.graphql").expect("the schema parses");
    let mut facts: Vec<String> = document.definitions.iter().flat_map(definition).collect();
    facts.retain(|fact| !fact.starts_with("Query._") && !fact.starts_with('_'));
    facts.sort();
    facts
}

fn definition(definition: &Definition) -> Vec<String> {
    match definition {
        Definition::ScalarTypeDefinition(it) => {
            vec![format!("{} is a scalar{}", it.name, visible(&it.directives))]
        }
        Definition::ObjectTypeDefinition(it) => {
            composite(&it.name, "type", &it.implements_interfaces, &it.fields)
        }
        Definition::InterfaceTypeDefinition(it) => {
            composite(&it.name, "interface", &it.implements_interfaces, &it.fields)
        }
        Definition::UnionTypeDefinition(it) => {
            it.members.iter().map(|member| format!("{} has the member {member}", it.name)).collect()
        }
        Definition::EnumTypeDefinition(it) => {
            let values = it.values.iter();
            values
                .map(|of| format!("{} has {}{}", it.name, of.value, visible(&of.directives)))
                .collect()
        }
        Definition::InputObjectTypeDefinition(it) => {
            it.fields.iter().map(|field| format!("{}.{}", it.name, input(field))).collect()
        }
        // Which types are the roots follows from their names; the rest is federation's.
        Definition::SchemaDefinition(_) | Definition::SchemaExtension(_) => vec![],
        other => panic!("the demo uses no {other}"),
    }
}

fn composite<N: AsRef<str>>(
    name: &str,
    kind: &str,
    interfaces: &[N],
    fields: &[impl std::ops::Deref<Target = FieldDefinition>],
) -> Vec<String> {
    let field = |field: &FieldDefinition| {
        let arguments: Vec<String> = field.arguments.iter().map(|it| input(it)).collect();
        let (arguments, seen) = (arguments.join(", "), visible(&field.directives));
        format!("{name}.{}({arguments}): {}{seen}", field.name, field.ty)
    };
    let kind = [format!("{name} is a {kind}")].into_iter();
    let interfaces = interfaces.iter().map(|it| format!("{name} implements {}", it.as_ref()));
    kind.chain(interfaces).chain(fields.iter().map(|it| field(it))).collect()
}

fn input(it: &InputValueDefinition) -> String {
    let named = it.ty.inner_named_type().as_str();
    let default = it.default_value.as_deref().map(|value| match value {
        // juniper prints the default of an enum argument with quotes, as if it were a string.
        Value::String(text) if !["String", "ID"].contains(&named) => format!(" = {text}"),
        value => format!(" = {value}"),
    });
    let default = default.unwrap_or_default();
    format!("{}: {}{default}{}", it.name, it.ty, visible(&it.directives))
}

/// The directives that clients see.
fn visible(directives: &DirectiveList) -> String {
    let visible = ["deprecated", "specifiedBy", "oneOf"];
    let shown = directives.iter().filter(|it| visible.contains(&it.name.as_str()));
    shown.map(|directive| format!(" {directive}")).collect()
}
