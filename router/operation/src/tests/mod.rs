//! Operations: what is refused, and how what is left is bound.

mod binding;
mod cost;
mod hostile;
mod values;

use std::num::NonZeroUsize;

use json::{Json, Object, parse};
use schema::Schema;

use crate::{Code, Document, Limits, Request};

const SUPERGRAPH: &str = r#"
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
{ query: Query mutation: Mutation }

directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
scalar join__FieldSet
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
enum join__Graph { A @join__graph(name: "a", url: "http://a") }

interface Node @join__type(graph: A) { id: ID! self: Node }
type Cat implements Node @join__type(graph: A) @join__implements(graph: A, interface: "Node") { id: ID! self: Cat lives: Int }
type Dog implements Node @join__type(graph: A) @join__implements(graph: A, interface: "Node") { id: ID! self: Dog }
enum Color @join__type(graph: A) { RED @join__enumValue(graph: A) BLUE @join__enumValue(graph: A) }
scalar Money @join__type(graph: A)
input Item @join__type(graph: A) { count: Int! color: Color = RED price: Money items: [Item!] }
type Query @join__type(graph: A) {
  node(id: ID!): Node
  order(item: Item, ids: [ID!], ratio: Float): Boolean
}
type Mutation @join__type(graph: A) { add(item: Item!): Int }
"#;

fn schema() -> Schema {
    Schema::read(SUPERGRAPH).unwrap()
}

fn request(schema: &Schema, text: &str) -> Request {
    Document::parse(schema, text, &Limits::default()).unwrap().operation(None).unwrap()
}

/// The codes and messages of a document that is refused.
fn refused(text: &str) -> Vec<(Code, String)> {
    let errors = Document::parse(&schema(), text, &Limits::default()).unwrap_err();
    errors.into_iter().map(|error| (error.code, error.message)).collect()
}

fn object(text: &str) -> Object {
    match parse(text.as_bytes(), 64).unwrap() {
        Json::Object(object) => object,
        other => panic!("not an object: {other}"),
    }
}

#[test]
fn the_operation_is_picked_by_name() {
    let text = "query A { node(id: 1) { id } } query B { node(id: 2) { id } }";
    let document = Document::parse(&schema(), text, &Limits::default()).unwrap();
    assert_eq!(document.operation(Some("B")).unwrap().name(), Some("B"));
    let error = document.operation(None).unwrap_err();
    assert_eq!(error.code, Code::OperationNotFound);
    assert!(error.message.contains("A, B"), "{}", error.message);
    assert_eq!(document.operation(Some("C")).unwrap_err().code, Code::OperationNotFound);
}

#[test]
fn introspection_answers_from_the_public_schema() {
    let schema = schema();
    let limit = NonZeroUsize::new(200).unwrap();
    let asked =
        request(&schema, r#"{ t: __type(name: "Cat") { name fields { name } } __typename }"#);
    assert!(asked.introspects());
    let answer = asked.introspect(&schema, &Object::new(), limit).unwrap();
    let expected = r#"{"name":"Cat","fields":[{"name":"id"},{"name":"self"},{"name":"lives"}]}"#;
    assert_eq!(answer["t"].to_string(), expected);
    let ours = request(&schema, r#"{ __type(name: "join__Graph") { name } }"#);
    let answer = ours.introspect(&schema, &Object::new(), limit).unwrap();
    assert!(answer["__type"].is_null());
}

#[test]
fn introspection_is_bounded() {
    let schema = schema();
    let few = NonZeroUsize::new(3).unwrap();
    let wide = request(&schema, "{ __schema { types { a: name b: name c: name } } }");
    let error = wide.introspect(&schema, &Object::new(), few).unwrap_err();
    assert_eq!(error.code, Code::IntrospectionTooLarge);
    let many = NonZeroUsize::new(200).unwrap();
    let of = "fields { type { fields { type { fields { type { fields { name } } } } } } }";
    let deep = request(&schema, &format!("{{ __schema {{ types {{ {of} }} }} }}"));
    let error = deep.introspect(&schema, &Object::new(), many).unwrap_err();
    assert_eq!(error.code, Code::IntrospectionTooLarge);
}
