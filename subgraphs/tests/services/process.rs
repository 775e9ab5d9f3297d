//! The real binary: its line on standard output, its temporary file, its end.

use std::{path::PathBuf, process::Stdio};

use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use http::Request;

use crate::client::send;

#[tokio::test]
async fn the_binary_says_where_it_listens_and_cleans_up() {
    let (mut child, address) = start(&[]).await;
    let request = Request::post("/users/graphql").header("content-type", "application/json");
    let body = json!({ "query": "{ user(id: 1) { handle } }" }).to_string();
    let answer = send(address, request.body(body.into()).unwrap()).await;
    assert_eq!(answer.data()["user"]["handle"], "ana.silva");

    let files = temporary_files(child.id().unwrap());
    assert!(!files.is_empty(), "the data are in a temporary file");
    terminate(&mut child).await;
    assert!(child.wait().await.unwrap().success());
    assert_eq!(temporary_files_named(&files), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn one_service_can_be_picked() {
    let (mut child, address) = start(&["--service", "posts"]).await;
    for (path, status) in [("/graphql", 200), ("/posts", 200), ("/users", 404)] {
        let request = Request::post(path).header("content-type", "application/json");
        let request = request.body(r#"{"query":"{post(id:1){title}}"}"#.into()).unwrap();
        assert_eq!(send(address, request).await.status, status, "{path}");
    }
    terminate(&mut child).await;
    assert!(child.wait().await.unwrap().success());
}

#[tokio::test]
async fn mistakes_on_the_command_line_are_told() {
    for (arguments, message) in [
        (
            ["--service", "weather"],
            "possible values: users, posts, social, feed, messages, notifications",
        ),
        (["--users", "2"], "the number of users must be 4 to 1,000,000"),
        (["--listen", "nowhere"], "invalid socket address"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_subgraphs")).args(arguments).output();
        let output = output.await.unwrap();
        assert!(!output.status.success());
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.contains(message), "{told}");
        assert!(!told.contains('\u{1b}'), "no colours when nobody looks");
    }
}

async fn start(more: &[&str]) -> (Child, std::net::SocketAddr) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_subgraphs"))
        .args(["--listen", "127.0.0.1:0", "--users", "20", "--posts", "40"])
        .args(more)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().expect("a line on standard output");
    let address = line.strip_prefix("listening http://").expect("the line says where");
    (child, address.parse().unwrap())
}

/// Sends SIGTERM, as service supervisors do.
async fn terminate(child: &mut Child) {
    let id = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
}

fn temporary_files(process: u32) -> Vec<PathBuf> {
    let start = format!("tributary-demo-{process}-");
    let entries = std::fs::read_dir(std::env::temp_dir()).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(&start)).collect()
}

fn temporary_files_named(files: &[PathBuf]) -> Vec<PathBuf> {
    files.iter().filter(|path| path.exists()).cloned().collect()
}
