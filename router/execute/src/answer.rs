//! The answer: data, errors, and what was done for it.

use std::fmt::Write as _;

use json::{Json, Object};
use schema::SubgraphId;

use crate::path::Step;

/// What execution came to.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The client's data: an object, or null when a null went all the way up.
    pub data: Data,
    /// What went wrong; empty when nothing did.
    pub errors: Vec<Error>,
    /// The requests to subgraphs, in the order of their ends.
    pub calls: Vec<Call>,
}

/// The client's data.
#[derive(Clone, Debug)]
pub enum Data {
    /// As a tree: the reference executor made it.
    Tree(Json),
    /// As text: the fast executor wrote it.
    Text {
        /// `{"data":{…}`: what an answer without errors begins with.
        text: Vec<u8>,
        /// What its fields cost, as [`operation::Operation::cost_of_answer`] counts it, without
        /// what the operation costs besides.
        cost: u64,
    },
}

/// What stands before the data in [`Data::Text`].
const HEAD: &[u8] = b"{\"data\":";

impl Data {
    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Data::Tree(Json::Null))
    }

    /// The data as a tree.
    pub fn to_json(&self) -> Json {
        match self {
            Data::Tree(data) => data.clone(),
            Data::Text { text, .. } => {
                let data = text.strip_prefix(HEAD).unwrap_or(text);
                json::parse(data, data.len()).expect("the fast executor writes JSON")
            }
        }
    }
}

/// One step of a path in the client's answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PathItem {
    /// A response key.
    Key(String),
    /// The index of a list's item, from 0.
    Index(usize),
}

/// An error as the client is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// One sentence.
    pub message: String,
    /// Where in the client's answer; empty when it is about all of it.
    pub path: Vec<PathItem>,
    /// The code in `extensions.code`.
    pub code: String,
    /// The name of the subgraph in `extensions.service`, when it is one's fault.
    pub subgraph: Option<String>,
    /// Further extensions of the subgraph, when these may be shown.
    pub extensions: Object,
}

/// One request to a subgraph; or one that was not needed, since all that it was to ask was known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The fetch of the plan, by index.
    pub fetch: usize,
    /// Who was asked.
    pub subgraph: SubgraphId,
    /// The representations that were sent: each distinct one once.
    pub representations: usize,
    /// The positions that these stand for.
    pub positions: usize,
    /// The positions that were not asked for, since another request was told of their entities.
    pub reused: usize,
    /// The length of the answer's body.
    pub bytes: usize,
    /// How many errors the answer told.
    pub errors: usize,
    /// The code of what is wrong with the answer as a whole or its shape.
    pub failed: Option<&'static str>,
    /// More about that; for the log, never for clients.
    pub detail: Option<String>,
}

impl Answer {
    /// The answer as JSON: errors first when there are any, then data, then extensions.
    pub fn into_body(self, extensions: Option<&Object>) -> Vec<u8> {
        let mut body = match self.data {
            Data::Text { text, .. } => text,
            Data::Tree(ref data) => self.begin(data).into_bytes(),
        };
        if let Some(extensions) = extensions {
            body.extend_from_slice(b",\"extensions\":");
            body.extend_from_slice(Json::Object(extensions.clone()).to_string().as_bytes());
        }
        body.push(b'}');
        body
    }

    /// Errors and data.
    fn begin(&self, data: &Json) -> String {
        let mut text = String::from("{");
        if !self.errors.is_empty() {
            text.push_str("\"errors\":[");
            for (index, error) in self.errors.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                let _ = write!(text, "{}", error.to_json());
            }
            text.push_str("],");
        }
        let _ = write!(text, "\"data\":{data}");
        text
    }
}

impl Error {
    pub(crate) fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            path: Vec::new(),
            code: code.into(),
            subgraph: None,
            extensions: Object::new(),
        }
    }

    /// The error at a path of the client's answer.
    pub(crate) fn at(&self, path: &[Step<'_>]) -> Self {
        let item = |step: &Step<'_>| match step {
            Step::Key(key) => PathItem::Key((*key).to_owned()),
            Step::Index(index) => PathItem::Index(*index),
        };
        let path = path.iter().map(item).collect();
        Self { path, ..self.clone() }
    }

    /// The error as GraphQL responses have it.
    pub fn to_json(&self) -> Json {
        let mut object = Object::new();
        object.insert("message".into(), self.message.as_str().into());
        if !self.path.is_empty() {
            let path = self.path.iter().map(|item| match item {
                PathItem::Key(key) => Json::from(key.as_str()),
                PathItem::Index(index) => Json::from(*index),
            });
            object.insert("path".into(), Json::List(path.collect()));
        }
        let mut extensions = Object::new();
        extensions.insert("code".into(), self.code.as_str().into());
        if let Some(subgraph) = &self.subgraph {
            extensions.insert("service".into(), subgraph.as_str().into());
        }
        for (key, value) in &self.extensions {
            extensions.entry(key.to_owned()).or_insert_with(|| value.clone());
        }
        object.insert("extensions".into(), Json::Object(extensions));
        Json::Object(object)
    }
}
