//! One connection under watch: how long its head takes, how long it is idle.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What a connection is doing, in milliseconds since it opened.
#[derive(Debug)]
pub(crate) struct Activity {
    opened: Instant,
    /// When bytes last moved.
    moved: AtomicU64,
    /// When the head of a request began to arrive; 0 when none is arriving.
    head: AtomicU64,
    in_flight: AtomicUsize,
    /// HTTP/2 sends frames between requests, which begin no head.
    has_frames: AtomicUsize,
}

/// A request in flight; dropped when it is answered.
#[derive(Debug)]
pub(crate) struct Busy(Arc<Activity>);

impl Activity {
    /// A connection opens: its first head is due.
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            opened: Instant::now(),
            moved: AtomicU64::new(0),
            head: AtomicU64::new(1),
            in_flight: AtomicUsize::new(0),
            has_frames: AtomicUsize::new(0),
        })
    }

    /// A request's head has arrived.
    pub(crate) fn request_begins(self: &Arc<Self>, version: http::Version) -> Busy {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        self.head.store(0, Ordering::Relaxed);
        if version == http::Version::HTTP_2 {
            self.has_frames.store(1, Ordering::Relaxed);
        }
        Busy(Arc::clone(self))
    }

    /// How long nothing is wrong yet; `None` when the connection must close.
    pub(crate) fn patience(&self, head: Duration, idle: Duration) -> Option<Duration> {
        let now = self.now();
        let left = |since: u64, limit: Duration| {
            limit.checked_sub(Duration::from_millis(now.saturating_sub(since)))
        };
        if self.in_flight.load(Ordering::Relaxed) > 0 {
            return Some(head.min(idle));
        }
        let idle = left(self.moved.load(Ordering::Relaxed), idle)?;
        match self.head.load(Ordering::Relaxed) {
            0 => Some(idle),
            since => Some(idle.min(left(since, head)?)),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn bytes_moved(&self, came_in: bool) {
        let now = self.now();
        self.moved.store(now, Ordering::Relaxed);
        let between = self.in_flight.load(Ordering::Relaxed) == 0
            && self.has_frames.load(Ordering::Relaxed) == 0;
        if came_in && between {
            // Zero means that no head is arriving.
            let _ = self.head.compare_exchange(0, now.max(1), Ordering::Relaxed, Ordering::Relaxed);
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.bytes_moved(false);
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A stream that tells what moves.
#[derive(Debug)]
pub(crate) struct Watched<S> {
    stream: S,
    activity: Arc<Activity>,
}

impl<S> Watched<S> {
    pub(crate) fn new(stream: S, activity: Arc<Activity>) -> Self {
        Self { stream, activity }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.activity.bytes_moved(true);
        }
        result
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.activity.wrote(&result);
        result
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.activity.wrote(&result);
        result
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl Activity {
    fn wrote(&self, result: &Poll<io::Result<usize>>) {
        if matches!(result, Poll::Ready(Ok(bytes)) if *bytes > 0) {
            self.bytes_moved(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);
    const SHORT: Duration = Duration::from_millis(5);

    fn pass() {
        std::thread::sleep(Duration::from_millis(10));
    }

    #[test]
    fn the_first_head_is_due_at_once() {
        let activity = Activity::new();
        assert!(activity.patience(LONG, LONG).is_some());
        pass();
        assert_eq!(activity.patience(SHORT, LONG), None);
    }

    #[test]
    fn between_requests_a_connection_may_be_idle_until_a_head_begins() {
        let activity = Activity::new();
        drop(activity.request_begins(http::Version::HTTP_11));
        pass();
        assert!(activity.patience(SHORT, LONG).is_some());
        assert_eq!(activity.patience(LONG, SHORT), None);
        activity.bytes_moved(true);
        pass();
        assert_eq!(activity.patience(SHORT, LONG), None);
    }

    #[test]
    fn requests_in_flight_and_frames_are_no_slow_heads() {
        let activity = Activity::new();
        let busy = activity.request_begins(http::Version::HTTP_2);
        pass();
        assert!(activity.patience(SHORT, SHORT).is_some());
        drop(busy);
        activity.bytes_moved(true);
        pass();
        assert!(activity.patience(SHORT, LONG).is_some());
    }
}
