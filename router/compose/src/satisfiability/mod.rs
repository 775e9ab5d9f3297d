//! Proof that every query which the merged schema allows can be answered.

mod explain;
mod reach;
mod walk;
mod world;
