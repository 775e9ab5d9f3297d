//! Runs every story as a test of its own. Arguments choose stories by a part of their names.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tributary_stories::{Book, Update};

/// How many hard cases of federation are numbered.
const HARD_CASES: u32 = 72;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut words = arguments.iter();
    let mut wanted: Vec<&String> = Vec::new();
    while let Some(word) = words.next() {
        match word.as_str() {
            // What is to be skipped is no story.
            "--skip" => drop(words.next()),
            word if word.starts_with('-') => {}
            _ => wanted.push(word),
        }
    }
    // Another folder, to try stories out.
    let given = std::env::var_os("TRIBUTARY_STORIES").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).to_owned());
    let book = Book::open(&folder).expect("the stories are there");
    let names: Vec<&String> = book
        .names()
        .iter()
        .filter(|name| wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str())))
        .collect();
    if arguments.iter().any(|argument| argument == "--list") {
        names.iter().for_each(|name| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    let update = match std::env::var("TRIBUTARY_UPDATE_STORIES").as_deref() {
        Err(_) | Ok("" | "0") => Update::Nothing,
        Ok("plans") => Update::Plans,
        Ok(_) => Update::All,
    };
    println!("\nrunning {} stories", names.len());
    let mut failures = Vec::new();
    for name in &names {
        let told = std::panic::catch_unwind(|| book.tell(name, update));
        let told = told.unwrap_or_else(|_| Err(format!("{name}: panicked")));
        println!("story {name} ... {}", if told.is_ok() { "ok" } else { "FAILED" });
        failures.extend(told.err());
    }
    if wanted.is_empty() {
        failures.extend(book.check_contents().err());
        failures.extend(book.check_cases(HARD_CASES).err());
    }
    failures.iter().for_each(|failure| println!("\n{failure}"));
    let passed = names.len().saturating_sub(failures.len());
    let result = if failures.is_empty() { "ok" } else { "FAILED" };
    println!("\nstory result: {result}. {passed} passed; {} failed", failures.len());
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
