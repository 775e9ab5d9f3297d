//! Opens the database, listens, and serves until told to stop.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::{conn::auto, graceful::GracefulShutdown},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

use crate::{
    seed::{self, Progress, Size},
    services::Name,
    serving::{Site, respond},
    store::Database,
};

/// How long requests in flight may take after `shutdown`.
const DRAIN: Duration = Duration::from_secs(10);

/// What to serve, and where.
pub struct Options {
    /// Port 0 lets the system choose.
    pub listen: SocketAddr,
    /// One service alone, or `None` for all six by path.
    pub only: Option<Name>,
    /// The database file; `None` is a temporary one that goes away at the end.
    pub database: Option<PathBuf>,
    /// The data, if the database has to be filled.
    pub size: Size,
    /// How long each GraphQL request waits first: a slow service on demand.
    pub delay: Duration,
    /// Is called after each step of filling the database.
    pub progress: Option<Box<dyn Fn(Progress) + Send>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            only: None,
            database: None,
            size: Size::default(),
            delay: Duration::ZERO,
            progress: None,
        }
    }
}

/// Why the services cannot start.
#[derive(Debug)]
pub struct StartError(String);

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StartError {}

/// Services that are being served. Dropping it stops them without waiting.
pub struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    accepting: JoinHandle<()>,
}

impl Running {
    /// Where the services are, with the port that was chosen.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of one service's GraphQL endpoint.
    pub fn url(&self, name: Name) -> String {
        format!("http://{}/{}/graphql", self.address, name.as_str())
    }

    /// Takes no more connections, lets requests in flight end (for at most ten seconds), and
    /// removes the temporary database.
    pub async fn shutdown(mut self) {
        if let Some(stop) = self.stop.take() {
            // The receiver is gone when the task has ended already, which is what is wanted.
            let _ = stop.send(());
        }
        // A task that panicked has stopped too.
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Starts the services; they answer when this returns.
///
/// # Errors
///
/// When the address is taken, the database can't be opened, or it holds other data.
pub async fn serve(options: Options) -> Result<Running, StartError> {
    let Options { listen, only, database, size, delay, progress } = options;
    size.check().map_err(|fault| StartError(fault.to_string()))?;
    // Listening comes first, so that a taken address is told before seconds of seeding.
    let listener = TcpListener::bind(listen).await;
    let listener =
        listener.map_err(|error| StartError(format!("cannot listen on {listen}: {error}")))?;
    let address = listener.local_addr();
    let address = address.map_err(|error| StartError(error.to_string()))?;
    let open = move || {
        Database::open(database.as_deref(), &size.mark(), |connection| {
            let report = |step| progress.iter().for_each(|progress| progress(step));
            seed::fill(connection, size, &report)
        })
    };
    let database = tokio::task::spawn_blocking(open)
        .await
        .map_err(|panic| StartError(panic.to_string()))?
        .map_err(|fault| StartError(fault.to_string()))?;
    let names = only.map_or(Name::ALL.to_vec(), |only| vec![only]);
    let services = names.into_iter().map(|name| (name.as_str(), name.service())).collect();
    let site = Arc::new(Site { services, database: Arc::new(database), delay });
    let (stop, stopped) = oneshot::channel();
    let accepting = tokio::spawn(accept(listener, site, stopped));
    Ok(Running { address, stop: Some(stop), accepting })
}

async fn accept(listener: TcpListener, site: Arc<Site>, mut stopped: oneshot::Receiver<()>) {
    let graceful = GracefulShutdown::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stopped => break,
        };
        match stream {
            Ok((stream, _)) => converse(stream, site.clone(), &graceful),
            // Out of file descriptors, most likely: wait until some connections have ended.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    drop(listener);
    // Those who are not done in time are cut off; there is nobody to tell.
    let _ = tokio::time::timeout(DRAIN, graceful.shutdown()).await;
}

fn converse(stream: TcpStream, site: Arc<Site>, graceful: &GracefulShutdown) {
    // Without it small answers may wait 40 ms for an acknowledgement; if it fails they just do.
    let _ = stream.set_nodelay(true);
    let answer = service_fn(move |request: hyper::Request<Incoming>| {
        let site = site.clone();
        async move { Ok::<_, std::convert::Infallible>(respond(site, request).await) }
    });
    let server = auto::Builder::new(TokioExecutor::new());
    let connection = server.serve_connection(TokioIo::new(stream), answer).into_owned();
    let watched = graceful.watch(connection);
    tokio::spawn(async move {
        // A connection that breaks is the client's business.
        let _ = watched.await;
    });
}
