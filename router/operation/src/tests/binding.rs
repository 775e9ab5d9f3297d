//! Binding: conditions decided, fragments dissolved, types narrowed.

use super::{object, request, schema};
use crate::SelectionSet;

/// A bound selection set in one line, each field with the object types that it is asked for.
fn show(schema: &schema::Schema, set: &SelectionSet) -> String {
    let field = |field: &crate::Field| {
        let types: Vec<&str> = field.types.iter().map(|ty| &*schema.ty(ty).name).collect();
        let below = field.selection.as_ref().map(|set| format!(" {}", show(schema, set)));
        let below = below.unwrap_or_default();
        format!("{}:{}<{}>{below}", field.response_key, field.key, types.join("|"))
    };
    format!("{{{}}}", set.fields.iter().map(field).collect::<Vec<_>>().join(" "))
}

fn bound(text: &str, variables: &str) -> String {
    let schema = schema();
    let request = request(&schema, text);
    let variables = request.coerce(&schema, &object(variables)).unwrap();
    let operation = request.bind(&schema, &request.conditions(&variables).unwrap());
    show(&schema, &operation.selection)
}

#[test]
fn fragments_dissolve_and_merge() {
    let text =
        "{ node(id: 1) { id ...a ... on Cat { lives id } } } fragment a on Node { n: id id }";
    assert_eq!(
        bound(text, "{}"),
        "{node:node(id: 1)<Query> {id:id<Cat|Dog> n:id<Cat|Dog> lives:lives<Cat> id:id<Cat>}}"
    );
}

#[test]
fn fields_of_the_same_key_share_their_selections() {
    let text = "{ node(id: 1) { self { id } } node(id: 1) { self { __typename } } }";
    assert_eq!(
        bound(text, "{}"),
        "{node:node(id: 1)<Query> {self:self<Cat|Dog> {id:id<Cat|Dog> __typename:__typename<Cat|Dog>}}}"
    );
}

#[test]
fn conditions_are_decided() {
    let text = "query($a: Boolean!, $b: Boolean = false) {
      node(id: 1) { id @skip(if: $a) x: id @include(if: $b) ... @include(if: $a) { y: id } z: id @skip(if: true) }
    }";
    assert_eq!(bound(text, r#"{"a": true}"#), "{node:node(id: 1)<Query> {y:id<Cat|Dog>}}");
    assert_eq!(
        bound(text, r#"{"a": false, "b": true}"#),
        "{node:node(id: 1)<Query> {id:id<Cat|Dog> x:id<Cat|Dog>}}"
    );
}

#[test]
fn types_that_can_not_be_are_dropped() {
    let text = "{ node(id: 1) { ... on Cat { ... on Dog { id } ... on Node { id } } } }";
    // Validation refuses a fragment that can never apply.
    assert!(crate::Document::parse(&schema(), text, &crate::Limits::default()).is_err());
    let text = "{ node(id: 1) { ... on Cat { ... on Node { id ... on Dog { x: id } } } } }";
    assert_eq!(bound(text, "{}"), "{node:node(id: 1)<Query> {id:id<Cat>}}");
}

#[test]
fn operations_are_measured() {
    let schema = schema();
    let text = "{ a: node(id: 1) { id self { id self { b: id } } } order(ids: [1]) }";
    let operation = request(&schema, text).bind(&schema, &Default::default());
    let measures = operation.measure();
    assert_eq!((measures.depth, measures.width, measures.fields), (4, 2, 7));
    assert_eq!((measures.aliases, measures.root_fields), (2, 2));
}
