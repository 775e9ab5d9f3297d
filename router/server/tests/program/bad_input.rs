//! Bad input: each gets a clear error with a code and the right status, and the process lives.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::{Answer, ask_with, get, post};
use crate::router::{Router, configuration};
use crate::subgraph::{Mood, POSTS, Subgraph, USERS};

#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{}", answer.body);
    let json = answer.json();
    let message = json["errors"][0]["message"].as_str().unwrap();
    assert!(message.len() > 10 && message.len() < 2_000, "{message}");
}

#[test]
fn wrong_operations() {
    let users = Subgraph::start(USERS, Mood::Fine);
    let posts = Subgraph::start(POSTS, Mood::Fine);
    let router = Router::over(&users, &posts, "", &[]);
    refused(&router.ask("{ me { name "), 400, "GRAPHQL_PARSE_FAILED");
    refused(&router.ask(" "), 400, "GRAPHQL_PARSE_FAILED");
    refused(&router.ask(""), 400, "QUERY_MISSING");
    refused(&router.ask("{ me { shoeSize } }"), 400, "GRAPHQL_VALIDATION_FAILED");
    let query = "query($id: ID!, $size: Int) { user(id: $id, size: $size) { name } }";
    let wrong = |variables| ask_with(router.address, query, variables);
    refused(&wrong(json!({ "id": "1", "size": "large" })), 400, "BAD_USER_INPUT");
    refused(&wrong(json!({ "id": null })), 400, "BAD_USER_INPUT");
    refused(&wrong(json!({ "id": "1", "size": 4_294_967_296_u64 })), 400, "BAD_USER_INPUT");
    let two = json!({ "query": "query A { me { id } } query B { me { id } }" }).to_string();
    refused(&post(router.address, &[], &two), 400, "OPERATION_RESOLUTION_FAILURE");
    assert_eq!(users.asked() + posts.asked(), 0, "no subgraph is asked");
    router.lives();
}

#[test]
fn wrong_requests() {
    let router = Router::fine("", &[]);
    refused(&post(router.address, &[], "{\"query\":"), 400, "BAD_REQUEST");
    refused(
        &post(router.address, &[], "[{\"query\":\"{ me { id } }\"}]"),
        400,
        "BATCHING_NOT_SUPPORTED",
    );
    refused(&post(router.address, &[("accept", "text/html")], "{}"), 406, "NOT_ACCEPTABLE");
    let mutation = get(router.address, "/graphql?query=mutation%7Brename(name:%22a%22)%7Bid%7D%7D");
    assert_eq!(mutation.status, 405, "{mutation:?}");
    assert_eq!(mutation.header("allow"), Some("POST"));
    assert!(!mutation.code().is_empty());
    router.lives();
}

#[test]
fn huge_documents() {
    let router = Router::fine("", &[]);
    let began = Instant::now();
    let deep = format!("{{ me {}id{} }}", "{ friends ".repeat(10_000), " }".repeat(10_000));
    refused(&router.ask(&deep), 400, "OPERATION_TOO_LARGE");
    let lists = format!("{{ user(id: {}) {{ id }} }}", "[".repeat(10_000));
    let lists = router.ask(&lists);
    assert_eq!(lists.status, 400, "{}", lists.body);
    let wide = format!("{{ me {{ {} }} }}", "name ".repeat(100_000));
    refused(&router.ask(&wide), 400, "OPERATION_TOO_LARGE");
    let mut fragments = String::from("{ me { ...F40 } } fragment F0 on User { id }");
    for n in 1..=40 {
        let below = n - 1;
        fragments.push_str(&format!(
            " fragment F{n} on User {{ friends {{ ...F{below} }} f: friends {{ ...F{below} }} }}"
        ));
    }
    refused(&router.ask(&fragments), 400, "OPERATION_TOO_LARGE");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    router.lives();
}

