//! Tests of the subgraphs themselves.

use json::Json;

use crate::subgraph::Subgraph;
use crate::value::Counters;

const SDL: &str = r#"
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@shareable", {name: "@key", as: "@id"}])
    type Query { me: User  top(first: Int = 2): [User!]  bad: User  deep: [User!]! }
    type User @id(fields: "id") @id(fields: "org { name } nick", resolvable: false) {
        id: ID!  name: String @shareable  nick: String  org: Org  tax: String @federation__requires(fields: "income")
        income: Int @federation__external
        age: Int!
    }
    type Org { name: String! }
    extend type Cat implements Pet @id(fields: "id") { id: ID! says: String }
    interface Pet { id: ID! }
    extend type Mutation { tick: Int }
"#;

const DATA: &str = r#"{
    "Query": {
        "me": {"id": "1"},
        "top": {"$switch": [{"when": {"first": 1}, "then": [{"id": "1"}]}, {"then": [{"id": "1"}, {"id": "2"}]}]},
        "bad": {"$error": "no", "extensions": {"code": "NO"}},
        "deep": [{"id": "2"}]
    },
    "Mutation": {"tick": {"$next": "t"}},
    "User": [
        {"id": "1", "name": "Ada", "age": 1.50, "tax": {"$text": "{income}!"}, "nick": "a", "org": {"name": "X"}},
        {"id": "2", "name": null, "age": null}
    ],
    "Cat": [{"id": "9", "says": "meow"}]
}"#;

fn ask(query: &str, variables: &str) -> (String, Vec<String>) {
    let subgraph = Subgraph::new("s", SDL, DATA).unwrap();
    let variables = json::parse(variables.as_bytes(), 10).unwrap();
    let body = Json::from_iter([("query", Json::from(query)), ("variables", variables)]);
    let mut violations = Vec::new();
    let counters = Counters::default();
    let answer = subgraph.answer(&body, &counters, &mut violations).unwrap();
    (String::from_utf8(answer.body.to_vec()).unwrap(), violations)
}

fn plain(query: &str) -> String {
    let (answer, violations) = ask(query, "{}");
    assert_eq!(violations, Vec::<String>::new());
    answer
}

#[test]
fn fields_are_found_in_rows_and_numbers_keep_their_text() {
    assert_eq!(
        plain("{ me { n: name age __typename } }"),
        r#"{"data":{"me":{"n":"Ada","age":1.50,"__typename":"User"}}}"#
    );
}

#[test]
fn arguments_choose_and_defaults_count() {
    assert_eq!(plain("{ top(first: 1) { id } }"), r#"{"data":{"top":[{"id":"1"}]}}"#);
    assert_eq!(plain("{ top { id } }"), r#"{"data":{"top":[{"id":"1"},{"id":"2"}]}}"#);
}

#[test]
fn nulls_bubble_and_errors_have_paths() {
    assert_eq!(
        plain("{ bad { id } top { age } }"),
        r#"{"data":{"bad":null,"top":null},"errors":[{"message":"no","path":["bad"],"extensions":{"code":"NO"}},{"message":"a value of type Int! is null","path":["top",1,"age"]}]}"#
    );
    assert!(plain("{ deep { age } }").starts_with(r#"{"data":null,"errors""#));
}

#[test]
fn entities_are_found_by_key_and_read_their_representation() {
    let query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on User { name tax } ... on Cat { says } } }";
    let (answer, violations) = ask(
        query,
        r#"{"r": [{"__typename": "User", "id": "1", "income": 7}, {"__typename": "User", "id": "3"}, {"__typename": "Cat", "id": "9"}, {"__typename": "Pet", "id": "9"}]}"#,
    );
    assert_eq!(violations.len(), 1, "Pet has no key: {violations:?}");
    assert!(
        answer.starts_with(
            r#"{"data":{"_entities":[{"name":"Ada","tax":"7!"},null,{"says":"meow"},null]}"#
        ),
        "{answer}"
    );
}

#[test]
fn what_breaks_the_rules_is_a_violation() {
    let entity = "query($r: [_Any!]!) { _entities(representations: $r) { ... on User { tax } } }";
    for (query, variables, told) in [
        ("{ me { nonsense } }", "{}", "nonsense"),
        ("{ me { income } }", "{}", "there is no data for `User.income`"),
        ("{ me { tax } }", "{}", "was not entered"),
        (entity, r#"{"r": [{"__typename": "User", "id": "1"}]}"#, "is not in"),
        (entity, r#"{"r": [{"__typename": "User", "id": null}]}"#, "no resolvable key"),
        (
            entity,
            r#"{"r": [{"__typename": "User", "nick": "a", "org": {"name": "X"}}]}"#,
            "no resolvable key",
        ),
        (entity, "{}", "is missing"),
        ("{ me { id } }", r#"{"r": 1}"#, "no variable $r"),
    ] {
        let (_, violations) = ask(query, variables);
        assert!(violations.iter().any(|it| it.contains(told)), "{query}: {violations:?}");
    }
}

#[test]
fn counters_count_and_mutations_answer() {
    assert_eq!(plain("mutation { a: tick b: tick }"), r#"{"data":{"a":1,"b":2}}"#);
}
