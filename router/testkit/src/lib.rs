//! In-process subgraphs that answer from data, for tests.
