//! The pages of `docs/reference`, written from the same tables that the program runs on.

mod command_line;
mod configuration;
mod errors;

pub use command_line::command_line;
pub use configuration::configuration;
pub use errors::errors;
