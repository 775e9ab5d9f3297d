//! A clock finer than the runtime's, whose timers end on whole milliseconds: a thread that sleeps.
//!
//! What is measured here is below a millisecond, so neither the times at which requests are sent
//! nor the delay of subgraphs may be rounded to one.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::oneshot;

/// Sends the moments at which requests are due, each when it has come: at even distances until an
/// end.
pub(crate) fn ticks(
    every: Duration,
    started: Instant,
    until: Instant,
) -> UnboundedReceiver<Instant> {
    let (sender, receiver) = unbounded_channel();
    std::thread::spawn(move || {
        for turn in 0.. {
            let due = started + every.mul_f64(f64::from(turn));
            if due >= until {
                break;
            }
            sleep_until(due);
            if sender.send(due).is_err() {
                break;
            }
        }
    });
    receiver
}

/// Looks at the clock without rest, and adds up the time in which it could not: when the core was
/// another's, or stood still. A virtual core can be stopped by its host, which no process sees
/// otherwise.
pub(crate) fn stopped(during: Duration) -> Duration {
    // Longer than an interrupt takes.
    const GAP: Duration = Duration::from_micros(500);
    let started = Instant::now();
    let (mut last, mut stopped) = (started, Duration::ZERO);
    while last - started < during {
        let now = Instant::now();
        if now - last > GAP {
            stopped += now - last;
        }
        last = now;
    }
    stopped
}

/// A delay, the same for all who wait: so they are let go in the order in which they came.
pub(crate) struct Delay {
    time: Duration,
    waiting: mpsc::Sender<(Instant, oneshot::Sender<()>)>,
}

impl Delay {
    pub(crate) fn new(time: Duration) -> Self {
        let (waiting, first) = mpsc::channel::<(Instant, oneshot::Sender<()>)>();
        std::thread::spawn(move || {
            for (due, waits) in first {
                sleep_until(due);
                // Who waited may have gone.
                let _ = waits.send(());
            }
        });
        Self { time, waiting }
    }

    /// Waits.
    pub(crate) async fn wait(&self) {
        let (sender, over) = oneshot::channel();
        if self.waiting.send((Instant::now() + self.time, sender)).is_ok() {
            // The thread ends only with this value.
            let _ = over.await;
        }
    }
}

fn sleep_until(due: Instant) {
    std::thread::sleep(due.saturating_duration_since(Instant::now()));
}
