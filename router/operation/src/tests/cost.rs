//! What operations cost.

use json::Object;
use schema::Schema;

use super::{SUPERGRAPH, object, request};
use crate::{Conditions, Cost, Lists, sizes};

/// A schema with weights and list sizes.
fn shop() -> Schema {
    let cost = r#"@link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@cost", "@listSize"])
        { query: Query mutation: Mutation }
        directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
        directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
        input Page @join__type(graph: A) { first: Int = 4 after: String @cost(weight: 2) }
        type Edge @join__type(graph: A) { node: Cat tags: [String] @cost(weight: 1) }
        type Connection @join__type(graph: A) { edges: [Edge] nodes: [Cat] count: Int }"#;
    let fields = r#"type Query @join__type(graph: A) {
        cats(first: Int = 3, last: Int): [Cat] @listSize(slicingArguments: ["first", "last"], requireOneSlicingArgument: false)
        one(first: Int, last: Int): [Cat] @listSize(slicingArguments: ["first", "last"], assumedSize: 9)
        nodes: [[Node]] @listSize(assumedSize: 2)
        plain: [Cat]
        habit(first: Int): Connection
        limited(limit: Int): [[Cat]]
        page(page: Page): Connection @listSize(slicingArguments: ["page.first"], sizedFields: ["edges"])
        dear: Int @cost(weight: 30)
        cheap: Cat @cost(weight: -5)
        find(by: [Page], text: String @cost(weight: 6)): Cat"#;
    let sdl = SUPERGRAPH
        .replacen("{ query: Query mutation: Mutation }", cost, 1)
        .replacen("type Query @join__type(graph: A) {", fields, 1)
        .replacen("type Dog", "type Dog @cost(weight: 5)", 1);
    let sdl = sdl.replacen(
        "type Dog @cost(weight: 5) implements Node",
        "type Dog implements Node @cost(weight: 5)",
        1,
    );
    Schema::read(&sdl).unwrap()
}

fn cost(text: &str, variables: &str) -> Cost {
    let schema = shop();
    let request = request(&schema, text);
    let variables: Object = request.coerce(&schema, &object(variables)).unwrap();
    let conditions: Conditions = request.conditions(&variables).unwrap();
    request.bind(&schema, &conditions).cost(&schema, &variables, 10)
}

fn total(text: &str) -> u64 {
    cost(text, "{}").total
}

#[test]
fn objects_cost_one_and_leaves_nothing() {
    assert_eq!(total("{ node(id: 1) { id self { id } } }"), 2);
    assert_eq!(total("{ __typename order }"), 0);
    assert_eq!(total("mutation { add(item: {count: 1}) }"), 11);
    assert_eq!(total("{ dear a: dear }"), 60);
    assert_eq!(total("{ cheap { id self { id } } }"), 1);
}

