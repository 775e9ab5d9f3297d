//! The values of variables: what passes, what is refused, and how that is told.

use super::{object, request, schema};
use crate::Code;

/// What comes out for `$v: {ty}` with these values, as JSON, or the first message.
fn coerce(ty: &str, values: &str) -> String {
    let schema = schema();
    let field = match ty.trim_end_matches('!').split([' ', '=']).next().unwrap() {
        "Item" => "order(item: $v)",
        "Float" => "order(ratio: $v)",
        "Boolean" => "node(id: 1) { id @include(if: $v) }",
        "Int" => "order(item: { count: $v })",
        "Money" => "order(item: { count: 1, price: $v })",
        _ => "order(ids: $v)",
    };
    let request = request(&schema, &format!("query($v: {ty}) {{ {field} }}"));
    match request.coerce(&schema, &object(values)) {
        Ok(coerced) => json::Json::Object(coerced).to_string(),
        Err(errors) => {
            assert!(errors.iter().all(|error| error.code == Code::BadVariable));
            errors[0].message.clone()
        }
    }
}

#[test]
fn values_pass_as_they_were_written() {
    assert_eq!(coerce("Float", r#"{"v": 1.10}"#), r#"{"v":1.10}"#);
    assert_eq!(
        coerce("Money", r#"{"v": 18446744073709551616.00}"#),
        r#"{"v":18446744073709551616.00}"#
    );
    assert_eq!(coerce("Money", r#"{"v": {"any": [1]}}"#), r#"{"v":{"any":[1]}}"#);
    assert_eq!(coerce("[ID!]", r#"{"v": ["a", 7]}"#), r#"{"v":["a",7]}"#);
    assert_eq!(coerce("[ID!]", r#"{"v": "a"}"#), r#"{"v":"a"}"#);
    let item = r#"{"v":{"count":1,"color":"RED","items":[{"count":2,"color":"BLUE"}]}}"#;
    assert_eq!(coerce("Item", item), item);
    assert_eq!(coerce("Int!", r#"{"v": 1e2}"#), r#"{"v":100}"#);
}

#[test]
fn fields_of_input_objects_get_their_defaults() {
    let given = r#"{"v": {"count": 1, "items": [{"count": 2, "color": null}]}}"#;
    let coerced = r#"{"v":{"count":1,"items":[{"count":2,"color":null}],"color":"RED"}}"#;
    assert_eq!(coerce("Item", given), coerced);
}

#[test]
fn absent_null_and_default_are_three_things() {
    assert_eq!(coerce("Item", "{}"), "{}");
    assert_eq!(coerce("Item", r#"{"v": null}"#), r#"{"v":null}"#);
    assert_eq!(coerce("Item = {count: 3}", "{}"), r#"{"v":{"count":3,"color":"RED"}}"#);
    assert_eq!(coerce("Item = {count: 3}", r#"{"v": null}"#), r#"{"v":null}"#);
    let missing = coerce("Int!", "{}");
    assert_eq!(missing, "Variable \"$v\" of type Int! is required, but no value was given.");
    assert_eq!(
        coerce("Int!", r#"{"v": null}"#),
        r#"Variable "$v" has a wrong value: expected Int!, found null."#
    );
    assert_eq!(coerce("Item", r#"{"other": 1}"#), "{}");
}

#[test]
fn wrong_values_are_told_with_their_place() {
    let wrong = |ty: &str, values: &str, expected: &str| {
        assert_eq!(coerce(ty, values), format!("Variable \"$v{expected}"));
    };
    wrong("Int!", r#"{"v": "1"}"#, r#"" has a wrong value: expected Int!, found "1"."#);
    wrong(
        "Int!",
        r#"{"v": 2147483648}"#,
        r#"" has a wrong value: expected Int!, found 2147483648."#,
    );
    wrong("Int!", r#"{"v": 1.5}"#, r#"" has a wrong value: expected Int!, found 1.5."#);
    wrong("[ID!]", r#"{"v": ["a", null]}"#, r#"[1]" has a wrong value: expected ID!, found null."#);
    wrong("[ID!]", r#"{"v": [1.5]}"#, r#"[0]" has a wrong value: expected ID!, found 1.5."#);
    wrong(
        "Item",
        r#"{"v": {"count": 1, "color": "PINK"}}"#,
        r#".color" has a wrong value: expected Color, found "PINK"."#,
    );
    wrong(
        "Item",
        r#"{"v": {}}"#,
        r#"" has a wrong value: field "count" of type Int! is required."#,
    );
    wrong(
        "Item",
        r#"{"v": {"count": 1, "kount": 1}}"#,
        r#"" has a wrong value: Item has no field "kount"."#,
    );
    wrong(
        "Item",
        r#"{"v": {"count": 1, "items": [{"count": true}]}}"#,
        r#".items[0].count" has a wrong value: expected Int!, found true."#,
    );
    wrong("Item", r#"{"v": 5}"#, r#"" has a wrong value: expected Item, found 5."#);
}

#[test]
fn findings_and_what_they_show_are_bounded() {
    let long = format!(r#"{{"v": ["{}"]}}"#, "x".repeat(100_000));
    assert!(coerce("Int!", &long).len() < 200);
    let schema = schema();
    let request = request(&schema, "query($v: [ID!]) { order(ids: $v) }");
    let many = object(&format!(r#"{{"v": [{}1.5]}}"#, "true,".repeat(100_000)));
    assert_eq!(request.coerce(&schema, &many).unwrap_err().len(), 20);
}

#[test]
fn a_condition_must_not_be_null() {
    let schema = schema();
    let text = "query($v: Boolean = true) { node(id: 1) { id @include(if: $v) } }";
    let request = request(&schema, text);
    assert_eq!(request.condition_variables(), ["v"]);
    let conditions = |values: &str| {
        let variables = request.coerce(&schema, &object(values)).unwrap();
        request.conditions(&variables)
    };
    assert!(conditions("{}").unwrap()["v"]);
    assert!(!conditions(r#"{"v": false}"#).unwrap()["v"]);
    assert_eq!(conditions(r#"{"v": null}"#).unwrap_err().code, Code::BadVariable);
}
