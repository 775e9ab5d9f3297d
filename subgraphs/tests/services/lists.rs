//! Pages: following cursors gives every item once, and bounds are kept.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::client::{ask, small};

/// Service, query with `$first` and `$after`, where the connection is, what tells items apart.
const LISTS: &[(&str, &str, &str, &str)] = &[
    ("users", "users(first: $first, after: $after)", "/users", "/node/id"),
    ("posts", "posts(first: $first, after: $after)", "/posts", "/node/id"),
    ("posts", "posts(topic: MUSIC, first: $first, after: $after)", "/posts", "/node/id"),
    ("feed", "feed(userId: 1, first: $first, after: $after)", "/feed", "/node/id"),
    (
        "notifications",
        "notifications(userId: 1, first: $first, after: $after)",
        "/notifications",
        "/node/id",
    ),
    (
        "notifications",
        "notifications(userId: 1, first: $first, after: $after, unreadOnly: true)",
        "/notifications",
        "/node/id",
    ),
    (
        "posts",
        "_entities(representations: $user) { ... on User { list: posts(first: $first, after: $after)",
        "/_entities/0/list",
        "/node/id",
    ),
    (
        "social",
        "_entities(representations: $user) { ... on User { list: followers(first: $first, after: $after)",
        "/_entities/0/list",
        "/node/id",
    ),
    (
        "social",
        "_entities(representations: $user) { ... on User { list: following(first: $first, after: $after)",
        "/_entities/0/list",
        "/node/id",
    ),
    (
        "feed",
        "_entities(representations: $user) { ... on User { list: feed(first: $first, after: $after)",
        "/_entities/0/list",
        "/node/id",
    ),
    (
        "messages",
        "_entities(representations: $user) { ... on User { list: conversations(first: $first, after: $after)",
        "/_entities/0/list",
        "/node/id",
    ),
    (
        "notifications",
        "_entities(representations: $user) { ... on User { list: notifications(first: $first, after: $after)",
        "/_entities/0/list",
        "/node/id",
    ),
];

#[tokio::test]
async fn cursors_lead_through_every_item_once() {
    let running = small().await;
    for (service, list, place, identity) in LISTS {
        let whole = walk(&running, service, list, place, identity, 100).await;
        let pieces = walk(&running, service, list, place, identity, 3).await;
        assert_eq!(whole, pieces, "{service} {list}");
        assert!(whole.len() > 3, "{service} {list}: only {} items", whole.len());
        assert_eq!(whole.iter().collect::<HashSet<_>>().len(), whole.len());
    }
}

#[tokio::test]
async fn comments_follow_their_own_cursors() {
    let running = small().await;
    let query = "query($after: String, $first: Int! = 100) { post(id: 3) { commentCount \
                 comments(first: $first, after: $after) { number cursor } } }";
    let mut post = 0;
    for id in 1..100 {
        let query = query.replace("id: 3", &format!("id: {id}"));
        let answer = ask(&running, "posts", &query, json!({})).await;
        if answer.data()["post"]["commentCount"].as_i64() >= Some(3) {
            post = id;
            break;
        }
    }
    let query = query.replace("id: 3", &format!("id: {post}"));
    let all = ask(&running, "posts", &query, json!({})).await;
    let all = all.data()["post"]["comments"].as_array().unwrap().clone();
    let mut after = Value::Null;
    for comment in &all {
        let next = ask(&running, "posts", &query, json!({ "after": after, "first": 1 })).await;
        assert_eq!(next.data()["post"]["comments"], json!([comment]));
        after = comment["cursor"].clone();
    }
    let end = ask(&running, "posts", &query, json!({ "after": after })).await;
    assert_eq!(end.data()["post"]["comments"], json!([]));
}

#[tokio::test]
async fn bounds_of_every_list_are_kept() {
    let running = small().await;
    for (service, list, _, _) in LISTS {
        for (first, after, message) in [
            (0, Value::Null, "`first` must be 1 to 100, but it is 0"),
            (101, Value::Null, "`first` must be 1 to 100, but it is 101"),
            (-5, Value::Null, "`first` must be 1 to 100, but it is -5"),
            (1, json!("garbage"), "`after` is not a cursor of the list"),
        ] {
            let answer = page(&running, service, list, first, after).await;
            let (code, told) = answer.error();
            assert_eq!(code, "BAD_USER_INPUT");
            assert!(told.starts_with(message), "{service}: {told}");
        }
    }
}

#[tokio::test]
async fn people_and_feeds_that_do_not_exist_are_null() {
    let running = small().await;
    for (service, field) in [
        ("users", "user(id: 99999) { id }"),
        ("users", "userByHandle(handle: \"nobody.at.all\") { id }"),
        ("posts", "post(id: \"not a number\") { id }"),
        ("feed", "feed(userId: 99999) { edges { cursor } }"),
        ("messages", "conversation(id: 99999) { id }"),
        ("notifications", "notifications(userId: 99999) { edges { cursor } }"),
    ] {
        let answer = ask(&running, service, &format!("{{ it: {field} }}"), json!({})).await;
        assert_eq!(answer.data(), &json!({ "it": null }), "{field}");
    }
}

#[tokio::test]
async fn the_most_followed_come_first() {
    let running = small().await;
    let query = "{ mostFollowed(first: 20) { followerCount } }";
    let answer = ask(&running, "social", query, json!({})).await;
    let counts: Vec<i64> = answer.data()["mostFollowed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["followerCount"].as_i64().unwrap())
        .collect();
    assert!(counts.is_sorted_by(|a, b| a >= b) && counts[0] > counts[19], "{counts:?}");
}

async fn walk(
    running: &tributary_subgraphs::Running,
    service: &str,
    list: &str,
    place: &str,
    identity: &str,
    first: i32,
) -> Vec<Value> {
    let (mut items, mut after) = (Vec::new(), Value::Null);
    loop {
        let answer = page(running, service, list, first, after).await;
        let connection = answer.data().pointer(place).expect("the list is there").clone();
        let edges = connection["edges"].as_array().unwrap();
        assert!(edges.len() <= first as usize);
        items.extend(edges.iter().map(|edge| edge.pointer(identity).unwrap().clone()));
        let info = &connection["pageInfo"];
        assert_eq!(
            info["endCursor"],
            edges.last().map_or(Value::Null, |edge| edge["cursor"].clone())
        );
        if info["hasNextPage"] == false {
            return items;
        }
        assert_eq!(edges.len(), first as usize);
        after = info["endCursor"].clone();
    }
}

async fn page(
    running: &tributary_subgraphs::Running,
    service: &str,
    list: &str,
    first: i32,
    after: Value,
) -> crate::client::Answer {
    let fields = "{ edges { cursor node { id } } pageInfo { hasNextPage endCursor } }";
    let (user, close) = match list.matches('{').count() {
        0 => ("", ""),
        _ => (", $user: [_Any!]!", " } }"),
    };
    let query = format!("query($first: Int!, $after: String{user}) {{ {list} {fields}{close} }}");
    let ana = json!([{ "__typename": "User", "id": "1", "handle": "ana.silva" }]);
    ask(running, service, &query, json!({ "first": first, "after": after, "user": ana })).await
}
