//! The stories of a folder: found, told, rewritten.

use std::path::{Path, PathBuf};

use crate::story::Story;
use crate::tell::{Failure, tell};

/// What may be rewritten where a story says other than what is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// Nothing: it fails.
    Nothing,
    /// The plans.
    Plans,
    /// Plans, requests, answers and errors.
    All,
}

/// A folder with a folder of stories for each topic.
#[derive(Debug)]
pub struct Book {
    folder: PathBuf,
    /// `topic/name`, sorted.
    names: Vec<String>,
}

impl Book {
    /// Finds the stories below a folder: `topic/name.md`.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn open(folder: &Path) -> std::io::Result<Self> {
        let mut names = Vec::new();
        for topic in std::fs::read_dir(folder)? {
            let topic = topic?.path();
            if !topic.is_dir() {
                continue;
            }
            for file in std::fs::read_dir(&topic)? {
                let file = file?.path();
                if file.extension().is_some_and(|extension| extension == "md") {
                    let name = file.strip_prefix(folder).unwrap_or(&file).with_extension("");
                    names.push(name.to_string_lossy().replace('\\', "/"));
                }
            }
        }
        names.sort();
        Ok(Self { folder: folder.to_owned(), names })
    }

    /// The names of the stories.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Tells a story.
    ///
    /// # Errors
    /// What is wrong, for people.
    pub fn tell(&self, name: &str, update: Update) -> Result<(), String> {
        let (path, text) = self.text(name)?;
        let story = read(name, &text)?;
        let failures = tell(&story);
        let (rewritten, left): (Vec<_>, Vec<_>) =
            failures.into_iter().partition(|failure| may_rewrite(failure, update));
        if !rewritten.is_empty() {
            let text = rewrite(&text, rewritten);
            std::fs::write(&path, text).map_err(|error| format!("{name}: {error}"))?;
        }
        if left.is_empty() {
            return Ok(());
        }
        let told = left.iter().map(|it| format!("{name}.md:{}: {}", it.line, it.what));
        Err(told.collect::<Vec<_>>().join("\n"))
    }

    /// Checks that each hard case of federation, from 1 to `last`, has a story that names it in a
    /// line `Case N:` or `Cases N and M:`.
    ///
    /// # Errors
    /// The cases that nobody tells.
    pub fn check_cases(&self, last: u32) -> Result<(), String> {
        let mut told = Vec::new();
        for name in &self.names {
            let (_, text) = self.text(name)?;
            let named = text.lines().filter_map(|line| line.split_once(':'));
            let named = named.filter(|(head, _)| head.starts_with("Case"));
            let numbers = named.flat_map(|(head, _)| head.split(' ').map(str::parse::<u32>));
            told.extend(numbers.flatten());
        }
        let missing: Vec<String> =
            (1..=last).filter(|case| !told.contains(case)).map(|case| case.to_string()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(format!("no story names the hard cases {}", missing.join(", ")))
    }

    /// Reads a story.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub fn story(&self, name: &str) -> Result<Story, String> {
        read(name, &self.text(name)?.1)
    }

    fn text(&self, name: &str) -> Result<(PathBuf, String), String> {
        let path = self.folder.join(format!("{name}.md"));
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{name}: {error}"))?;
        Ok((path, text))
    }

    /// Checks that the table of contents names every story and only those that exist.
    ///
    /// # Errors
    /// The stories that it lacks or invents.
    pub fn check_contents(&self) -> Result<(), String> {
        let path = self.folder.join("README.md");
        let text = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let linked: Vec<&str> = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split_once(')')?.0.strip_suffix(".md"))
            .collect();
        let lacks = self.names.iter().filter(|name| !linked.contains(&name.as_str()));
        let invents = linked.iter().filter(|link| !self.names.iter().any(|name| name == *link));
        let findings: Vec<String> = lacks
            .map(|name| format!("README.md has no link to {name}.md"))
            .chain(invents.map(|name| format!("README.md links to {name}.md, which is not there")))
            .collect();
        if findings.is_empty() { Ok(()) } else { Err(findings.join("\n")) }
    }
}

fn read(name: &str, text: &str) -> Result<Story, String> {
    Story::read(text).map_err(|(line, what)| format!("{name}.md:{line}: {what}"))
}

fn may_rewrite(failure: &Failure, update: Update) -> bool {
    match (&failure.rewrite, update) {
        (None, _) | (_, Update::Nothing) => false,
        (Some(rewrite), Update::Plans) => rewrite.info == "text plan",
        (Some(_), Update::All) => true,
    }
}

/// The text with other blocks, from the last to the first, so that lines keep their numbers.
fn rewrite(text: &str, mut failures: Vec<Failure>) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    failures.sort_by_key(|failure| std::cmp::Reverse(failure.line));
    for failure in &failures {
        if let Some(rewrite) = &failure.rewrite {
            lines.splice(failure.line..failure.line + rewrite.lines, rewrite.text.lines());
        }
    }
    lines.join("\n") + "\n"
}
