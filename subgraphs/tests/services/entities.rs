//! `_entities` with ids of nothing, several keys, required fields, and representations of bad will.

use crate::client::{entities, small};
use serde_json::json;

#[tokio::test]
async fn unknown_ids_are_null_at_their_own_place() {
    let running = small().await;
    let id = |id: &str| json!({ "__typename": "User", "id": id });
    let representations =
        json!([id("999999"), id("2"), id("no number"), id("1"), id("-1"), id("01"), id("2")]);
    let answer = entities(&running, "users", representations.clone(), "{ ... on User { id } }");
    let known = |id: &str| json!({ "id": id });
    let expected = json!([null, known("2"), null, known("1"), null, null, known("2")]);
    assert_eq!(answer.await.data()["_entities"], expected);
    for service in ["posts", "social", "feed", "notifications"] {
        let selection = "{ ... on User { id } }";
        let answer = entities(&running, service, representations.clone(), selection).await;
        assert_eq!(answer.data()["_entities"], expected, "{service}");
    }
}

#[tokio::test]
async fn every_type_has_unknown_ids() {
    let running = small().await;
    for (service, representation) in [
        ("users", json!({ "__typename": "User", "handle": "nobody.at.all" })),
        ("posts", json!({ "__typename": "Post", "id": "999999" })),
        ("posts", json!({ "__typename": "Comment", "id": "999999" })),
        ("posts", json!({ "__typename": "Comment", "post": { "id": "1" }, "number": 99 })),
        ("posts", json!({ "__typename": "Comment", "post": { "id": "none" }, "number": 1 })),
        ("social", json!({ "__typename": "Post", "id": "999999" })),
        ("feed", json!({ "__typename": "Post", "id": "999999" })),
        ("messages", json!({ "__typename": "User", "handle": "nobody.at.all" })),
        ("messages", json!({ "__typename": "Conversation", "id": "999999" })),
        ("messages", json!({ "__typename": "Message", "id": "999999" })),
        ("notifications", json!({ "__typename": "LikeNotification", "id": "999999" })),
    ] {
        let answer = entities(&running, service, json!([representation]), "{ __typename }").await;
        assert_eq!(answer.data()["_entities"], json!([null]), "{service} {representation}");
    }
}

#[tokio::test]
async fn both_keys_lead_to_the_same_user_and_comment() {
    let running = small().await;
    let by = json!([
        { "__typename": "User", "id": "1" },
        { "__typename": "User", "handle": "ana.silva" },
        { "__typename": "User", "id": 1 }
    ]);
    let answer = entities(&running, "users", by, "{ ... on User { id handle name } }").await;
    let ana = json!({ "id": "1", "handle": "ana.silva", "name": "Ana Silva" });
    assert_eq!(answer.data()["_entities"], json!([ana, ana, ana]));

    let by = json!([{ "__typename": "Comment", "id": "1" }]);
    let selection = "{ ... on Comment { id number text post { id } } }";
    let comment = entities(&running, "posts", by, selection).await.data()["_entities"][0].clone();
    let by =
        json!([{ "__typename": "Comment", "post": comment["post"], "number": comment["number"] }]);
    let answer = entities(&running, "posts", by, selection).await;
    assert_eq!(answer.data()["_entities"][0], comment);
}

#[tokio::test]
async fn hostile_representations_get_clear_errors() {
    let running = small().await;
    let good = json!({ "__typename": "Post", "id": "1" });
    for (bad, message) in [
        (json!({ "id": "1" }), "`__typename` is missing"),
        (json!({ "__typename": 7, "id": "1" }), "`__typename` must be a string, not a number"),
        (
            json!({ "__typename": "Spaceship", "id": "1" }),
            "`Spaceship` is no entity of this service (it has Post, Comment and User)",
        ),
        (json!({ "__typename": "Post" }), "`id` must be an id (a string), but it is missing"),
        (
            json!({ "__typename": "Post", "id": { "a": [1] } }),
            "`id` must be an id (a string), but it is an object",
        ),
        (
            json!({ "__typename": "Post", "id": 1.5 }),
            "`id` must be an id (a string), but it is a number",
        ),
        (json!({ "__typename": "Comment" }), "a Comment needs `id` or `post { id } number`"),
        (
            json!({ "__typename": "Comment", "post": "1", "number": 1 }),
            "`post` must be an object, but it is a string",
        ),
        (
            json!({ "__typename": "Comment", "post": { "id": "1" }, "number": "1" }),
            "`number` must be a whole number, but it is a string",
        ),
        (json!([]), "must be an object, but it is a list"),
        (json!(null), "must be an object, but it is null"),
        (json!("Post"), "must be an object, but it is a string"),
    ] {
        let answer = entities(&running, "posts", json!([good, bad]), "{ __typename }").await;
        let (code, told) = answer.error();
        assert_eq!(answer.status, 200);
        assert_eq!(
            (code, told),
            ("BAD_REPRESENTATION", &*format!("representations[1]: {message}"))
        );
        assert_eq!(answer.body["errors"][0]["path"], json!(["_entities"]));
    }
}

