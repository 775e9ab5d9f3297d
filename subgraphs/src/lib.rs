//! The demo: six services of a social network, in juniper over hyper, for a federation router to
//! stand in front of.
//!
//! In comes an [`Options`]: an address, the size of the network, perhaps one service only. Out
//! comes a [`Running`] set of GraphQL services at `/users/graphql`, `/posts/graphql` and so on, each with
//! `_service` and `_entities`. The steps of a request:
//!
//! 1. `serving` reads the HTTP request and finds the service by its path.
//! 2. `service` executes the operation with juniper; the resolvers stand in the folders `users`,
//!    `posts`, `social`, `feed`, `messages` and `notifications`, beside the federation schema.
//! 3. Resolvers ask loaders of `store`; when nothing can go on without the database, every loader
//!    runs one statement for all its keys.
//!
//! `seed` fills the database: the same seed gives the same people, posts and sentences.
//!
//! It knows nothing about the router; they share SDL and HTTP. There is no authentication: a demo
//! says who acts in the arguments of its mutations.
//!
//! Invariants:
//! * The number of SQL statements of an operation depends on its text, never on how many
//!   representations or rows it meets.
//! * `schema.graphql` and the resolvers of a service define the same schema (a test compares them).
//! * SQLite never blocks an async thread.
//! * A temporary database is gone when [`Running::shutdown`] returns.

#[cfg(test)]
mod agreement;
mod error_paths;
mod fault;
mod federation;
mod feed;
mod lookups;
mod messages;
mod moment;
mod notifications;
mod page;
mod posts;
mod seed;
mod serve;
mod service;
mod services;
mod serving;
mod social;
mod store;
mod users;

pub use seed::{Progress, Size};
pub use serve::{Options, Running, StartError, serve};
pub use services::Name;
