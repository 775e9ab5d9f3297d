//! A subgraph: a schema and data, answering requests.

use apollo_compiler::Schema;
use apollo_compiler::executable::{ExecutableDocument, Operation, Selection};
use apollo_compiler::validation::Valid;
use execute::{SubgraphResponse, UpstreamError};
use json::{Json, Object};

use crate::arguments::variables;
use crate::data::Data;
use crate::fault;
use crate::run::{Outcome, Server};
use crate::sdl;
use crate::value::Counters;

/// A subgraph that answers from data.
#[derive(Debug)]
pub struct Subgraph {
    name: String,
    schema: Valid<Schema>,
    data: Data,
}

impl Subgraph {
    /// Makes a subgraph of its SDL, of federation 1 or 2, and its data as JSON text.
    ///
    /// # Errors
    /// When either can't be read, in words.
    pub fn new(name: &str, sdl: &str, data: &str) -> Result<Self, String> {
        let (schema, keys) =
            sdl::read(sdl, name).map_err(|why| format!("subgraph {name}: {why}"))?;
        let data = Data::read(data, keys).map_err(|why| format!("subgraph {name}: {why}"))?;
        Ok(Self { name: name.to_owned(), schema, data })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Answers the body of a request. The violations of the rules of this crate are put to a list.
    pub(crate) fn answer(
        &self,
        body: &Json,
        counters: &Counters,
        violations: &mut Vec<String>,
    ) -> Result<SubgraphResponse, UpstreamError> {
        let query = body.get("query").and_then(Json::as_str).unwrap_or_default();
        let parsed = ExecutableDocument::parse_and_validate(&self.schema, query, "request");
        let document = match parsed {
            Ok(document) => document,
            Err(error) => {
                let message = format!("not valid for {}: {query}\n{}", self.name, error.errors);
                return self.refused(message, violations);
            }
        };
        let named = body.get("operationName").and_then(Json::as_str);
        let Ok(operation) = document.operations.get(named) else {
            return self.refused(format!("no such operation: {body}"), violations);
        };
        let none = Object::new();
        let given = body.get("variables").and_then(Json::as_object).unwrap_or(&none);
        let variables = match variables(operation, given) {
            Ok(variables) => variables,
            Err(message) => return self.refused(format!("{message} in {query}"), violations),
        };
        let faults = self.data.member("$faults");
        let kind = operation.operation_type.name();
        let fault = fault::fitting(faults, kind, asks_for_entities(operation));
        let server = Server { schema: &self.schema, data: &self.data, counters };
        let outcome = server.run(&document, operation, &variables);
        violations.extend(outcome.violations.iter().map(|what| format!("{}: {what}", self.name)));
        fault::apply(fault, to_answer(outcome))
    }

    fn refused(
        &self,
        message: String,
        violations: &mut Vec<String>,
    ) -> Result<SubgraphResponse, UpstreamError> {
        let errors = Json::List(vec![Json::from_iter([("message", Json::from(message.as_str()))])]);
        violations.push(message);
        fault::apply(None, Object::from_iter([("errors".to_owned(), errors)]))
    }
}

/// The answer as the specification shapes it.
pub(crate) fn to_answer(outcome: Outcome) -> Object {
    let mut answer = Object::from_iter([("data".to_owned(), outcome.data)]);
    if !outcome.errors.is_empty() {
        answer.insert("errors".to_owned(), Json::List(outcome.errors));
    }
    answer
}

fn asks_for_entities(operation: &Operation) -> bool {
    let is = |selection: &Selection| match selection {
        Selection::Field(field) => field.name == "_entities",
        _ => false,
    };
    operation.selection_set.selections.iter().any(is)
}
