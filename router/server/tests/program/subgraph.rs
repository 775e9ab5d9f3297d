//! Subgraphs over HTTP that answer from data, or misbehave.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(crate) const USERS: &str = r#"
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
type Query { me: User user(id: ID!, size: Int): User }
type Mutation { rename(name: String!): User }
type User @key(fields: "id") { id: ID! name: String! friends: [User!]! }
"#;

pub(crate) const POSTS: &str = r#"
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
type Query { latest: Post }
type User @key(fields: "id") { id: ID! posts: [Post!] }
type Post { id: ID! title: String! }
"#;

/// How a subgraph behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Fine,
    /// Answers after a while.
    Slow(Duration),
    /// Answers with a page.
    Html,
    /// Answers with an error that clients should not read.
    Fails,
}

/// A subgraph on a thread of its own; it ends with the process.
pub(crate) struct Subgraph {
    pub(crate) address: SocketAddr,
    asked: Arc<AtomicUsize>,
}

impl Subgraph {
    pub(crate) fn start(sdl: &'static str, mood: Mood) -> Self {
        let asked = Arc::new(AtomicUsize::new(0));
        let (tell, told) = std::sync::mpsc::channel();
        let count = Arc::clone(&asked);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                serve(listener, sdl, mood, count).await;
            });
        });
        Self { address: told.recv().unwrap(), asked }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/graphql", self.address)
    }

    /// How many requests came.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

async fn serve(listener: TcpListener, sdl: &'static str, mood: Mood, count: Arc<AtomicUsize>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let count = Arc::clone(&count);
        let service = service_fn(move |request| answer(request, sdl, mood, Arc::clone(&count)));
        tokio::spawn(async move {
            let builder = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
            let _ = builder.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    sdl: &'static str,
    mood: Mood,
    count: Arc<AtomicUsize>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let asked: Value = serde_json::from_slice(&body).unwrap();
    count.fetch_add(1, Ordering::SeqCst);
    if let Mood::Slow(time) = mood {
        tokio::time::sleep(time).await;
    }
    let (kind, body) = match mood {
        Mood::Html => ("text/html", "<html><body>Bad gateway</body></html>".to_owned()),
        Mood::Fails => {
            let error = json!({ "message": "the secret table is gone" });
            ("application/json", json!({ "data": null, "errors": [error] }).to_string())
        }
        _ => ("application/json", json!({ "data": data(&asked, sdl) }).to_string()),
    };
    Ok(Response::builder().header("content-type", kind).body(Full::from(body)).unwrap())
}

/// More than is ever asked for: what is not asked for is not read.
fn data(asked: &Value, sdl: &str) -> Value {
    let person = json!({
        "__typename": "User", "id": "1", "name": "Ada",
        "friends": [{ "__typename": "User", "id": "2" }],
    });
    let post = json!({ "__typename": "Post", "id": "7", "title": "Notes" });
    let lists = asked["variables"].as_object().into_iter().flat_map(|variables| variables.values());
    let entities: Vec<Value> = lists
        .filter_map(Value::as_array)
        .flatten()
        .map(|one| json!({ "__typename": "User", "id": one["id"], "name": "Ada", "posts": [post] }))
        .collect();
    json!({
        "_service": { "sdl": sdl }, "_entities": entities, "latest": post,
        "me": person, "user": person, "rename": person, "__typename": "Query",
    })
}
