//! The connections to one subgraph.
//!
//! Whoever asks takes a connection out, or opens one, and gives it back when the whole answer is
//! there. The one that was given back last is taken first, so that others grow old and are closed.
//! A name is looked up for each new connection, and none is used for longer than its age: so
//! a change of the name's addresses is noticed.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use http::Uri;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::{Connection as _, HttpConnector};
use tower_service::Service;

use crate::connection::{Broken, Connection, Http1, Http2, Stage, Stream, causes};
use crate::options::{Http2Mode, Options};

/// What opens connections: it looks names up, and knows TLS.
pub(crate) type Connector = HttpsConnector<HttpConnector>;

pub(crate) struct Pool {
    connector: Connector,
    /// Where connections go to.
    origin: Uri,
    rules: Rules,
    held: Mutex<Held>,
}

/// How connections are kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    connect_timeout: Duration,
    idle_timeout: Duration,
    age: Duration,
    http2: Http2Mode,
    /// How many connections carry many requests at once, if HTTP/2 is spoken.
    http2_connections: usize,
}

struct Held {
    /// Connections on which nothing is under way.
    #[expect(clippy::vec_box, reason = "a connection goes in and out as it is, and is not moved")]
    idle: Vec<Box<Http1>>,
    /// Connections that carry several exchanges at once.
    shared: Vec<Http2>,
    /// Whether somebody looks after them.
    swept: bool,
    /// When one more that is shared may be opened; none while one is being opened.
    grows: Option<Instant>,
}

impl Default for Held {
    fn default() -> Self {
        Self { idle: Vec::new(), shared: Vec::new(), swept: false, grows: Some(Instant::now()) }
    }
}

/// How long after a failure nobody tries to open one more.
const GROW_AGAIN: Duration = Duration::from_secs(1);

impl Rules {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            connect_timeout: options.connect_timeout,
            idle_timeout: options.idle_timeout,
            age: options.connection_age,
            http2: options.http2,
            http2_connections: options.http2_connections.get(),
        }
    }
}

impl Pool {
    pub(crate) fn new(connector: Connector, origin: Uri, rules: Rules) -> Arc<Self> {
        Arc::new(Self { connector, origin, rules, held: Mutex::default() })
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        // No code of others runs under the lock, and lists are whole between two calls.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection that is there already. Where all that are shared are busy, one more is opened
    /// meanwhile, if there may be more: no request waits for it, and none fails with it.
    pub(crate) fn take(self: &Arc<Self>) -> Option<Connection> {
        let now = Instant::now();
        let mut held = self.lock();
        let age = self.rules.age;
        held.shared.retain(|one| one.is_open() && now.duration_since(one.opened) < age);
        if let Some(least) = held.shared.iter().min_by_key(|one| one.load()) {
            let more = least.load() > 0 && held.shared.len() < self.rules.http2_connections;
            let least = Http2::clone(least);
            if more && held.grows.is_some_and(|from| from <= now) {
                held.grows = None;
                tokio::spawn(grow(Arc::downgrade(self)));
            }
            return Some(Connection::Http2(least));
        }
        while let Some(mut connection) = held.idle.pop() {
            if self.is_fresh(&connection, now) && connection.glance() {
                return Some(Connection::Http1(connection));
            }
        }
        None
    }

    fn is_fresh(&self, connection: &Http1, now: Instant) -> bool {
        now.duration_since(connection.idle) < self.rules.idle_timeout
            && now.duration_since(connection.opened) < self.rules.age
    }

    /// A new connection.
    pub(crate) async fn open(self: &Arc<Self>) -> Result<Connection, Broken> {
        let opening = tokio::time::timeout(self.rules.connect_timeout, self.connect());
        let unsent = |why| Broken { why, at: Stage::Unsent };
        let stream = match opening.await {
            Ok(opened) => opened.map_err(unsent)?,
            Err(_) => {
                let limit = self.rules.connect_timeout;
                return Err(unsent(format!("no connection within {limit:?}")));
            }
        };
        let speaks_http2 = match self.rules.http2 {
            Http2Mode::Always => true,
            Http2Mode::Negotiated => stream.connected().is_negotiated_h2(),
            Http2Mode::Never => false,
        };
        if speaks_http2 {
            let opened = Http2::open(stream).await.map_err(|error| unsent(causes(&error)))?;
            let mut held = self.lock();
            if held.shared.len() < self.rules.http2_connections {
                held.shared.push(Http2::clone(&opened));
            }
            return Ok(Connection::Http2(opened));
        }
        let opened = Http1::open(stream).await.map_err(|error| unsent(causes(&error)))?;
        Ok(Connection::Http1(Box::new(opened)))
    }

    async fn connect(&self) -> Result<Stream, String> {
        let mut connector = self.connector.clone();
        let opened = async {
            poll_fn(|context| connector.poll_ready(context)).await?;
            connector.call(Uri::clone(&self.origin)).await
        };
        opened.await.map_err(|error| causes(&*error))
    }

    /// Takes back a connection whose exchange has ended well.
    pub(crate) fn give_back(self: &Arc<Self>, connection: Connection) {
        // One that carries many exchanges was never taken away.
        let Connection::Http1(mut connection) = connection else { return };
        if !connection.glance() {
            return;
        }
        let mut held = self.lock();
        held.idle.push(connection);
        if !held.swept {
            held.swept = true;
            tokio::spawn(sweep(Arc::downgrade(self), self.rules.idle_timeout / 2));
        }
    }

    /// Closes what is too old, and what the other side closed; whether there is any left.
    fn close_old(&self) -> bool {
        let now = Instant::now();
        let mut held = self.lock();
        held.idle.retain_mut(|one| self.is_fresh(one, now) && one.glance());
        held.swept = !held.idle.is_empty();
        held.swept
    }

    #[cfg(test)]
    pub(crate) fn idle(&self) -> usize {
        self.lock().idle.len()
    }
}

/// Opens one more connection that is shared.
async fn grow(pool: Weak<Pool>) {
    let Some(pool) = pool.upgrade() else { return };
    let opened = pool.open().await;
    let wait = opened.as_ref().map_or(GROW_AGAIN, |_| Duration::ZERO);
    if let Err(broken) = opened {
        let (origin, error) = (&pool.origin, broken.why);
        tracing::debug!(%origin, error, "one more connection can't be opened");
    }
    pool.lock().grows = Some(Instant::now() + wait);
}

/// Looks after a pool as long as it holds connections.
async fn sweep(pool: Weak<Pool>, every: Duration) {
    // Not more often than makes sense for a timer.
    let every = every.max(Duration::from_millis(10));
    loop {
        tokio::time::sleep(every).await;
        if !pool.upgrade().is_some_and(|pool| pool.close_old()) {
            return;
        }
    }
}
