//! `tributary serve`: from a configuration to answers, until a signal ends it.

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use telemetry::{Format, Logs, Metrics};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use super::failed::Failed;
use crate::answers::EngineAnswers;
use crate::cli::{ReportFormat, Serve, Trick};
use crate::config::{Config, Environment};
use crate::http::{Admin, Door, Edge};
use crate::options::Lifted;
use crate::signals::{Signals, Stop};

/// Where clients are served, if nothing else is said.
const LISTEN: &str = "127.0.0.1:4000";
/// Where probes and metrics are served, if nothing else is said.
const ADMIN_LISTEN: &str = "127.0.0.1:9090";

/// Serves until a signal.
pub(super) fn run(arguments: &Serve) -> Result<(), Failed> {
    let environment = Environment::from_iter(std::env::vars());
    let config = Config::read(arguments.config.as_deref(), &environment)?;
    start_logs(&config)?;
    crate::tls::install();
    let mut runtime = match arguments.bench_without.contains(&Trick::Threads) {
        true => tokio::runtime::Builder::new_current_thread(),
        false => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = runtime.enable_all().build();
    let runtime = runtime.map_err(|error| format!("the runtime can't start: {error}"))?;
    let result = runtime.block_on(serve(arguments, &config));
    // A plan that is still being searched for must not hold the process back.
    runtime.shutdown_background();
    result
}

fn start_logs(config: &Config) -> Result<(), Failed> {
    let format = match config.settings.log.format.as_str() {
        "json" => Format::Json,
        "pretty" => Format::Pretty,
        "auto" => Format::of_stderr(),
        other => return Err(format!("log.format: {other:?} is not json, pretty or auto").into()),
    };
    let logs = Logs { format, filter: config.settings.log.filter.clone() };
    logs.start().map_err(|error| Failed::from(format!("log.filter: {error}")))
}

async fn serve(arguments: &Serve, config: &Config) -> Result<(), Failed> {
    let mut signals = Signals::catch().map_err(|error| format!("signals: {error}"))?;
    let lifted = Lifted::new(config, (arguments.dev, &arguments.bench_without))?;
    let (name, sdl) = supergraph(arguments, config).await?;
    let metrics = Metrics::new().map_err(|error| error.to_string())?;
    let metrics = Arc::new(metrics);
    let answers = EngineAnswers::new(&sdl, (config, arguments), &metrics)
        .map_err(|error| format!("{name}: {error}"))?;
    let listen = arguments.listen.as_deref().or(config.listen.as_deref());
    let listener = bind(listen.unwrap_or(LISTEN), "--listen").await?;
    let listen = arguments.admin_listen.as_deref().or(config.admin_listen.as_deref());
    let admin_listener = bind(listen.unwrap_or(ADMIN_LISTEN), "--admin-listen").await?;
    let addresses = (listener.local_addr(), admin_listener.local_addr());

    let edge = Edge::new(
        Arc::new(answers),
        Arc::clone(&metrics),
        &lifted.edge,
        lifted.cors.clone(),
        lifted.has_page,
    );
    let edge = Arc::new(edge);
    let admin = Arc::new(Admin::new(Arc::clone(&metrics)));
    let (close, closing) = watch::channel(false);
    let connections = TaskTracker::new();
    let door = Door {
        listener,
        limits: lifted.connections.clone(),
        closing,
        metrics: Some(Arc::clone(&metrics)),
    };
    let accepting = tokio::spawn(door.open(Arc::clone(&edge), connections.clone()));
    // Probes are answered until the very end.
    let (_keep_open, closing) = watch::channel(false);
    let limits = lifted.connections.clone();
    let admin_door = Door { listener: admin_listener, limits, closing, metrics: None };
    tokio::spawn(admin_door.open(Arc::clone(&admin), TaskTracker::new()));
    admin.set_ready(true);
    if let (Ok(address), Ok(admin)) = addresses {
        announce(address, admin, lifted.has_page);
    }

    let stop = signals.next().await;
    tracing::info!("stopping: no more connections are wanted");
    admin.set_ready(false);
    edge.leave();
    let shutdown = &config.settings.shutdown;
    let pre_stop = if stop == Stop::Soon { shutdown.pre_stop.0 } else { Duration::ZERO };
    let draining = async {
        tokio::time::sleep(pre_stop).await;
        close.send_replace(true);
        let _ = accepting.await;
        connections.close();
        tokio::time::timeout(shutdown.drain.0, connections.wait()).await.is_ok()
    };
    tokio::select! {
        drained = draining => end(drained, connections.len()),
        _ = signals.next() => Err("stopped at once by a second signal".to_owned().into()),
    }
}

fn end(drained: bool, left: usize) -> Result<(), Failed> {
    if drained {
        tracing::info!("stopped: every request was answered");
        return Ok(());
    }
    Err(format!("{left} connections were still open at the end of shutdown.drain").into())
}

/// The name and the SDL of the supergraph: a file, or composed from the configuration.
async fn supergraph(arguments: &Serve, config: &Config) -> Result<(String, String), Failed> {
    let read = |path: &Path| match std::fs::read_to_string(path) {
        Ok(sdl) => Ok((path.display().to_string(), sdl)),
        Err(error) => Err(format!("{} can't be read: {error}", path.display()).into()),
    };
    if let Some(path) = &arguments.supergraph {
        return read(path);
    }
    if let Some(path) = &config.supergraph {
        return read(&config.resolve(path));
    }
    if config.subgraphs.is_empty() {
        let help = "there is nothing to serve: give --supergraph FILE, or a --config FILE with \
                    `supergraph` or `subgraphs`";
        return Err(help.to_owned().into());
    }
    match super::compose::composed(config, &compose::Options::default()).await? {
        Ok((sdl, hints)) => {
            tracing::info!(hints = hints.hints().count(), "the subgraphs were composed");
            Ok(("the composed supergraph".to_owned(), sdl))
        }
        Err(report) => {
            super::compose::tell(&report, ReportFormat::Text)?;
            Err("the subgraphs don't compose".to_owned().into())
        }
    }
}

async fn bind(address: &str, flag: &str) -> Result<TcpListener, Failed> {
    TcpListener::bind(address).await.map_err(|error| {
        let help = format!("choose another address with {flag} HOST:PORT");
        format!("{address} can't be listened to: {error}; {help}").into()
    })
}

/// Prints the addresses, so that whoever started the process finds them even behind port 0.
fn announce(address: SocketAddr, admin: SocketAddr, has_page: bool) {
    let mut out = std::io::stdout().lock();
    let bold = out.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty());
    let (start, end) = if bold { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    let mut lines = format!("GraphQL   {start}http://{address}/graphql{end}\n");
    if has_page {
        lines.push_str(&format!("GraphiQL  {start}http://{address}/{end}\n"));
    }
    lines.push_str(&format!("Admin     http://{admin} (/livez /readyz /metrics)\n"));
    // The router serves even if nobody reads its addresses.
    let _ = out.write_all(lines.as_bytes()).and_then(|()| out.flush());
}
