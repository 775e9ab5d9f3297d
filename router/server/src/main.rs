//! The binary `tributary`.

use std::process::ExitCode;

/// Requests allocate and free on whichever thread runs them, which this is made for.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    tributary_server::main()
}
