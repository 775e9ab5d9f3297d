//! What mutations change, what they tell others, and what they refuse.

use serde_json::{Value, json};
use tributary_subgraphs::Running;

use crate::client::{Answer, ask, entities, small};

#[tokio::test]
async fn a_post_reaches_the_feeds_of_followers() {
    let running = small().await;
    let follow = "mutation { follow(followerId: 5, followeeId: 6) { id followerCount } }";
    ask(&running, "social", follow, json!({})).await.data();
    let query = "mutation($input: CreatePostInput!) { createPost(input: $input) \
                 { id title text topic commentCount comments { id } author { id postCount } } }";
    let before = post_count(&running, "6").await;
    let input =
        json!({ "authorId": "6", "title": " Rain ", "text": "At last.", "topic": "GARDENING" });
    let answer = ask(&running, "posts", query, json!({ "input": input })).await;
    let post = &answer.data()["createPost"];
    assert_eq!(post["id"], "801");
    assert_eq!((&post["title"], &post["topic"]), (&json!("Rain"), &json!("GARDENING")));
    assert_eq!(post["author"], json!({ "id": "6", "postCount": before + 1 }));
    assert_eq!(post["comments"], json!([]));
    let query = "{ feed(userId: 5, first: 1) { edges { reason node { id } } } }";
    let answer = ask(&running, "feed", query, json!({})).await;
    let edge = json!({ "reason": "FOLLOWED_AUTHOR", "node": { "id": "801" } });
    assert_eq!(answer.data()["feed"]["edges"], json!([edge]));

    let query =
        "mutation { createPost(input: {authorId: 6, title: \"x\", text: \"y\"}) { topic } }";
    let answer = ask(&running, "posts", query, json!({})).await;
    assert_eq!(answer.data()["createPost"], json!({ "topic": "LIFE" }));
    let query = "mutation($input: CreatePostInput!) { createPost(input: $input) { topic } }";
    let input = json!({ "authorId": "6", "title": "x", "text": "y" });
    let answer = ask(&running, "posts", query, json!({ "input": input })).await;
    assert_eq!(answer.data()["createPost"], json!({ "topic": "LIFE" }));
}

#[tokio::test]
async fn a_comment_gets_the_next_number_and_is_told() {
    let running = small().await;
    let query = "mutation($author: ID!) { addComment(input: {postId: 4, authorId: $author, text: \"Well said\"}) \
                 { number text post { id commentCount author { id } } } }";
    let one = ask(&running, "posts", query, json!({ "author": "9" })).await;
    let two = ask(&running, "posts", query, json!({ "author": "9" })).await;
    let (one, two) = (&one.data()["addComment"], &two.data()["addComment"]);
    assert_eq!(one["number"].as_i64().unwrap() + 1, two["number"].as_i64().unwrap());
    assert_eq!(two["post"]["commentCount"], two["number"]);
    let author = two["post"]["author"]["id"].as_str().unwrap();
    if author != "9" {
        let newest = newest(&running, author).await;
        assert_eq!(newest["__typename"], "CommentNotification");
        assert_eq!(newest["subject"], json!({ "number": two["number"], "post": { "id": "4" } }));
    }
}

#[tokio::test]
async fn liking_counts_once_and_tells_the_author() {
    let running = small().await;
    let post = "mutation { createPost(input: {authorId: 6, title: \"t\", text: \"x\"}) { id } }";
    ask(&running, "posts", post, json!({})).await.data();
    let like = "mutation { a: likePost(postId: 801, userId: 3) { likeCount } \
                b: likePost(postId: 801, userId: 4) { likeCount likedBy { edges { node { id } } } } \
                again: likePost(postId: 801, userId: 3) { id likeCount } }";
    let answer = ask(&running, "social", like, json!({})).await;
    let data = answer.data();
    assert_eq!(data["a"], json!({ "likeCount": 1 }));
    assert_eq!(data["b"]["likeCount"], 2);
    assert_eq!(data["b"]["likedBy"]["edges"][1]["node"]["id"], "4");
    assert_eq!(data["again"], json!({ "id": "801", "likeCount": 2 }));
    let newest = newest(&running, "6").await;
    assert_eq!(newest["__typename"], "LikeNotification");
    assert_eq!((&newest["actor"]["id"], &newest["read"]), (&json!("4"), &json!(false)));
}

#[tokio::test]
async fn following_counts_once_and_is_told() {
    let running = small().await;
    let count = "{ ... on User { followerCount } }";
    let user = json!([{ "__typename": "User", "id": "150" }]);
    let before = entities(&running, "social", user, count).await;
    let before = before.data()["_entities"][0]["followerCount"].as_i64().unwrap();
    let follow =
        "mutation($who: ID!) { follow(followerId: $who, followeeId: 150) { followerCount } }";
    let mut after = before;
    for who in ["199", "199", "200"] {
        let answer = ask(&running, "social", follow, json!({ "who": who })).await;
        after = answer.data()["follow"]["followerCount"].as_i64().unwrap();
    }
    assert!(after <= before + 2 && after >= before, "{before} {after}");
    let new = if after > before { "FollowNotification" } else { return };
    assert_eq!(newest(&running, "150").await["__typename"], new);
}

