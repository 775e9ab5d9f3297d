//! Signals that end the process.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Waits for signals.
#[derive(Debug)]
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// SIGTERM: whoever sends requests may need a moment to notice.
    Soon,
    /// SIGINT: someone at a keyboard waits.
    Now,
}

impl Signals {
    /// From now on the signals no longer kill the process.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn catch() -> std::io::Result<Self> {
        let terminate = signal(SignalKind::terminate())?;
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Self { terminate, interrupt })
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) -> Stop {
        tokio::select! {
            _ = self.terminate.recv() => Stop::Soon,
            _ = self.interrupt.recv() => Stop::Now,
        }
    }
}
