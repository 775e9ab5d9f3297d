//! Execution against subgraphs that answer by script.

mod entities;
mod fast;
mod faults;
mod flow;
mod hostile;
mod projection;
mod random;
mod world;

use world::{Played, Reply, World};

#[track_caller]
fn plays<R: Into<Reply>>(
    operation: &str,
    script: impl IntoIterator<Item = (&'static str, R)>,
) -> Played {
    World::new().play(operation, script)
}
