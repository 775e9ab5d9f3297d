//! Bodies of requests, read within limits of size, time and memory.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::problem::{Kind, Problem};

/// Reads bodies.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    most: usize,
    within: Duration,
    /// Bytes that may still be held, all requests together.
    budget: Arc<Semaphore>,
}

/// A body that was read. The budget gets its bytes back when it is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    bytes: Bytes,
    _permits: Option<OwnedSemaphorePermit>,
}

impl std::ops::Deref for Held {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Reader {
    /// Bodies of at most `most` bytes, each within a time, and at most `budget` bytes at once.
    pub(crate) fn new(most: usize, within: Duration, budget: usize) -> Self {
        let budget = Arc::new(Semaphore::new(budget.min(Semaphore::MAX_PERMITS)));
        Self { most, within, budget }
    }

    /// Reads a whole body. Never more than the limit is held; what a refused client still sends is
    /// discarded for a while, so that it gets to read why.
    ///
    /// # Errors
    /// When the body is too large, too slow or broken, or too many are being read.
    pub(crate) async fn read(&self, mut body: Incoming) -> Result<Held, Problem> {
        let deadline = Instant::now() + self.within;
        let result = self.read_within(&mut body, deadline).await;
        if result.is_err() {
            self.discard(body);
        }
        result
    }

    async fn read_within(&self, body: &mut Incoming, until: Instant) -> Result<Held, Problem> {
        let declared = body.size_hint().lower();
        if declared > self.most as u64 {
            return Err(self.too_large());
        }
        // What is declared is not trusted with memory before it arrives.
        let mut bytes = BytesMut::with_capacity(usize::try_from(declared).unwrap_or(0).min(8_192));
        let mut permits: Option<OwnedSemaphorePermit> = None;
        loop {
            let frame = timeout_at(until, body.frame()).await.map_err(|_| self.too_slow())?;
            let frame = match frame {
                None => return Ok(Held { bytes: bytes.freeze(), _permits: permits }),
                Some(Ok(frame)) => frame,
                Some(Err(error)) => {
                    let message = format!("The body broke off: {error}.");
                    return Err(Problem::new(Kind::BadRequest, message));
                }
            };
            let Ok(chunk) = frame.into_data() else { continue };
            if bytes.len() + chunk.len() > self.most {
                return Err(self.too_large());
            }
            let more = self.take(chunk.len())?;
            match &mut permits {
                Some(permits) => permits.merge(more),
                None => permits = Some(more),
            }
            bytes.extend_from_slice(&chunk);
        }
    }

    fn take(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Problem> {
        let count = u32::try_from(bytes).unwrap_or(u32::MAX);
        Arc::clone(&self.budget).try_acquire_many_owned(count).map_err(|_| {
            Problem::new(Kind::Overloaded, "Too many large requests are in flight; come again.")
        })
    }

    /// Lets a client that only reads after it has written finish writing: closing the connection
    /// at once would reset it, and the answer would be lost. Nothing is kept.
    pub(crate) fn discard(&self, mut body: Incoming) {
        if body.is_end_stream() {
            return;
        }
        let until = Instant::now() + self.within;
        tokio::spawn(async move {
            while let Ok(Some(Ok(_))) = timeout_at(until, body.frame()).await {}
        });
    }

    fn too_large(&self) -> Problem {
        let message = format!("The body is too large; the limit is {} bytes.", self.most);
        Problem::new(Kind::BodyTooLarge, message)
    }

    fn too_slow(&self) -> Problem {
        let message = format!("The body did not arrive within {:?}.", self.within);
        Problem::new(Kind::BodyTimeout, message)
    }
}
