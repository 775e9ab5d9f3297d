//! Load: connections that each send a request, wait for the whole answer, and send the next; or
//! requests at a rate, whether answers came or not.
//!
//! Each answer is compared with the expected one. The first to a request is read as JSON; once it
//! is found equal, its bytes are what the others are compared with, and one that differs is read
//! again.
//!
//! All connections are open before the first request is due: what opening them costs both sides is
//! no part of an answer's time.
//!
//! At a rate, the time of an answer counts from the moment at which its request was due, so that a
//! router that stalls is charged for every request that it kept from being sent.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use clap::Args;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use json::Json;
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::clock;

/// What is sent, and for how long.
#[derive(Args)]
pub(crate) struct Load {
    /// The port on this machine.
    #[arg(long)]
    port: u16,
    /// The path of the endpoint.
    #[arg(long, default_value = "/graphql")]
    path: String,
    /// A file with bodies, one a line; they are sent in turn.
    #[arg(long)]
    requests: PathBuf,
    /// A file with the answers to them, one a line.
    #[arg(long)]
    expected: PathBuf,
    #[arg(long, default_value_t = 50)]
    connections: usize,
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Stop after so many requests, when that comes first.
    #[arg(long)]
    count: Option<usize>,
    /// Requests per second, at even distances; without it, each connection sends when it can.
    #[arg(long)]
    rate: Option<f64>,
}

/// A request, and what is known of its answer.
struct Asked {
    body: Bytes,
    expected: String,
    /// The bytes of an answer that was found equal to the expected one.
    right: RefCell<Option<Bytes>>,
}

/// A connection on which requests are sent.
type Sender = SendRequest<Full<Bytes>>;

/// What the connections share.
struct Shared {
    asked: Vec<Asked>,
    path: String,
    /// When each request was due, and how long its answer took.
    took: RefCell<Vec<(Instant, Duration)>>,
    wrong: RefCell<Vec<String>>,
    /// Which request is next.
    next: Cell<usize>,
    most: usize,
    until: Instant,
    /// The moments at which requests are due, when they are sent at a rate.
    ticks: Option<Mutex<UnboundedReceiver<Instant>>>,
}

/// An answer that takes longer is wrong. A router under a counter of instructions is slow.
const LONGEST: Duration = Duration::from_secs(60);

/// Sends the load and prints one JSON object: `requests`, `seconds`, `cpu` (seconds of processor
/// time that the load itself used), `p50_us`, `p99_us`, `typical_p99_us` (of the middle tenth of a
/// second), `most_us`, `bytes` (of an answer) and `wrong`.
pub(crate) async fn run(load: &Load) -> Result<(), String> {
    let asked = asked(load)?;
    let all = tokio::task::LocalSet::new();
    let senders = all.run_until(open(load)).await?;
    let started = Instant::now();
    let until = started + Duration::from_secs_f64(load.seconds);
    let every = load.rate.map(|rate| Duration::from_secs_f64(1.0 / rate));
    let shared = Rc::new(Shared {
        asked,
        path: load.path.to_owned(),
        took: RefCell::default(),
        wrong: RefCell::default(),
        next: Cell::default(),
        most: load.count.unwrap_or(usize::MAX),
        until,
        ticks: every.map(|every| Mutex::new(clock::ticks(every, started, until))),
    });
    all.run_until(async {
        let one = |sender| tokio::task::spawn_local(connection(Rc::clone(&shared), sender));
        let connections: Vec<_> = senders.into_iter().map(one).collect();
        for connection in connections {
            let ended = connection.await.map_err(|error| error.to_string());
            if let Err(why) = ended.and_then(|ended| ended) {
                shared.wrong.borrow_mut().push(why);
            }
        }
    })
    .await;
    tell(&shared, started.elapsed());
    Ok(())
}

