//! The number of SQL statements never grows with the number of representations or rows.

use crate::client::{ask, entities, small};
use serde_json::{Value, json};

/// Every entity type of every service with nested fields, and the statements that this text costs.
const CASES: &[(&str, &str, usize, &str)] = &[
    ("users", "User", 2, "{ ... on User { id handle name bio kind joinedAt email suspended } }"),
    (
        "posts",
        "Post",
        7,
        "{ __typename ... on Post { id title commentCount author { id postCount } \
         comments(first: 2) { text number post { title commentCount } \
         author { postCount posts(first: 2) { edges { node { title commentCount } } } } } } }",
    ),
    (
        "posts",
        "Comment",
        6,
        "{ ... on Comment { text post { title author { postCount } commentCount } \
         author { postCount } } }",
    ),
    (
        "posts",
        "User",
        5,
        "{ ... on User { postCount posts(first: 3) { edges { cursor node { title \
         comments(first: 1) { text } commentCount } } pageInfo { hasNextPage } } } }",
    ),
    (
        "social",
        "User",
        8,
        "{ ... on User { followerCount followingCount \
         followers(first: 3) { edges { since node { followerCount } } } \
         following(first: 3) { edges { node { followingCount followers(first: 2) { edges { cursor } } } } } } }",
    ),
    (
        "social",
        "Post",
        4,
        "{ ... on Post { likeCount engagement \
         likedBy(first: 3) { edges { at node { followerCount } } } } }",
    ),
    (
        "feed",
        "User",
        2,
        "{ ... on User { feed(first: 4) { edges { reason cursor node { id createdAt } } } } }",
    ),
    ("feed", "Post", 1, "{ ... on Post { createdAt hotness } }"),
    (
        "messages",
        "User",
        6,
        "{ ... on User { acceptsMessages conversations(first: 2) { edges { node { messageCount \
         participants { handle conversations(first: 1) { edges { cursor } } } \
         messages(first: 2) { edges { node { text sender { name } conversation { messageCount } } } } } } } } }",
    ),
    (
        "messages",
        "Conversation",
        3,
        "{ ... on Conversation { messageCount participants { handle } \
         messages(first: 2) { edges { node { text } } } } }",
    ),
    (
        "messages",
        "Message",
        2,
        "{ ... on Message { text sender { handle name } conversation { messageCount } } }",
    ),
    (
        "notifications",
        "User",
        4,
        "{ ... on User { unreadNotificationCount \
         notifications(first: 3) { edges { node { id read actor { unreadNotificationCount } } } } \
         unread: notifications(first: 3, unreadOnly: true) { edges { node { at } } } } }",
    ),
    ("notifications", "LikeNotification", 2, NOTIFICATION),
    ("notifications", "CommentNotification", 2, NOTIFICATION),
    ("notifications", "FollowNotification", 2, NOTIFICATION),
    ("notifications", "MessageNotification", 2, NOTIFICATION),
];

const NOTIFICATION: &str = "{ __typename \
    ... on LikeNotification { text actor { unreadNotificationCount } } \
    ... on CommentNotification { text actor { unreadNotificationCount } } \
    ... on FollowNotification { text actor { unreadNotificationCount } } \
    ... on MessageNotification { text actor { unreadNotificationCount } } }";

#[tokio::test]
async fn entities_of_every_type_cost_the_same_however_many() {
    let running = small().await;
    let handles = handles(&running).await;
    for (service, typename, cost, selection) in CASES {
        let mut counts = Vec::new();
        for many in [2, 40, 180] {
            let representations: Value =
                (1..=many).map(|id| representation(service, typename, id, &handles)).collect();
            let answer = entities(&running, service, representations, selection).await;
            let found = answer.data()["_entities"].as_array().unwrap();
            assert_eq!(found.len(), many);
            counts.push(answer.statements());
        }
        // A few may find nothing to nest, and many may find nested things loaded already; the most
        // is what the text costs.
        assert_eq!(
            counts.iter().max(),
            Some(cost),
            "{service} {typename}: {counts:?} statements for 2, 40 and 180 representations"
        );
        assert!(counts[2] <= counts[1], "{service} {typename}: {counts:?}");
    }
    running.shutdown().await;
}

#[tokio::test]
async fn representations_of_mixed_types_are_batched_too() {
    let running = small().await;
    let ask = |many: usize| {
        let of = |id| {
            let typename = if id % 2 == 0 { "Post" } else { "User" };
            representation("social", typename, id, &[])
        };
        let selection = "{ ... on User { followerCount } ... on Post { likeCount } }";
        let representations: Value = (1..=many).map(of).collect();
        entities(&running, "social", representations, selection)
    };
    // Known users, known posts, follower counts, like counts.
    assert_eq!(ask(4).await.statements(), 4);
    assert_eq!(ask(190).await.statements(), 4);
}

#[tokio::test]
async fn lists_of_lists_are_batched() {
    let running = small().await;
    let query = "query($first: Int!) { posts(first: $first) { edges { node { commentCount \
                 comments(first: 3) { author { posts(first: 2) { edges { node { commentCount } } } } } } } } }";
    let few = ask(&running, "posts", query, json!({ "first": 5 })).await;
    let many = ask(&running, "posts", query, json!({ "first": 100 })).await;
    assert_eq!(few.data()["posts"]["edges"].as_array().unwrap().len(), 5);
    assert_eq!(few.statements(), many.statements());
    assert_eq!(many.statements(), 5);
}

async fn handles(running: &tributary_subgraphs::Running) -> Vec<String> {
    let mut handles = Vec::new();
    let mut after = Value::Null;
    loop {
        let query = "query($after: String) { users(first: 100, after: $after) { \
                     edges { node { handle } } pageInfo { endCursor hasNextPage } } }";
        let answer = ask(running, "users", query, json!({ "after": after })).await;
        let users = &answer.data()["users"];
        for edge in users["edges"].as_array().unwrap() {
            handles.push(edge["node"]["handle"].as_str().unwrap().to_owned());
        }
        if users["pageInfo"]["hasNextPage"] == false {
            return handles;
        }
        after = users["pageInfo"]["endCursor"].clone();
    }
}

fn representation(service: &str, typename: &str, id: usize, handles: &[String]) -> Value {
    let mut value = json!({ "__typename": typename, "id": id.to_string() });
    match (service, typename) {
        ("messages", "User") => {
            value = json!({ "__typename": "User", "handle": handles[id - 1], "suspended": false });
        }
        ("posts", "Comment") if id.is_multiple_of(2) => {
            let post = json!({ "id": id.to_string() });
            value = json!({ "__typename": "Comment", "post": post, "number": 1 });
        }
        ("users", "User") if id.is_multiple_of(2) => {
            value = json!({ "__typename": "User", "handle": handles[id - 1] });
        }
        _ => {}
    }
    if typename == "Post" && service != "posts" {
        value["commentCount"] = json!(3);
        value["likeCount"] = json!(5);
    }
    if service == "notifications" {
        value["actor"] = json!({ "name": "Ana" });
        value["post"] = json!({ "title": "Tomatoes" });
    }
    value
}
