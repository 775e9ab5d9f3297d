//! The page opens in a real browser, and the query in it is answered.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use crate::programs::{Folder, demo};

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn the_page_runs_a_query_in_a_browser() {
    let (_services, router) = demo();
    let folder = Folder::new();
    let mut profile = OsString::from("--user-data-dir=");
    profile.push(folder.path("profile"));
    let browser = std::env::var_os("CHROMIUM_BIN").unwrap_or_else(|| "chromium".into());
    let mut command = Command::new(browser);
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]);
    command.args(["--virtual-time-budget=20000", "--dump-dom"]).arg(profile);
    command.arg(format!("http://{}/", router.address)).stderr(Stdio::null());
    let output = command.output().expect("the browser starts");
    let page = String::from_utf8_lossy(&output.stdout);
    assert!(page.contains("graphiql"), "{page}");
}
