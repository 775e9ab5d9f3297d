//! Entities: who is asked for what, and where the answers go.

use super::plays;

#[test]
fn equal_representations_are_sent_once_and_answer_every_position() {
    let played = plays(
        "{ products { ... on Book { stock } ... on Pen { stock } } }",
        [
            (
                "catalog",
                r#"{"data":{"products":[{"__typename":"Book","id":"1"},null,{"__typename":"Pen","id":"1"},{"__typename":"Book","id":"1"}]}}"#,
            ),
            ("stock", r#"{"data":{"_entities":[{"stock":5},{"stock":7}]}}"#),
        ],
    );
    assert_eq!(
        played.data(),
        r#"{"products":[{"stock":5},null,{"stock":7},{"stock":5}]}"#
    );
    assert_eq!(played.errors(), [""; 0]);
    assert_eq!(
        played.asked,
        [
            "catalog null",
            r#"stock {"representations":[{"__typename":"Book","id":"1"},{"__typename":"Pen","id":"1"}]}"#
        ]
    );
    let call = &played.answer.calls[1];
    assert_eq!((call.fetch, call.representations, call.positions), (1, 2, 3));
}
