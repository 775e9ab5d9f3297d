//! Fills an empty database with a made-up social network: the same seed, the same network.

mod event;
mod people;
mod random;
mod reach;
mod size;
mod ties;
mod words;
mod writing;

use std::time::Instant;

use rusqlite::Connection;

use crate::fault::Fault;
pub use size::{Progress, Size};

/// Writes the whole network; the caller holds the transaction.
pub(crate) fn fill(
    connection: &mut Connection,
    size: Size,
    report: &dyn Fn(Progress),
) -> Result<(), Fault> {
    let step = |what, rows: &mut dyn FnMut() -> Result<usize, Fault>| {
        let start = Instant::now();
        let rows = rows()?;
        report(Progress { what, rows, took: start.elapsed() });
        Ok::<_, Fault>(())
    };
    let connection = &*connection;
    let people = people::People::invent(size);
    let ties = ties::Ties::invent(size);
    let mut events = Vec::new();
    step("users", &mut || people.write(connection))?;
    step("posts", &mut || writing::posts(connection, size, &ties))?;
    step("comments", &mut || writing::comments(connection, size, &mut events))?;
    step("follows", &mut || ties.write_follows(connection, &mut events))?;
    step("likes", &mut || ties.write_likes(connection, size, &mut events))?;
    step("feed items", &mut || reach::feeds(connection, size, &ties))?;
    step("messages", &mut || reach::messages(connection, size, &people, &mut events))?;
    step("notifications", &mut || reach::notifications(connection, &mut events))
}
