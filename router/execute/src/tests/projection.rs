//! The client's answer: order, types, nulls.

use super::{World, plays};

/// The data and the errors when `catalog` answers so.
#[track_caller]
fn asks(operation: &str, data: &str) -> (String, Vec<String>) {
    let body = format!(r#"{{"data":{data}}}"#);
    let played = World::new().play(operation, [("catalog", body.as_str())]);
    (played.data(), played.errors())
}

#[track_caller]
fn fine(operation: &str, data: &str, expected: &str) {
    assert_eq!(asks(operation, data), (expected.to_owned(), Vec::new()));
}

#[track_caller]
fn wrong(operation: &str, data: &str, expected: &str, errors: &[&str]) {
    let (found, told) = asks(operation, data);
    assert_eq!(found, expected);
    assert_eq!(told, errors);
}

#[test]
fn the_answer_has_the_clients_order_and_keys() {
    fine(
        "{ book { n: name id: ratio ... { pages } id2: id pages } }",
        r#"{"book":{"pages":[3,4],"id":"1","ratio":1.50,"name":"Emma","more":1}}"#,
        r#"{"book":{"n":"Emma","id":1.50,"pages":[3,4],"id2":"1"}}"#,
    );
}

#[test]
fn numbers_keep_their_text_and_custom_scalars_everything() {
    let blob =
        r#"{"__typename":"Pen","id":[1e400,18446744073709551616,0.10],"z":{"a":null},"b":"\\"}"#;
    fine(
        "{ book { ratio blob } }",
        &format!(r#"{{"book":{{"ratio":1.10e2,"blob":{blob}}}}}"#),
        &format!(r#"{{"book":{{"ratio":1.10e2,"blob":{blob}}}}}"#),
    );
}

#[test]
fn typenames_are_those_of_the_supergraph() {
    fine(
        "{ __typename products { a: __typename __typename ... on Pen { p: __typename } } }",
        r#"{"products":[{"__typename":"Book"},{"__typename":"Pen"}]}"#,
        r#"{"__typename":"Query","products":[{"a":"Book","__typename":"Book"},{"a":"Pen","__typename":"Pen","p":"Pen"}]}"#,
    );
    let alone = plays::<&str>("{ __typename }", []);
    assert_eq!(alone.text(), r#"{"data":{"__typename":"Query"}}"#);
}

#[test]
fn fields_are_completed_with_the_types_of_the_object() {
    // `twin` of a book is a book, so that nobody needs to say so.
    fine(
        "{ products { twin { __typename name } } }",
        r#"{"products":[{"__typename":"Book","twin":{"name":"a"}},{"__typename":"Pen","_1_twin":{"__typename":"Pen","name":"b"}}]}"#,
        r#"{"products":[{"twin":{"__typename":"Book","name":"a"}},{"twin":{"__typename":"Pen","name":"b"}}]}"#,
    );
}

#[test]
fn leaves_of_the_wrong_type_are_null_and_told() {
    let told = |of: &str, path: &str, ty: &str| {
        format!(
            r#"INVALID_SUBGRAPH_VALUE ["book",{path}] Subgraph "catalog" answered with a value that is no {ty} for field Book.{of}."#
        )
    };
    for (field, ty, value) in [
        ("weight", "Int", "2147483648"),
        ("weight", "Int", r#""1""#),
        ("weight", "Int", "1.5"),
        ("weight", "Int", r#"{"a":1}"#),
        ("weight", "Int", "[1]"),
        ("ratio", "Float", "true"),
        ("name", "String", "7"),
        ("color", "Color", r#""SECRET""#),
        ("color", "Color", r#""GREEN""#),
        ("color", "Color", "1"),
        ("pages", "[Int!]", "3"),
        ("twin { id }", "Book", r#""x""#),
    ] {
        let name = field.split(' ').next().unwrap();
        let (data, errors) = asks(
            &format!("{{ book {{ {field} }} }}"),
            &format!(r#"{{"book":{{"{name}":{value}}}}}"#),
        );
        assert_eq!(data, format!(r#"{{"book":{{"{name}":null}}}}"#), "{value}");
        if name == "twin" {
            let what = "answered with a value where an object was expected.";
            assert_eq!(
                errors,
                [format!(
                    r#"SUBREQUEST_MALFORMED_RESPONSE ["book","twin"] Subgraph "catalog" {what}"#
                )]
            );
        } else {
            assert_eq!(errors, [told(name, &format!("\"{name}\""), ty)], "{value}");
        }
    }
    for (field, value) in [("weight", "-0"), ("ratio", "7"), ("id", "12"), ("color", r#""RED""#)] {
        let data = format!(r#"{{"book":{{"{field}":{value}}}}}"#);
        fine(&format!("{{ book {{ {field} }} }}"), &data, &data);
    }
    wrong(
        "{ book { pages } }",
        r#"{"book":{"pages":[1,"x",3]}}"#,
        r#"{"book":{"pages":null}}"#,
        &[&told("pages", r#""pages",1"#, "Int")],
    );
}

#[test]
fn nulls_go_up_to_where_they_can_be_with_one_error() {
    let null = "NULL_IN_NON_NULLABLE_FIELD";
    wrong(
        "{ sure { id name } book { name } }",
        r#"{"sure":[{"__typename":"Pen","id":"1"},{"__typename":"Pen","id":null}],"book":{"name":"x"}}"#,
        "null",
        &[&format!(r#"{null} ["sure",1,"id"] Cannot return null for non-nullable field Pen.id."#)],
    );
    wrong(
        "{ grid { id } }",
        r#"{"grid":[[{"id":"1"},null],[{"id":"2"}],[{"id":null},{"id":null}],null]}"#,
        r#"{"grid":[null,[{"id":"2"}],null,null]}"#,
        &[
            &format!(
                r#"{null} ["grid",0,1] Cannot return null for non-nullable field Query.grid."#
            ),
            &format!(
                r#"{null} ["grid",2,0,"id"] Cannot return null for non-nullable field Book.id."#
            ),
        ],
    );
    wrong(
        "{ must { name } }",
        r#"{"must":null}"#,
        "null",
        &[&format!(r#"{null} ["must"] Cannot return null for non-nullable field Query.must."#)],
    );
    fine("{ products { id } }", r#"{"products":[null]}"#, r#"{"products":[null]}"#);
}

#[test]
fn a_root_field_that_is_not_answered_is_told() {
    wrong(
        "{ book { id } products { id } }",
        r#"{"book":null}"#,
        r#"{"book":null,"products":null}"#,
        &[
            r#"SUBREQUEST_MALFORMED_RESPONSE ["products"] Subgraph "catalog" answered without a field that was asked for."#,
        ],
    );
}

#[test]
fn objects_of_types_that_clients_do_not_know_are_null() {
    fine(
        "{ products { __typename id } }",
        r#"{"products":[{"__typename":"Ghost","id":"1"},{"__typename":"Pen","id":"2"}]}"#,
        r#"{"products":[null,{"__typename":"Pen","id":"2"}]}"#,
    );
    for name in ["Nothing", "Product", "Color", "Shelf"] {
        wrong(
            "{ products { __typename id } }",
            &format!(r#"{{"products":[{{"__typename":"{name}","id":"1"}}]}}"#),
            r#"{"products":[null]}"#,
            &[
                r#"INVALID_SUBGRAPH_VALUE ["products",0] Subgraph "catalog" answered with an object that is no Product for field Query.products."#,
            ],
        );
    }
    wrong(
        "{ products { id } }",
        r#"{"products":[{"__typename":7,"id":"1"}]}"#,
        r#"{"products":[null]}"#,
        &[
            r#"INVALID_SUBGRAPH_VALUE ["products",0] Subgraph "catalog" answered with an object that is no Product for field Query.products."#,
        ],
    );
}

#[test]
fn an_object_of_unknown_type_is_shown_where_its_type_does_not_matter() {
    fine(
        "{ products { id ... on Product { name } } }",
        r#"{"products":[{"id":"1","name":"x"}]}"#,
        r#"{"products":[{"id":"1","name":"x"}]}"#,
    );
    wrong(
        "{ products { id ... on Pen { name } } }",
        r#"{"products":[{"id":"1","name":"x"}]}"#,
        r#"{"products":[null]}"#,
        &[
            r#"INVALID_SUBGRAPH_VALUE ["products",0] Subgraph "catalog" answered with an object whose type nobody knows for field Query.products."#,
        ],
    );
}

#[test]
fn of_duplicate_keys_the_last_counts() {
    fine(
        "{ book { name } }",
        r#"{"book":{"name":"a","name":"\ud83d\ude00"}}"#,
        "{\"book\":{\"name\":\"\u{1f600}\"}}",
    );
}

#[test]
fn introspection_is_put_where_it_was_asked_for() {
    let world = World::new();
    let plan = world.plan("{ __typename t: __type(name: \"Book\") { name } }");
    let introspection =
        [("t".to_owned(), json::parse(br#"{"name":"Book"}"#, 9).unwrap())].into_iter().collect();
    let answer = world.introspect(&plan, &introspection);
    assert_eq!(answer.data.to_json().to_string(), r#"{"__typename":"Query","t":{"name":"Book"}}"#);
}
