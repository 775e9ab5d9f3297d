//! What a router that works does.

use std::time::Duration;

use serde_json::json;

use crate::client::{self, ask, get, post};
use crate::router::Router;
use crate::subgraph::{Mood, POSTS, Subgraph, USERS};

#[test]
fn an_operation_over_two_subgraphs_is_answered() {
    let router = Router::fine("", &[]);
    let answer = router.ask("{ me { name posts { title } } latest { id } }");
    assert_eq!(answer.status, 200);
    let expected = json!({ "data": {
        "me": { "name": "Ada", "posts": [{ "title": "Notes" }] },
        "latest": { "id": "7" },
    }});
    assert_eq!(answer.json(), expected);
    let target = "/graphql?query=%7B%20me%20%7B%20name%20%7D%20%7D";
    assert_eq!(get(router.address, target).json()["data"]["me"]["name"], "Ada");
    let mutation = router.ask("mutation { rename(name: \"Ada\") { name } }");
    assert_eq!(mutation.json()["data"]["rename"]["name"], "Ada");
}

#[test]
fn media_types_are_negotiated() {
    let router = Router::fine("", &[]);
    let query = r#"{"query":"{ nothing }"}"#;
    let newer = post(router.address, &[("accept", "application/graphql-response+json")], query);
    assert_eq!(newer.status, 400);
    let kind = newer.header("content-type").unwrap();
    assert!(kind.starts_with("application/graphql-response+json"), "{kind}");
    assert!(newer.json().get("data").is_none());
    let older = post(router.address, &[("accept", "application/json")], query);
    assert_eq!((older.status, older.code().as_str()), (200, "GRAPHQL_VALIDATION_FAILED"));
}

#[test]
fn a_bare_router_hides_what_a_developer_sees() {
    let bare = Router::fine("", &[]);
    let schema = "{ __schema { queryType { name } } }";
    let refused = bare.ask(schema);
    assert!(!refused.json()["errors"].as_array().unwrap().is_empty());
    assert!(refused.json().get("data").is_none_or(serde_json::Value::is_null));
    let hint = get(bare.address, "/");
    assert_eq!((hint.status, hint.code().as_str()), (404, "NOT_FOUND"));
    assert!(hint.body.contains("--dev"));

    let dev = Router::fine("", &["--dev"]);
    assert_eq!(dev.ask(schema).json()["data"]["__schema"]["queryType"]["name"], "Query");
    let page = get(dev.address, "/");
    assert_eq!(page.status, 200);
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));

    let chosen = Router::fine("expose: {introspection: false}\n", &["--dev"]);
    assert!(chosen.ask(schema).json().get("data").is_none_or(serde_json::Value::is_null));
}

#[test]
fn messages_of_subgraphs_are_for_developers() {
    let start = |more: &str, flags: &[&str]| {
        let users = Subgraph::start(USERS, Mood::Fails);
        let posts = Subgraph::start(POSTS, Mood::Fine);
        Router::over(&users, &posts, more, flags)
    };
    let secret = "the secret table is gone";
    let bare = start("", &[]).ask("{ me { name } }");
    assert!(!bare.body.contains(secret), "{}", bare.body);
    assert!(!bare.code().is_empty());
    assert!(start("", &["--dev"]).ask("{ me { name } }").body.contains(secret));
    let exposed = start("expose: {subgraph_errors: true}\n", &[]);
    assert!(exposed.ask("{ me { name } }").body.contains(secret));
}

#[test]
fn request_ids_come_in_go_out_and_stand_in_the_log() {
    let router = Router::fine("log: {format: json}\n", &[]);
    let given =
        post(router.address, &[("x-request-id", "mine-42")], r#"{"query":"{ me { id } }"}"#);
    assert_eq!(given.header("x-request-id"), Some("mine-42"));
    let forged = post(router.address, &[("x-request-id", "a\"b")], r#"{"query":"{ me { id } }"}"#);
    let made = forged.header("x-request-id").unwrap().to_owned();
    assert!(!made.contains('"') && !made.is_empty());
    let log = router.log();
    for id in ["mine-42", &made] {
        let line =
            log.lines().find(|line| line.contains(id)).unwrap_or_else(|| panic!("{id}: {log}"));
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["span"]["request_id"], *id, "{line:#}");
        assert_eq!((&line["status"], &line["method"]), (&json!(200), &json!("POST")));
    }
    assert!(!log.contains("me {"), "documents are not logged:\n{log}");
}

#[test]
fn metrics_count_what_happened() {
    let router = Router::fine("", &[]);
    router.ask("{ me { name posts { title } } }");
    router.ask("{ me { name posts { title } } }");
    router.ask("{ nothing }");
    post(router.address, &[], "[]");
    let metrics = get(router.admin, "/metrics").body;
    for line in [
        "http_server_request_duration_seconds_count{http_request_method=\"POST\",http_response_status_code=\"200\"} 2",
        "tributary_plan_cache_hits_total 1",
        "tributary_requests_rejected_total{reason=\"BATCHING_NOT_SUPPORTED\"} 1",
        "tributary_requests_rejected_total{reason=\"GRAPHQL_VALIDATION_FAILED\"} 1",
        "subgraph=\"users\"",
    ] {
        assert!(metrics.contains(line), "no {line} in\n{metrics}");
    }
}

#[test]
fn pages_of_other_origins_read_only_what_they_may() {
    let router = Router::fine("cors: {origins: [\"https://app.example\"]}\n", &[]);
    let body = r#"{"query":"{ me { name } }"}"#;
    let allowed = post(router.address, &[("origin", "https://app.example")], body);
    assert_eq!(allowed.header("access-control-allow-origin"), Some("https://app.example"));
    let other = post(router.address, &[("origin", "https://evil.example")], body);
    assert_eq!(other.header("access-control-allow-origin"), None);
    let target =
        "GET /graphql?query=%7Bme%7Bname%7D%7D HTTP/1.1\r\nhost: x\r\nconnection: close\r\n";
    let caused = client::raw(
        router.address,
        format!("{target}sec-fetch-site: cross-site\r\n\r\n").as_bytes(),
    );
    assert_eq!((caused.status, caused.code().as_str()), (403, "CROSS_SITE_REQUEST_REFUSED"));
}

#[test]
fn schemas_are_asked_from_subgraphs_that_run() {
    let users = Subgraph::start(USERS, Mood::Fine);
    let posts = Subgraph::start(POSTS, Mood::Fine);
    let one =
        |name: &str, url: String| format!("  {name}: {{schema: {{subgraph_url: \"{url}\"}}}}\n");
    let text = format!("subgraphs:\n{}{}", one("users", users.url()), one("posts", posts.url()));
    let router = Router::start(&text, &[]);
    assert_eq!(
        ask(router.address, "{ latest { title } }").json()["data"]["latest"]["title"],
        "Notes"
    );
}

#[test]
fn a_request_ends_at_its_deadline() {
    let users = Subgraph::start(USERS, Mood::Slow(Duration::from_secs(30)));
    let posts = Subgraph::start(POSTS, Mood::Fine);
    let router = Router::over(&users, &posts, "limits: {request_timeout: 400ms}\n", &[]);
    let began = std::time::Instant::now();
    let answer = router.ask("{ me { name } }");
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert!(!answer.code().is_empty(), "{answer:?}");
    router.lives();
}
