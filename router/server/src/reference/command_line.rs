//! The page of the command line.

use std::fmt::Write;

use clap::CommandFactory;

use crate::cli::Cli;

/// The text of `docs/reference/command-line.md`.
pub fn command_line() -> String {
    let mut cli = Cli::command().term_width(100);
    // Subcommands are only wired to their parent by building.
    cli.build();
    let mut page = String::from(
        "# Command line\n\nWritten from the program: this is what `--help` says.\n\n## tributary\n",
    );
    section(&mut page, &cli.render_long_help().to_string());
    for command in cli.get_subcommands_mut().filter(|command| command.get_name() != "help") {
        let _ = write!(page, "\n## tributary {}\n", command.get_name());
        let help = command.render_long_help().to_string();
        section(&mut page, &help);
    }
    page
}

fn section(page: &mut String, help: &str) {
    page.push_str("\n```text\n");
    for line in help.trim_end().lines() {
        page.push_str(line.trim_end());
        page.push('\n');
    }
    page.push_str("```\n");
}
