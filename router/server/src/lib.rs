//! The edge: sockets, configuration, signals; the binary tributary.
mod config;
