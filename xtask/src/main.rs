//! Every chore has one command.

fn main() {}
