//! What the commands that plan an operation share: from files to a plan.

use std::io::Read;
use std::path::Path;

use graph::Graph;
use json::Object;
use operation::{Conditions, Document, Limits, Operation, Request, RequestError};
use schema::Schema;

use super::deep::deep;
use super::failed::Failed;
use crate::cli::Planned as Arguments;
use crate::say;

/// An operation, and the plan for it.
pub(super) struct Planned {
    pub(super) graph: Graph,
    /// The document, as it was read.
    pub(super) text: String,
    pub(super) variables: Object,
    request: Request,
    conditions: Conditions,
    /// What it was planned with.
    pub(super) options: plan::Options,
    pub(super) plan: plan::Plan,
}

impl Planned {
    /// Reads the files and plans the operation. All variables are asked for when `complete`, else
    /// only where they shape the plan.
    pub(super) fn read(arguments: &Arguments, complete: bool) -> Result<Self, Failed> {
        let supergraph = read(&arguments.supergraph)?;
        let text = read(&arguments.document)?;
        let schema = Schema::read(&supergraph).map_err(|error| {
            format!("{} is no supergraph: {error}", arguments.supergraph.display())
        })?;
        let told = |errors: Vec<RequestError>| refused(&arguments.document, &errors);
        let document = Document::parse(&schema, &text, &Limits::default()).map_err(told)?;
        let request = document
            .operation(arguments.operation.as_deref())
            .map_err(|error| told(vec![error]))?;
        let variables = json::parse(arguments.variables.as_bytes(), 128)
            .map_err(|error| format!("--variables is not JSON: {error}"))?;
        let json::Json::Object(variables) = variables else {
            return Err("--variables must be a JSON object".to_owned().into());
        };
        let needed = complete || !request.condition_variables().is_empty();
        let variables =
            if needed { request.coerce(&schema, &variables).map_err(told)? } else { variables };
        let conditions = request.conditions(&variables).map_err(|error| told(vec![error]))?;
        let graph = Graph::build(schema.into());
        let written = plan::Written {
            avoid: &arguments.avoid,
            pin: &arguments.pin,
            weigh: &arguments.weigh,
            disable: &arguments.disable,
        };
        let plan::Hints { avoided, weights, disabled } = plan::Hints::read(&graph, written)?;
        let mut options = plan::Options { avoided, weights, disabled, ..plan::Options::default() };
        let (plan, left_out) = deep(|| {
            let operation = request.bind(graph.schema(), &conditions);
            plan::plan_by_hints(&graph, &operation, &options)
        })?
        .map_err(|error| error.to_string())?;
        if let Some(why) = left_out {
            options.avoided.clear();
            say::note(&format!("planned without the hints: {why}"));
        }
        Ok(Self { graph, text, variables, request, conditions, options, plan })
    }

    /// The operation as it was planned.
    pub(super) fn operation(&self) -> Operation {
        self.request.bind(self.graph.schema(), &self.conditions)
    }
}

/// The text of a file, or of standard input.
pub(super) fn read(path: &Path) -> Result<String, String> {
    if path == Path::new("-") {
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        return read.map(|_| text).map_err(|error| format!("standard input: {error}"));
    }
    std::fs::read_to_string(path)
        .map_err(|error| format!("{} can't be read: {error}", path.display()))
}

fn refused(path: &Path, errors: &[RequestError]) -> Failed {
    let place = |error: &RequestError| match error.locations.first() {
        Some((line, column)) => format!("{}:{line}:{column}", path.display()),
        None => path.display().to_string(),
    };
    let line = |error: &RequestError| {
        format!("{}: {} [{}]", place(error), error.message, error.code.text())
    };
    Failed::Because(errors.iter().map(line).collect())
}
