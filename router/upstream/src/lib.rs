//! The network port of execution: HTTP to subgraphs.
