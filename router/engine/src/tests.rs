//! The engine over subgraphs in process.
