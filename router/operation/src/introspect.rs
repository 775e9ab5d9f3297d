//! Introspection: `__schema` and `__type`, answered from the public schema.

use std::num::NonZeroUsize;

use apollo_compiler::executable::{ExecutableDocument, Selection, SelectionSet};
use apollo_compiler::introspection::{check_max_depth, partial_execute};
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::validation::Valid;
use json::{Json, Object};
use schema::Schema;

use crate::document::Request;
use crate::error::{Code, RequestError};

impl Request {
    /// The values of `__schema` and `__type` by response key. Aliases multiply the answer by the
    /// size of the schema, so that `selections` bounds how many selections, with fragments
    /// expanded, may stand below them; the query that tools send has fewer than 200.
    ///
    /// # Errors
    /// When lists nest too deep, or there are more selections.
    pub fn introspect(
        &self,
        schema: &Schema,
        variables: &Object,
        selections: NonZeroUsize,
    ) -> Result<Object, RequestError> {
        let mut left = selections.get();
        if !self.operation.root_fields(&self.document).all(|field| {
            let meta = matches!(field.name.as_str(), "__schema" | "__type");
            !meta || count(&self.document, field.selection_set.as_ref(), &mut left)
        }) {
            let message = format!("Introspection may have at most {selections} selections.");
            return Err(RequestError::new(Code::IntrospectionTooLarge, message));
        }
        let refuse = |error: apollo_compiler::request::RequestError| {
            RequestError::new(Code::IntrospectionTooLarge, error.message().to_string())
        };
        check_max_depth(&self.document, &self.operation).map_err(refuse)?;
        let api = schema.api();
        let variables = Valid::assume_valid(arguments(variables));
        let response = partial_execute(
            &api.schema,
            &api.implementers,
            &self.document,
            &self.operation,
            &variables,
        )
        .map_err(refuse)?;
        let data = response.data.unwrap_or_default();
        Ok(data.into_iter().map(|(key, value)| (key.as_str().to_owned(), json(value))).collect())
    }
}

/// Counts selections down; false when there are more than are left.
fn count(document: &ExecutableDocument, set: Option<&SelectionSet>, left: &mut usize) -> bool {
    set.iter().flat_map(|set| &set.selections).all(|selection| {
        let Some(fewer) = left.checked_sub(1) else { return false };
        *left = fewer;
        match selection {
            Selection::Field(field) => count(document, field.selection_set.as_ref(), left),
            Selection::InlineFragment(fragment) => {
                count(document, Some(&fragment.selection_set), left)
            }
            Selection::FragmentSpread(spread) => document
                .fragments
                .get(&spread.fragment_name)
                .is_none_or(|fragment| count(document, Some(&fragment.selection_set), left)),
        }
    })
}

/// What introspection fields and conditions can take: strings and booleans.
fn arguments(variables: &Object) -> JsonMap {
    let argument = |value: &Json| match value {
        Json::String(text) => Some(JsonValue::from(text.as_str())),
        Json::Bool(value) => Some(JsonValue::from(*value)),
        Json::Null => Some(JsonValue::Null),
        _ => None,
    };
    variables
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().into(), argument(value)?)))
        .collect()
}

fn json(value: JsonValue) -> Json {
    match value {
        JsonValue::Null => Json::Null,
        JsonValue::Bool(value) => Json::Bool(value),
        JsonValue::Number(number) => Json::Number(number.to_string()),
        JsonValue::String(text) => Json::String(text.as_str().to_owned()),
        JsonValue::Array(items) => Json::List(items.into_iter().map(json).collect()),
        JsonValue::Object(members) => Json::Object(
            members
                .into_iter()
                .map(|(key, value)| (key.as_str().to_owned(), json(value)))
                .collect(),
        ),
    }
}
