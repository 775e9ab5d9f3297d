//! The supergraph as data, by id.
