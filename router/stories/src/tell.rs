//! A story told: composed, planned, checked, executed, compared.

use std::num::NonZeroUsize;
use std::sync::Arc;

use compose::SubgraphSource;
use graph::Graph;
use json::{Json, Object};
use operation::{Document, Limits, Request, RequestError};
use schema::Schema;
use testkit::{Asked, Subgraph, Subgraphs};

use crate::compare::difference;
use crate::markdown::Block;
use crate::pretty::{on_one_line, pretty};
use crate::story::{Act, Story};

/// Why a story does not hold.
#[derive(Debug)]
pub struct Failure {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// The block that would hold with another text.
    pub(crate) rewrite: Option<Rewrite>,
}

/// What a block should say.
#[derive(Debug)]
pub(crate) struct Rewrite {
    /// What the block is: `text plan`.
    pub(crate) info: String,
    /// How many lines it has now.
    pub(crate) lines: usize,
    pub(crate) text: String,
}

/// Runs a story; an empty list says that it holds.
pub fn tell(story: &Story) -> Vec<Failure> {
    let mut failures = Vec::new();
    match compose(story) {
        Ok(sdl) => match &story.errors {
            Some(block) => failures.push(broken(block.line, "the subgraphs compose")),
            None => run(story, &sdl, &mut failures),
        },
        Err(report) => match &story.errors {
            Some(block) => expect(block, report, &mut failures),
            None => failures.push(broken(1, &format!("the subgraphs do not compose:\n{report}"))),
        },
    }
    failures
}

/// The supergraph, or its errors, one a line: code and sentence.
fn compose(story: &Story) -> Result<String, String> {
    let source = |service: &crate::story::Service| SubgraphSource {
        name: service.name.to_owned(),
        url: format!("http://{}.example", service.name),
        sdl: service.sdl.text.to_owned(),
        file: format!("{}.graphql", service.name),
    };
    let sources: Vec<_> = story.subgraphs.iter().map(source).collect();
    match compose::compose(&sources, &compose::Options::default()) {
        Ok(supergraph) => Ok(supergraph.sdl),
        Err(report) => {
            let line = |error: &compose::Diagnostic| format!("{}: {}\n", error.code, error.message);
            Err(report.errors().map(line).collect())
        }
    }
}

fn run(story: &Story, sdl: &str, failures: &mut Vec<Failure>) {
    let schema = match Schema::read(sdl) {
        Ok(schema) => Arc::new(schema),
        Err(error) => {
            let what = format!("our own supergraph can't be read: {error}\n{sdl}");
            return failures.push(broken(1, &what));
        }
    };
    let mut subgraphs = Vec::new();
    for service in &story.subgraphs {
        let data = service.data.as_ref().map_or("{}", |block| &block.text);
        match Subgraph::new(&service.name, &service.sdl.text, data) {
            Ok(subgraph) => subgraphs.push(subgraph),
            Err(why) => failures.push(broken(service.sdl.line, &why)),
        }
    }
    let graph = Graph::build(Arc::clone(&schema));
    let stage = Stage { graph, subgraphs };
    for act in &story.acts {
        stage.act(act, failures);
    }
}

struct Stage {
    graph: Graph,
    subgraphs: Vec<Subgraph>,
}

impl Stage {
    fn act(&self, act: &Act, failures: &mut Vec<Failure>) {
        let (request, variables) = match self.ask(act) {
            Ok(asked) => asked,
            Err(findings) => {
                let text = findings.iter().map(|error| format!("{}: {}\n", error.code.text(), error.message));
                let text: String = text.collect();
                return match &act.errors {
                    Some(block) => expect(block, text, failures),
                    None => failures.push(broken(act.operation.line, &format!("refused: {text}"))),
                };
            }
        };
        if let Some(block) = &act.errors {
            return failures.push(broken(block.line, "the operation is not refused"));
        }
        let schema = self.graph.schema();
        let conditions = request.conditions(&variables).unwrap_or_default();
        let operation = request.bind(schema, &conditions);
        let planned = plan::plan(&self.graph, &operation, &plan::Options::default());
        let plan = match planned {
            Ok(plan) => plan,
            Err(error) => {
                return failures.push(broken(act.operation.line, &format!("no plan: {error}")));
            }
        };
        if let Some(block) = &act.plan {
            expect(block, plan::explain(schema, &plan), failures);
        }
        if let Err(findings) = plan::check(schema, &plan) {
            let what = format!("the checker refuses the plan:\n{}", findings.join("\n"));
            failures.push(broken(act.operation.line, &what));
        }
        let upstream = Subgraphs::new(schema, &self.subgraphs);
        let answer = self.execute(&request, &plan, &variables, &upstream);
        for violation in upstream.violations() {
            failures.push(broken(act.operation.line, &violation));
        }
        if let Some(block) = &act.requests {
            expect(block, requests(upstream.asked()), failures);
        }
        if let Some(block) = &act.answer {
            expect_json(block, &answer, failures);
        }
    }

    fn ask(&self, act: &Act) -> Result<(Request, Object), Vec<RequestError>> {
        let schema = self.graph.schema();
        let limits = Limits::default();
        let document = Document::parse(schema, &act.operation.text, &limits)?;
        let request = document.operation(None).map_err(|error| vec![error])?;
        let given = match &act.variables {
            Some(block) => json::parse(block.text.as_bytes(), 200).unwrap_or_default(),
            None => Json::Null,
        };
        let given = given.as_object().map(Object::to_owned).unwrap_or_default();
        let variables = request.coerce(schema, &given)?;
        Ok((request, variables))
    }
}

/// The requests in the order of asking: the subgraph, its variables.
fn requests(asked: Vec<Asked>) -> String {
    let line = |asked: &Asked| {
        let variables = on_one_line(&Json::Object(asked.variables.to_owned()));
        format!("{} {variables}\n", asked.subgraph)
    };
    asked.iter().map(line).collect()
}

fn expect_json(block: &Block, found: &Json, failures: &mut Vec<Failure>) {
    match json::parse(block.text.as_bytes(), 200) {
        // Equality of objects overlooks the order of keys; their texts do not.
        Ok(expected) if expected.to_string() == found.to_string() => {}
        Ok(expected) => differs(block, &pretty(&expected), pretty(found), failures),
        Err(error) => differs(block, &format!("(no JSON: {error})"), pretty(found), failures),
    }
}

fn expect(block: &Block, found: String, failures: &mut Vec<Failure>) {
    if block.text != found {
        differs(block, &block.text, found, failures);
    }
}

fn differs(block: &Block, expected: &str, found: String, failures: &mut Vec<Failure>) {
    let shown = difference(expected, &found);
    let what = format!("`{}` differs (- expected, + found):\n{shown}", block.info);
    let rewrite = Rewrite { info: block.info.to_owned(), lines: block.lines, text: found };
    failures.push(Failure { line: block.line, what, rewrite: Some(rewrite) });
}

fn broken(line: usize, what: &str) -> Failure {
    Failure { line, what: what.to_owned(), rewrite: None }
}
