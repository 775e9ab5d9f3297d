//! The binary `tributary`.

use std::process::ExitCode;

fn main() -> ExitCode {
    tributary_server::main()
}