#[test]
fn a_body_of_50_megabytes() {
    let router = Router::fine("", &[]);
    router.lives();
    let before = router.memory();
    let body = format!("{{\"query\":\"{}\"}}", "x".repeat(50_000_000));
    refused(&post(router.address, &[], &body), 413, "BODY_TOO_LARGE");
    // In chunks, so that nothing is declared.
    let mut stream = TcpStream::connect(router.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                transfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = format!("100000\r\n{}\r\n", " ".repeat(0x10_0000));
    for _ in 0..50 {
        stream.write_all(chunk.as_bytes()).unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("BODY_TOO_LARGE"), "{answer}");
    router.lives();
    let grown = router.memory().saturating_sub(before);
    assert!(grown < 20_000_000, "the process grew by {grown} bytes");
}

#[test]
fn bodies_that_never_end() {
    let router = Router::fine("limits: {body_timeout: 300ms}\n", &[]);
    let mut stream = TcpStream::connect(router.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                content-length: 50\r\n\r\n{\"query\"";
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("BODY_TIMEOUT"), "{answer}");
    router.lives();
}

/// The answer when `posts` is unwell: the rest of the data is there, with an error that has a code
/// and says which subgraph it is, and tells nothing of its insides.
#[track_caller]
fn partial(router: &Router, within: Duration) {
    let began = Instant::now();
    let answer = router.ask("{ me { name posts { title } } }");
    assert!(began.elapsed() < within, "{:?}", began.elapsed());
    assert_eq!(answer.status, 200, "{}", answer.body);
    let json = answer.json();
    assert_eq!(json["data"], json!({ "me": { "name": "Ada", "posts": null } }));
    let error = &json["errors"][0];
    assert!(!answer.code().is_empty());
    assert_eq!(error["path"][0], "me", "{json:#}");
    assert!(answer.body.contains("posts"), "{json:#}");
    for secret in ["127.0.0.1", "Bad gateway", "_entities"] {
        assert!(!answer.body.contains(secret), "{json:#}");
    }
    router.lives();
}

#[test]
fn a_subgraph_that_is_down() {
    let users = Subgraph::start(USERS, Mood::Fine);
    // The port of a listener that is gone.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let text = configuration(&users.url(), &format!("http://{free}/graphql"), "");
    partial(&Router::start(&text, &[]), Duration::from_secs(5));
}

#[test]
fn a_subgraph_that_is_slow() {
    let users = Subgraph::start(USERS, Mood::Fine);
    let posts = Subgraph::start(POSTS, Mood::Slow(Duration::from_secs(60)));
    let router = Router::over(&users, &posts, "upstream: {timeout: 300ms}\n", &[]);
    partial(&router, Duration::from_secs(3));
}

#[test]
fn a_subgraph_that_answers_with_a_page() {
    let users = Subgraph::start(USERS, Mood::Fine);
    let posts = Subgraph::start(POSTS, Mood::Html);
    partial(&Router::over(&users, &posts, "", &[]), Duration::from_secs(5));
}

#[test]
fn ambiguous_framing() {
    let users = Subgraph::start(USERS, Mood::Fine);
    let posts = Subgraph::start(POSTS, Mood::Fine);
    let router =
        Router::over(&users, &posts, "limits: {head_timeout: 300ms, idle_timeout: 500ms}\n", &[]);
    let hidden = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                  content-length: 25\r\n\r\n{\"query\":\"{ me { id } }\"}";
    let heads = [
        "content-length: 5\r\ntransfer-encoding: chunked\r\n",
        "content-length: 5\r\ncontent-length: 6\r\n",
        "content-length: +5\r\n",
        "content-length: 5, 5, 6\r\n",
        "transfer-encoding: chunked, identity\r\n",
        "transfer-encoding: xchunked\r\n",
        "transfer-encoding : chunked\r\n",
        "x: a\r\n b: c\r\ncontent-length: 5\r\n",
        "content-length: 0x5\r\n",
        "content-length: 18446744073709551617\r\n",
        "x\u{0}: y\r\n",
        "x: y\u{0}\r\n",
    ];
    let answers = |head: &str| {
        let mut stream = TcpStream::connect(router.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let start = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
        stream.write_all(format!("{start}{head}\r\n0\r\n\r\n{hidden}").as_bytes()).unwrap();
        let mut answers = String::new();
        let _ = stream.read_to_string(&mut answers);
        answers
    };
    for head in heads {
        let answers = answers(head);
        assert!(!answers.contains("\"data\""), "{head:?} let a request through:\n{answers}");
    }
    assert_eq!(users.asked(), 0, "no subgraph is asked");
    // Where the framing is clear, the second request is one.
    let clear = answers("content-length: 5\r\n");
    assert!(clear.contains("BAD_REQUEST") && clear.contains("\"data\""), "{clear}");
    router.lives();
}
