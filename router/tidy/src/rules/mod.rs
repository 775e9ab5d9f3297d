//! The rules, in the order in which a reader meets them: a file each, right and wrong inside.

pub mod cycles;
pub mod documents;
pub mod fences;
pub mod floors;
pub mod leftovers;
pub mod links;
pub mod sizes;
pub mod words;
