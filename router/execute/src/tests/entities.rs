//! Entities: who is asked for what, and where the answers go.

use json::Json;
use plan::{WireField, WireSet};

use super::plays;
use crate::merge::Merge;

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
    assert_eq!(played.data(), r#"{"products":[{"stock":5},null,{"stock":7},{"stock":5}]}"#);
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

#[test]
fn what_lacks_its_key_is_not_sent_and_its_fields_are_null() {
    let played = plays(
        "{ products { id ... on Book { stock } } }",
        [
            (
                "catalog",
                r#"{"data":{"products":[{"__typename":"Book","id":"1"},{"__typename":"Book","id":null},{"__typename":"Book"}]}}"#,
            ),
            ("stock", r#"{"data":{"_entities":[{"stock":5}]}}"#),
        ],
    );
    assert_eq!(played.data(), r#"{"products":[{"id":"1","stock":5},null,null]}"#);
    assert_eq!(
        played.errors(),
        [
            r#"NULL_IN_NON_NULLABLE_FIELD ["products",1,"id"] Cannot return null for non-nullable field Book.id."#,
            r#"NULL_IN_NON_NULLABLE_FIELD ["products",2,"id"] Cannot return null for non-nullable field Book.id."#,
        ]
    );
    assert!(played.asked[1].ends_with(r#"[{"__typename":"Book","id":"1"}]}"#), "{played:?}");
}

#[test]
fn a_fetch_with_nobody_to_ask_about_is_not_sent() {
    let played = plays("{ book { stock } }", [("catalog", r#"{"data":{"book":null}}"#)]);
    assert_eq!(played.text(), r#"{"data":{"book":null}}"#);
    assert_eq!(played.asked, ["catalog null"]);
}

#[test]
fn a_null_is_sent_for_what_is_required_but_not_for_what_is_missing() {
    let ask = |book: &'static str| {
        plays(
            "{ book { shipping } }",
            [("catalog", book), ("stock", r#"{"data":{"_entities":[{"shipping":9}]}}"#)],
        )
    };
    let null = ask(r#"{"data":{"book":{"id":"1","weight":null}}}"#);
    assert_eq!(null.data(), r#"{"book":{"shipping":9}}"#);
    assert!(null.asked[1].contains(r#""weight":null"#), "{null:?}");
    let missing = ask(r#"{"data":{"book":{"id":"1"}}}"#);
    assert_eq!(missing.text(), r#"{"data":{"book":{"shipping":null}}}"#);
    assert_eq!(missing.asked.len(), 1);
}

#[test]
fn keys_may_come_from_a_subgraph_in_the_middle_and_end_there_quietly() {
    let played = plays(
        "{ grid { tax } }",
        [
            ("catalog", r#"{"data":{"grid":[[{"id":"1"},{"id":"2"}],null,[{"id":"1"}]]}}"#),
            ("stock", r#"{"data":{"_entities":[{"code":"a"},{"code":"b"}]}}"#),
            ("tax", r#"{"data":{"_entities":[{"tax":1},{"tax":2}]}}"#),
        ],
    );
    assert_eq!(played.text(), r#"{"data":{"grid":[[{"tax":1},{"tax":2}],null,[{"tax":1}]]}}"#);
    let ended = plays(
        "{ book { name tax } }",
        [
            ("catalog", r#"{"data":{"book":{"id":"1","name":"Emma"}}}"#),
            ("stock", r#"{"data":{"_entities":[null]}}"#),
        ],
    );
    assert_eq!(ended.data(), r#"{"book":null}"#);
    assert_eq!(
        ended.errors(),
        [
            r#"NULL_IN_NON_NULLABLE_FIELD ["book","tax"] Cannot return null for non-nullable field Book.tax."#
        ]
    );
}

#[test]
fn nulls_among_entities_shift_nothing() {
    let played = plays(
        "{ products { ... on Book { stock } } }",
        [
            (
                "catalog",
                r#"{"data":{"products":[{"__typename":"Book","id":"1"},{"__typename":"Book","id":"2"},{"__typename":"Book","id":"3"}]}}"#,
            ),
            ("stock", r#"{"data":{"_entities":[null,{"stock":2},{"stock":3}]}}"#),
        ],
    );
    assert_eq!(played.text(), r#"{"data":{"products":[{"stock":null},{"stock":2},{"stock":3}]}}"#);
}

#[test]
fn too_few_entities_are_told_and_the_others_kept() {
    let played = plays(
        "{ products { ... on Book { price } } }",
        [
            (
                "catalog",
                r#"{"data":{"products":[{"__typename":"Book","id":"1"},{"__typename":"Book","id":"2"}]}}"#,
            ),
            ("stock", r#"{"data":{"_entities":[{"price":1}]}}"#),
        ],
    );
    assert_eq!(played.data(), r#"{"products":[{"price":1},null]}"#);
    assert_eq!(
        played.errors(),
        [
            r#"SUBREQUEST_MALFORMED_RESPONSE ["products"] Subgraph "stock" answered with 1 entities to 2 representations."#
        ]
    );
}

#[test]
fn only_the_variables_of_a_document_travel_with_it() {
    let mut world = super::World::new();
    world.variables.insert("in".into(), "EUR".into());
    world.variables.insert("short".into(), true.into());
    let played = world.play(
        "query($in: String, $short: Boolean, $no: Boolean) { book { a: name(short: $short) b: name(short: $no) price(in: $in) } }",
        [
            ("catalog", r#"{"data":{"book":{"id":"1","name":"E","_1_name":"Emma"}}}"#),
            ("stock", r#"{"data":{"_entities":[{"price":3}]}}"#),
        ],
    );
    assert_eq!(played.text(), r#"{"data":{"book":{"a":"E","b":"Emma","price":3}}}"#);
    assert_eq!(
        played.asked,
        [
            r#"catalog {"short":true}"#,
            r#"stock {"in":"EUR","representations":[{"__typename":"Book","id":"1"}]}"#
        ]
    );
}

#[test]
fn mutations_end_with_all_that_belongs_to_them_before_the_next_begins() {
    let played = plays(
        "mutation { a: restock(id: 1) { name } b: rename(id: 2) { stock } }",
        [
            ("stock", r#"{"data":{"restock":{"id":"1"}}}"#),
            ("catalog", r#"{"data":{"_entities":[{"name":"Emma"}]}}"#),
            ("catalog", r#"{"data":{"rename":{"id":"2"}}}"#),
            ("stock", r#"{"data":{"_entities":[{"stock":4}]}}"#),
        ],
    );
    assert_eq!(played.text(), r#"{"data":{"a":{"name":"Emma"},"b":{"stock":4}}}"#);
    let asked: Vec<&str> =
        played.asked.iter().map(|asked| asked.split(' ').next().unwrap()).collect();
    assert_eq!(asked, ["stock", "catalog", "catalog", "stock"]);
}

#[test]
fn what_a_mutation_read_or_failed_to_read_is_asked_for_again_by_the_next() {
    let restock = r#"{"data":{"restock":{"id":"1"}}}"#;
    for failed in [r#"{"data":{"_entities":[{"name":"Emma"}]}}"#, r#"{"errors":[{"message":"m"}]}"#]
    {
        let played = plays(
            "mutation { a: restock(id: 1) { name } b: restock(id: 1) { name } }",
            [
                ("stock", restock),
                ("catalog", failed),
                ("stock", restock),
                ("catalog", r#"{"data":{"_entities":[{"name":"Persuasion"}]}}"#),
            ],
        );
        let representation = r#"catalog {"representations":[{"__typename":"Book","id":"1"}]}"#;
        let read: Vec<&String> =
            played.asked.iter().filter(|asked| asked.starts_with("catalog")).collect();
        assert_eq!(read, [representation, representation]);
        assert!(played.data().ends_with(r#""b":{"name":"Persuasion"}}"#), "{}", played.data());
    }
}

#[test]
fn values_without_keys_are_merged_by_position() {
    let played = plays(
        "{ shelves { place space } }",
        [
            ("catalog", r#"{"data":{"shelves":[{"place":"x"},null,{"place":"z"}]}}"#),
            ("stock", r#"{"data":{"shelves":[{"space":1},{"space":2},null]}}"#),
        ],
    );
    assert_eq!(
        played.text(),
        r#"{"data":{"shelves":[{"place":"x","space":1},{"place":null,"space":2},{"place":"z","space":null}]}}"#
    );
}

#[test]
fn lists_of_other_lengths_are_told() {
    let long = r#"{"data":{"shelves":[{"PLACE":1},{"PLACE":2}]}}"#;
    let short = r#"{"data":{"shelves":[{"PLACE":3}]}}"#;
    for (catalog, stock) in [(long, short), (short, long)] {
        let (catalog, stock) = (catalog.replace("PLACE", "place"), stock.replace("PLACE", "space"));
        let catalog = [1, 2, 3].iter().fold(catalog, |text, number| {
            text.replace(&format!(":{number}"), &format!(":\"{number}\""))
        });
        let played = plays(
            "{ shelves { place space } }",
            [("catalog", catalog.as_str()), ("stock", stock.as_str())],
        );
        let data = played.answer.data.to_json();
        let shelves = data.get("shelves").unwrap().as_list().unwrap();
        assert_eq!(shelves.len(), 2);
        assert!(!shelves[0].get("place").unwrap().is_null(), "{played:?}");
        assert!(!shelves[0].get("space").unwrap().is_null(), "{played:?}");
        let errors = played.errors();
        assert_eq!(errors.len(), 1);
        assert!(
            errors[0].starts_with(r#"SUBREQUEST_MALFORMED_RESPONSE ["shelves"]"#),
            "{errors:?}"
        );
    }
}

#[test]
fn of_two_values_for_a_leaf_the_first_stays_and_none_is_looked_into() {
    let field = |key: &str, selection| WireField { wire: key.into(), key: key.into(), selection };
    let item = WireSet { fields: vec![field("leaf", None), field("blob", None)] };
    let wire = WireSet { fields: vec![field("items", Some(item))] };
    let read = |text: &str| json::parse(text.as_bytes(), 20).unwrap();
    let mut merged = Json::Null;
    let mut merge = Merge::new(10_000);
    let first = read(r#"{"items":[{"leaf":null,"blob":{"a":null}},null,{"leaf":1,"blob":[1]}]}"#);
    let second = read(
        r#"{"items":[{"leaf":2,"blob":{"a":1,"b":2},"c":3},{"leaf":4},{"leaf":5,"blob":[1,2]}]}"#,
    );
    merge.value(&mut merged, &first, &wire);
    merge.value(&mut merged, &second, &wire);
    assert_eq!(merge.misfit, None);
    assert_eq!(
        merged.to_string(),
        r#"{"items":[{"leaf":2,"blob":{"a":null}},{"leaf":4},{"leaf":1,"blob":[1]}]}"#
    );
}
