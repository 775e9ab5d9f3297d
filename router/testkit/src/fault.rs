//! Answers broken on purpose.
//!
//! The member `$faults` of a subgraph's data is a list. The first that fits a request replaces its
//! answer. `on` says which requests it fits: `query`, `mutation`, `entities` (those that ask for
//! `_entities`); without `on`, all. One of these says what happens:
//!
//! * `{"timeout": true}` or `{"unreachable": "connection refused"}`: no answer.
//! * `{"status": 502, "body": "<html>"}`: a body that is a string is sent as it is, any other as
//!   JSON; the status is 200 unless said.
//! * `{"errors": [{"message": "…"}]}`: added to the answer, which stays otherwise.

use bytes::Bytes;
use execute::{SubgraphResponse, UpstreamError};
use json::{Json, Object};

/// The fault that fits a request.
pub(crate) fn fitting<'a>(
    faults: Option<&'a Json>,
    kind: &str,
    entities: bool,
) -> Option<&'a Json> {
    faults?.as_list()?.iter().find(|fault| match fault.get("on").and_then(Json::as_str) {
        None => true,
        Some("entities") => entities,
        Some(on) => on == kind && !entities,
    })
}

/// What a fault makes of an answer.
pub(crate) fn apply(
    fault: Option<&Json>,
    answer: Object,
) -> Result<SubgraphResponse, UpstreamError> {
    let Some(fault) = fault else { return Ok(response(200, &Json::Object(answer).to_string())) };
    if fault.get("timeout").is_some() {
        return Err(UpstreamError::Timeout);
    }
    if let Some(why) = fault.get("unreachable") {
        return Err(UpstreamError::Unreachable(why.as_str().unwrap_or("unreachable").to_owned()));
    }
    let status = match fault.get("status") {
        Some(Json::Number(status)) => status.parse().unwrap_or(500),
        _ => 200,
    };
    match fault.get("body") {
        Some(Json::String(body)) => Ok(response(status, body)),
        Some(body) => Ok(response(status, &body.to_string())),
        None => Ok(response(status, &with_errors(answer, fault).to_string())),
    }
}

fn with_errors(mut answer: Object, fault: &Json) -> Json {
    let added = fault.get("errors").and_then(Json::as_list).unwrap_or_default();
    if !added.is_empty() {
        let errors = answer.entry("errors".to_owned()).or_insert(Json::List(Vec::new()));
        if let Json::List(errors) = errors {
            errors.extend(added.iter().map(Json::to_owned));
        }
    }
    Json::Object(answer)
}

fn response(status: u16, body: &str) -> SubgraphResponse {
    SubgraphResponse::new(status, Bytes::copy_from_slice(body.as_bytes()))
}
