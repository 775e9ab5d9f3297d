//! Metrics and logs: one table of names, one place where they are exported.
//!
//! In come measurements of `engine` and `server`, and log events of every crate; out go the text
//! of `/metrics` and lines on standard error.
//!
//! Parts: [`metrics`] is the table of names and the instruments, [`record`] is what can be
//! measured, [`bound`] the instruments of every request, [`log`] sets up the lines.
//!
//! This crate knows no request, no schema and no configuration file.
//!
//! Invariants: every metric stands in [`METRICS`]; every label has a bounded set of values (names
//! of subgraphs, codes of the error table), never text of a client.

mod bound;
mod log;
mod metrics;
mod record;

pub use bound::Outcome;
pub use log::{Format, LogError, Logs};
pub use metrics::{METRICS, Metric, Metrics, SetupError};
pub use record::{InFlight, OperationSize};
