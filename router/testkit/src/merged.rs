//! One server that holds the data of all: what it says is what a router must say.

use apollo_compiler::executable::ExecutableDocument;
use json::{Json, Object};
use schema::Schema;

use crate::arguments::variables;
use crate::data::Data;
use crate::run::Server;
use crate::sdl;
use crate::subgraph::to_answer;
use crate::value::Counters;

/// A server of the public schema, without subgraphs.
#[derive(Debug)]
pub struct Merged {
    data: Data,
}

impl Merged {
    /// Takes all data; `keys` is SDL whose `@key`s say how rows are found.
    ///
    /// # Errors
    /// When either can't be read, in words.
    pub fn new(keys: &str, data: &str) -> Result<Self, String> {
        let (_, keys) = sdl::read(keys, "merged")?;
        Ok(Self { data: Data::read(data, keys)? })
    }

    /// Answers an operation: `data` and, if there are any, `errors`.
    ///
    /// # Errors
    /// When the operation is not valid, or the data is not complete.
    pub fn answer(&self, schema: &Schema, query: &str, given: &Object) -> Result<Json, String> {
        let api = &schema.api().schema;
        let document = ExecutableDocument::parse_and_validate(api, query, "operation")
            .map_err(|error| error.errors.to_string())?;
        let operation =
            document.operations.get(None).map_err(|_| "not one operation".to_owned())?;
        let variables = variables(operation, given)?;
        let counters = Counters::default();
        let server = Server { schema: api, data: &self.data, counters: &counters };
        let outcome = server.run(&document, operation, &variables);
        match outcome.violations.as_slice() {
            [] => Ok(Json::Object(to_answer(outcome))),
            violations => Err(violations.join("\n")),
        }
    }
}
