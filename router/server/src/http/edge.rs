//! The way of one request: routed, checked, read, answered, logged.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::FutureExt;
use http::header::{ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use http::header::{VARY, X_CONTENT_TYPE_OPTIONS};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use telemetry::Metrics;
use tokio::sync::Semaphore;
use tracing::Instrument;

use super::body::Reader;
use super::listen::Serve;
use super::media::{self, Media};
use super::origin::Cors;
use super::page;
use super::parameters::Parameters;
use super::problem::{Kind, Problem};
use super::request_id::{self, Ids};
use super::texts::Texts;
use super::watch::Activity;
use super::{Answered, Answers, Asked};

/// How much longer than its deadline a request is waited for: whoever answers keeps the deadline
/// itself, and knows better what to say.
const GRACE: Duration = Duration::from_millis(500);

/// What requests may cost.
#[derive(Clone, Debug)]
pub(crate) struct EdgeLimits {
    /// The largest body.
    pub(crate) body_bytes: usize,
    /// Bytes of all bodies together.
    pub(crate) bodies_bytes: usize,
    /// How long a body may take.
    pub(crate) body_timeout: Duration,
    /// How long an answer may take, the body included.
    pub(crate) request_timeout: Duration,
    /// How many requests are answered at once.
    pub(crate) in_flight: usize,
    /// Bytes of the documents that are known by how they are written.
    pub(crate) texts_bytes: u64,
}

/// Everything that answers requests of clients.
pub(crate) struct Edge {
    answers: Arc<dyn Answers>,
    metrics: Arc<Metrics>,
    cors: Cors,
    has_page: bool,
    reader: Reader,
    texts: Texts,
    places: Semaphore,
    request_timeout: Duration,
    ids: Ids,
    leaving: AtomicBool,
}

/// Where a request begins.
struct Arrival {
    started: Instant,
    id: HeaderValue,
}

impl Edge {
    pub(crate) fn new(
        answers: Arc<dyn Answers>,
        metrics: Arc<Metrics>,
        limits: &EdgeLimits,
        cors: Cors,
        has_page: bool,
    ) -> Self {
        Self {
            answers,
            metrics,
            cors,
            has_page,
            reader: Reader::new(limits.body_bytes, limits.body_timeout, limits.bodies_bytes),
            texts: Texts::new(limits.texts_bytes),
            places: Semaphore::new(limits.in_flight.min(Semaphore::MAX_PERMITS)),
            request_timeout: limits.request_timeout,
            ids: Ids::new(),
            leaving: AtomicBool::new(false),
        }
    }

    /// From now on clients are asked to connect elsewhere.
    pub(crate) fn leave(&self) {
        self.leaving.store(true, Ordering::Relaxed);
    }

    async fn route(
        &self,
        parts: &Parts,
        body: &mut Option<Incoming>,
        arrival: &Arrival,
    ) -> Result<Reply, Problem> {
        let is_read = matches!(parts.method, Method::GET | Method::HEAD);
        match parts.uri.path() {
            "/graphql" => self.graphql(parts, body, arrival).await,
            path if self.has_page && page::knows(path) => {
                if is_read {
                    return Ok((page::serve(path), Told::default()));
                }
                Err(Problem::method(&parts.method, "GET, HEAD"))
            }
            "/" => Err(Problem::new(
                Kind::NotFound,
                "GraphQL is served at /graphql. The page GraphiQL is off: start the router with \
                 --dev, or set expose.page.",
            )),
            _ => {
                Err(Problem::new(Kind::NotFound, "Nothing is here. GraphQL is served at /graphql."))
            }
        }
    }

    async fn graphql(
        &self,
        parts: &Parts,
        body: &mut Option<Incoming>,
        arrival: &Arrival,
    ) -> Result<Reply, Problem> {
        const METHODS: &str = "GET, POST, OPTIONS";
        let headers = &parts.headers;
        if parts.method == Method::OPTIONS {
            let mut answer = Response::new(Full::default());
            *answer.status_mut() = StatusCode::NO_CONTENT;
            answer.headers_mut().insert(ALLOW, HeaderValue::from_static(METHODS));
            return Ok((answer, Told::default()));
        }
        let read_only = parts.method == Method::GET;
        if !read_only && parts.method != Method::POST {
            return Err(Problem::method(&parts.method, METHODS));
        }
        let media = Media::accepted(headers)?;
        let parameters = if read_only {
            self.cors.check_get(headers)?;
            Parameters::of_url(parts.uri.query().unwrap_or(""))?
        } else {
            media::check_body(headers)?;
            let body = body.take().expect("the body is read once");
            // The permits of the body are given back here: what it held was parsed.
            Parameters::of_body(&self.reader.read(body).await?, &self.texts)?
        };
        let _place = self.places.try_acquire().map_err(|_| {
            Problem::new(Kind::Overloaded, "Too many requests are in flight; come again.")
        })?;
        let deadline = arrival.started + self.request_timeout;
        let asked = Asked { parameters, read_only, deadline, headers, request_id: &arrival.id };
        let answered =
            tokio::time::timeout_at((deadline + GRACE).into(), self.answers.answer(asked));
        Ok(reply(media, answered.await.map_err(|_| self.too_late())?))
    }

    fn too_late(&self) -> Problem {
        let message = format!("The request was not answered within {:?}.", self.request_timeout);
        Problem::new(Kind::Timeout, message)
    }

    /// What every answer carries.
    fn decorate(&self, parts: &Parts, id: HeaderValue, answer: &mut Response<Full<Bytes>>) {
        let headers = answer.headers_mut();
        headers.insert(request_id::HEADER, id);
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        self.cors.decorate(&parts.headers, headers);
        // HTTP/2 has GOAWAY instead.
        if self.leaving.load(Ordering::Relaxed) && parts.version < http::Version::HTTP_2 {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

impl Serve for Edge {
    async fn serve(
        self: Arc<Self>,
        request: Request<Incoming>,
        activity: Arc<Activity>,
    ) -> Response<Full<Bytes>> {
        let _busy = activity.request_begins(request.version());
        let _counted = self.metrics.request_begins();
        let (parts, body) = request.into_parts();
        let arrival = Arrival { started: Instant::now(), id: self.ids.of(&parts.headers) };
        let span = tracing::info_span!("request", request_id = arrival.id.to_str().unwrap_or(""));
        async {
            let mut body = Some(body);
            let routed = AssertUnwindSafe(self.route(&parts, &mut body, &arrival));
            let result = routed.catch_unwind().await.unwrap_or_else(|_| Err(self.defect()));
            if let Some(unread) = body.take() {
                self.reader.discard(unread);
            }
            let (mut answer, told) = result.unwrap_or_else(|problem| {
                self.metrics.rejected(problem.kind.code());
                refuse(&parts.headers, &problem)
            });
            let took = arrival.started.elapsed();
            self.decorate(&parts, arrival.id, &mut answer);
            self.metrics.request_ends(parts.method.as_str(), answer.status().as_u16(), took);
            log(&parts, &told, answer.status(), took);
            answer
        }
        .instrument(span)
        .await
    }
}

impl Edge {
    fn defect(&self) -> Problem {
        self.metrics.panicked();
        tracing::error!("a defect was caught while a request was answered");
        Problem::new(Kind::Internal, "The router failed; its log tells more.")
    }
}

/// An answer, and what the line of the log tells of it.
type Reply = (Response<Full<Bytes>>, Told);

/// What the line of the log tells of an answer, besides its status.
#[derive(Debug, Default)]
struct Told {
    operation: Option<String>,
    code: Option<String>,
}

fn log(parts: &Parts, told: &Told, status: StatusCode, took: Duration) {
    // What the line tells is put together here, which is not for nothing.
    if !tracing::enabled!(tracing::Level::INFO) {
        return;
    }
    // What a client chose is cut, and a query with its values is never shown.
    let cut = |text: &str| text.chars().take(64).collect::<String>();
    let path = cut(parts.uri.path());
    let status = status.as_u16();
    let milliseconds = took.as_micros() as f64 / 1_000.0;
    let operation = told.operation.as_deref().map(cut);
    let code = told.code.as_deref().map(cut);
    tracing::info!(method = %parts.method, path, status, milliseconds, operation, code, "request");
}

fn reply(media: Media, answered: Answered) -> Reply {
    let Answered { status, body, in_memory, operation, code } = answered;
    let hidden = media == Media::Json && status == StatusCode::BAD_REQUEST;
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = if hidden { StatusCode::OK } else { status };
    if let Some(in_memory) = in_memory {
        answer.extensions_mut().insert(in_memory);
    }
    if status == StatusCode::METHOD_NOT_ALLOWED {
        answer.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    }
    label(media, answer.headers_mut());
    (answer, Told { operation, code })
}

fn refuse(asked: &HeaderMap, problem: &Problem) -> Reply {
    let mut answer = Response::new(Full::from(problem.body()));
    *answer.status_mut() = problem.kind.status();
    let told = Told { operation: None, code: Some(problem.kind.code().to_owned()) };
    let headers = answer.headers_mut();
    label(Media::accepted(asked).unwrap_or(Media::Any), headers);
    if let Some(methods) = problem.allow {
        headers.insert(ALLOW, HeaderValue::from_static(methods));
    }
    match problem.kind {
        Kind::Overloaded => {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        // What still comes is of no use.
        Kind::BodyTimeout | Kind::BodyTooLarge => {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        _ => {}
    }
    (answer, told)
}

fn label(media: Media, headers: &mut HeaderMap) {
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.append(VARY, HeaderValue::from_static("accept"));
}
