//! The cheapest sound way to answer an operation.