#[tokio::test]
async fn representations_must_be_a_list() {
    let running = small().await;
    for bad in [json!(null), json!(7)] {
        let answer = entities(&running, "posts", bad, "{ __typename }").await;
        assert!(answer.body["errors"][0]["message"].is_string(), "{}", answer.body);
        assert_eq!(answer.body.get("data"), None);
    }
    // A single value stands for a list of it, as everywhere in GraphQL.
    let one =
        entities(&running, "posts", json!({ "__typename": "Post", "id": "1" }), "{ __typename }");
    assert_eq!(one.await.data()["_entities"], json!([{ "__typename": "Post" }]));
}

#[tokio::test]
async fn required_fields_come_from_the_representation() {
    let running = small().await;
    let like = "{ ... on Post { id likeCount engagement } }";
    let given = json!([
        { "__typename": "Post", "id": "1", "commentCount": 10 },
        { "__typename": "Post", "id": "2", "commentCount": 0 }
    ]);
    let answer = entities(&running, "social", given, like).await;
    for (entity, comments) in answer.data()["_entities"].as_array().unwrap().iter().zip([10, 0]) {
        let likes = entity["likeCount"].as_i64().unwrap();
        assert_eq!(entity["engagement"], likes + 2 * comments);
    }
    let given = json!([{ "__typename": "User", "handle": "ana.silva", "suspended": true }]);
    let accepts = "{ ... on User { acceptsMessages } }";
    let answer = entities(&running, "messages", given, accepts).await;
    assert_eq!(answer.data()["_entities"], json!([{ "acceptsMessages": false }]));
}

#[tokio::test]
async fn a_missing_required_field_fails_its_own_entity() {
    let running = small().await;
    let given = json!([
        { "__typename": "Post", "id": "1", "commentCount": 1 },
        { "__typename": "Post", "id": "2" },
        { "__typename": "Post", "id": "3", "commentCount": 1 }
    ]);
    let answer = entities(&running, "social", given, "{ ... on Post { id engagement } }").await;
    let (code, message) = answer.error();
    assert_eq!(code, "REQUIRES_MISSING");
    assert!(message.starts_with("Post.engagement requires `commentCount`"), "{message}");
    assert_eq!(answer.body["errors"][0]["path"], json!(["_entities", 1, "engagement"]));
    let entities = &answer.body["data"]["_entities"];
    assert_eq!(
        (&entities[0]["id"], &entities[1], &entities[2]["id"]),
        (&json!("1"), &json!(null), &json!("3"))
    );
}

#[tokio::test]
async fn a_notification_of_another_kind_is_not_found() {
    let running = small().await;
    let kinds =
        ["LikeNotification", "CommentNotification", "FollowNotification", "MessageNotification"];
    for id in 1..20 {
        let as_each: Vec<_> =
            kinds.iter().map(|kind| json!({ "__typename": kind, "id": id.to_string() })).collect();
        let answer = entities(&running, "notifications", json!(as_each), "{ __typename }").await;
        let found = answer.data()["_entities"].as_array().unwrap();
        let matching =
            found.iter().zip(kinds).filter(|(found, kind)| found["__typename"] == **kind);
        assert_eq!(matching.count(), 1, "{found:?}");
        assert_eq!(found.iter().filter(|found| found.is_null()).count(), 3);
    }
}

#[tokio::test]
async fn ten_thousand_representations_are_one_call() {
    let running = small().await;
    let many: Vec<_> = (0..10_000)
        .map(|id| json!({ "__typename": "Post", "id": (id % 900).to_string(), "commentCount": 1 }))
        .collect();
    let answer =
        entities(&running, "social", json!(many), "{ ... on Post { id engagement } }").await;
    let found = answer.data()["_entities"].as_array().unwrap();
    assert_eq!(found.len(), 10_000);
    assert!(found[0].is_null() && found[850].is_null());
    assert_eq!(found[899 + 1 + 5]["id"], "5");
    assert_eq!(answer.statements(), 2);
}
