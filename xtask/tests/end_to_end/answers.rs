//! Queries over several services answer with the data that each service has when asked alone.

use serde_json::{Value, json};

use crate::programs::{Services, demo, top};

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn a_front_page_over_four_services_has_the_data_of_each() {
    let (services, router) = demo();
    let query = "query($user: ID!) { feed(userId: $user, first: 8) { edges { reason \
                 node { id title likeCount author { id name followerCount } } } } }";
    let answer = router.ask(query, json!({ "user": "1" })).data();
    let edges = answer["feed"]["edges"].as_array().unwrap();
    assert_eq!(edges.len(), 8, "{answer:#}");

    let alone = "{ feed(userId: \"1\", first: 8) { edges { reason node { id } } } }";
    let alone = services.ask("feed", alone, json!({}));
    for (edge, expected) in edges.iter().zip(alone["feed"]["edges"].as_array().unwrap()) {
        let post = &edge["node"];
        assert_eq!(edge["reason"], expected["reason"]);
        assert_eq!(post["id"], expected["node"]["id"]);
        let written = one(&services, "posts", "Post", &post["id"], "title author { id }");
        assert_eq!(post["title"], written["title"]);
        assert_eq!(post["author"]["id"], written["author"]["id"]);
        let liked = one(&services, "social", "Post", &post["id"], "likeCount");
        assert_eq!(post["likeCount"], liked["likeCount"]);
        let author = one(&services, "users", "User", &written["author"]["id"], "name");
        assert_eq!(post["author"]["name"], author["name"]);
        let known = one(&services, "social", "User", &written["author"]["id"], "followerCount");
        assert_eq!(post["author"]["followerCount"], known["followerCount"]);
    }
}

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn the_keys_of_an_answer_stand_in_the_order_of_the_query() {
    let (_services, router) = demo();
    let query = "{ b: user(id: 2) { name kind id } posts(first: 1) { edges { cursor node { \
                 likeCount title z: id } } } a: user(id: 1) { followerCount handle } }";
    let body = router.ask(query, json!({})).body;
    let place = |key: &str| body.find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{body}"));
    let order = [
        "b",
        "name",
        "kind",
        "id",
        "posts",
        "edges",
        "cursor",
        "node",
        "likeCount",
        "title",
        "z",
        "a",
        "followerCount",
        "handle",
    ];
    assert!(order.windows(2).all(|two| place(two[0]) < place(two[1])), "{body}");
}

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn requirements_come_from_other_services() {
    let (services, router) = demo();
    let query = "{ trending(first: 5) { id hotness engagement likeCount commentCount } }";
    let answer = router.ask(query, json!({})).data();
    let posts = answer["trending"].as_array().unwrap();
    assert_eq!(posts.len(), 5);
    for post in posts {
        let likes = one(&services, "social", "Post", &post["id"], "likeCount");
        let comments = one(&services, "posts", "Post", &post["id"], "commentCount");
        let (likes, comments) =
            (likes["likeCount"].as_i64().unwrap(), comments["commentCount"].as_i64().unwrap());
        assert_eq!(post["likeCount"], json!(likes));
        assert_eq!(post["engagement"], json!(likes + 2 * comments));
        let known = json!({ "likeCount": likes, "commentCount": comments });
        let hot = given(&services, "feed", "Post", &post["id"], known, "hotness");
        assert_eq!(post["hotness"], hot["hotness"]);
    }
}

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn what_is_inaccessible_is_hidden_and_still_required() {
    let (services, router) = demo();
    let query = "{ users(first: 100) { edges { node { id handle acceptsMessages } } } }";
    let answer = router.ask(query, json!({})).data();
    let mut held_back = 0;
    for edge in answer["users"]["edges"].as_array().unwrap() {
        let suspended = one(&services, "users", "User", &edge["node"]["id"], "suspended");
        if suspended["suspended"] == true {
            held_back += 1;
            assert_eq!(edge["node"]["acceptsMessages"], false);
        }
    }
    assert!(held_back > 0, "somebody is suspended");
    let refused = router.ask("{ user(id: 1) { email } }", json!({})).json();
    assert!(refused["errors"][0]["message"].is_string(), "{refused:#}");
    let types = router.ask("{ __type(name: \"User\") { fields { name } } }", json!({})).data();
    let has = |name: &str| {
        types["__type"]["fields"].as_array().unwrap().iter().any(|field| field["name"] == name)
    };
    assert!(has("handle") && has("followerCount"));
    assert!(!has("email") && !has("suspended"));
}

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn every_query_of_the_demo_is_answered_without_an_error() {
    let (_services, router) = demo();
    let mut asked = 0;
    for file in std::fs::read_dir(top().join("subgraphs/queries")).unwrap() {
        let path = file.unwrap().path();
        let query = std::fs::read_to_string(&path).unwrap();
        let answer = router.ask(&query, json!({}));
        assert!(answer.json().get("errors").is_none(), "{}: {}", path.display(), answer.body);
        let data = answer.data();
        let first = data.as_object().unwrap().values().next().unwrap();
        assert!(!first.is_null(), "{}: {data:#}", path.display());
        asked += 1;
    }
    assert_eq!(asked, 5);
}

/// One entity, asked of one service directly.
#[track_caller]
fn one(services: &Services, service: &str, typename: &str, id: &Value, selection: &str) -> Value {
    given(services, service, typename, id, json!({}), selection)
}

/// The same, with what the service requires of others.
#[track_caller]
fn given(
    services: &Services,
    service: &str,
    typename: &str,
    id: &Value,
    known: Value,
    selection: &str,
) -> Value {
    let mut representation = known;
    representation["__typename"] = json!(typename);
    representation["id"] = id.clone();
    let query = format!(
        "query($of: [_Any!]!) {{ _entities(representations: $of) {{ ... on {typename} {{ \
         {selection} }} }} }}"
    );
    let mut data = services.ask(service, &query, json!({ "of": [representation] }));
    data["_entities"][0].take()
}
