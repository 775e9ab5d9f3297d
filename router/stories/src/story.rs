//! A story: what its blocks mean. Strict, so that no block is passed over in silence.

use json::{Json, Object};

use crate::markdown::{self, Block};
use crate::stage::Part;

/// A story that was read.
#[derive(Debug)]
pub struct Story {
    /// Its heading.
    pub title: String,
    pub(crate) subgraphs: Vec<Service>,
    /// The tags of a contract: lines `include: a, b` and `exclude: c`.
    pub(crate) contract: Option<Block>,
    /// The schema that clients see.
    pub(crate) api: Option<Block>,
    /// What composition refuses; then there are no acts.
    pub(crate) errors: Option<Block>,
    pub(crate) acts: Vec<Act>,
}

/// A subgraph of a story.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) sdl: Block,
    pub(crate) data: Option<Block>,
}

impl Service {
    pub(crate) fn part(&self) -> Part<'_> {
        let data = self.data.as_ref().map_or("{}", |block| &block.text);
        Part { name: &self.name, sdl: &self.sdl.text, data }
    }
}

/// An operation and what is expected of it.
#[derive(Debug)]
pub(crate) struct Act {
    pub(crate) operation: Block,
    pub(crate) variables: Option<Block>,
    /// What the planner is told, and limits: lines `overrides: LABEL, LABEL`, `disabled: NAME, NAME`
    /// and `tokens: LIMIT`.
    pub(crate) settings: Option<Block>,
    /// What a subscription's subgraph sends, one answer after the other.
    pub(crate) events: Option<Block>,
    /// What refuses the operation; then there is neither a plan nor an answer.
    pub(crate) errors: Option<Block>,
    pub(crate) plan: Option<Block>,
    pub(crate) requests: Option<Block>,
    pub(crate) answer: Option<Block>,
}

/// A line, from 1, and what is wrong there.
pub(crate) type Wrong = (usize, String);

impl Story {
    /// Reads the text of a story.
    ///
    /// # Errors
    /// The line and what is wrong there.
    pub fn read(text: &str) -> Result<Self, (usize, String)> {
        let page = markdown::read(text)?;
        let mut story = Self {
            title: page.title,
            subgraphs: Vec::new(),
            contract: None,
            api: None,
            errors: None,
            acts: Vec::new(),
        };
        for block in page.blocks {
            story.take(block)?;
        }
        story.complete()?;
        Ok(story)
    }

    /// The subgraphs, for whoever composes them elsewhere; none where only our composer can.
    pub fn parts(&self) -> Vec<Part<'_>> {
        match (&self.contract, &self.errors) {
            (None, None) => self.subgraphs.iter().map(Service::part).collect(),
            _ => Vec::new(),
        }
    }

    /// The operations with their variables, in the order of the story.
    pub fn operations(&self) -> Vec<(&str, Object)> {
        let variables = |act: &Act| {
            let read = act.variables.as_ref().map(|block| json::parse(block.text.as_bytes(), 200));
            match read {
                Some(Ok(Json::Object(variables))) => variables,
                _ => Object::new(),
            }
        };
        self.acts.iter().map(|act| (act.operation.text.as_str(), variables(act))).collect()
    }

    fn take(&mut self, block: Block) -> Result<(), Wrong> {
        let info = block.info.as_str().to_owned();
        let (language, role) = info.split_once(' ').unwrap_or((info.as_str(), ""));
        let (role, name) = role.split_once('=').unwrap_or((role, ""));
        match (language, role, name, self.acts.last_mut()) {
            ("graphql", "subgraph", name, None) if !name.is_empty() => self.subgraph(name, block),
            ("json", "data", name, None) if !name.is_empty() => self.data(name, block),
            ("text", "contract", "", None) => put(&mut self.contract, block),
            ("graphql", "api", "", None) => put(&mut self.api, block),
            ("text", "errors", "", None) => put(&mut self.errors, block),
            ("graphql", "operation", "", _) => {
                self.acts.push(Act {
                    operation: block,
                    variables: None,
                    settings: None,
                    events: None,
                    errors: None,
                    plan: None,
                    requests: None,
                    answer: None,
                });
                Ok(())
            }
            ("json", "variables", "", Some(act)) => put(&mut act.variables, block),
            ("text", "settings", "", Some(act)) => put(&mut act.settings, block),
            ("json", "events", "", Some(act)) => put(&mut act.events, block),
            ("text", "errors", "", Some(act)) => put(&mut act.errors, block),
            ("text", "plan", "", Some(act)) => put(&mut act.plan, block),
            ("text", "requests", "", Some(act)) => put(&mut act.requests, block),
            ("json", "answer", "", Some(act)) => put(&mut act.answer, block),
            _ => Err((
                block.line,
                format!(
                    "a block `{info}` means nothing here. First come `graphql subgraph=NAME` and \
                     `json data=NAME`, `text contract` and `graphql api`, then `text errors`, or \
                     for each `graphql operation` its \
                     `json variables`, `text settings`, `json events`, `text plan`, `text requests`, \
                     `json answer`"
                ),
            )),
        }
    }

    fn subgraph(&mut self, name: &str, sdl: Block) -> Result<(), Wrong> {
        if self.subgraphs.iter().any(|known| known.name == name) {
            return Err((sdl.line, format!("the subgraph `{name}` is there twice")));
        }
        self.subgraphs.push(Service { name: name.to_owned(), sdl, data: None });
        Ok(())
    }

    fn data(&mut self, name: &str, data: Block) -> Result<(), Wrong> {
        match self.subgraphs.iter_mut().find(|known| known.name == name) {
            Some(subgraph) => put(&mut subgraph.data, data),
            None => Err((data.line, format!("data for `{name}`, which is no subgraph above"))),
        }
    }

    fn complete(&self) -> Result<(), Wrong> {
        if self.subgraphs.is_empty() {
            return Err((1, "a story needs subgraphs".to_owned()));
        }
        if let (Some(_), Some(api)) = (&self.errors, &self.api) {
            return Err((api.line, "what is not composed has no schema".to_owned()));
        }
        match (&self.errors, self.acts.first()) {
            (Some(errors), Some(_)) => {
                return Err((errors.line, "what is not composed runs no operation".to_owned()));
            }
            (None, None) if self.api.is_none() => {
                return Err((1, "a story expects something".to_owned()));
            }
            _ => {}
        }
        for act in &self.acts {
            let line = act.operation.line;
            match (&act.errors, &act.plan, &act.answer) {
                (Some(_), None, None) | (None, Some(_), Some(_)) => {}
                (Some(_), ..) => {
                    return Err((line, "an operation with errors has no plan".to_owned()));
                }
                (None, ..) => {
                    let needs = "an operation needs `text plan` and `json answer`";
                    return Err((line, needs.to_owned()));
                }
            }
        }
        Ok(())
    }
}

fn put(place: &mut Option<Block>, block: Block) -> Result<(), Wrong> {
    if place.is_some() {
        return Err((block.line, format!("a second `{}`", block.info)));
    }
    *place = Some(block);
    Ok(())
}
