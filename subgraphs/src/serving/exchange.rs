//! One HTTP exchange: which service, is it a GraphQL request, which status.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, Request, Response, StatusCode,
    header::{ACCEPT, ALLOW, CONTENT_TYPE},
};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use serde_json::json;

use super::request;
use crate::{service::Service, store::Database};

/// Large enough for `_entities` calls with tens of thousands of representations.
const LONGEST_BODY: usize = 16 << 20;
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const RESPONSE_JSON: HeaderValue = HeaderValue::from_static("application/graphql-response+json");

/// What is served at one address.
pub(crate) struct Site {
    pub(crate) services: Vec<(&'static str, Box<dyn Service>)>,
    pub(crate) database: Arc<Database>,
    /// How long every GraphQL request waits before it is answered.
    pub(crate) delay: Duration,
}

/// Answers one request; whatever comes in, there is an answer.
pub(crate) async fn respond(site: Arc<Site>, request: Request<Incoming>) -> Response<Full<Bytes>> {
    if request.uri().path() == "/health" {
        return text(StatusCode::OK, "ok\n");
    }
    let Some(service) = find(&site.services, request.uri().path()) else {
        return not_found(&site);
    };
    if request.method() != Method::POST {
        let mut refusal = refuse(StatusCode::METHOD_NOT_ALLOWED, "send GraphQL with POST");
        refusal.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        return refusal;
    }
    if !is_json(request.headers()) {
        let message = "send the request as application/json";
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, message);
    }
    let strict = wants_response_json(request.headers());
    let body = match Limited::new(request.into_body(), LONGEST_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            let message = format!("the body is longer than {LONGEST_BODY} bytes");
            return refuse(StatusCode::PAYLOAD_TOO_LARGE, &message);
        }
        Err(error) => {
            return refuse(StatusCode::BAD_REQUEST, &format!("the body broke off: {error}"));
        }
    };
    let request = match request::read(&body) {
        Ok(request) => request,
        Err(message) => return refuse(StatusCode::BAD_REQUEST, &message),
    };
    tokio::time::sleep(site.delay).await;
    let answer = service.execute(&request, &site.database).await;
    let mut response = Response::new(Full::new(Bytes::from(answer.body)));
    if answer.refused && strict {
        // With plain application/json, a GraphQL request error keeps the status 200.
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    let kind = if strict { RESPONSE_JSON } else { JSON };
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response.headers_mut().insert("x-sql-statements", answer.statements.into());
    response
}

/// `/users`, `/users/` and `/users/graphql`; with a single service `/` and `/graphql` too.
fn find<'a>(
    services: &'a [(&'static str, Box<dyn Service>)],
    path: &str,
) -> Option<&'a dyn Service> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let path = path.strip_suffix("/graphql").unwrap_or(path);
    match (path.strip_prefix('/'), services) {
        (None, [(_, only)]) if path.is_empty() => Some(&**only),
        (Some(name), _) => {
            let found = services.iter().find(|(known, _)| *known == name);
            found.map(|(_, service)| &**service)
        }
        _ => None,
    }
}

fn not_found(site: &Site) -> Response<Full<Bytes>> {
    let paths: Vec<String> =
        site.services.iter().map(|(name, _)| format!("/{name}/graphql")).collect();
    refuse(StatusCode::NOT_FOUND, &format!("GraphQL is at {}", paths.join(", ")))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let essence = kind.split(';').next().unwrap_or("").trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn wants_response_json(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|accept| accept.to_str().ok());
    accepted
        .flat_map(|accept| accept.split(','))
        .map(|range| range.split(';').next().unwrap_or("").trim())
        .any(|range| range.eq_ignore_ascii_case("application/graphql-response+json"))
}

fn refuse(status: StatusCode, message: &str) -> Response<Full<Bytes>> {
    let error = json!({ "message": message, "extensions": { "code": "BAD_REQUEST" } });
    let body = json!({ "errors": [error] }).to_string();
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response
}

fn text(status: StatusCode, body: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
