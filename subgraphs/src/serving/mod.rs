//! HTTP in front of the services.

mod exchange;
mod request;

pub(crate) use exchange::{Site, respond};
