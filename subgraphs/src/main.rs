//! The binary that serves the demo services.

fn main() {}
