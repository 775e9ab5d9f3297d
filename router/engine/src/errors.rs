//! The table of errors: for each code the status, whose fault it is, and what it means.

use json::{Json, Object};
use operation::RequestError;
use plan::PlanError;

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// The client can mend it.
    Client,
    /// A subgraph failed.
    Subgraph,
    /// The router or its operators can mend it.
    Router,
}

/// One code.
#[derive(Clone, Copy, Debug)]
pub struct ErrorRow {
    /// The text of `extensions.code`.
    pub code: &'static str,
    /// The HTTP status when the request is refused with it; 200 for codes inside an answer.
    pub status: u16,
    /// Whose fault it is.
    pub blame: Blame,
    /// What it means and what to do, for the reference.
    pub help: &'static str,
}

const fn row(code: &'static str, status: u16, blame: Blame, help: &'static str) -> ErrorRow {
    ErrorRow { code, status, blame, help }
}

/// Every code of the engine and of what stands below it.
pub const ERRORS: &[ErrorRow] = &[
    row("GRAPHQL_PARSE_FAILED", 400, Blame::Client, "The document is not GraphQL."),
    row(
        "GRAPHQL_VALIDATION_FAILED",
        400,
        Blame::Client,
        "The document is not valid for the public schema.",
    ),
    row(
        "OPERATION_TOO_LARGE",
        400,
        Blame::Client,
        "The document or the operation is beyond a limit: bytes, tokens, nesting, selections, \
         depth, width, aliases or root fields. The message says which.",
    ),
    row(
        "OPERATION_TOO_COSTLY",
        400,
        Blame::Client,
        "The operation costs more than `limits.cost` allows, or its plan more requests or waves. \
         `extensions` tell the limit, the operation's figure, and the fields that cost most: ask \
         for shorter lists, or for less in them.",
    ),
    row(
        "SLICING_ARGUMENT_REQUIRED",
        400,
        Blame::Client,
        "`@listSize` of a field asks for exactly one of its slicing arguments, such as `first`.",
    ),
    row(
        "OPERATION_RESOLUTION_FAILURE",
        400,
        Blame::Client,
        "It can't be told which operation shall run: there is none of that name, or several and \
         no `operationName`.",
    ),
    row("BAD_USER_INPUT", 400, Blame::Client, "The value of a variable does not fit its type."),
    row("QUERY_MISSING", 400, Blame::Client, "The request has no `query`."),
    row(
        "PERSISTED_QUERY_NOT_SUPPORTED",
        400,
        Blame::Client,
        "The request names a persisted document instead of sending one. Send it in `query`.",
    ),
    row(
        "INTROSPECTION_DISABLED",
        400,
        Blame::Client,
        "`__schema` and `__type` are not answered here. `expose.introspection` or `--dev` turns \
         them on.",
    ),
    row(
        "INTROSPECTION_TOO_LARGE",
        400,
        Blame::Client,
        "Introspection nests lists too deep or selects too much.",
    ),
    row("MUTATION_BY_GET", 405, Blame::Client, "A mutation came by GET. Send it by POST."),
    row(
        "SUBSCRIPTION_NOT_SUPPORTED",
        400,
        Blame::Client,
        "Subscriptions are not served over this transport.",
    ),
    row(
        "OPERATION_TOO_COMPLEX",
        400,
        Blame::Client,
        "The search for a plan needs more than `limits.planning_work`.",
    ),
    row(
        "PLANNING_TIMEOUT",
        503,
        Blame::Router,
        "The document was not parsed or planned within `limits.planning_timeout`.",
    ),
    row("PLANNING_OVERLOADED", 503, Blame::Router, "Too many documents wait to be planned."),
    row(
        "SUBGRAPH_DISABLED",
        503,
        Blame::Router,
        "A field of the operation is resolved by no subgraph but ones that `planning.disable` names. \
         `extensions` tell the field and these subgraphs.",
    ),
    row(
        "UNPLANNABLE",
        500,
        Blame::Router,
        "No plan was found although the supergraph was proven satisfiable, or the plan was found \
         unsound. The log has a line with the request id.",
    ),
    row(
        "INTERNAL_SERVER_ERROR",
        500,
        Blame::Router,
        "A defect of the router was caught. The log has a line with the request id.",
    ),
    row(
        "DOWNSTREAM_SERVICE_ERROR",
        200,
        Blame::Subgraph,
        "A subgraph reported an error without a code of its own.",
    ),
    row(
        "SUBREQUEST_HTTP_ERROR",
        200,
        Blame::Subgraph,
        "A subgraph could not be reached, or answered with a status that is no success.",
    ),
    row("SUBREQUEST_TIMEOUT", 200, Blame::Subgraph, "A subgraph did not answer in time."),
    row(
        "SUBREQUEST_RESPONSE_TOO_LARGE",
        200,
        Blame::Subgraph,
        "A subgraph answered with more bytes than allowed.",
    ),
    row(
        "SUBREQUEST_MALFORMED_RESPONSE",
        200,
        Blame::Subgraph,
        "A subgraph answered with something that is no GraphQL response to what it was asked.",
    ),
    row(
        "INVALID_SUBGRAPH_VALUE",
        200,
        Blame::Subgraph,
        "A subgraph answered with a value that is none of the field's type.",
    ),
    row(
        "NULL_IN_NON_NULLABLE_FIELD",
        200,
        Blame::Subgraph,
        "A field that is never null in the schema is null in the answer of a subgraph.",
    ),
    row(
        "ANSWER_TOO_LARGE",
        200,
        Blame::Client,
        "The merged answer or the client's would need more memory than allowed. Ask for less at \
         once.",
    ),
    row("TOO_MANY_ERRORS", 200, Blame::Subgraph, "Further errors of the answer are not shown."),
];

