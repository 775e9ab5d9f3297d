//! Threads where documents are parsed and plans are made.
//!
//! Both are work for the processor and recursive, so they don't run where sockets are served:
//! a few threads of their own, with stacks that are large enough for the deepest document that the
//! limits let through, do it one after the other.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::errors::Refused;

/// The stack of a thread. Planning in a debug build uses the most.
const STACK: usize = 64 << 20;

/// How many documents may wait.
const WAITING: usize = 1024;

type Job = Box<dyn FnOnce() + Send>;

/// The threads.
pub(crate) struct Planners {
    jobs: SyncSender<Job>,
    timeout: Duration,
}

impl Planners {
    /// Starts the threads. They end when the last handle is dropped.
    pub(crate) fn start(threads: NonZeroUsize, timeout: Duration) -> std::io::Result<Self> {
        let (jobs, queue) = sync_channel::<Job>(WAITING);
        let queue = Arc::new(Mutex::new(queue));
        for index in 0..threads.get() {
            let queue = Arc::clone(&queue);
            std::thread::Builder::new()
                .name(format!("planner-{index}"))
                .stack_size(STACK)
                .spawn(move || while work(&queue) {})?;
        }
        Ok(Self { jobs, timeout })
    }

    /// Does a piece of work on one of the threads. Work whose request has gone is not begun.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Refused> + Send + 'static,
    ) -> Result<T, Refused> {
        let (send, done) = oneshot::channel();
        let job = move || {
            if !send.is_closed() {
                let result = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
                    Err(Refused::defect("INTERNAL_SERVER_ERROR", why(&*panic)))
                });
                // Nobody may want it any more.
                let _ = send.send(result);
            }
        };
        self.jobs.try_send(Box::new(job)).map_err(|error| match error {
            TrySendError::Full(_) => Refused::new(
                "PLANNING_OVERLOADED",
                "Too many documents wait to be planned; come again.",
            ),
            TrySendError::Disconnected(_) => {
                Refused::defect("INTERNAL_SERVER_ERROR", "the planners are gone")
            }
        })?;
        match tokio::time::timeout(self.timeout, done).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(Refused::defect("INTERNAL_SERVER_ERROR", "a planner is gone")),
            Err(_) => {
                let message = format!("The document was not planned within {:?}.", self.timeout);
                Err(Refused::new("PLANNING_TIMEOUT", message))
            }
        }
    }
}

/// Does one job; false when there will be no more.
fn work(queue: &Mutex<Receiver<Job>>) -> bool {
    let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
    match job {
        Ok(job) => {
            job();
            true
        }
        Err(_) => false,
    }
}

fn why(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a text".to_owned())
}