fn asked(load: &Load) -> Result<Vec<Asked>, String> {
    let read = |file: &PathBuf| {
        std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
    };
    let (bodies, answers) = (read(&load.requests)?, read(&load.expected)?);
    if bodies.is_empty() || bodies.lines().count() != answers.lines().count() {
        return Err("there must be one expected answer for each request".to_owned());
    }
    let asked = bodies.lines().zip(answers.lines()).map(|(body, expected)| Asked {
        body: Bytes::from(body.to_owned()),
        expected: expected.to_owned(),
        right: RefCell::default(),
    });
    Ok(asked.collect())
}

fn tell(shared: &Shared, lasted: Duration) {
    let took = shared.took.take();
    let typical = typical_p99(&took);
    let mut took: Vec<Duration> = took.into_iter().map(|(_, took)| took).collect();
    took.sort_unstable();
    let at = |part| at(&took, part).as_micros();
    let wrong = shared.wrong.take();
    if let Some(first) = wrong.first() {
        eprintln!("{} answers were wrong; the first: {first}", wrong.len());
    }
    let length = |asked: &Asked| asked.right.borrow().as_ref().map_or(0, Bytes::len);
    println!(
        "{{\"requests\":{},\"seconds\":{:.3},\"cpu\":{:.2},\"p50_us\":{},\"p99_us\":{},\"typical_p99_us\":{},\"most_us\":{},\"bytes\":{},\"wrong\":{}}}",
        took.len(),
        lasted.as_secs_f64(),
        cpu_seconds().unwrap_or(0.0),
        at(0.5),
        at(0.99),
        typical.as_micros(),
        at(1.0),
        shared.asked.iter().map(length).max().unwrap_or(0),
        wrong.len()
    );
}

