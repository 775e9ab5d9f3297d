//! The edge over real sockets, with something behind it that answers as it is told.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::StatusCode;
use telemetry::Metrics;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use super::*;
use crate::config::{self, Names};

/// An answer that several clients get, and what is carried along with it.
static SHARED: LazyLock<(Bytes, engine::Carried)> = LazyLock::new(|| {
    let text: Vec<u8> = (0..200_000u32).map(|at| b'a' + (at % 26) as u8).collect();
    let body = Bytes::from(text);
    // Somebody else has it too, for ever.
    std::mem::forget(Bytes::clone(&body));
    (body, engine::Carried::default())
});

/// Echoes the document, or does what it says.
struct Echo;

impl Answers for Echo {
    fn answer<'a>(&'a self, asked: Asked<'a>) -> BoxFuture<'a, Answered> {
        async move {
            let query = asked.parameters.query.as_deref().unwrap_or_default();
            let status = match query {
                "panic" => panic!("as told"),
                "hang" => std::future::pending().await,
                "wait" => {
                    tokio::time::sleep(Duration::from_millis(300)).await;
                    StatusCode::OK
                }
                "wrong" => StatusCode::BAD_REQUEST,
                _ if asked.read_only && query == "mutation" => StatusCode::METHOD_NOT_ALLOWED,
                _ => StatusCode::OK,
            };
            if query == "large" {
                let body = Bytes::from(vec![b' '; 50_000_000]);
                return Answered { status, body, in_memory: None, operation: None, code: None };
            }
            if query == "shared" {
                let (body, carried) = &*SHARED;
                let (body, in_memory) = (Bytes::clone(body), InMemory::of(carried, body));
                return Answered { status, body, in_memory, operation: None, code: None };
            }
            let body = Bytes::from(format!("{{\"data\":\"{query}\"}}"));
            Answered { status, body, in_memory: None, operation: None, code: None }
        }
        .boxed()
    }
}

struct Server {
    address: std::net::SocketAddr,
    close: watch::Sender<bool>,
    connections: TaskTracker,
    metrics: Arc<Metrics>,
}

async fn start() -> Server {
    let limits = EdgeLimits {
        body_bytes: 1_000,
        bodies_bytes: 1_500,
        body_timeout: Duration::from_millis(300),
        request_timeout: Duration::from_millis(500),
        in_flight: 2,
        texts_bytes: 1 << 20,
    };
    let origins = Names(vec!["https://app.example".to_owned()]);
    let cors = Cors::new(&config::Cors { origins, ..config::Cors::default() }).unwrap();
    let metrics = Arc::new(Metrics::new().unwrap());
    let edge = Edge::new(Arc::new(Echo), Arc::clone(&metrics), &limits, cors, true);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (close, closing) = watch::channel(false);
    let limits = Limits {
        connections: 8,
        head_bytes: 8_192,
        head_timeout: Duration::from_millis(400),
        idle_timeout: Duration::from_millis(900),
    };
    let door = Door { listener, limits, closing, metrics: Some(Arc::clone(&metrics)) };
    let connections = TaskTracker::new();
    tokio::spawn(door.open(Arc::new(edge), connections.clone()));
    Server { address, close, connections, metrics }
}

impl Server {
    /// Sends bytes, and reads until the server closes or nothing comes for a while.
    async fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        read(&mut stream).await
    }

    async fn post(&self, headers: &str, body: &str) -> String {
        let length = body.len();
        let head = format!("POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n");
        self.raw(format!("{head}connection: close\r\n{headers}\r\n{body}").as_bytes()).await
    }

    async fn query(&self, query: &str) -> String {
        self.post("content-type: application/json\r\n", &format!("{{\"query\":\"{query}\"}}")).await
    }

    async fn get(&self, target: &str, headers: &str) -> String {
        let head = format!("GET {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n");
        self.raw(format!("{head}{headers}\r\n").as_bytes()).await
    }
}

async fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut chunk = [0; 65_536];
    while let Ok(Ok(count)) =
        tokio::time::timeout(Duration::from_secs(3), stream.read(&mut chunk)).await
    {
        if count == 0 {
            break;
        }
        bytes.extend_from_slice(&chunk[..count]);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[track_caller]
fn has(answer: &str, status: u16, texts: &[&str]) {
    let start = format!("HTTP/1.1 {status} ");
    assert!(answer.starts_with(&start), "expected {status}:\n{answer}");
    for text in texts {
        assert!(answer.contains(text), "no {text:?} in\n{answer}");
    }
}

const JSON: &str = "content-type: application/json\r\n";

#[tokio::test]
async fn well_formed_requests_are_answered() {
    let server = start().await;
    has(&server.query("{a}").await, 200, &["content-type: application/json", "\"data\":\"{a}\""]);
    let newer = format!("{JSON}accept: application/graphql-response+json\r\n");
    let answer = server.post(&newer, r#"{"query":"{a}"}"#).await;
    has(&answer, 200, &["content-type: application/graphql-response+json; charset=utf-8"]);
    has(
        &server.get("/graphql?query=%7Ba%7D", "").await,
        200,
        &["\"data\":\"{a}\"", "x-request-id"],
    );
    let answer = server.get("/graphql?query=a", "x-request-id: mine-7\r\n").await;
    has(&answer, 200, &["x-request-id: mine-7"]);
}

#[tokio::test]
async fn errors_of_documents_show_in_the_status_unless_json_was_asked_for() {
    let server = start().await;
    has(&server.query("wrong").await, 400, &[]);
    let body = r#"{"query":"wrong"}"#;
    has(&server.post(&format!("{JSON}accept: application/json\r\n"), body).await, 200, &[]);
    let newer = format!("{JSON}accept: application/graphql-response+json\r\n");
    has(&server.post(&newer, body).await, 400, &[]);
}

#[tokio::test]
async fn what_is_no_graphql_request_is_refused() {
    let server = start().await;
    let plain = server.post("content-type: text/plain\r\n", "{}").await;
    has(&plain, 415, &["UNSUPPORTED_MEDIA_TYPE"]);
    let zipped = server.post(&format!("{JSON}content-encoding: gzip\r\n"), "{}").await;
    has(&zipped, 415, &["UNSUPPORTED_CONTENT_ENCODING"]);
    let html = server.post(&format!("{JSON}accept: text/html\r\n"), "{}").await;
    has(&html, 406, &["NOT_ACCEPTABLE"]);
    has(&server.post(JSON, "{").await, 400, &["BAD_REQUEST", "is not JSON"]);
    has(&server.post(JSON, "[{}]").await, 400, &["BATCHING_NOT_SUPPORTED"]);
    has(&server.get("/graphql?query=mutation", "").await, 405, &["allow: POST\r\n"]);
    has(&server.get("/graphql?query=a", "cookie: a=b\r\n").await, 403, &["CROSS_SITE"]);
    has(&server.get("/nowhere", "").await, 404, &["NOT_FOUND", "/graphql"]);
    let put = server.raw(b"PUT /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    has(&put, 405, &["allow: GET, POST, OPTIONS", "METHOD_NOT_ALLOWED"]);
    assert!(server.metrics.text().contains("reason=\"NOT_ACCEPTABLE\""));
}

#[tokio::test]
async fn bodies_beyond_the_limit_are_refused_though_the_client_writes_on() {
    let server = start().await;
    let large = format!("{{\"query\":\"{}\"}}", "x".repeat(5_000_000));
    has(&server.post(JSON, &large).await, 413, &["BODY_TOO_LARGE", "1000 bytes"]);
    let mut chunked = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
        transfer-encoding: chunked\r\n\r\n"
        .to_vec();
    for _ in 0..3 {
        chunked.extend_from_slice(format!("1f4\r\n{}\r\n", " ".repeat(500)).as_bytes());
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    has(&server.raw(&chunked).await, 413, &["BODY_TOO_LARGE"]);
}

#[tokio::test]
async fn slow_heads_and_bodies_end() {
    let server = start().await;
    let started = Instant::now();
    let slow = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
        content-length: 9\r\n\r\n{";
    has(&server.raw(slow).await, 408, &["BODY_TIMEOUT"]);
    for head in [&b""[..], b"PRI * HTTP", b"GET /graphql HTTP/1.1\r\nhost: "] {
        assert_eq!(server.raw(head).await, "", "the connection just ends");
    }
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_connection_is_kept_until_it_is_idle() {
    let server = start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let request = b"GET /graphql?query=a HTTP/1.1\r\nhost: x\r\n\r\n";
    let started = Instant::now();
    stream.write_all(request).await.unwrap();
    // Longer than a head may take.
    tokio::time::sleep(Duration::from_millis(600)).await;
    stream.write_all(request).await.unwrap();
    let answers = read(&mut stream).await;
    assert_eq!(answers.matches("HTTP/1.1 200").count(), 2, "{answers}");
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn requests_end_at_their_deadline_and_defects_are_caught() {
    let server = start().await;
    has(&server.query("hang").await, 504, &["REQUEST_TIMEOUT"]);
    has(&server.query("panic").await, 500, &["INTERNAL_SERVER_ERROR"]);
    assert!(server.metrics.text().contains("tributary_panics_total 1"));
    has(&server.query("{a}").await, 200, &[]);
}

#[tokio::test]
async fn more_requests_than_allowed_are_told_to_come_again() {
    let server = start().await;
    let answers = futures_util::future::join_all((0..4).map(|_| server.query("wait"))).await;
    let count = |status: &str| answers.iter().filter(|answer| answer.contains(status)).count();
    assert_eq!((count("HTTP/1.1 200"), count("HTTP/1.1 503")), (2, 2), "{answers:?}");
    assert!(answers.iter().any(|answer| answer.contains("retry-after: 1")));
}

#[tokio::test]
async fn large_heads_are_refused() {
    let server = start().await;
    let answer = server.get("/graphql?query=a", &format!("x: {}\r\n", "y".repeat(10_000))).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    let many: String = (0..200).map(|n| format!("x-{n}: y\r\n")).collect();
    has(&server.get("/graphql?query=a", &many).await, 431, &[]);
    has(&server.get("/graphql?query=a", "").await, 200, &[]);
}

#[tokio::test]
async fn preflights_are_answered() {
    let server = start().await;
    let ask = "OPTIONS /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
        access-control-request-method: POST\r\norigin: ";
    let known = server.raw(format!("{ask}https://app.example\r\n\r\n").as_bytes()).await;
    let allowed = "access-control-allow-origin: https://app.example";
    has(&known, 204, &[allowed, "access-control-allow-methods: GET, POST", "x-preflight"]);
    let other = server.raw(format!("{ask}https://evil.example\r\n\r\n").as_bytes()).await;
    assert!(!other.contains("access-control-allow"), "{other}");
}

#[tokio::test]
async fn the_page_is_whole_and_loads_nothing_from_elsewhere() {
    let server = start().await;
    let page = server.get("/", "").await;
    has(&page, 200, &["content-security-policy: default-src 'none'", "<script src=\"/page.js\">"]);
    assert!(!page.contains("src=\"http") && !page.contains("href=\"http"));
    has(&server.get("/page.js", "").await, 200, &["content-encoding: gzip", "text/javascript"]);
    has(&server.get("/page.css", "").await, 200, &["text/css"]);
}

#[tokio::test]
async fn requests_in_flight_end_before_the_door_closes() {
    let server = start().await;
    let (answer, ()) = tokio::join!(server.query("wait"), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        server.close.send_replace(true);
        server.connections.close();
    });
    has(&answer, 200, &["\"data\":\"wait\""]);
    tokio::time::timeout(Duration::from_secs(1), server.connections.wait()).await.unwrap();
    assert!(TcpStream::connect(server.address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn http_2_works_without_tls() {
    let server = start().await;
    let stream = TcpStream::connect(server.address).await.unwrap();
    let io = hyper_util::rt::TokioIo::new(stream);
    let executor = hyper_util::rt::TokioExecutor::new();
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(executor, io).await.unwrap();
    tokio::spawn(connection);
    let request = || {
        http::Request::get(format!("http://{}/graphql?query=a", server.address))
            .body(http_body_util::Empty::<Bytes>::new())
            .unwrap()
    };
    for _ in 0..2 {
        let answer = client.send_request(request()).await.unwrap();
        assert_eq!((answer.status(), answer.version()), (StatusCode::OK, http::Version::HTTP_2));
        // Longer than a head may take.
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

#[tokio::test]
async fn clients_that_do_not_read_are_cut_off() {
    let server = start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let request = b"GET /graphql?query=large HTTP/1.1\r\nhost: x\r\n\r\n";
    stream.write_all(request).await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(server.connections.len(), 1);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(server.connections.len(), 0, "what is not read is not kept");
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_a_place() {
    let server = start().await;
    let mut silent = Vec::new();
    for _ in 0..8 {
        silent.push(TcpStream::connect(server.address).await.unwrap());
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(server.connections.len(), 8);
    let started = Instant::now();
    // The silent ones have 400 ms to say something.
    has(&server.query("{a}").await, 200, &[]);
    assert!(started.elapsed() > Duration::from_millis(200), "{:?}", started.elapsed());
}

#[tokio::test]
async fn answers_that_several_clients_get_are_whole_among_others() {
    let server = start().await;
    let one = |query: &str, connection: &str| {
        let body = format!("{{\"query\":\"{query}\"}}");
        let length = body.len();
        format!(
            "POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: {connection}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
    };
    let requests = [
        one("shared", "keep-alive"),
        one("other", "keep-alive"),
        one("shared", "keep-alive"),
        one("shared", "close"),
    ]
    .concat();
    let text = server.raw(requests.as_bytes()).await;
    let shared = std::str::from_utf8(&SHARED.0).unwrap();
    let bodies: Vec<&str> = text.split("\r\n\r\n").skip(1).collect();
    let body = |at: usize| bodies[at].split("HTTP/1.1 200").next().unwrap();
    assert_eq!(bodies.len(), 4);
    assert!(body(0) == shared && body(2) == shared && body(3) == shared);
    assert_eq!(body(1), "{\"data\":\"other\"}");
}
