//! One set before both composers, and how their results differ.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::json;
use tributary_compose::{Options, SubgraphSource, compose};

use crate::oracle::Oracle;

/// How the results differ.
#[derive(Debug)]
pub(crate) struct Difference {
    /// `COMPOSES`, or the codes.
    pub(crate) ours: Vec<String>,
    pub(crate) theirs: Vec<String>,
    pub(crate) messages: Vec<String>,
    /// Our errors, each as one line.
    pub(crate) told: Vec<String>,
    /// Lines of the API schema and join facts that one side lacks.
    pub(crate) lines: Vec<String>,
    /// All files.
    pub(crate) texts: String,
}

impl Difference {
    /// What stays the same while a set shrinks: both verdicts, or the kind of the lines.
    pub(crate) fn class(&self) -> (Vec<String>, Vec<String>, Option<String>) {
        let shape = |line: &String| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
        (self.ours.clone(), self.theirs.clone(), self.lines.first().map(shape))
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "ours: {}; theirs: {}", self.ours.join(" "), self.theirs.join(" "))?;
        for line in self.messages.iter().chain(&self.lines).take(8) {
            let line: String = line.chars().take(400).collect();
            writeln!(f, "  {}", line.replace('\n', "\n    "))?;
        }
        Ok(())
    }
}

/// Composes a set with both.
///
/// # Panics
/// When our composer panics, or its supergraph can't be read.
pub(crate) fn compare(sources: &[SubgraphSource], oracle: &mut Oracle) -> Option<Difference> {
    let mut ours = vec!["COMPOSES".to_owned()];
    let mut result = serde_json::Value::Null;
    let mut unread = Vec::new();
    let mut told = Vec::new();
    let texts = sources.iter().map(|source| source.sdl.as_str()).collect();
    match compose(sources, &Options::default()) {
        Ok(supergraph) => match schema::Schema::inspect(&supergraph.sdl) {
            Ok(read) => {
                let api = read.api().schema.to_string();
                result = json!({ "supergraph": supergraph.sdl, "api": api });
            }
            // `@context` may be composed before it is planned.
            Err(schema::ReadError::Unsupported(..)) => {}
            Err(error) => unread.push(format!("ours   can't be read back: {error}")),
        },
        Err(report) => {
            let codes: BTreeSet<&str> = report.errors().map(|found| found.code.name()).collect();
            ours = codes.into_iter().map(str::to_owned).collect();
            told = report.errors().map(|found| found.message.clone()).collect();
        }
    }
    let subgraphs: Vec<_> = sources
        .iter()
        .map(|source| json!({ "name": source.name, "url": source.url, "sdl": source.sdl }))
        .collect();
    let question = json!({ "subgraphs": subgraphs, "ours": result }).to_string();
    let Some(answer) = oracle.ask(&question) else {
        let theirs = vec!["NO_ANSWER".to_owned()];
        let (messages, lines) = (Vec::new(), Vec::new());
        return Some(Difference { ours, theirs, messages, told, lines, texts });
    };
    let theirs = if answer.valid { vec!["COMPOSES".to_owned()] } else { answer.codes };
    let api = answer.api.iter().map(|line| format!("api {line}"));
    let lines: Vec<String> = unread.into_iter().chain(answer.facts).chain(api).collect();
    let same = ours == theirs && lines.is_empty();
    let messages = answer.messages;
    (!same).then_some(Difference { ours, theirs, messages, told, lines, texts })
}
