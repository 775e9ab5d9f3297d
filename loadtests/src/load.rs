//! Load: connections that each send a request, wait for the whole answer, and send the next; or
//! requests at a rate, whether answers came or not.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use clap::Args;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// What is sent, and for how long.
#[derive(Args)]
pub(crate) struct Load {
    /// The port of the router on this machine.
    #[arg(long)]
    port: u16,
    /// The path of its endpoint.
    #[arg(long, default_value = "/graphql")]
    path: String,
    /// A file with bodies, one a line; they are sent in turn.
    #[arg(long)]
    requests: PathBuf,
    #[arg(long, default_value_t = 50)]
    connections: usize,
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Requests per second, at even distances; without it, each connection sends when it can.
    #[arg(long)]
    rate: Option<f64>,
}

/// What the connections share.
struct Shared {
    bodies: Vec<Bytes>,
    path: String,
    /// The length of the answer to each body, once known.
    lengths: RefCell<Vec<Option<usize>>>,
    /// How long each answer took.
    took: RefCell<Vec<Duration>>,
    wrong: RefCell<Vec<String>>,
    /// Which body, and which slot of the rate, is next.
    next: RefCell<usize>,
    started: Instant,
    until: Instant,
    every: Option<Duration>,
}

/// Sends the load and prints one JSON object: `requests`, `seconds`, `cpu` (seconds of processor time
/// that the load itself used), `p50_us`, `p99_us`, `bytes` (of
/// an answer) and `wrong`.
pub(crate) async fn run(load: &Load) -> Result<(), String> {
    let text = std::fs::read_to_string(&load.requests).map_err(|error| error.to_string())?;
    let bodies: Vec<Bytes> = text.lines().map(|line| Bytes::from(line.to_owned())).collect();
    let started = Instant::now();
    let shared = Rc::new(Shared {
        lengths: RefCell::new(vec![None; bodies.len()]),
        bodies,
        path: load.path.to_owned(),
        took: RefCell::default(),
        wrong: RefCell::default(),
        next: RefCell::default(),
        started,
        until: started + Duration::from_secs_f64(load.seconds),
        every: load.rate.map(|rate| Duration::from_secs_f64(1.0 / rate)),
    });
    let all = tokio::task::LocalSet::new();
    all.run_until(async {
        let one = |_| tokio::task::spawn_local(connection(Rc::clone(&shared), load.port));
        let connections: Vec<_> = (0..load.connections).map(one).collect();
        for connection in connections {
            let ended = connection.await.map_err(|error| error.to_string());
            if let Err(why) = ended.and_then(|ended| ended) {
                shared.wrong.borrow_mut().push(why);
            }
        }
    })
    .await;
    let seconds = started.elapsed().as_secs_f64();
    let mut took = shared.took.take();
    took.sort_unstable();
    let at = |part: f64| {
        let index = (took.len() as f64 * part) as usize;
        took.get(index.min(took.len().saturating_sub(1))).map_or(0, Duration::as_micros)
    };
    let wrong = shared.wrong.take();
    if let Some(first) = wrong.first() {
        eprintln!("{} answers were wrong; the first: {first}", wrong.len());
    }
    let bytes = shared.lengths.borrow().iter().flatten().max().copied().unwrap_or(0);
    println!(
        "{{\"requests\":{},\"seconds\":{seconds:.3},\"cpu\":{:.2},\"p50_us\":{},\"p99_us\":{},\"bytes\":{bytes},\"wrong\":{}}}",
        took.len(),
        cpu_seconds().unwrap_or(0.0),
        at(0.5),
        at(0.99),
        wrong.len()
    );
    Ok(())
}

/// The processor time of this process, where the kernel tells it.
fn cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let rest = text.rsplit_once(") ")?.1;
    let mut fields = rest.split(' ').skip(11);
    let (user, system) = (fields.next()?.parse::<f64>().ok()?, fields.next()?.parse::<f64>().ok()?);
    // Hundredths of a second.
    Some((user + system) / 100.0)
}

/// One connection.
async fn connection(shared: Rc<Shared>, port: u16) -> Result<(), String> {
    let stream =
        TcpStream::connect(("127.0.0.1", port)).await.map_err(|error| error.to_string())?;
    stream.set_nodelay(true).map_err(|error| error.to_string())?;
    let (mut sender, driver) =
        handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    tokio::task::spawn_local(driver);
    while let Some((index, due)) = shared.turn() {
        tokio::time::sleep_until(due.into()).await;
        if Instant::now() >= shared.until {
            break;
        }
        ask(&shared, &mut sender, index, due).await?;
    }
    Ok(())
}

impl Shared {
    /// The body that is next, and when it is due; none when the time is over.
    fn turn(&self) -> Option<(usize, Instant)> {
        let now = Instant::now();
        let mut next = self.next.borrow_mut();
        let turn = *next;
        *next += 1;
        let due = match self.every {
            Some(every) => self.started + every.mul_f64(turn as f64),
            None => now,
        };
        (due < self.until).then_some((turn % self.bodies.len(), due))
    }
}

async fn ask(
    shared: &Shared,
    sender: &mut SendRequest<Full<Bytes>>,
    index: usize,
    due: Instant,
) -> Result<(), String> {
    let request = Request::post(&shared.path)
        .header("host", "localhost")
        .header("content-type", "application/json")
        .header("accept", "application/json")
        .body(Full::new(Bytes::clone(&shared.bodies[index])))
        .map_err(|error| error.to_string())?;
    sender.ready().await.map_err(|error| error.to_string())?;
    let response = sender.send_request(request).await.map_err(|error| error.to_string())?;
    let status = response.status();
    let body = response.into_body().collect().await.map_err(|error| error.to_string())?.to_bytes();
    shared.took.borrow_mut().push(due.elapsed());
    let mut lengths = shared.lengths.borrow_mut();
    // The first answer to each body is read, the others must be as long.
    let right = match lengths[index] {
        Some(length) => length == body.len(),
        None => {
            let read = json::parse(&body, 100).ok();
            lengths[index] = Some(body.len());
            read.is_some_and(|answer| {
                answer.get("data").is_some() && answer.get("errors").is_none()
            })
        }
    };
    if !status.is_success() || !right {
        let start = String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
        shared.wrong.borrow_mut().push(format!("{status}, {} bytes: {start}", body.len()));
    }
    Ok(())
}
