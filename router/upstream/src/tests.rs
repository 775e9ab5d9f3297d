//! Subgraphs on loopback: good, slow, too large, broken.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use execute::{SubgraphRequest, SubgraphResponse, Upstream, UpstreamError};
use http::{HeaderMap, HeaderName, HeaderValue};
use schema::{Id, OperationKind, SubgraphId};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::{Http2Mode, Observe, Options, SetupError, SubgraphOptions, Upstreams};

mod failures;

#[derive(Default)]
struct Seen(Mutex<Vec<Option<&'static str>>>);

impl Observe for Seen {
    fn asked(&self, _: &str, _: OperationKind, _: Duration, failed: Option<&'static str>) {
        self.0.lock().unwrap().push(failed);
    }
}

/// What a test's subgraph does with each connection, by its number.
type Act = fn(usize, TcpStream) -> futures_util::future::BoxFuture<'static, ()>;

struct World {
    upstreams: Arc<Upstreams>,
    seen: Arc<Seen>,
    connections: Arc<AtomicUsize>,
}

/// One subgraph at a URL.
fn options(url: &str) -> Options {
    let subgraph = SubgraphOptions {
        name: "a".into(),
        url: url.into(),
        timeout: Duration::from_millis(500),
        response_bytes: NonZeroUsize::new(1000).unwrap(),
        in_flight: NonZeroUsize::new(8).unwrap(),
        headers: Vec::new(),
        forward: vec![HeaderName::from_static("authorization")],
    };
    Options {
        connect_timeout: Duration::from_millis(300),
        idle_timeout: Duration::from_secs(30),
        connection_age: Duration::from_secs(30),
        http2: Http2Mode::Negotiated,
        http2_connections: NonZeroUsize::new(2).unwrap(),
        compressed: false,
        share: true,
        subgraphs: vec![subgraph],
    }
}

impl World {
    async fn new(act: Act) -> Self {
        Self::changed(act, |_| {}).await
    }

    /// A subgraph that is reached in some other way.
    async fn changed(act: Act, change: fn(&mut Options)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/graphql", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(act(count.fetch_add(1, Ordering::SeqCst), stream));
            }
        });
        let mut options = options(&url);
        change(&mut options);
        Self::with(options, connections)
    }

    fn at(url: &str, connections: Arc<AtomicUsize>) -> Self {
        Self::with(options(url), connections)
    }

    fn with(options: Options, connections: Arc<AtomicUsize>) -> Self {
        let seen = Arc::new(Seen::default());
        let observer = Arc::clone(&seen) as Arc<dyn Observe>;
        Self { upstreams: Arc::new(Upstreams::new(options, observer).unwrap()), seen, connections }
    }

    async fn ask(&self, kind: OperationKind) -> Result<SubgraphResponse, UpstreamError> {
        let mut client = HeaderMap::new();
        client.insert("authorization", HeaderValue::from_static("Bearer t"));
        client.insert("cookie", HeaderValue::from_static("secret"));
        let id = HeaderValue::from_static("request-7");
        let request = SubgraphRequest {
            fetch: 0,
            subgraph: SubgraphId::from_index(0),
            kind,
            body: Bytes::from_static(b"{\"query\":\"{ a }\"}"),
            deadline: Instant::now() + Duration::from_secs(5),
        };
        self.upstreams.bind(client, Some(id)).send(request).await
    }
}

/// Reads one request; what came, or nothing at the end of the connection.
async fn request(stream: &mut TcpStream) -> Option<String> {
    let mut text = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let length = stream.read(&mut piece).await.ok().filter(|length| *length > 0)?;
        text.extend_from_slice(&piece[..length]);
        if text.ends_with(b"{ a }\"}") {
            return String::from_utf8(text).ok();
        }
    }
}

async fn reply(stream: &mut TcpStream, status: &str, body: &str) {
    let length = body.len();
    let text = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}");
    let _ = stream.write_all(text.as_bytes()).await;
}

