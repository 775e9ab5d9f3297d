//! SQLite behind the services: a file, jobs that run off the async threads, loaders that batch.

mod database;
mod loader;
mod lock;
mod session;
mod sql;

pub(crate) use database::Database;
pub(crate) use loader::Loader;
pub(crate) use session::{Session, drive};
pub(crate) use sql::Sql;
