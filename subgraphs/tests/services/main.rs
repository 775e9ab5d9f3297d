//! The services as routers see them: over HTTP, with a small network behind them.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod batching;
mod client;
mod entities;
mod exchange;
mod lists;
mod mutations;
mod process;