#[test]
fn lists_multiply() {
    assert_eq!(total("{ plain { id self { id } } }"), 20);
    assert_eq!(total("{ cats { id } }"), 3);
    assert_eq!(total("{ cats(first: 5) { id self { id } } }"), 10);
    assert_eq!(total("{ cats(first: 5, last: 8) { id } }"), 8);
    assert_eq!(total("{ cats(first: -5) { id } }"), 0);
    assert_eq!(cost("query($n: Int) { cats(first: $n) { id } }", r#"{"n": 7}"#).total, 7);
    assert_eq!(total("{ nodes { id } }"), 20);
    // The size is that of `edges`; `nodes` is not said to be sized.
    assert_eq!(
        total("{ page(page: {first: 6}) { edges { tags } nodes { id } } }"),
        1 + 1 + 6 + 60 + 10
    );
    assert_eq!(
        cost(
            "query($p: Page) { page(page: $p) { edges { node { id } } } }",
            r#"{"p": {"first": 2}}"#
        )
        .total,
        1 + 1 + 2 + 2
    );
    assert_eq!(
        cost("query($n: Int) { page(page: {first: $n, after: \"x\"}) { count } }", r#"{"n": 2}"#)
            .total,
        1 + 1 + 2
    );
}

#[test]
fn estimates_go_by_the_usual_arguments_and_by_what_was_observed() {
    let schema = shop();
    let text = "query($n: Int) { habit(first: $n) { edges { tags } nodes { id } count } limited(limit: 2) { id } \
                plain { id } cats(first: 6) { id } }";
    let request = request(&schema, text);
    let variables: Object = request.coerce(&schema, &object(r#"{"n": 4}"#)).unwrap();
    let answer = request.bind(&schema, &Conditions::new()).selection;
    let query = schema.type_by_name("Query").unwrap();
    let observed = [("plain", 17), ("cats", 1)]
        .map(|(name, size)| (schema.ty(query).fields[name], size))
        .into_iter()
        .collect();
    for (observed, by_arguments, expected) in [
        (None, false, [10, 100, 10, 100, 10, 6]),
        (None, true, [4, 40, 4, 20, 10, 6]),
        (Some(&observed), true, [4, 40, 4, 20, 17, 6]),
    ] {
        let lists = Lists { size: 10, observed, by_arguments };
        let sizes = sizes(&schema, &variables, lists, &answer);
        let places = [
            &["habit(first: $n)", "edges"][..],
            &["habit(first: $n)", "edges", "tags"],
            &["habit(first: $n)", "nodes"],
            &["limited(limit: 2)"],
            &["plain"],
            &["cats(first: 6)"],
        ];
        let found = places.map(|place| {
            let place: Vec<String> = place.iter().map(|key| (*key).to_owned()).collect();
            sizes[&place]
        });
        assert_eq!(found, expected, "{observed:?} {by_arguments}");
    }
}

#[test]
fn given_arguments_cost() {
    assert_eq!(total("{ find { id } }"), 1);
    assert_eq!(total("{ find(text: null) { id } }"), 1);
    assert_eq!(total("{ find(by: [{}, {after: \"x\"}], text: \"y\") { id } }"), 1 + 1 + 3 + 6);
}

#[test]
fn the_dearest_type_counts() {
    assert_eq!(
        total("{ node(id: 1) { ... on Cat { self { id } } ... on Dog { self { id } } } }"),
        1 + 5
    );
    assert_eq!(total("{ node(id: 1) { self { id } ... on Cat { a: self { id } } } }"), 1 + 2);
}

#[test]
fn the_dearest_fields_are_told() {
    let cost = cost("{ dear cats(first: 100) { self { self { id } } } node(id: 1) { id } }", "{}");
    let told: Vec<(&str, u64, u64)> =
        cost.dearest.iter().map(|field| (&*field.path, field.cost, field.times)).collect();
    assert_eq!(told, [("cats", 100, 1), ("cats.self", 100, 100), ("cats.self.self", 100, 100)]);
    assert_eq!(cost.dearest[0].size, 100);
    assert_eq!(cost.total, 331);
}

#[test]
fn one_slicing_argument_must_be_given_where_that_is_asked_for() {
    assert_eq!(cost("{ one(first: 2) { id } }", "{}").unsliced, []);
    let none = cost("{ x: one { id } }", "{}");
    assert_eq!((none.total, none.unsliced[0].given, &*none.unsliced[0].path), (9, 0, "x"));
    assert_eq!(none.unsliced[0].arguments, ["first", "last"]);
    assert_eq!(cost("{ one(first: 1, last: 1) { id } }", "{}").unsliced[0].given, 2);
    assert_eq!(cost("query($n: Int) { one(first: $n) { id } }", "{}").unsliced[0].given, 0);
}

#[test]
fn answers_cost_what_they_hold() {
    let schema = shop();
    let text = "mutation { add(item: {count: 1}) }";
    let of = |text: &str, data: &str| {
        let request = request(&schema, text);
        let bound = request.bind(&schema, &request.conditions(&Object::new()).unwrap());
        bound.cost_of_answer(&schema, &Object::new(), &json::parse(data.as_bytes(), 64).unwrap())
    };
    assert_eq!(of(text, r#"{"add": 3}"#), 11);
    let text = "{ plain { id self { id } } nodes { id ... on Cat { id self { id } } } }";
    let data = r#"{"plain": [{"id": 1, "self": null}, null, {"id": 2, "self": {"id": 2}}],
        "nodes": [[{"id": 1, "self": {"id": 1}}], [{"id": 3}]]}"#;
    assert_eq!(of(text, data), 2 + 1 + 2 + 1);
    assert_eq!(of(text, "null"), 0);
}

#[test]
fn nothing_overflows() {
    let deep = "self { self { self { id } } }";
    let text = format!("{{ a: cats(first: 2147483647) {{ {deep} }} b: nodes {{ {deep} }} }}");
    assert!(total(&text) > 2_147_483_647);
    let schema = shop();
    let request = request(&schema, "{ nodes { id self { id } } }");
    let bound = request.bind(&schema, &request.conditions(&Object::new()).unwrap());
    assert_eq!(bound.cost(&schema, &Object::new(), u64::MAX).total, u64::MAX);
}

#[test]
fn what_is_fixed_costs_the_same_with_any_variables() {
    let fixed = |text: &str, variables: &str| cost(text, variables).fixed;
    assert!(fixed("{ cats(first: 5) { id } }", "{}"));
    assert!(!fixed("query($n: Int) { cats(first: $n) { id } }", r#"{"n":7}"#));
    assert!(!fixed("query($n: Int) { cats(first: $n) { id } }", "{}"));
}
