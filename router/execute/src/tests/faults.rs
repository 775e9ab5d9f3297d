//! What goes wrong with subgraphs, and what clients are told of it.

use std::num::NonZeroUsize;

use super::{Reply, World, plays};
use crate::UpstreamError;

const BOOK: &str = r#"{"data":{"book":{"id":"1","name":"Emma"}}}"#;

/// What is told when `stock` answers so to a fetch of a nullable and a non-null field.
#[track_caller]
fn told(reply: Reply) -> String {
    let played = plays("{ book { name stock } }", [("catalog", BOOK.into()), ("stock", reply)]);
    assert_eq!(played.data(), r#"{"book":{"name":"Emma","stock":null}}"#);
    let errors = played.errors();
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors[0].clone()
}

#[test]
fn no_answer_is_one_error_and_keeps_what_others_said() {
    assert_eq!(
        told(Reply::Fails(UpstreamError::Timeout)),
        r#"SUBREQUEST_TIMEOUT ["book","stock"] Subgraph "stock" did not answer in time."#
    );
    assert_eq!(
        told(Reply::Fails(UpstreamError::Unreachable("10.0.0.7 refused".into()))),
        r#"SUBREQUEST_HTTP_ERROR ["book","stock"] Subgraph "stock" could not be reached."#
    );
    assert_eq!(
        told(Reply::Fails(UpstreamError::TooLarge(10))),
        r#"SUBREQUEST_RESPONSE_TOO_LARGE ["book","stock"] Subgraph "stock" answered with more than 10 bytes."#
    );
}

#[test]
fn answers_that_are_no_graphql_are_one_error() {
    let http = |status: u16, body: &str| told(Reply::Status(status, body.into()));
    let malformed = |what: &str| {
        format!(
            r#"SUBREQUEST_MALFORMED_RESPONSE ["book","stock"] Subgraph "stock" answered with {what}."#
        )
    };
    let status = |what: &str| {
        format!(r#"SUBREQUEST_HTTP_ERROR ["book","stock"] Subgraph "stock" answered with {what}."#)
    };
    assert_eq!(http(500, "<html>"), status("HTTP status 500"));
    assert_eq!(http(503, ""), status("HTTP status 503"));
    assert_eq!(http(404, r#"{"message":"no"}"#), status("HTTP status 404"));
    assert_eq!(http(200, "<html>"), malformed("something that is not JSON"));
    assert_eq!(http(200, ""), malformed("an empty body"));
    assert_eq!(http(200, "[]"), malformed("JSON that is not an object"));
    assert_eq!(http(200, "{}"), malformed("neither data nor errors"));
    assert_eq!(http(200, r#"{"data":null,"errors":[]}"#), malformed("neither data nor errors"));
    assert_eq!(http(200, r#"{"data":7}"#), malformed("data that is not an object"));
    assert_eq!(http(200, r#"{"data":{},"errors":{}}"#), malformed("errors that are not a list"));
    // This is a GraphQL response; it is told where the entities are.
    let without =
        r#"SUBREQUEST_MALFORMED_RESPONSE ["book"] Subgraph "stock" answered without the entities."#;
    assert_eq!(http(200, r#"{"data":{}}"#), without);
    let misshapen = without.replace("out the entities", " a value where an entity was expected");
    assert_eq!(http(200, r#"{"data":{"_entities":["Emma"]}}"#), misshapen);
    assert_eq!(http(200, &"[".repeat(100_000)), malformed("something that is not JSON"));
}

#[test]
fn a_graphql_answer_counts_whatever_the_status() {
    let played =
        plays("{ book { name } }", [("catalog", Reply::Status(500, format!("\u{feff} {BOOK}")))]);
    assert_eq!(played.text(), r#"{"data":{"book":{"name":"Emma"}}}"#);
}

#[test]
fn a_failed_subgraph_explains_the_nulls_that_come_of_it() {
    let played = plays(
        "{ sure { id ... on Book { price tax } } open }",
        [
            (
                "catalog",
                Reply::from(
                    r#"{"data":{"sure":[{"__typename":"Book","id":"1"},{"__typename":"Book","id":"2"}]}}"#,
                ),
            ),
            ("stock", Reply::Fails(UpstreamError::Timeout)),
        ],
    );
    assert_eq!(played.data(), "null");
    // `tax` needs what `stock` was to say: that it was never asked for is no news.
    assert_eq!(
        played.errors(),
        [
            r#"SUBREQUEST_TIMEOUT ["open"] Subgraph "stock" did not answer in time."#,
            r#"SUBREQUEST_TIMEOUT ["sure"] Subgraph "stock" did not answer in time."#,
        ]
    );
}

#[test]
fn what_was_not_asked_for_want_of_a_failed_answer_is_no_news() {
    let played = plays(
        "{ book { name tax } }",
        [
            ("catalog", BOOK.into()),
            ("stock", Reply::Says(r#"{"errors":[{"path":["_entities",0,"code"]}]}"#.into())),
        ],
    );
    assert_eq!(played.data(), r#"{"book":null}"#);
    // The client did not ask for `code`, so that the error is told where it is of use.
    assert_eq!(
        played.errors(),
        [r#"DOWNSTREAM_SERVICE_ERROR ["book"] Subgraph "stock" reported an error."#]
    );
}

#[test]
fn a_null_that_another_subgraph_is_to_blame_for_is_told() {
    let played = plays(
        "{ book { title stock } }",
        [
            ("catalog", Reply::from(r#"{"data":{"book":{"id":"1","title":null}}}"#)),
            ("stock", Reply::Fails(UpstreamError::Timeout)),
        ],
    );
    assert_eq!(played.data(), r#"{"book":null}"#);
    assert_eq!(
        played.errors(),
        [
            r#"SUBREQUEST_TIMEOUT ["book","stock"] Subgraph "stock" did not answer in time."#,
            r#"NULL_IN_NON_NULLABLE_FIELD ["book","title"] Cannot return null for non-nullable field Book.title."#,
        ]
    );
}

#[test]
fn errors_are_told_at_each_position_and_alias() {
    let played = plays(
        "{ list: products { ... on Book { cost: price again: price n: price(in: \"EUR\") } } }",
        [
            (
                "catalog",
                r#"{"data":{"products":[{"__typename":"Book","id":"2"},{"__typename":"Book","id":"1"},{"__typename":"Book","id":"2"}]}}"#,
            ),
            (
                "stock",
                r#"{"data":{"_entities":[null,{"price":1,"_1_price":2}]},"errors":[{"message":"secret","path":["_entities",0,"_1_price"],"extensions":{"code":"NO_RATE","host":"db7"}}]}"#,
            ),
        ],
    );
    assert_eq!(played.data(), r#"{"list":[null,{"cost":1,"again":1,"n":2},null]}"#);
    assert_eq!(
        played.errors(),
        [
            r#"NO_RATE ["list",0,"n"] Subgraph "stock" reported an error."#,
            r#"NO_RATE ["list",2,"n"] Subgraph "stock" reported an error."#,
        ]
    );
    let extensions = r#""extensions":{"code":"NO_RATE","service":"stock"}"#;
    assert!(played.text().contains(extensions), "{}", played.text());
    assert!(!played.text().contains("secret") && !played.text().contains("db7"));
}

#[test]
fn messages_and_extensions_are_shown_where_that_is_allowed() {
    let mut world = World::new();
    let catalog = world.graph.schema().subgraphs().next().unwrap().0;
    world.options.show_messages_of.insert(catalog);
    let answer = r#"{"data":null,"errors":[{"message":"no books","path":["book"],"extensions":{"retry":false,"service":"x"}}]}"#;
    let played = world.play("{ book { name } }", [("catalog", answer)]);
    assert_eq!(
        played.text(),
        r#"{"errors":[{"message":"no books","path":["book"],"extensions":{"code":"DOWNSTREAM_SERVICE_ERROR","service":"catalog","retry":false}}],"data":{"book":null}}"#
    );
}

#[test]
fn errors_without_a_place_are_told_where_the_fetch_was_for() {
    for errors in [
        r#"[{"message":"m"}]"#,
        "[null]",
        "[7]",
        r#"[{"path":"book"}]"#,
        r#"[{"path":[null,1.5]}]"#,
        r#"[{"path":["_entities"]}]"#,
        r#"[{"path":["_entities",9,"stock"]}]"#,
        r#"[{"path":["other"]}]"#,
    ] {
        let body = format!(r#"{{"data":{{"_entities":null}},"errors":{errors}}}"#);
        let error = told(Reply::Says(body));
        let expected = r#"DOWNSTREAM_SERVICE_ERROR ["book"] Subgraph "stock" reported an error."#;
        assert_eq!(error, expected, "{errors}");
    }
}

#[test]
fn each_part_of_a_batch_that_got_nothing_fails_with_an_error_of_its_own() {
    let stock = |data: &str, errors: &str| format!(r#"{{"data":{data},"errors":{errors}}}"#);
    let catalog = r#"{"data":{"book":{"id":"1"},"products":[{"__typename":"Pen","id":"2"},{"__typename":"Pen","id":"3"}]}}"#;
    let book = r#"DOWNSTREAM_SERVICE_ERROR ["book"] Subgraph "stock" reported an error."#;
    let pens = r#"DOWNSTREAM_SERVICE_ERROR ["products"] Subgraph "stock" reported an error."#;
    let pen =
        r#"DOWNSTREAM_SERVICE_ERROR ["products",1,"stock"] Subgraph "stock" reported an error."#;
    for (reply, expected) in [
        // It fails as a whole, for a reason that names one of the two, none or both.
        (stock("null", r#"[{"message":"m","path":["_e0"]}]"#), vec![book, pens]),
        (stock("null", r#"[{"message":"m","path":["_e1"]}]"#), vec![pens, book]),
        (stock("null", r#"[{"message":"m"}]"#), vec![book, pens]),
        (
            stock("null", r#"[{"message":"m","path":["_e1"]},{"message":"m","path":["_e0"]}]"#),
            vec![pens, book],
        ),
        // It says null for one of them and nothing of why.
        (
            stock(
                r#"{"_e0":null,"_e1":[{"stock":1},{"stock":null}]}"#,
                r#"[{"message":"m","path":["_e1",1,"stock"]}]"#,
            ),
            vec![pen, book],
        ),
    ] {
        let played = plays(
            "{ book { stock } products { ... on Pen { stock } } }",
            [("catalog", catalog), ("stock", reply.as_str())],
        );
        assert_eq!(played.asked.len(), 2, "the parts are batched");
        assert_eq!(played.errors(), expected, "{reply}");
    }
}

#[test]
fn a_null_that_a_subgraph_explained_is_not_told_again() {
    // The subgraph let the null of `title` go up to `must`, and that to its data.
    let played = plays(
        "{ must { title } book { title } }",
        [("catalog", r#"{"data":null,"errors":[{"message":"m","path":["must","title"]}]}"#)],
    );
    assert_eq!(
        played.text(),
        r#"{"errors":[{"message":"Subgraph \"catalog\" reported an error.","path":["must","title"],"extensions":{"code":"DOWNSTREAM_SERVICE_ERROR","service":"catalog"}}],"data":null}"#
    );
}

#[test]
fn errors_beyond_the_limit_are_counted() {
    let mut world = World::new();
    world.options.most_errors = NonZeroUsize::new(2).unwrap();
    let errors: Vec<String> =
        (0..5).map(|index| format!(r#"{{"path":["products",{index},"name"]}}"#)).collect();
    let item = r#"{"__typename":"Book","name":null}"#;
    let body = format!(
        r#"{{"data":{{"products":[{}]}},"errors":[{}]}}"#,
        [item; 5].join(","),
        errors.join(",")
    );
    let played = world.play("{ products { name } }", [("catalog", body.as_str())]);
    assert_eq!(
        played.errors(),
        [
            r#"DOWNSTREAM_SERVICE_ERROR ["products",0,"name"] Subgraph "catalog" reported an error."#,
            r#"DOWNSTREAM_SERVICE_ERROR ["products",1,"name"] Subgraph "catalog" reported an error."#,
            "TOO_MANY_ERRORS - 3 more errors are not shown.",
        ]
    );
}

#[test]
fn an_answer_may_not_grow_beyond_its_bound() {
    let mut world = World::new();
    world.options.answer_bytes = NonZeroUsize::new(8_000).unwrap();
    let name = "x".repeat(300);
    let books = |count: usize| {
        let item = r#"{"__typename":"Book","id":"1"}"#;
        format!(r#"{{"data":{{"products":[{}]}}}}"#, vec![item; count].join(","))
    };
    let code = format!(r#"{{"data":{{"_entities":[{{"code":"{name}"}}]}}}}"#);
    let ask = |count: usize| {
        world.play(
            "{ products { ... on Book { code } } }",
            [("catalog", books(count).as_str()), ("stock", code.as_str())],
        )
    };
    assert_eq!(ask(2).errors(), [""; 0]);
    assert_eq!(
        ask(20).errors(),
        [
            r#"ANSWER_TOO_LARGE ["products"] Subgraph "stock" answered with more than fits into the answer."#
        ]
    );
    let book = format!(r#"{{"data":{{"book":{{"name":"{name}"}}}}}}"#);
    let aliases: Vec<String> = (0..30).map(|index| format!("a{index}: name")).collect();
    let operation = format!("{{ book {{ {} }} }}", aliases.join(" "));
    let played = world.play(&operation, [("catalog", book.as_str())]);
    assert_eq!(
        played.errors(),
        ["ANSWER_TOO_LARGE - The answer takes more than 8000 bytes of memory."]
    );
    assert_eq!(played.data(), "null");
}