#[tokio::test]
async fn what_is_sent_is_a_graphql_request_with_the_named_headers() {
    let world = World::new(|_, mut stream| {
        Box::pin(async move {
            while let Some(text) = request(&mut stream).await {
                let text = text.to_lowercase().replace(['"', '\r'], "").replace('\n', "|");
                reply(&mut stream, "200 OK", &text).await;
            }
        })
    })
    .await;
    let answered = world.ask(OperationKind::Query).await.unwrap();
    let text = String::from_utf8(answered.body.to_vec()).unwrap();
    assert_eq!(answered.status, 200);
    assert!(text.starts_with("post /graphql http/1.1|"), "{text}");
    for header in
        ["authorization: bearer t", "x-request-id: request-7", "accept-encoding: identity"]
    {
        assert!(text.contains(header), "{text}");
    }
    assert!(!text.contains("secret"), "{text}");
    assert_eq!(*world.seen.0.lock().unwrap(), [None]);
}

#[tokio::test]
async fn connections_are_used_again() {
    let world = World::new(|_, mut stream| {
        Box::pin(async move {
            while request(&mut stream).await.is_some() {
                reply(&mut stream, "200 OK", "{}").await;
            }
        })
    })
    .await;
    for _ in 0..5 {
        world.ask(OperationKind::Query).await.unwrap();
    }
    assert_eq!(world.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_status_that_is_no_success_is_an_answer() {
    let world = World::new(|_, mut stream| {
        Box::pin(async move {
            request(&mut stream).await;
            reply(&mut stream, "503 Service Unavailable", "<html>").await;
        })
    })
    .await;
    let answered = world.ask(OperationKind::Query).await.unwrap();
    assert_eq!((answered.status, &answered.body[..]), (503, &b"<html>"[..]));
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let world = World::new(|_, mut stream| {
        Box::pin(async move {
            request(&mut stream).await;
            reply(&mut stream, "307 Temporary Redirect\r\nlocation: /elsewhere", "").await;
        })
    })
    .await;
    assert_eq!(world.ask(OperationKind::Query).await.unwrap().status, 307);
    assert_eq!(world.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_slow_subgraph_is_given_up() {
    let world = World::new(|_, mut stream| {
        Box::pin(async move {
            request(&mut stream).await;
            std::future::pending::<()>().await;
        })
    })
    .await;
    assert_eq!(world.ask(OperationKind::Query).await.unwrap_err(), UpstreamError::Timeout);
    assert_eq!(*world.seen.0.lock().unwrap(), [Some("timeout")]);
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_given_up_announced_or_not() {
    let announced = World::new(|_, mut stream| {
        Box::pin(async move {
            request(&mut stream).await;
            reply(&mut stream, "200 OK", &"x".repeat(1001)).await;
        })
    })
    .await;
    assert_eq!(
        announced.ask(OperationKind::Query).await.unwrap_err(),
        UpstreamError::TooLarge(1000)
    );
    let chunked = World::new(|_, mut stream| {
        Box::pin(async move {
            request(&mut stream).await;
            let _ =
                stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await;
            // It never ends by itself; the other side hangs up.
            while stream.write_all(b"4\r\nxxxx\r\n").await.is_ok() {}
        })
    })
    .await;
    assert_eq!(chunked.ask(OperationKind::Query).await.unwrap_err(), UpstreamError::TooLarge(1000));
}

#[tokio::test]
async fn nobody_there_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let world = World::at(&url, Arc::default());
    let error = world.ask(OperationKind::Mutation).await.unwrap_err();
    assert!(matches!(error, UpstreamError::Unreachable(_)), "{error:?}");
}

/// Answers the first request of the first connection and hangs up at the second; later
/// connections are good.
fn hangs_up_once(
    number: usize,
    mut stream: TcpStream,
) -> futures_util::future::BoxFuture<'static, ()> {
    Box::pin(async move {
        let mut asked = 0;
        while request(&mut stream).await.is_some() {
            asked += 1;
            if number == 0 && asked == 2 {
                return;
            }
            reply(&mut stream, "200 OK", "{}").await;
        }
    })
}

#[tokio::test]
async fn a_query_on_a_broken_connection_is_asked_again() {
    let world = World::new(hangs_up_once).await;
    world.ask(OperationKind::Query).await.unwrap();
    world.ask(OperationKind::Query).await.unwrap();
    assert_eq!(world.connections.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_mutation_is_sent_once() {
    let world = World::new(hangs_up_once).await;
    world.ask(OperationKind::Mutation).await.unwrap();
    let error = world.ask(OperationKind::Mutation).await.unwrap_err();
    assert!(matches!(error, UpstreamError::Unreachable(_)), "{error:?}");
    assert_eq!(world.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_told() {
    let world = World::new(|_, mut stream| {
        Box::pin(async move {
            request(&mut stream).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"da").await;
        })
    })
    .await;
    let error = world.ask(OperationKind::Query).await.unwrap_err();
    assert!(
        matches!(&error, UpstreamError::Unreachable(why) if why.contains("broke off")),
        "{error:?}"
    );
}

#[test]
fn urls_that_can_not_be_asked_are_refused() {
    for url in ["", "graphql", "/graphql", "ftp://a/", "http://", "http://a b"] {
        let subgraph = SubgraphOptions {
            name: "a".into(),
            url: url.into(),
            timeout: Duration::from_secs(1),
            response_bytes: NonZeroUsize::MIN,
            in_flight: NonZeroUsize::MIN,
            headers: Vec::new(),
            forward: Vec::new(),
        };
        let options = Options { subgraphs: vec![subgraph], ..options("") };
        let refused = Upstreams::new(options, Arc::new(Seen::default()));
        assert!(matches!(refused, Err(SetupError::Url { .. })), "{url:?}");
    }
}

/// Answers every request of a connection after a while, with the number of the request.
fn numbered(_: usize, mut stream: TcpStream) -> futures_util::future::BoxFuture<'static, ()> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    Box::pin(async move {
        let mut buffer = vec![0; 4096];
        while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {
            tokio::time::sleep(Duration::from_millis(60)).await;
            let body = NUMBER.fetch_add(1, Ordering::SeqCst).to_string();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
            if stream.write_all(format!("{head}{body}").as_bytes()).await.is_err() {
                return;
            }
        }
    })
}

#[tokio::test]
async fn equal_queries_under_way_share_an_answer_and_mutations_never_do() {
    let world = World::new(numbered).await;
    let send = |kind, user: &'static str, body: &'static str, id: &'static str| {
        let mut client = HeaderMap::new();
        client.insert("authorization", HeaderValue::from_static(user));
        let bound = world.upstreams.bind(client, Some(HeaderValue::from_static(id)));
        async move {
            let deadline = Instant::now() + Duration::from_secs(5);
            let (subgraph, body) = (SubgraphId::from_index(0), Bytes::from_static(body.as_bytes()));
            let request = SubgraphRequest { fetch: 0, subgraph, kind, body, deadline };
            bound.send(request).await.unwrap().body
        }
    };
    let (query, mutation) = (OperationKind::Query, OperationKind::Mutation);
    let answers = futures_util::future::join_all([
        send(query, "ada", "a", "1"),
        send(query, "ada", "a", "2"),
        send(query, "eve", "a", "3"),
        send(query, "ada", "b", "4"),
        send(mutation, "ada", "a", "5"),
        send(mutation, "ada", "a", "6"),
    ])
    .await;
    assert_eq!(answers[0], answers[1]);
    let distinct: std::collections::HashSet<&Bytes> = answers.iter().collect();
    assert_eq!(distinct.len(), 5);
    // What was answered is not kept.
    let later = send(query, "ada", "a", "7").await;
    assert!(!answers.contains(&later));
    assert_eq!(world.seen.0.lock().unwrap().len(), 6);
}
