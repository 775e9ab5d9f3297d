//! `cargo xtask demo`: six services, composed by us, served by us, until Ctrl-C.
//!
//! Steps: [`options`] reads the ports and sees that they are free, cargo builds, [`scene`] writes
//! the configuration with those ports, the `tributary` binary composes it, [`child`] starts both
//! programs and ends them, [`probe`] waits until they answer, [`welcome`] says what can be done.

mod child;
mod options;
mod probe;
mod scene;
mod welcome;

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use self::child::Child;
use self::options::Options;
use crate::chore::Failure;
use crate::command::{binary, cargo, program, run as execute};
use crate::terminal;

/// How long the services may take to fill their database and listen.
const SEEDING: Duration = Duration::from_secs(180);
/// How long the router may take to be ready.
const STARTING: Duration = Duration::from_secs(30);

/// Runs the demo until it is told to stop, or one of its programs ends by itself.
///
/// # Errors
/// When a flag is unknown, a port is taken, the build fails, or a program ends too early.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::read(arguments)?;
    options.see_that_ports_are_free()?;
    heading("building the services and the router");
    let mut build = cargo(&["build", "--package", "tributary-subgraphs"]);
    build.args(["--package", "tributary-server"]);
    if options.release {
        build.arg("--release");
    }
    execute(build)?;
    heading("composing the supergraph of six subgraphs");
    let scene = scene::write(&options)?;
    let mut compose = program(binary(options.profile(), "tributary"), &["compose"]);
    compose.arg("--config").arg(&scene.config).arg("--output").arg(&scene.supergraph);
    execute(compose)?;
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no runtime: {error}"))?
        .block_on(play(&options, &scene))
}

/// Starts the programs, waits for the signal to stop, and stops them, whatever happened between.
async fn play(options: &Options, scene: &scene::Scene) -> Result<(), Failure> {
    let mut children = Vec::new();
    let end = tokio::select! {
        end = serve(options, scene, &mut children) => end,
        stopped = stop_signal() => stopped,
    };
    println!("\nstopping");
    for child in children.iter_mut().rev() {
        child.stop().await;
    }
    if end.is_ok() {
        println!("{}", terminal::green("stopped"));
    }
    end
}

/// Starts both programs and watches them. Comes back only with an error.
async fn serve(
    options: &Options,
    scene: &scene::Scene,
    children: &mut Vec<Child>,
) -> Result<(), Failure> {
    heading("seeding and starting the services");
    let mut services = program(binary(options.profile(), "subgraphs"), &[]);
    services.arg("--listen").arg(options.subgraphs().to_string());
    children.push(Child::start("subgraphs", services, &scene.folder)?);
    ready(children, options.subgraphs(), "/health", SEEDING).await?;

    heading("starting the router");
    let mut router = program(binary(options.profile(), "tributary"), &["serve", "--dev"]);
    router.arg("--config").arg(&scene.config).arg("--supergraph").arg(&scene.supergraph);
    router.arg("--listen").arg(options.router().to_string());
    router.arg("--admin-listen").arg(options.admin().to_string());
    children.push(Child::start("router", router, &scene.folder)?);
    ready(children, options.admin(), "/readyz", STARTING).await?;

    for child in &*children {
        child.hush();
    }
    welcome::print(options, scene)?;
    Err(first_to_end(children).await)
}

/// Waits until an address answers with 200, or a program ends before that.
async fn ready(
    children: &mut [Child],
    address: std::net::SocketAddr,
    path: &str,
    limit: Duration,
) -> Result<(), Failure> {
    let name = children.last().map_or("", Child::name);
    tokio::select! {
        () = probe::until_ok(address, path) => Ok(()),
        failure = first_to_end(children) => Err(failure),
        () = tokio::time::sleep(limit) => {
            Err(format!("{name} was not ready at http://{address}{path} within {limit:?}"))
        }
    }
}

/// Waits for the first program that ends by itself, and tells its last lines.
async fn first_to_end(children: &mut [Child]) -> Failure {
    let waits = children.iter_mut().map(|child| Box::pin(child.ended()));
    let (failure, _, _) = futures_util::future::select_all(waits).await;
    failure
}

/// Waits for Ctrl-C, SIGTERM, or the end of the terminal.
async fn stop_signal() -> Result<(), Failure> {
    let catch = |kind| signal(kind).map_err(|error| format!("signals can't be caught: {error}"));
    let mut terminate = catch(SignalKind::terminate())?;
    let mut hang_up = catch(SignalKind::hangup())?;
    let mut interrupt = catch(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

fn heading(text: &str) {
    println!("\n{}", terminal::bold(&format!("== {text}")));
}