/// A request that is not executed.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    /// At least one.
    pub errors: Vec<Told>,
    /// What operators shall know, for the log only.
    pub detail: Option<String>,
}

/// One error as the client is told.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub code: &'static str,
    pub message: String,
    pub locations: Vec<(usize, usize)>,
    /// What `extensions` say besides the code.
    pub extensions: Object,
}

impl Refused {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        let told = Told { code, message, locations: Vec::new(), extensions: Object::new() };
        Self { errors: vec![told], detail: None }
    }

    /// A defect: the client learns nothing but that there is one.
    pub(crate) fn defect(code: &'static str, detail: impl Into<String>) -> Self {
        let message = "The router could not answer this request. Its operators find the reason in \
                       the log, by the request id.";
        Self { detail: Some(detail.into()), ..Self::new(code, message) }
    }

    /// The same with more said in `extensions` of the first error.
    pub(crate) fn with(mut self, extensions: Object) -> Self {
        if let Some(told) = self.errors.first_mut() {
            told.extensions = extensions;
        }
        self
    }

    /// The status of the first error.
    pub(crate) fn status(&self) -> u16 {
        let code = self.errors.first().map_or("INTERNAL_SERVER_ERROR", |error| error.code);
        ERRORS.iter().find(|row| row.code == code).map_or(500, |row| row.status)
    }
}

impl From<RequestError> for Refused {
    fn from(error: RequestError) -> Self {
        vec![error].into()
    }
}

impl From<Vec<RequestError>> for Refused {
    fn from(errors: Vec<RequestError>) -> Self {
        let told = |error: RequestError| Told {
            code: error.code.text(),
            message: error.message,
            locations: error.locations,
            extensions: Object::new(),
        };
        Self { errors: errors.into_iter().map(told).collect(), detail: None }
    }
}

impl From<PlanError> for Refused {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::TooComplex { .. } => Self::new(
                "OPERATION_TOO_COMPLEX",
                "The operation is too complex to plan. Ask for less at once.",
            ),
            PlanError::Disabled { ref coordinate, ref subgraphs } => {
                let names = subgraphs.iter().map(|name| Json::from(name.as_str()));
                Self::new("SUBGRAPH_DISABLED", format!("{error}.")).with(Object::from_iter([
                    ("field".to_owned(), Json::from(coordinate.as_str())),
                    ("disabled".to_owned(), Json::List(names.collect())),
                ]))
            }
            PlanError::Unreachable { .. } => Self::defect("UNPLANNABLE", error.to_string()),
        }
    }
}

impl Told {
    pub(crate) fn into_json(self) -> Json {
        let mut object = Object::new();
        object.insert("message".into(), Json::from(self.message.as_str()));
        if !self.locations.is_empty() {
            let number = |number: usize| Json::Number(number.to_string());
            let location = |(line, column): &(usize, usize)| {
                let members =
                    [("line".to_owned(), number(*line)), ("column".to_owned(), number(*column))];
                Json::Object(Object::from_iter(members))
            };
            object.insert(
                "locations".into(),
                Json::List(self.locations.iter().map(location).collect()),
            );
        }
        let code = Json::String(self.code.to_owned());
        let mut extensions = Object::from_iter([("code".to_owned(), code)]);
        extensions.extend(self.extensions);
        object.insert("extensions".into(), Json::Object(extensions));
        Json::Object(object)
    }
}
