//! Recursive work, on a stack that is large enough for whatever the limits let through.

/// The stack of the engine's planners, for the same work.
const STACK: usize = 64 << 20;

/// Does work on a thread of its own and waits for it.
///
/// # Errors
/// When the thread can't be started.
pub(super) fn deep<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, work)
            .map_err(|error| format!("a thread can't be started: {error}"))?;
        Ok(thread.join().unwrap_or_else(|defect| std::panic::resume_unwind(defect)))
    })
}