/// What so large a part of the sorted times doesn't exceed; zero of none.
fn at(sorted: &[Duration], part: f64) -> Duration {
    let index = (sorted.len() as f64 * part) as usize;
    sorted.get(index.min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// The 99th percentile of a typical tenth of a second: the median over the tenths. Where the machine
/// stops a core for some milliseconds every second, more than a hundredth of all answers are late
/// whatever the router does, but not in most tenths of a second.
fn typical_p99(took: &[(Instant, Duration)]) -> Duration {
    const WINDOW: u128 = 100;
    let Some(first) = took.iter().map(|(due, _)| *due).min() else { return Duration::ZERO };
    let mut windows: BTreeMap<u128, Vec<Duration>> = BTreeMap::new();
    for (due, took) in took {
        windows.entry((*due - first).as_millis() / WINDOW).or_default().push(*took);
    }
    let mut worst: Vec<Duration> = windows
        .into_values()
        .map(|mut took| {
            took.sort_unstable();
            at(&took, 0.99)
        })
        .collect();
    worst.sort_unstable();
    at(&worst, 0.5)
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

/// Opens the connections, one after another.
async fn open(load: &Load) -> Result<Vec<Sender>, String> {
    let mut senders = Vec::with_capacity(load.connections);
    for _ in 0..load.connections {
        let stream = TcpStream::connect(("127.0.0.1", load.port)).await;
        let stream = stream.map_err(|error| error.to_string())?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        let (sender, driver) =
            handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
        tokio::task::spawn_local(driver);
        senders.push(sender);
    }
    Ok(senders)
}

/// Sends on one connection, one request after another.
async fn connection(shared: Rc<Shared>, mut sender: Sender) -> Result<(), String> {
    while let Some((asked, due)) = shared.turn().await {
        let answer = tokio::time::timeout(LONGEST, ask(&shared, &mut sender, asked, due));
        answer.await.map_err(|_| "no answer in time".to_owned())??;
    }
    Ok(())
}

impl Shared {
    /// The request that is next, and when it is due; none when the time is over.
    async fn turn(&self) -> Option<(&Asked, Instant)> {
        let due = match &self.ticks {
            Some(ticks) => ticks.lock().await.recv().await?,
            None => Some(Instant::now()).filter(|now| *now < self.until)?,
        };
        let turn = self.next.get();
        self.next.set(turn + 1);
        (turn < self.most).then(|| (&self.asked[turn % self.asked.len()], due))
    }
}

async fn ask(
    shared: &Shared,
    sender: &mut Sender,
    asked: &Asked,
    due: Instant,
) -> Result<(), String> {
    let request = Request::post(&shared.path)
        .header("host", "localhost")
        .header("content-type", "application/json")
        .header("accept", "application/json")
        .body(Full::new(Bytes::clone(&asked.body)))
        .map_err(|error| error.to_string())?;
    sender.ready().await.map_err(|error| error.to_string())?;
    let response = sender.send_request(request).await.map_err(|error| error.to_string())?;
    let (status, known) = (response.status(), asked.right.borrow().clone());
    let other = read(response, known).await?;
    shared.took.borrow_mut().push((due, due.elapsed()));
    let right = other.as_ref().is_none_or(|other| asked.accepts(other));
    if !status.is_success() || !right {
        let body = other.unwrap_or_default();
        let start = String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
        shared.wrong.borrow_mut().push(format!("{status}, {} bytes: {start}", body.len()));
    }
    Ok(())
}

/// Reads a body to its end; none when it is, byte for byte, the known one.
async fn read(
    response: Response<Incoming>,
    known: Option<Bytes>,
) -> Result<Option<Vec<u8>>, String> {
    let known = known.unwrap_or_default();
    let mut body = response.into_body();
    let mut same = 0;
    let mut other: Option<Vec<u8>> = None;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|error| error.to_string())?.into_data() else { continue };
        if other.is_none() && known[same..].starts_with(&data) {
            same += data.len();
        } else {
            other.get_or_insert_with(|| known[..same].to_vec()).extend_from_slice(&data);
        }
    }
    let whole = !known.is_empty() && same == known.len();
    Ok(other.or_else(|| (!whole).then(|| known[..same].to_vec())))
}

impl Asked {
    /// Whether an answer is the expected one. Its bytes are remembered.
    fn accepts(&self, answer: &[u8]) -> bool {
        let read = |text: &[u8]| json::parse(text, 200).ok();
        let equal = match (read(answer), read(self.expected.as_bytes())) {
            (Some(Json::Object(answer)), Some(Json::Object(expected))) => {
                // A router may say more than the answer in its extensions.
                answer.get("data") == expected.get("data")
                    && answer.get("errors") == expected.get("errors")
            }
            _ => false,
        };
        if equal {
            *self.right.borrow_mut() = Some(Bytes::copy_from_slice(answer));
        }
        equal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_with_one_stop_has_a_typical_tenth_without_it() {
        let start = Instant::now();
        let times = (0..1_000_u64).map(|turn| {
            let stopped = if (400..430).contains(&turn) { 9 } else { 0 };
            (start + Duration::from_millis(turn), Duration::from_millis(4 + stopped))
        });
        let took: Vec<_> = times.collect();
        let mut all: Vec<Duration> = took.iter().map(|(_, took)| *took).collect();
        all.sort_unstable();
        assert_eq!(at(&all, 0.99), Duration::from_millis(13));
        assert_eq!(typical_p99(&took), Duration::from_millis(4));
        assert_eq!(typical_p99(&[]), Duration::ZERO);
    }

    #[test]
    fn only_an_equal_answer_is_accepted() {
        let asked = Asked {
            body: Bytes::new(),
            expected: r#"{"data":{"a":1,"b":[true]}}"#.to_owned(),
            right: RefCell::default(),
        };
        assert!(asked.accepts(br#"{ "data": { "b": [true], "a": 1 } }"#));
        for wrong in [
            r#"{"data":{"a":1,"b":[false]}}"#,
            r#"{"data":{"a":1,"b":[true]},"errors":[]}"#,
            r#"{"data":{"a":1}}"#,
            "data",
        ] {
            assert!(!asked.accepts(wrong.as_bytes()), "{wrong}");
        }
    }
}
