//! Sending to subgraphs, each over its pool of connections.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use execute::{SubgraphRequest, SubgraphResponse, TRACING_HEADERS, Upstream, UpstreamError};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};
use http_body_util::Full;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use schema::{Id, OperationKind, SubgraphId};
use share::Shares;
use tokio::sync::Semaphore;

use crate::connection::{Broken, Connection, Stage, Whole};
use crate::encoding;
use crate::headers::Headers;
use crate::options::{Options, SetupError, SubgraphOptions};
use crate::pool::{Connector, Pool, Rules};

/// How long a connection is silent before the kernel asks whether the other side is still there.
const KEEPALIVE: Duration = Duration::from_secs(30);

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
    subgraphs: Vec<Subgraph>,
    observer: Arc<dyn Observe>,
    /// Queries that are under way, if they are shared.
    shares: Option<Arc<Shares<Wire, Answered>>>,
}

type Answered = Result<SubgraphResponse, UpstreamError>;

/// What goes to a subgraph and is not the same for all requests to it, without what only tells one
/// request from another: what is equal in this is answered the same.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Wire {
    subgraph: SubgraphId,
    /// Those of the client that go along.
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

struct Subgraph {
    options: SubgraphOptions,
    headers: Headers,
    pool: Arc<Pool>,
    /// As HTTP/1 writes it, and as HTTP/2 does.
    path: Uri,
    absolute: Uri,
    places: Semaphore,
}

/// The subgraphs, as asked for one request of a client.
#[derive(Clone)]
pub struct Bound {
    upstreams: Arc<Upstreams>,
    client: Arc<HeaderMap>,
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
        http.set_keepalive(Some(KEEPALIVE));
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
            .map_err(|error| SetupError::Tls(error.to_string()))?
            .https_or_http();
        let connector = match options.http2 {
            crate::Http2Mode::Never => connector.enable_http1().wrap_connector(http),
            crate::Http2Mode::Always => connector.enable_http2().wrap_connector(http),
            crate::Http2Mode::Negotiated => connector.enable_all_versions().wrap_connector(http),
        };
        let rules = Rules::new(&options);
        let subgraphs = options.subgraphs.into_iter();
        let subgraphs = subgraphs
            .map(|subgraph| Subgraph::new(subgraph, (&connector, rules), options.compressed));
        let subgraphs = subgraphs.collect::<Result<_, _>>()?;
        let shares = options.share.then(Arc::default);
        Ok(Self { subgraphs, observer, shares })
    }

    /// Ties the subgraphs to one request of a client: its headers, and its id.
    pub fn bind(self: &Arc<Self>, client: HeaderMap, request_id: Option<HeaderValue>) -> Bound {
        Bound { upstreams: Arc::clone(self), client: Arc::new(client), request_id }
    }
}

#[cfg(test)]
impl Upstreams {
    /// How many connections of the first subgraph are idle.
    pub(crate) fn idle(&self) -> usize {
        self.subgraphs[0].pool.idle()
    }

    /// Where the first subgraph is.
    pub(crate) fn url(&self) -> &str {
        &self.subgraphs[0].options.url
    }
}

impl Subgraph {
    fn new(
        options: SubgraphOptions,
        (connector, rules): (&Connector, Rules),
        compressed: bool,
    ) -> Result<Self, SetupError> {
        let wrong = || SetupError::Url { name: options.name.clone(), url: options.url.clone() };
        let uri: Uri = options.url.parse().map_err(|_| wrong())?;
        let scheme = uri.scheme_str();
        if !matches!(scheme, Some("http" | "https")) || uri.host().is_none_or(str::is_empty) {
            return Err(wrong());
        }
        let headers = Headers::new(&options, &uri, compressed).map_err(|_| wrong())?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let path: Uri = path.parse().map_err(|_| wrong())?;
        let places = Semaphore::new(options.in_flight.get().min(Semaphore::MAX_PERMITS));
        let pool = Pool::new(Connector::clone(connector), Uri::clone(&uri), rules);
        Ok(Self { options, headers, pool, path, absolute: uri, places })
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
        let subgraph = &self.upstreams.subgraphs[request.subgraph.index()];
        let headers = subgraph.headers.forwarded(&self.client);
        let told = |(name, _): &(&HeaderName, _)| !TRACING_HEADERS.contains(&name.as_str());
        let wire = Wire {
            subgraph: request.subgraph,
            headers: headers
                .filter(told)
                .map(|(name, value)| (HeaderName::clone(name), HeaderValue::clone(value)))
                .collect(),
            body: Bytes::clone(&request.body),
        };
        let options = &subgraph.options;
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
        let limit = subgraph.options.response_bytes.get();
        let whole = match subgraph.pool.take() {
            Some(connection) => {
                match self.exchange(subgraph, request, connection).await {
                    // It may have been closed meanwhile, which is no fault of the subgraph.
                    Err(broken) if may_ask_again(&broken, request.kind) => {
                        let name = &subgraph.options.name;
                        tracing::debug!(subgraph = name, "asked again on a new connection");
                        self.anew(subgraph, request).await
                    }
                    other => other,
                }
            }
            None => self.anew(subgraph, request).await,
        };
        let (head, body) = whole.map_err(|broken| match broken.at {
            Stage::Large => UpstreamError::TooLarge(limit),
            _ => UpstreamError::Unreachable(broken.why),
        })?;
        let body = encoding::decoded(&head.headers, body, limit);
        let body = body.map_err(|_| UpstreamError::TooLarge(limit))?;
        Ok(SubgraphResponse::new(head.status.as_u16(), body))
    }

    /// Asks over a new connection. To connect takes most of the room of all that is done for a request, and
    /// is rare: it has a place of its own, so that what is done each time is not moved about with it.
    fn anew<'a>(
        &'a self,
        subgraph: &'a Subgraph,
        asked: &'a SubgraphRequest,
    ) -> BoxFuture<'a, Result<Whole, Broken>> {
        let asking = async {
            let connection = subgraph.pool.open().await?;
            self.exchange(subgraph, asked, connection).await
        };
        asking.boxed()
    }

    async fn exchange(
        &self,
        subgraph: &Subgraph,
        asked: &SubgraphRequest,
        mut connection: Connection,
    ) -> Result<Whole, Broken> {
        let mut request = Request::new(Full::new(Bytes::clone(&asked.body)));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = Uri::clone(&subgraph.path);
        *request.headers_mut() = subgraph.headers.of(&self.client, self.request_id.as_ref());
        let limit = subgraph.options.response_bytes.get();
        let whole = match &mut connection {
            Connection::Http1(connection) => connection.exchange(request, limit).await?,
            Connection::Http2(connection) => {
                let absolute = Uri::clone(&subgraph.absolute);
                connection.exchange(request, absolute, limit).await?
            }
        };
        subgraph.pool.give_back(connection);
        Ok(whole)
    }
}

/// Whether what broke on a connection that was used before may be asked again on another: what was
/// never sent always; else only a query of whose answer nothing has come.
fn may_ask_again(broken: &Broken, kind: OperationKind) -> bool {
    match broken.at {
        Stage::Unsent => true,
        Stage::Sent => kind == OperationKind::Query,
        Stage::Begun | Stage::Large => false,
    }
}
