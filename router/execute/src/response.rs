//! What a subgraph answered, or the fault that its answer is.

use json::{Json, Object, parse};

use crate::code::{ANSWER, HTTP, MALFORMED, TIMEOUT, TOO_LARGE};
use crate::port::{SubgraphResponse, UpstreamError};

/// A GraphQL response.
#[derive(Debug)]
pub(crate) struct Response {
    /// `data`; empty when it is null or absent.
    pub data: Object,
    /// Whether there was data at all.
    pub has_data: bool,
    /// `errors`, as they came.
    pub errors: Vec<Json>,
}

/// Why there is no GraphQL response: a code for the client, and a sentence without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub code: &'static str,
    /// What happened, to stand behind `Subgraph "x" `.
    pub what: String,
    /// More, for the log only.
    pub detail: Option<String>,
}

impl Fault {
    fn new(code: &'static str, what: impl Into<String>) -> Self {
        Self { code, what: what.into(), detail: None }
    }

    /// An answer that is not what was asked for.
    pub(crate) fn malformed(what: impl Into<String>) -> Self {
        Self::new(MALFORMED, what)
    }

    /// An answer that does not fit into the merged answer any more.
    pub(crate) fn too_large() -> Self {
        Self::new(ANSWER, "answered with more than fits into the answer")
    }
}

/// Reads an answer. A status that is no success is forgiven when the body is a GraphQL response.
pub(crate) fn read(
    answered: Result<SubgraphResponse, UpstreamError>,
    depth: usize,
) -> Result<Response, Fault> {
    let answered = answered.map_err(|error| match error {
        UpstreamError::Unreachable(why) => {
            Fault { detail: Some(why), ..Fault::new(HTTP, "could not be reached") }
        }
        UpstreamError::Timeout => Fault::new(TIMEOUT, "did not answer in time"),
        UpstreamError::TooLarge(limit) => {
            Fault::new(TOO_LARGE, format!("answered with more than {limit} bytes"))
        }
    })?;
    let success = (200..300).contains(&answered.status);
    graphql(&answered.body, depth).map_err(|fault| match success {
        true => fault,
        false => {
            let what = format!("answered with HTTP status {}", answered.status);
            Fault { detail: fault.detail, ..Fault::new(HTTP, what) }
        }
    })
}

fn graphql(body: &[u8], depth: usize) -> Result<Response, Fault> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if body.is_empty() {
        return Err(Fault::malformed("answered with an empty body"));
    }
    let body = parse(body, depth).map_err(|error| {
        let fault = Fault::malformed("answered with something that is not JSON");
        Fault { detail: Some(error.to_string()), ..fault }
    })?;
    let Json::Object(mut body) = body else {
        return Err(Fault::malformed("answered with JSON that is not an object"));
    };
    let (data, has_data) = match body.swap_remove("data") {
        Some(Json::Object(data)) => (data, true),
        Some(Json::Null) | None => (Object::new(), false),
        Some(_) => return Err(Fault::malformed("answered with data that is not an object")),
    };
    let errors = match body.swap_remove("errors") {
        Some(Json::List(errors)) => errors,
        Some(Json::Null) | None => Vec::new(),
        Some(_) => return Err(Fault::malformed("answered with errors that are not a list")),
    };
    if !has_data && errors.is_empty() {
        return Err(Fault::malformed("answered with neither data nor errors"));
    }
    Ok(Response { data, has_data, errors })
}
