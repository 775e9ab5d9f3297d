//! The manual that runs: federation told as stories, each of them a test.
//!
//! In comes a Markdown file: prose, the schemas and data of subgraphs, operations, and what is
//! expected of each. Out comes whether composing, planning and executing do just that.
//!
//! Steps: [`markdown`] finds the blocks, [`story`] reads them strictly, [`stage`] runs them through
//! the composer, the planner, its checker and the executor against subgraphs in process, [`tell`]
//! compares what came with what is expected, [`compare`] says where it differs, [`pretty`] writes
//! answers as a person would, [`book`] finds the files and rewrites what they expect.
//!
//! Random tests throw [`Dice`].
//!
//! The stories are in the folders beside `src`; `README.md` is their table of contents and says
//! how to write one.
//!
//! Invariants: a block that is not understood fails its story; answers are compared with the order
//! of keys and the text of numbers; nothing is compared by a hash.

mod book;
mod compare;
mod markdown;
mod pretty;
mod stage;
mod story;
mod tell;

pub use book::{Book, Update};
pub use stage::{Asking, Closed, Part, Performance, Stage, planned};
pub use story::Story;
pub use tell::{Failure, tell, tell_over};
pub use trials::Dice;
