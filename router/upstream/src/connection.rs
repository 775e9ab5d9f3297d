//! One connection to a subgraph, and one exchange over it.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use bytes::Bytes;
use http::header::HOST;
use http::{Request, Response, Uri};
use http_body_util::Full;
use hyper::body::{Body, Frame, Incoming};
use hyper::client::conn::{TrySendError, http1, http2};
use hyper_rustls::MaybeHttpsStream;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpStream;

use crate::body::{self, TooLarge};

/// What a connection runs over.
pub(crate) type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// The head of an answer, and its whole body.
pub(crate) type Whole = (http::response::Parts, Bytes);

/// Why there is no answer.
#[derive(Debug)]
pub(crate) struct Broken {
    pub why: String,
    /// How far it came.
    pub at: Stage,
}

impl From<TooLarge> for Broken {
    fn from(_: TooLarge) -> Self {
        Self { why: String::new(), at: Stage::Large }
    }
}

/// How far an exchange came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nothing of the request was sent.
    Unsent,
    /// At least a part of the request was sent, and nothing came back.
    Sent,
    /// The answer had begun.
    Begun,
    /// The answer is larger than allowed.
    Large,
}

/// A connection over which one request is sent after the other. It has no task of its own: whoever
/// asks over it also runs it, so that an exchange wakes nobody else.
pub(crate) struct Http1 {
    sender: http1::SendRequest<Full<Bytes>>,
    driver: http1::Connection<Stream, Full<Bytes>>,
    ended: bool,
    pub opened: Instant,
    /// When its last exchange ended.
    pub idle: Instant,
}

impl Http1 {
    pub(crate) async fn open(stream: Stream) -> hyper::Result<Self> {
        let (sender, driver) = http1::handshake(stream).await?;
        let now = Instant::now();
        Ok(Self { sender, driver, ended: false, opened: now, idle: now })
    }

    /// Sends a request and reads the whole answer, of at most `limit` bytes.
    pub(crate) async fn exchange(
        &mut self,
        request: Request<Full<Bytes>>,
        limit: usize,
    ) -> Result<Whole, Broken> {
        let mut head = pin!(self.sender.try_send_request(request));
        let (driver, ended) = (&mut self.driver, &mut self.ended);
        let head = poll_fn(|context| {
            run(driver, ended, context);
            head.as_mut().poll(context)
        });
        let (head, mut incoming) = head.await.map_err(unanswered)?.into_parts();
        let mut collected = body::Collect::new(&incoming, limit)?;
        while let Some(frame) = self.frame(&mut incoming).await {
            collected.add(frame.map_err(broke_off)?)?;
        }
        // What is left is to notice that the exchange has ended.
        self.glance();
        self.idle = Instant::now();
        Ok((head, collected.finish()))
    }

    /// The next piece of a body.
    async fn frame(&mut self, body: &mut Incoming) -> Option<hyper::Result<Frame<Bytes>>> {
        poll_fn(|context| {
            // The connection reads when the body is asked for more.
            match Pin::new(&mut *body).poll_frame(context) {
                Poll::Pending => {
                    run(&mut self.driver, &mut self.ended, context);
                    Pin::new(&mut *body).poll_frame(context)
                }
                ready => ready,
            }
        })
        .await
    }

    /// Looks at the connection without waiting; whether it can take a request.
    pub(crate) fn glance(&mut self) -> bool {
        run(&mut self.driver, &mut self.ended, &mut Context::from_waker(Waker::noop()));
        !self.ended && self.sender.is_ready()
    }
}

/// Lets a connection do what it can do.
fn run(
    driver: &mut http1::Connection<Stream, Full<Bytes>>,
    ended: &mut bool,
    context: &mut Context<'_>,
) {
    // Errors are told to whoever asked.
    if !*ended && Pin::new(driver).poll(context).is_ready() {
        *ended = true;
    }
}

/// A connection that carries many exchanges at once, and runs in a task of its own.
#[derive(Clone)]
pub(crate) struct Http2 {
    sender: http2::SendRequest<Full<Bytes>>,
    /// Held by each exchange, so that their number can be told.
    busy: Arc<()>,
    pub opened: Instant,
}

impl Http2 {
    pub(crate) async fn open(stream: Stream) -> hyper::Result<Self> {
        let mut builder = http2::Builder::new(TokioExecutor::new());
        builder.timer(TokioTimer::new()).adaptive_window(true);
        let (sender, driver) = builder.handshake(stream).await?;
        tokio::spawn(async move {
            if let Err(error) = driver.await {
                tracing::debug!(%error, "a connection to a subgraph ended with an error");
            }
        });
        Ok(Self { sender, busy: Arc::default(), opened: Instant::now() })
    }

    /// How many exchanges it carries, besides the pool's own handle.
    pub(crate) fn load(&self) -> usize {
        Arc::strong_count(&self.busy) - 1
    }

    pub(crate) fn is_open(&self) -> bool {
        self.sender.is_ready() && !self.sender.is_closed()
    }

    /// Sends a request and reads the whole answer, of at most `limit` bytes.
    pub(crate) async fn exchange(
        &mut self,
        mut request: Request<Full<Bytes>>,
        absolute: Uri,
        limit: usize,
    ) -> Result<Whole, Broken> {
        // The authority says it.
        request.headers_mut().remove(HOST);
        *request.uri_mut() = absolute;
        let response: Response<Incoming> =
            self.sender.try_send_request(request).await.map_err(unanswered)?;
        let (head, mut incoming) = response.into_parts();
        let mut collected = body::Collect::new(&incoming, limit)?;
        while let Some(frame) = poll_fn(|context| Pin::new(&mut incoming).poll_frame(context)).await
        {
            collected.add(frame.map_err(broke_off)?)?;
        }
        Ok((head, collected.finish()))
    }
}

/// Either kind.
pub(crate) enum Connection {
    Http1(Box<Http1>),
    Http2(Http2),
}

fn unanswered(error: TrySendError<Request<Full<Bytes>>>) -> Broken {
    let at = if error.message().is_some() { Stage::Unsent } else { Stage::Sent };
    Broken { why: causes(error.error()), at }
}

fn broke_off(error: hyper::Error) -> Broken {
    Broken { why: format!("the answer broke off: {}", causes(&error)), at: Stage::Begun }
}

/// An error with what caused it.
pub(crate) fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut why = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        why.push_str(": ");
        why.push_str(&cause.to_string());
        source = cause.source();
    }
    why
}
