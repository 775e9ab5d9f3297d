//! The binary that serves the demo services.

use std::{
    io::{IsTerminal, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use clap::{Parser, ValueEnum, builder::PossibleValue};
use tributary_subgraphs::{Name, Options, Progress, Size, serve};

const AFTER_HELP: &str = "\
Examples:
  subgraphs                                        all six, at http://127.0.0.1:4100/users/graphql, …
  subgraphs --service users --listen 127.0.0.1:0   one service, on a free port
  subgraphs --database demo.sqlite                 fill the file once, then start at once
  subgraphs --users 100 --posts 500                a small network, for tests
  subgraphs --service feed --delay-ms 800          a slow service

  curl -H 'content-type: application/json' \\
       -d '{\"query\":\"{ user(id: 1) { name } }\"}' http://127.0.0.1:4100/users/graphql

When the services are ready, one line on standard output says where:
  listening http://127.0.0.1:4100
Ctrl-C or SIGTERM stops them; requests in flight are answered first. GET /health answers 200.
Every answer says in the header x-sql-statements how many SQL statements it took.";

/// Serves the demo: a social network as six federated GraphQL services.
#[derive(Parser)]
#[command(name = "subgraphs", version, after_help = AFTER_HELP)]
struct Arguments {
    /// Where to listen; port 0 picks a free one
    #[arg(long, default_value = "127.0.0.1:4100", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Serve this service only, at / as well
    #[arg(long, value_name = "SERVICE")]
    service: Option<Service>,
    /// Keep the data in this file; without it they are in a temporary file, removed at the end
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,
    /// Number of users
    #[arg(long, default_value_t = 10_000, value_name = "NUMBER")]
    users: usize,
    /// Number of posts
    #[arg(long, default_value_t = 100_000, value_name = "NUMBER")]
    posts: usize,
    /// Another number makes other people and posts; the same number always the same
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    seed: u64,
    /// Let every GraphQL request wait so long before it is answered
    #[arg(long, default_value_t = 0, value_name = "MILLISECONDS")]
    delay_ms: u64,
}

#[derive(Clone, Copy)]
struct Service(Name);

impl ValueEnum for Service {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [Service; 6] = {
            let [a, b, c, d, e, f] = Name::ALL;
            [Service(a), Service(b), Service(c), Service(d), Service(e), Service(f)]
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.as_str()))
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Runtime::new();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(run(arguments)),
        Err(error) => Err(format!("cannot start threads: {error}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), String> {
    // The signals are caught before seeding, so that stopping then removes the temporary file too.
    let mut stop = std::pin::pin!(stop_signal()?);
    let size = Size { users: arguments.users, posts: arguments.posts, seed: arguments.seed };
    let starting = serve(Options {
        listen: arguments.listen,
        only: arguments.service.map(|service| service.0),
        database: arguments.database,
        size,
        delay: Duration::from_millis(arguments.delay_ms),
        progress: Some(Box::new(report)),
    });
    let running = tokio::select! {
        started = starting => started.map_err(|error| error.to_string())?,
        () = &mut stop => return Ok(()),
    };
    let mut out = std::io::stdout();
    // Nobody may be reading; the services run all the same.
    let _ = writeln!(out, "listening http://{}", running.address()).and_then(|()| out.flush());
    stop.await;
    running.shutdown().await;
    Ok(())
}

/// Completes on the first Ctrl-C or SIGTERM.
fn stop_signal() -> Result<impl Future<Output = ()>, String> {
    #[cfg(unix)]
    let mut terminate = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate()).map_err(|error| format!("cannot catch signals: {error}"))?
    };
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        #[cfg(not(unix))]
        // Without Ctrl-C the process can still be ended from outside.
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// One line for each step, in colour on a terminal.
fn report(step: Progress) {
    let error = std::io::stderr();
    let colour = error.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let (green, dim, plain) =
        if colour { ("\x1b[32m", "\x1b[2m", "\x1b[0m") } else { ("", "", "") };
    let (what, rows, took) = (step.what, thousands(step.rows), step.took.as_millis());
    // A closed standard error must not stop the seeding.
    let _ = writeln!(&error, "{green}seeded{plain} {rows:>9} {what} {dim}in {took} ms{plain}");
}

fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        <Arguments as clap::CommandFactory>::command().debug_assert();
    }

    #[test]
    fn thousands_are_separated() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1234567, "1,234,567")] {
            assert_eq!(thousands(number), text);
        }
    }
}
