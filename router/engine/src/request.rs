//! What a client asks, and what it gets.

use std::any::Any;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use bytes::Bytes;
use json::{Json, Object};
use schema::OperationKind;
use telemetry::Outcome;

use crate::errors::{Refused, Told};
use crate::text::Text;

/// A request, whatever transport it came by.
#[derive(Clone, Debug)]
pub struct Request {
    /// The document.
    pub query: Option<Text>,
    /// The operation of the document that shall run.
    pub operation_name: Option<String>,
    /// The values of variables, by name.
    pub variables: Object,
    /// What else the client says; `persistedQuery` is understood enough to be refused well.
    pub extensions: Object,
    /// Whether the request may have no effect, since it came by GET.
    pub read_only: bool,
    /// The client's headers, for those who pass some of them on; names in lower case.
    pub headers: Vec<(String, Bytes)>,
    /// The id under which the request is logged, here and in subgraphs.
    pub id: String,
    /// Whether `extensions.cost` of the answer shall say what the operation was taken to cost,
    /// and what it cost.
    pub wants_cost: bool,
    /// Whether `extensions.plan` of the answer shall explain how it came about.
    pub wants_plan: bool,
    /// When the answer is of no use any more.
    pub deadline: Instant,
}

/// What somebody made of the body of an answer that several get, once for all of them. The engine
/// only carries it along; it ends with the last who has the answer.
pub type Carried = Arc<OnceLock<Option<Arc<dyn Any + Send + Sync>>>>;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status that tells the truth: 200 when there is `data`, even null.
    pub status: u16,
    /// The JSON.
    pub body: Bytes,
    /// There when others may get the same answer.
    pub carried: Option<Carried>,
    /// How it went.
    pub outcome: Outcome,
    /// The kind of the operation, when it came so far.
    pub kind: Option<OperationKind>,
    /// The name of the operation, when it has one and came so far.
    pub operation_name: Option<String>,
    /// The code of the first error.
    pub code: Option<String>,
}

impl Answer {
    /// The answer to a request that is not executed: there is no `data`.
    pub(crate) fn refused(refused: Refused) -> Self {
        let (status, first) = (refused.status(), refused.errors.first());
        let code = first.map(|error| error.code.to_owned());
        let errors = refused.errors.into_iter().map(Told::into_json).collect();
        let body = Json::Object(Object::from_iter([("errors".to_owned(), Json::List(errors))]));
        Self {
            status,
            body: Bytes::from(body.to_string()),
            carried: None,
            outcome: Outcome::Failed,
            kind: None,
            operation_name: None,
            code,
        }
    }

    /// The answer of an execution.
    pub(crate) fn executed(executed: execute::Answer, extensions: Option<&Object>) -> Self {
        let outcome = match (executed.errors.first(), executed.data.is_null()) {
            (None, _) => Outcome::Ok,
            (Some(_), false) => Outcome::Partial,
            (Some(_), true) => Outcome::Failed,
        };
        let code = executed.errors.first().map(|error| error.code.clone());
        Self {
            status: 200,
            body: Bytes::from(executed.into_body(extensions)),
            carried: None,
            outcome,
            kind: None,
            operation_name: None,
            code,
        }
    }
}
