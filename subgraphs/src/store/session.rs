//! The database work of one request, gathered while the request waits and run all at once.
//!
//! Resolvers never touch the database: they queue jobs and wait. `drive` polls the execution until
//! nothing in it can go on without the database, then runs every queued job in one go. A loader
//! that queues one job for all its keys therefore sees every key that this wave can produce,
//! whatever resolver asked for it, and there are as many waves as the operation has levels.

use std::{
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use super::{
    database::Database,
    lock::lock,
    sql::{Job, Sql},
};
use crate::fault::{Code, Fault};

/// The queue of one request; clones share it.
#[derive(Clone, Default)]
pub(crate) struct Session(Arc<Shared>);

#[derive(Default)]
struct Shared {
    jobs: Mutex<Vec<Job>>,
    /// Counts writes: what a loader knew before the last one may be wrong.
    writes: AtomicU64,
    statements: Arc<AtomicUsize>,
}

impl Session {
    /// Runs one query that is not worth a loader.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Sql<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let slot = Arc::new(Mutex::new((None, None::<Waker>)));
        let filled = slot.clone();
        self.queue(Box::new(move |sql| {
            let result = job(sql);
            let mut slot = lock(&filled);
            slot.0 = Some(result);
            if let Some(waker) = slot.1.take() {
                waker.wake();
            }
        }));
        std::future::poll_fn(move |context| {
            let mut slot = lock(&slot);
            match slot.0.take() {
                Some(result) => Poll::Ready(result),
                None => {
                    slot.1 = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }

    /// Runs a change as one transaction: all of it happens, or nothing.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Sql<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let session = self.clone();
        self.read(move |sql| {
            sql.change("BEGIN IMMEDIATE", [])?;
            let result = job(sql).and_then(|value| sql.change("COMMIT", []).map(|_| value));
            if result.is_err() {
                // The first error is the one to tell; a failed roll-back has nothing to add.
                let _ = sql.change("ROLLBACK", []);
            }
            session.0.writes.fetch_add(1, Ordering::AcqRel);
            result
        })
        .await
    }

    /// The number of SQL statements so far.
    pub(crate) fn statements(&self) -> usize {
        self.0.statements.load(Ordering::Relaxed)
    }

    pub(super) fn writes(&self) -> u64 {
        self.0.writes.load(Ordering::Acquire)
    }

    pub(super) fn queue(&self, job: Job) {
        lock(&self.0.jobs).push(job);
    }
}

/// Drives an execution to its end, running its database work in waves.
///
/// # Errors
///
/// When a job panics, or when the execution waits for anything but this session.
pub(crate) async fn drive<T>(
    session: &Session,
    database: &Arc<Database>,
    execution: impl Future<Output = T>,
) -> Result<T, Fault> {
    let mut execution = pin!(execution);
    let woken = Arc::new(Woken(AtomicBool::new(false)));
    let waker = Waker::from(woken.clone());
    loop {
        if let Poll::Ready(result) = execution.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Ok(result);
        }
        if woken.0.swap(false, Ordering::AcqRel) {
            // It can go on by itself: a long list yields now and then. Not idle yet.
            tokio::task::yield_now().await;
            continue;
        }
        let jobs = std::mem::take(&mut *lock(&session.0.jobs));
        if jobs.is_empty() {
            return Err(Fault::new(Code::Internal, "the execution waits for nothing"));
        }
        database.run(jobs, session.0.statements.clone()).await?;
    }
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}
