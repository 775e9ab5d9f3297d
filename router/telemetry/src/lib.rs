//! Metrics and logs: one table of names, one place where they are exported.
