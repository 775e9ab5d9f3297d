//! HTTP: paths, methods, content types, statuses, limits, delay, stopping.

use std::time::{Duration, Instant};

use http::{Method, Request};
use serde_json::json;
use tributary_subgraphs::{Name, Options, Size, serve};

use crate::client::{ask, entities, send, small};

const TINY: Size = Size { users: 10, posts: 20, seed: 3 };

#[tokio::test]
async fn all_six_are_served_by_path_with_their_sdl() {
    let running = small().await;
    for name in Name::ALL {
        for path in ["", "/", "/graphql"] {
            let path = format!("{}{path}", name.as_str());
            let request =
                Request::post(format!("/{path}")).header("content-type", "application/json");
            let request = request.body(r#"{"query":"{_service{sdl}}"}"#.into()).unwrap();
            let answer = send(running.address(), request).await;
            assert_eq!(answer.data()["_service"]["sdl"], name.sdl());
            assert!(name.sdl().contains("extend schema\n  @link("));
        }
    }
    assert_eq!(running.url(Name::Feed), format!("http://{}/feed/graphql", running.address()));
}

#[tokio::test]
async fn one_service_alone_is_served_at_the_root() {
    let options = Options { only: Some(Name::Users), size: TINY, ..Options::default() };
    let running = serve(options).await.unwrap();
    for (path, status) in
        [("/", 200), ("/graphql", 200), ("/users/graphql", 200), ("/posts/graphql", 404)]
    {
        let request = Request::post(path).header("content-type", "application/json");
        let request = request.body(r#"{"query":"{user(id:1){name}}"}"#.into()).unwrap();
        let answer = send(running.address(), request).await;
        assert_eq!(answer.status, status, "{path}");
        if status == 200 {
            assert_eq!(answer.data()["user"]["name"], "Ana Silva");
        }
    }
}

#[tokio::test]
async fn each_wrong_request_gets_its_own_status() {
    let running = small().await;
    let good = r#"{"query":"{__typename}"}"#;
    for (method, path, kind, body, status) in [
        (Method::GET, "/health", "", "", 200),
        (Method::GET, "/users/graphql", "", "", 405),
        (Method::POST, "/", "application/json", good, 404),
        (Method::POST, "/nothing/graphql", "application/json", good, 404),
        (Method::POST, "/users/graphql", "text/plain", good, 415),
        (Method::POST, "/users/graphql", "application/json", "{", 400),
        (Method::POST, "/users/graphql", "application/json", r#"{"query":7}"#, 400),
        (Method::POST, "/users/graphql", "application/json", r#"{"query":"{"}"#, 200),
        (Method::POST, "/users/graphql", "application/json", r#"{"query":"{nothing}"}"#, 200),
        (Method::POST, "/users/graphql", "Application/JSON; charset=utf-8", good, 200),
    ] {
        let request = Request::builder().method(&method).uri(path).header("content-type", kind);
        let answer = send(running.address(), request.body(body.into()).unwrap()).await;
        assert_eq!(answer.status, status, "{method} {path} {kind} {body}");
        if path != "/health" {
            assert_eq!(answer.headers["content-type"], "application/json");
        }
        if status == 405 {
            assert_eq!(answer.headers["allow"], "POST");
        }
        if status >= 400 {
            assert_eq!(answer.error().0, "BAD_REQUEST");
        }
    }
}

#[tokio::test]
async fn the_newer_media_type_is_answered_in_kind() {
    let running = small().await;
    for (query, status) in [("{__typename}", 200), ("{nothing}", 400), ("{", 400)] {
        let request = Request::post("/users/graphql").header("content-type", "application/json");
        let request =
            request.header("accept", "application/graphql-response+json, application/json;q=0.9");
        let body = json!({ "query": query }).to_string();
        let answer = send(running.address(), request.body(body.into()).unwrap()).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.headers["content-type"], "application/graphql-response+json");
    }
}

#[tokio::test]
async fn refused_documents_have_codes() {
    let running = small().await;
    for (query, code) in [("{", "GRAPHQL_PARSE_FAILED"), ("{nothing}", "GRAPHQL_VALIDATION_FAILED")]
    {
        let answer = ask(&running, "users", query, json!({})).await;
        assert_eq!(answer.error().0, code);
        assert_eq!(answer.body.get("data"), None);
    }
    let deep = format!("{}{}", "{ a".repeat(10_000), "}".repeat(10_000));
    let answer = ask(&running, "users", &deep, json!({})).await;
    assert_eq!(answer.error().0, "GRAPHQL_PARSE_FAILED");
}

#[tokio::test]
async fn bodies_of_megabytes_are_taken_and_longer_ones_refused() {
    let running = small().await;
    let many: Vec<_> =
        (0..60_000).map(|id| json!({ "__typename": "Post", "id": id.to_string() })).collect();
    let answer = entities(&running, "posts", json!(many), "{ __typename }").await;
    assert_eq!(answer.data()["_entities"].as_array().unwrap().len(), 60_000);

    let request = Request::post("/posts/graphql").header("content-type", "application/json");
    let body = vec![b' '; (16 << 20) + 1];
    let answer = send(running.address(), request.body(body.into()).unwrap()).await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn documents_of_many_fields_are_taken() {
    let running = small().await;
    let fields: String = (0..20_000).map(|index| format!(" f{index}: likeCount")).collect();
    let selection = format!("{{ ... on Post {{{fields} }} }}");
    let post = json!([{ "__typename": "Post", "id": "1" }]);
    let answer = entities(&running, "social", post, &selection).await;
    assert_eq!(answer.data()["_entities"][0].as_object().unwrap().len(), 20_000);
}

#[tokio::test]
async fn a_delayed_service_takes_its_time() {
    let delay = Duration::from_millis(300);
    let running = serve(Options { delay, size: TINY, ..Options::default() }).await.unwrap();
    let start = Instant::now();
    ask(&running, "users", "{ user(id: 1) { name } }", json!({})).await.data();
    assert!(start.elapsed() >= delay);
}

#[tokio::test]
async fn shutdown_answers_what_is_in_flight() {
    let delay = Duration::from_millis(400);
    let running = serve(Options { delay, size: TINY, ..Options::default() }).await.unwrap();
    let address = running.address();
    let request = Request::post("/users/graphql").header("content-type", "application/json");
    let request = request.body(r#"{"query":"{user(id:1){name}}"}"#.into()).unwrap();
    let waiting = tokio::spawn(send(address, request));
    tokio::time::sleep(Duration::from_millis(150)).await;
    running.shutdown().await;
    assert_eq!(waiting.await.unwrap().data()["user"]["name"], "Ana Silva");
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn the_same_seed_gives_the_same_answers() {
    let query =
        "{ posts(first: 5) { edges { node { title text likeCount author { id } createdAt } } } }";
    let mut answers = Vec::new();
    for seed in [5, 5, 6] {
        let size = Size { users: 50, posts: 90, seed };
        let running = serve(Options { size, ..Options::default() }).await.unwrap();
        answers.push(ask(&running, "posts", query, json!({})).await.data().clone());
        running.shutdown().await;
    }
    assert_eq!(answers[0], answers[1]);
    assert_ne!(answers[0], answers[2]);
}

#[tokio::test]
async fn a_database_file_is_filled_once_and_guarded() {
    let path = std::env::temp_dir().join(format!("demo-kept-{}.sqlite", std::process::id()));
    let open = |size| serve(Options { database: Some(path.clone()), size, ..Options::default() });
    let running = open(TINY).await.unwrap();
    let post = "mutation { createPost(input: {authorId: 1, title: \"kept\", text: \"x\"}) { id } }";
    ask(&running, "posts", post, json!({})).await.data();
    running.shutdown().await;

    let running = open(TINY).await.unwrap();
    let answer =
        ask(&running, "posts", "{ posts(first: 1) { edges { node { title } } } }", json!({}));
    assert_eq!(answer.await.data()["posts"]["edges"][0]["node"]["title"], "kept");
    running.shutdown().await;

    let error = open(Size { users: 11, ..TINY }).await.err().unwrap().to_string();
    assert!(error.contains("holds other data (data 1, 10 users, 20 posts, seed 3)"), "{error}");
    std::fs::write(&path, "this is no database, just some text").unwrap();
    let error = open(TINY).await.err().unwrap().to_string();
    assert!(error.starts_with("cannot open /") && error.ends_with("not a database"), "{error}");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
    }
}

#[tokio::test]
async fn impossible_sizes_and_addresses_are_refused() {
    let size = Size { users: 1, ..TINY };
    let error = serve(Options { size, ..Options::default() }).await.err().unwrap();
    assert_eq!(error.to_string(), "the number of users must be 4 to 1,000,000");
    let running = serve(Options { size: TINY, ..Options::default() }).await.unwrap();
    let taken = Options { listen: running.address(), size: TINY, ..Options::default() };
    let error = serve(taken).await.err().unwrap().to_string();
    assert!(error.starts_with("cannot listen on 127.0.0.1:"), "{error}");
    let smallest = Size { users: 4, posts: 1, seed: 0 };
    serve(Options { size: smallest, ..Options::default() }).await.unwrap().shutdown().await;
}
