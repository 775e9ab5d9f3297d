//! The real binary: started, asked, given bad input, stopped.
#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod bad_input;
mod client;
mod compose;
mod folder;
mod plan;
mod router;
mod serve;
mod settings;
mod stop;
mod subgraph;
