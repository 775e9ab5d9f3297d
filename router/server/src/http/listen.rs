//! Sockets: connections accepted within limits, watched, and drained.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use telemetry::Metrics;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_util::task::TaskTracker;

use super::outlet::{Next, Outlet};
use super::watch::{Activity, Watched};

/// How many requests one HTTP/2 connection may have open.
const STREAMS: u32 = 100;
/// How many headers a request may have.
const HEADERS: usize = 100;

/// Answers requests.
pub(crate) trait Serve: Send + Sync + 'static {
    /// Answers one request of a connection.
    fn serve(
        self: Arc<Self>,
        request: Request<Incoming>,
        activity: Arc<Activity>,
    ) -> impl Future<Output = Response<Full<Bytes>>> + Send;
}

/// What connections may do.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// How many are open at once.
    pub(crate) connections: usize,
    /// The largest head of a request; at least 8 KiB.
    pub(crate) head_bytes: usize,
    /// How long a head may take.
    pub(crate) head_timeout: Duration,
    /// How long nothing may happen.
    pub(crate) idle_timeout: Duration,
}

/// A socket that is listened to.
#[derive(Debug)]
pub(crate) struct Door {
    /// The socket.
    pub(crate) listener: TcpListener,
    /// What its connections may do.
    pub(crate) limits: Limits,
    /// Turns true when no more connections are accepted and the open ones are to end.
    pub(crate) closing: watch::Receiver<bool>,
    /// Counts open connections, where that is of interest.
    pub(crate) metrics: Option<Arc<Metrics>>,
}

impl Door {
    /// Accepts connections until the door closes; the connections run on in the tracker.
    pub(crate) async fn open<S: Serve>(mut self, service: Arc<S>, tracker: TaskTracker) {
        let places = Arc::new(Semaphore::new(self.limits.connections.min(Semaphore::MAX_PERMITS)));
        loop {
            let accepted = tokio::select! {
                _ = self.closing.wait_for(|closing| *closing) => return,
                accepted = next(&self.listener, &places) => accepted,
            };
            let (stream, place) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, most likely: trying at once would spin.
                    tracing::warn!(%error, "a connection can't be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            };
            let counted = self.metrics.as_ref().map(Metrics::connection_begins);
            let connection =
                connection(stream, Arc::clone(&service), self.limits.clone(), self.closing.clone());
            tracker.spawn(async move {
                connection.await;
                drop((counted, place));
            });
        }
    }
}

async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await;
    let place = place.map_err(|_| io::Error::other("no more connections"))?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, place))
}

async fn connection<S: Serve>(
    stream: TcpStream,
    service: Arc<S>,
    limits: Limits,
    mut closing: watch::Receiver<bool>,
) {
    // Answers are written in one go: waiting to fill a packet only costs time.
    let _ = stream.set_nodelay(true);
    let activity = Activity::new();
    let next = Arc::new(Next::default());
    let outlet = Outlet::new(stream, Arc::clone(&next));
    let io = TokioIo::new(Watched::new(outlet, Arc::clone(&activity)));
    let served = Arc::clone(&activity);
    let service = service_fn(move |request| {
        let answer = Arc::clone(&service).serve(request, Arc::clone(&served));
        let next = Arc::clone(&next);
        async move {
            let mut answer = answer.await;
            next.set(answer.extensions_mut().remove());
            Ok::<_, Infallible>(answer)
        }
    });
    let builder = builder(&limits);
    let mut connection = pin!(builder.serve_connection(io, service));
    let mut told = false;
    loop {
        let Some(patience) = activity.patience(limits.head_timeout, limits.idle_timeout) else {
            tracing::debug!("a connection was idle or slow for too long");
            return;
        };
        tokio::select! {
            result = connection.as_mut() => {
                if let Err(error) = result {
                    tracing::debug!(%error, "a connection ended with an error");
                }
                return;
            }
            _ = closing.wait_for(|closing| *closing), if !told => {
                told = true;
                connection.as_mut().graceful_shutdown();
            }
            () = tokio::time::sleep(patience.max(Duration::from_millis(10))) => {}
        }
    }
}

fn builder(limits: &Limits) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        // Slow heads are watched from outside, since hyper counts idle time as part of a head.
        .header_read_timeout(None)
        .max_headers(HEADERS)
        .max_buf_size(limits.head_bytes);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX));
    builder
}
