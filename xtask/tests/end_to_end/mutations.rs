//! Mutations change what later queries see, in the order in which they are written.

use serde_json::json;

use crate::programs::demo;

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn a_post_is_written_liked_and_read() {
    let (_services, router) = demo();
    let create = "mutation($input: CreatePostInput!) { createPost(input: $input) { \
                  id title likeCount author { name } } }";
    let input = json!({ "authorId": "3", "title": "A walk", "text": "Along the river." });
    let created = router.ask(create, json!({ "input": input })).data();
    let post = &created["createPost"];
    assert_eq!(post["title"], "A walk");
    assert_eq!(post["likeCount"], 0);
    assert!(post["author"]["name"].is_string());

    let like = "mutation($post: ID!) { \
                first: likePost(postId: $post, userId: 1) { likeCount } \
                second: likePost(postId: $post, userId: 2) { likeCount title } \
                again: likePost(postId: $post, userId: 2) { likeCount author { name } } }";
    let liked = router.ask(like, json!({ "post": post["id"] })).data();
    assert_eq!(liked["first"]["likeCount"], 1);
    assert_eq!(liked["second"], json!({ "likeCount": 2, "title": "A walk" }));
    assert_eq!(liked["again"]["likeCount"], 2);
    assert_eq!(liked["again"]["author"], post["author"]);

    let read = router.ask(
        "query($post: ID!) { post(id: $post) { likeCount } }",
        json!({
            "post": post["id"],
        }),
    );
    assert_eq!(read.data()["post"]["likeCount"], 2);
}

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn mutations_of_several_services_run_one_after_the_other() {
    let (_services, router) = demo();
    let people = "{ a: user(id: 5) { handle followerCount } b: user(id: 6) { handle } }";
    let people = router.ask(people, json!({})).data();
    let before = people["a"]["followerCount"].as_i64().unwrap();
    let text = "mutation($from: String!, $to: String!) { \
                follow(followerId: 299, followeeId: 5) { followerCount name } \
                sendMessage(input: { from: $from, to: $to, text: \"Hello\" }) { \
                  text sender { name } conversation { messageCount } } \
                later: follow(followerId: 300, followeeId: 5) { followerCount } }";
    let variables = json!({ "from": people["b"]["handle"], "to": people["a"]["handle"] });
    let done = router.ask(text, variables).data();
    let keys: Vec<&String> = done.as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 3);
    let first = done["follow"]["followerCount"].as_i64().unwrap();
    let later = done["later"]["followerCount"].as_i64().unwrap();
    assert!(first >= before && later >= first && later <= before + 2, "{before} {done:#}");
    assert_eq!(done["sendMessage"]["text"], "Hello");
    assert!(done["sendMessage"]["sender"]["name"].is_string());
}

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn a_notification_is_read_once_and_for_all() {
    let (services, router) = demo();
    let unread = "{ mostFollowed(first: 1) { id } }";
    let person = services.ask("social", unread, json!({}))["mostFollowed"][0]["id"].take();
    let query = "query($user: ID!) { notifications(userId: $user, unreadOnly: true, first: 1) { \
                 edges { node { id text } } } }";
    let page = router.ask(query, json!({ "user": person })).data();
    let notification = &page["notifications"]["edges"][0]["node"];
    assert!(notification["text"].as_str().is_some_and(|text| !text.is_empty()), "{page:#}");
    let mark = "mutation($id: ID!) { markNotificationRead(id: $id) { id read __typename } }";
    let marked = router.ask(mark, json!({ "id": notification["id"] })).data();
    assert_eq!(marked["markNotificationRead"]["read"], true);
    let page = router.ask(query, json!({ "user": person })).data();
    assert_ne!(page["notifications"]["edges"][0]["node"]["id"], notification["id"]);
}
