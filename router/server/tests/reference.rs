//! The pages of `docs/reference` are what the program says.
//!
//! `TRIBUTARY_UPDATE_REFERENCE=1 cargo test -p tributary-server --test reference` writes them.
#![allow(clippy::unwrap_used, reason = "a test may fail so")]

use std::path::Path;

#[track_caller]
fn current(name: &str, page: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference");
    let path = folder.join(name);
    if std::env::var_os("TRIBUTARY_UPDATE_REFERENCE").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(&path, page).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == page,
        "docs/reference/{name} is not what the program says: set TRIBUTARY_UPDATE_REFERENCE=1 and \
         run this test again"
    );
}

#[test]
fn the_configuration_is_documented() {
    current("configuration.md", &tributary_server::configuration_reference());
}

#[test]
fn the_errors_are_documented() {
    current("errors.md", &tributary_server::errors_reference());
}

#[test]
fn the_command_line_is_documented() {
    current("command-line.md", &tributary_server::command_line_reference());
}
