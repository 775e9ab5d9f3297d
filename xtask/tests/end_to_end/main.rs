//! End to end: the real router before the real services, asked over HTTP as a client would.
//!
//! `cargo xtask test` builds both programs and runs these tests with their paths in
//! `TRIBUTARY_BIN` and `SUBGRAPHS_BIN`, and the browser's in `CHROMIUM_BIN`. They are ignored
//! otherwise, since plain `cargo test` need not have built anything.

#![cfg(test)]

mod answers;
mod browser;
mod devtools;
mod documents;
mod edge;
mod faults;
mod http;
mod mutations;
mod programs;
mod supergraph;
