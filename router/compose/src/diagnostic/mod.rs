//! Diagnostics: what is wrong (or could be better) in the subgraphs, where, why, and what to do.

mod code;
mod finding;
mod names;
mod render;
mod report;
mod severity;

pub use code::Code;
pub use finding::{Diagnostic, Label, SourceText};
pub(crate) use names::names;
pub use report::Report;
pub use severity::Severity;
