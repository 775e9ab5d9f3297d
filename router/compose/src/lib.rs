//! Many subgraph schemas made one supergraph.

mod check;
mod diagnostic;
mod satisfiability;
mod subgraph;

pub use diagnostic::{Code, Diagnostic, Label, Report, Severity, SourceText};
