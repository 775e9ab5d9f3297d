//! Execution against subgraphs that answer by script.
