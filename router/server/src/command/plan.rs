//! `tributary plan`: shows how an operation would be answered.

use std::io::Read;
use std::path::Path;

use graph::Graph;
use operation::{Document, Limits, RequestError};
use schema::Schema;

use super::deep::deep;
use super::failed::Failed;
use crate::cli::{Plan, PlanFormat};
use crate::say;

/// Plans the operation and prints the plan.
pub(super) fn run(arguments: &Plan) -> Result<(), Failed> {
    let supergraph = read(&arguments.supergraph)?;
    let text = read(&arguments.document)?;
    let schema = Schema::read(&supergraph)
        .map_err(|error| format!("{} is no supergraph: {error}", arguments.supergraph.display()))?;
    let told = |errors: Vec<RequestError>| refused(&arguments.document, &errors);
    let document = Document::parse(&schema, &text, &Limits::default()).map_err(told)?;
    let request =
        document.operation(arguments.operation.as_deref()).map_err(|error| told(vec![error]))?;
    let variables = json::parse(arguments.variables.as_bytes(), 128)
        .map_err(|error| format!("--variables is not JSON: {error}"))?;
    let json::Json::Object(variables) = variables else {
        return Err("--variables must be a JSON object".to_owned().into());
    };
    // Other variables don't shape a plan, so that they may be left out where none does.
    let shapes = !request.condition_variables().is_empty();
    let variables =
        if shapes { request.coerce(&schema, &variables).map_err(told)? } else { variables };
    let conditions = request.conditions(&variables).map_err(|error| told(vec![error]))?;
    let graph = Graph::build(schema.into());
    let plan = deep(|| {
        let operation = request.bind(graph.schema(), &conditions);
        plan::plan(&graph, &operation, &plan::Options::default())
    })?
    .map_err(|error| error.to_string())?;
    let text = match arguments.format {
        PlanFormat::Text => plan::explain(graph.schema(), &plan),
        PlanFormat::Json => format!("{:#}", plan::to_json(graph.schema(), &plan)),
    };
    Ok(say::result(&format!("{}\n", text.trim_end()))?)
}

fn read(path: &Path) -> Result<String, String> {
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
