//! A small GraphQL client over HTTP, and services with a small network to ask.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tributary_subgraphs::{Options, Running, Size, serve};

/// 200 people and 800 posts: enough for every kind of thing, written in some milliseconds.
pub(crate) async fn small() -> Running {
    let size = Size { users: 200, posts: 800, seed: 7 };
    serve(Options { size, ..Options::default() }).await.expect("the services start")
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn statements(&self) -> usize {
        self.headers["x-sql-statements"].to_str().unwrap().parse().unwrap()
    }

    /// The data of an answer that must have no errors.
    pub(crate) fn data(&self) -> &Value {
        assert_eq!(self.body.get("errors"), None, "{}", self.body);
        &self.body["data"]
    }

    /// The code and message of the only error.
    pub(crate) fn error(&self) -> (&str, &str) {
        let errors = self.body["errors"].as_array().expect("there are errors");
        assert_eq!(errors.len(), 1, "{}", self.body);
        let code = errors[0]["extensions"]["code"].as_str().expect("an error has a code");
        (code, errors[0]["message"].as_str().expect("an error has a message"))
    }
}

/// Sends an operation to a service.
pub(crate) async fn ask(running: &Running, service: &str, query: &str, variables: Value) -> Answer {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let request = Request::post(format!("/{service}/graphql"));
    let request = request.header("content-type", "application/json").body(body.into());
    send(running.address(), request.unwrap()).await
}

/// Asks for entities: `selection` is what follows `_entities(…)`.
pub(crate) async fn entities(
    running: &Running,
    service: &str,
    representations: Value,
    selection: &str,
) -> Answer {
    let query = format!("query($r:[_Any!]!){{_entities(representations:$r){selection}}}");
    ask(running, service, &query, json!({ "r": representations })).await
}

/// Sends any HTTP request.
pub(crate) async fn send(address: SocketAddr, mut request: Request<Full<Bytes>>) -> Answer {
    request.headers_mut().insert("host", "demo".parse().unwrap());
    let stream = tokio::net::TcpStream::connect(address).await.expect("the service listens");
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let response = sender.send_request(request).await.expect("the service answers");
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.expect("the answer is whole").to_bytes();
    connection.abort();
    let body = serde_json::from_slice(&bytes)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
    Answer { status: parts.status, headers: parts.headers, body }
}
