//! The fast executor: for plans of a usual shape, while subgraphs answer as they should.
//!
//! In come the [`Program`] that a plan was compiled to and an execution; out comes the text of the
//! answer, or what was [`Begun`](crate::run::Begun), which the reference executor finishes.
//!
//! Bodies of subgraphs are never made trees of. [`compile`] knows at plan time which fields come,
//! so each object is a row of cells ([`cells`]), and [`parse`] writes where each value stands in
//! the body; whoever gets the same answer shares what was read of it ([`reading`]). What an entity
//! fetch brings is linked to the rows that asked for it ([`gather`]), and
//! [`write`] copies the values into the client's answer in the client's order.
//!
//! It knows no errors. Whatever is unusual (an error of a subgraph, a null where none may be, a
//! missing or a doubled key, a value of the wrong kind, an object of an unknown type) is
//! [`Unusual`]: the bodies that came so far go to the reference executor, which takes them in the
//! same order and alone decides what it means. So there is one place where errors are made, and a
//! fault can't be judged in two ways.
//!
//! Invariants: a finished answer has no errors and is equal, as JSON, to what the reference
//! executor makes of the same bodies; the requests are those that the reference executor sends;
//! entities are told apart by their full representations.

mod cells;
mod compile;
mod gather;
mod parse;
mod program;
mod reading;
mod reuse;
mod run;
mod scan;
mod write;

pub use program::Program;
pub use reading::Reading;
pub(crate) use run::run;

/// Something that only the reference executor judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unusual;