#[tokio::test]
async fn a_message_opens_a_conversation_and_continues_it() {
    let running = small().await;
    let (ana, other) = ("ana.silva".to_owned(), handle(&running, "77").await);
    let send = "mutation($from: String!, $to: String!) { \
                sendMessage(input: {from: $from, to: $to, text: \"Hello\"}) \
                { id text sender { handle name } conversation { id messageCount participants { handle } } } }";
    let one = ask(&running, "messages", send, json!({ "from": ana, "to": other })).await;
    let one = one.data()["sendMessage"].clone();
    assert_eq!(one["sender"], json!({ "handle": "ana.silva", "name": "Ana Silva" }));
    let two = ask(&running, "messages", send, json!({ "from": other, "to": ana })).await;
    let two = &two.data()["sendMessage"];
    assert_eq!(one["conversation"]["id"], two["conversation"]["id"]);
    let counts = [&one, two].map(|it| it["conversation"]["messageCount"].as_i64().unwrap());
    assert_eq!(counts[0] + 1, counts[1]);
    let newest = newest(&running, "1").await;
    assert_eq!(newest["__typename"], "MessageNotification");
    assert_eq!(newest["subject"], json!({ "id": one["conversation"]["id"] }));
}

#[tokio::test]
async fn a_notification_is_read_once_and_for_all() {
    let running = small().await;
    let list = "{ notifications(userId: 1, first: 1, unreadOnly: true) { edges { node { id } } } }";
    let unread = ask(&running, "notifications", list, json!({})).await;
    let id = unread.data()["notifications"]["edges"][0]["node"]["id"].clone();
    let count = "{ ... on User { unreadNotificationCount } }";
    let user = json!([{ "__typename": "User", "id": "1" }]);
    let before = entities(&running, "notifications", user.clone(), count).await;
    let mark = "mutation($id: ID!) { markNotificationRead(id: $id) { __typename id read } }";
    for _ in 0..2 {
        let answer = ask(&running, "notifications", mark, json!({ "id": id })).await;
        assert_eq!(answer.data()["markNotificationRead"]["read"], true);
        assert_eq!(answer.data()["markNotificationRead"]["id"], id);
    }
    let after = entities(&running, "notifications", user, count).await;
    let number = |answer: &Answer| {
        answer.data()["_entities"][0]["unreadNotificationCount"].as_i64().unwrap()
    };
    assert_eq!(number(&before) - 1, number(&after));
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_clearly() {
    let running = small().await;
    let long = "x".repeat(121);
    for (service, mutation, code, message) in [
        (
            "posts",
            "createPost(input: {authorId: 99999, title: \"t\", text: \"x\"}) { id }",
            "NOT_FOUND",
            "there is no user `99999`",
        ),
        (
            "posts",
            "createPost(input: {authorId: 1, title: \"  \", text: \"x\"}) { id }",
            "BAD_USER_INPUT",
            "`title` must not be empty",
        ),
        (
            "posts",
            &format!("createPost(input: {{authorId: 1, title: \"{long}\", text: \"x\"}}) {{ id }}"),
            "BAD_USER_INPUT",
            "`title` must have at most 120 characters, but it has 121",
        ),
        (
            "posts",
            "addComment(input: {postId: 99999, authorId: 1, text: \"x\"}) { id }",
            "NOT_FOUND",
            "there is no post `99999`",
        ),
        (
            "social",
            "likePost(postId: \"what\", userId: 1) { id }",
            "NOT_FOUND",
            "there is no post `what`",
        ),
        ("social", "likePost(postId: 1, userId: 0) { id }", "NOT_FOUND", "there is no user `0`"),
        (
            "social",
            "follow(followerId: 2, followeeId: 2) { id }",
            "BAD_USER_INPUT",
            "nobody can follow themselves",
        ),
        (
            "messages",
            "sendMessage(input: {from: \"ana.silva\", to: \"nobody\", text: \"x\"}) { id }",
            "NOT_FOUND",
            "there is no user with the handle `nobody`",
        ),
        (
            "messages",
            "sendMessage(input: {from: \"ana.silva\", to: \"ana.silva\", text: \"x\"}) { id }",
            "BAD_USER_INPUT",
            "nobody can send messages to themselves",
        ),
        (
            "notifications",
            "markNotificationRead(id: 0) { id }",
            "NOT_FOUND",
            "there is no notification `0`",
        ),
    ] {
        let answer = ask(&running, service, &format!("mutation {{ {mutation} }}"), json!({})).await;
        assert_eq!(answer.error(), (code, message), "{mutation}");
        assert_eq!(answer.body["data"], Value::Null);
    }
}

#[tokio::test]
async fn a_refused_change_leaves_nothing_behind() {
    let running = small().await;
    let mutation =
        "mutation { addComment(input: {postId: 4, authorId: 99999, text: \"x\"}) { id } }";
    ask(&running, "posts", mutation, json!({})).await.error();
    // The connection of the refused change must not be left inside its transaction.
    let fine = "mutation { addComment(input: {postId: 4, authorId: 9, text: \"x\"}) { text } }";
    for _ in 0..3 {
        assert_eq!(ask(&running, "posts", fine, json!({})).await.data()["addComment"]["text"], "x");
    }
}

async fn newest(running: &Running, user: &str) -> Value {
    let query = "query($user: ID!) { notifications(userId: $user, first: 1) { edges { node { \
                 __typename read actor { id } subject { ... on Post { id } ... on Conversation { id } \
                 ... on Comment { number post { id } } } } } } }";
    let answer = ask(running, "notifications", query, json!({ "user": user })).await;
    answer.data()["notifications"]["edges"][0]["node"].clone()
}

async fn post_count(running: &Running, user: &str) -> i64 {
    let user = json!([{ "__typename": "User", "id": user }]);
    let answer = entities(running, "posts", user, "{ ... on User { postCount } }").await;
    answer.data()["_entities"][0]["postCount"].as_i64().unwrap()
}

async fn handle(running: &Running, user: &str) -> String {
    let query = "query($id: ID!) { user(id: $id) { handle } }";
    let answer = ask(running, "users", query, json!({ "id": user })).await;
    answer.data()["user"]["handle"].as_str().unwrap().to_owned()
}
