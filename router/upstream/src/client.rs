//! The connections to subgraphs, and sending over them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use execute::{SubgraphRequest, SubgraphResponse, Upstream, UpstreamError};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use schema::{Id, OperationKind, SubgraphId};
use share::Shares;
use tokio::sync::Semaphore;

use crate::options::{Options, SetupError, SubgraphOptions};
use crate::{body, headers};

/// Sees how subgraphs answer.
pub trait Observe: Send + Sync {
    /// A request to the subgraph of this name ended after `took`; `failed` is why there is no
    /// answer: `unreachable`, `timeout` or `too_large`.
    fn asked(
        &self,
        subgraph: &str,
        kind: OperationKind,
        took: Duration,
        failed: Option<&'static str>,
    );
}

/// All subgraphs of a supergraph, over HTTP.
pub struct Upstreams {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    subgraphs: Vec<Subgraph>,
    observer: Arc<dyn Observe>,
    /// Queries that are under way, if they are shared.
    shares: Option<Arc<Shares<Wire, Answered>>>,
}

type Answered = Result<SubgraphResponse, UpstreamError>;

/// What goes to a subgraph, without what only tells one request from another: what is equal in this
/// is answered the same.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Wire {
    subgraph: SubgraphId,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

struct Subgraph {
    options: SubgraphOptions,
    uri: Uri,
    places: Semaphore,
}

/// The subgraphs, as asked for one request of a client.
#[derive(Clone)]
pub struct Bound {
    upstreams: Arc<Upstreams>,
    client: HeaderMap,
    request_id: Option<HeaderValue>,
}

impl Upstreams {
    /// Prepares the connections; none is opened yet.
    ///
    /// # Errors
    /// When a URL can't be asked, or TLS can't be set up.
    pub fn new(options: Options, observer: Arc<dyn Observe>) -> Result<Self, SetupError> {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(Some(options.connect_timeout));
        let https = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
            .map_err(|error| SetupError::Tls(error.to_string()))?
            .https_or_http()
            .enable_http1()
            .enable_http2()
            .wrap_connector(http);
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(options.idle_timeout)
            .pool_timer(TokioTimer::new())
            .build(https);
        let subgraphs = options.subgraphs.into_iter().map(Subgraph::new);
        let subgraphs = subgraphs.collect::<Result<_, _>>()?;
        let shares = options.share.then(Arc::default);
        Ok(Self { client, subgraphs, observer, shares })
    }

    /// Ties the subgraphs to one request of a client: its headers, and its id.
    pub fn bind(self: &Arc<Self>, client: HeaderMap, request_id: Option<HeaderValue>) -> Bound {
        Bound { upstreams: Arc::clone(self), client, request_id }
    }
}

impl Subgraph {
    fn new(options: SubgraphOptions) -> Result<Self, SetupError> {
        let wrong = || SetupError::Url { name: options.name.clone(), url: options.url.clone() };
        let uri: Uri = options.url.parse().map_err(|_| wrong())?;
        let scheme = uri.scheme_str();
        if !matches!(scheme, Some("http" | "https")) || uri.host().is_none_or(str::is_empty) {
            return Err(wrong());
        }
        let places = Semaphore::new(options.in_flight.get().min(Semaphore::MAX_PERMITS));
        Ok(Self { options, uri, places })
    }
}

impl Upstream for Bound {
    fn send(&self, request: SubgraphRequest) -> BoxFuture<'_, Answered> {
        match &self.upstreams.shares {
            Some(shares) if request.kind == OperationKind::Query => {
                self.join(shares, request).boxed()
            }
            _ => self.alone(request).boxed(),
        }
    }
}

impl Bound {
    /// Asks what others may be asking too. Each waits until its own deadline; what they share is
    /// bounded by the subgraph's.
    async fn join(
        &self,
        shares: &Arc<Shares<Wire, Answered>>,
        request: SubgraphRequest,
    ) -> Answered {
        let (started, deadline) = (Instant::now(), request.deadline);
        let options = &self.upstreams.subgraphs[request.subgraph.index()].options;
        let headers = headers::headers(options, &self.client, None);
        let wire = Wire {
            subgraph: request.subgraph,
            headers: headers
                .iter()
                .map(|(name, value)| (HeaderName::clone(name), HeaderValue::clone(value)))
                .collect(),
            body: Bytes::clone(&request.body),
        };
        let shared = shares.join(wire, || {
            let (bound, deadline) = (Bound::clone(self), started + options.timeout);
            async move { bound.alone(SubgraphRequest { deadline, ..request }).await }
        });
        match tokio::time::timeout_at(deadline.into(), shared).await {
            Ok(answered) => answered,
            Err(_) => {
                let (name, kind) = (&options.name, OperationKind::Query);
                self.upstreams.observer.asked(name, kind, started.elapsed(), Some("timeout"));
                Err(UpstreamError::Timeout)
            }
        }
    }

    async fn alone(&self, request: SubgraphRequest) -> Answered {
        let subgraph = &self.upstreams.subgraphs[request.subgraph.index()];
        let started = Instant::now();
        let deadline = request.deadline.min(started + subgraph.options.timeout);
        let asking = self.ask(subgraph, &request);
        let answered = tokio::time::timeout_at(deadline.into(), asking).await;
        let answered = answered.unwrap_or(Err(UpstreamError::Timeout));
        let failed = answered.as_ref().err().map(|error| match error {
            UpstreamError::Unreachable(_) => "unreachable",
            UpstreamError::Timeout => "timeout",
            UpstreamError::TooLarge(_) => "too_large",
        });
        let name = &subgraph.options.name;
        self.upstreams.observer.asked(name, request.kind, started.elapsed(), failed);
        answered
    }

    async fn ask(&self, subgraph: &Subgraph, request: &SubgraphRequest) -> Answered {
        let _place = subgraph.places.acquire().await.expect("the semaphore is never closed");
        let mut answered = self.once(subgraph, request).await;
        // A pooled connection may have been closed meanwhile. A query can be asked again.
        if request.kind == OperationKind::Query
            && matches!(&answered, Err(Broken { connecting: false, .. }))
        {
            tracing::debug!(subgraph = subgraph.options.name, "asked again on a new connection");
            answered = self.once(subgraph, request).await;
        }
        let response = answered.map_err(|broken| UpstreamError::Unreachable(broken.why))?;
        let status = response.status().as_u16();
        let limit = subgraph.options.response_bytes.get();
        let body = body::read(response.into_body(), limit).await?;
        Ok(SubgraphResponse { status, body })
    }

    async fn once(
        &self,
        subgraph: &Subgraph,
        asked: &SubgraphRequest,
    ) -> Result<http::Response<hyper::body::Incoming>, Broken> {
        let mut request = Request::new(Full::new(Bytes::clone(&asked.body)));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = Uri::clone(&subgraph.uri);
        *request.headers_mut() =
            headers::headers(&subgraph.options, &self.client, self.request_id.as_ref());
        self.upstreams.client.request(request).await.map_err(|error| {
            let mut why = error.to_string();
            let mut source = std::error::Error::source(&error);
            while let Some(cause) = source {
                why.push_str(": ");
                why.push_str(&cause.to_string());
                source = cause.source();
            }
            Broken { connecting: error.is_connect(), why }
        })
    }
}

/// Why not even the head of an answer came.
struct Broken {
    /// Whether the connection could not be opened.
    connecting: bool,
    why: String,
}
