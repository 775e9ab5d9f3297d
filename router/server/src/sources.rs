//! Schemas of subgraphs: read from files, or asked for over HTTP.

use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

use crate::config::{Config, Source, Subgraph};

/// The largest answer to a question for a schema.
const MOST_BYTES: usize = 32 << 20;

/// The SDL of one subgraph, and where it came from.
#[derive(Debug)]
pub(crate) struct Text {
    /// The subgraph.
    pub(crate) name: String,
    /// Where it answers.
    pub(crate) url: String,
    /// The SDL.
    pub(crate) sdl: String,
    /// The file or address, as reports name it.
    pub(crate) file: String,
}

/// Reads the schemas of all subgraphs; those behind addresses are asked all at once.
///
/// # Errors
/// What is missing or can't be read, of every subgraph.
pub(crate) async fn read(config: &Config, within: Duration) -> Result<Vec<Text>, Vec<String>> {
    let all = config.subgraphs.iter().map(|(name, subgraph)| one(config, name, subgraph, within));
    let mut texts = Vec::new();
    let mut errors = Vec::new();
    for result in futures_util::future::join_all(all).await {
        match result {
            Ok(text) => texts.push(text),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(texts) } else { Err(errors) }
}

async fn one(
    config: &Config,
    name: &str,
    subgraph: &Subgraph,
    within: Duration,
) -> Result<Text, String> {
    let wrong = |what: String| format!("subgraph `{name}`: {what}");
    let (sdl, file) = match &subgraph.schema {
        None => return Err(wrong("it has no schema; add `schema: {file: …}`".to_owned())),
        Some(Source::Sdl(sdl)) => (sdl.clone(), format!("{name}.graphql")),
        Some(Source::File(path)) => {
            let path = config.resolve(path);
            let shown = plain(&path);
            let sdl = std::fs::read_to_string(&path)
                .map_err(|error| wrong(format!("its schema {shown} can't be read: {error}")))?;
            (sdl, shown)
        }
        Some(Source::Ask(url)) => {
            let sdl = tokio::time::timeout(within, ask(url)).await;
            let late = || wrong(format!("{url} gave no schema within {within:?}"));
            let failed = |why| wrong(format!("{url} gave no schema: {why}"));
            (sdl.map_err(|_| late())?.map_err(failed)?, url.clone())
        }
    };
    let url = subgraph.url().unwrap_or_default().to_owned();
    Ok(Text { name: name.to_owned(), url, sdl, file })
}

/// A path as people write it, and as tools look for it: without the `.` between its parts.
fn plain(path: &Path) -> String {
    let parts = path.components().filter(|part| *part != Component::CurDir);
    parts.collect::<PathBuf>().display().to_string()
}

/// Asks a running subgraph for its SDL.
async fn ask(url: &str) -> Result<String, String> {
    const QUESTION: &[u8] = br#"{"query":"query SubgraphSchema { _service { sdl } }"}"#;
    let (status, answer) = post(url, Bytes::from_static(QUESTION), &HeaderMap::new()).await?;
    let sdl = answer.get("data").and_then(|data| data.get("_service")?.get("sdl")?.as_str());
    sdl.map(str::to_owned).ok_or_else(|| {
        let message = answer.get("errors").and_then(|errors| {
            errors.as_list()?.first()?.get("message")?.as_str().map(str::to_owned)
        });
        message.unwrap_or_else(|| format!("it answered with status {status} and no `_service.sdl`"))
    })
}

/// Asks a GraphQL server; the status and the JSON that it answers.
///
/// # Errors
/// Why there is no such answer, without the address.
pub(crate) async fn post(
    url: &str,
    body: Bytes,
    headers: &HeaderMap,
) -> Result<(StatusCode, json::Json), String> {
    let uri: Uri = url.parse().map_err(|_| "that is no URL".to_owned())?;
    let connector = hyper_rustls::HttpsConnectorBuilder::new()
        .with_webpki_roots()
        .https_or_http()
        .enable_http1()
        .build();
    let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build(connector);
    let mut request = Request::post(uri)
        .header(CONTENT_TYPE, "application/json")
        .header(ACCEPT, "application/graphql-response+json, application/json;q=0.9")
        .body(Full::from(body))
        .map_err(|error| error.to_string())?;
    request.headers_mut().extend(headers.clone());
    let answer = client.request(request).await.map_err(|error| reasons(&error))?;
    let status = answer.status();
    let body = Limited::new(answer.into_body(), MOST_BYTES).collect().await;
    let body = body.map_err(|error| error.to_string())?.to_bytes();
    let answer = json::parse(&body, 200)
        .map_err(|_| format!("it answered with status {status} and no JSON"))?;
    Ok((status, answer))
}

/// An error with its causes: the outermost one alone says little.
fn reasons(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
