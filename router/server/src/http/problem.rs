//! What the edge refuses by itself: one table of codes and statuses.

use http::StatusCode;

/// Makes the kinds of problems and their table from one list.
macro_rules! problems {
    ($($variant:ident $status:literal $code:literal $help:literal)*) => {
        /// The kinds of problems that the edge answers itself.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs)] // The table says what each means.
        pub(crate) enum Kind { $($variant,)* }

        impl Kind {
            /// Every kind.
            pub(crate) const ALL: &[Self] = &[$(Self::$variant,)*];

            const fn row(self) -> (u16, &'static str, &'static str) {
                match self { $(Self::$variant => ($status, $code, $help),)* }
            }
        }
    };
}

problems! {
    BadRequest 400 "BAD_REQUEST"
        "The request is no GraphQL request: its JSON is malformed, or a parameter is missing or of the wrong type."
    Batch 400 "BATCHING_NOT_SUPPORTED"
        "The body is an array of requests. Send them one by one; over HTTP/2 that costs nothing."
    CrossSite 403 "CROSS_SITE_REQUEST_REFUSED"
        "A GET request comes from a page of another site, or carries cookies, and has no header that proves a preflight: send `x-preflight: 1` or `content-type: application/json`."
    NotFound 404 "NOT_FOUND"
        "Nothing is served at this path."
    MethodNotAllowed 405 "METHOD_NOT_ALLOWED"
        "The path does not know the method. The header `allow` lists those that it knows."
    NotAcceptable 406 "NOT_ACCEPTABLE"
        "The header `accept` allows neither application/graphql-response+json nor application/json."
    BodyTimeout 408 "BODY_TIMEOUT"
        "The body did not arrive within `limits.body_timeout`."
    BodyTooLarge 413 "BODY_TOO_LARGE"
        "The body is larger than `limits.body_bytes`."
    MediaType 415 "UNSUPPORTED_MEDIA_TYPE"
        "The body is not declared as application/json in UTF-8."
    Encoding 415 "UNSUPPORTED_CONTENT_ENCODING"
        "The body is compressed."
    Internal 500 "INTERNAL_SERVER_ERROR"
        "A defect of the router was caught. The log has a line with the request id."
    Overloaded 503 "OVERLOADED"
        "More requests are in flight than `limits.in_flight`, or their bodies are larger than `limits.bodies_bytes` together. The header `retry-after` says when to come again."
    Timeout 504 "REQUEST_TIMEOUT"
        "The request was not answered within `limits.request_timeout`."
}

impl Kind {
    /// The status of HTTP.
    pub(crate) fn status(self) -> StatusCode {
        StatusCode::from_u16(self.row().0).expect("the table holds statuses")
    }

    /// The text of `extensions.code`.
    pub(crate) const fn code(self) -> &'static str {
        self.row().1
    }

    /// What the reference says.
    pub(crate) const fn help(self) -> &'static str {
        self.row().2
    }
}

/// A request that the edge refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// What kind it is.
    pub(crate) kind: Kind,
    /// One sentence for the client's author.
    pub(crate) message: String,
    /// For 405: the methods that are allowed.
    pub(crate) allow: Option<&'static str>,
}

impl Problem {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), allow: None }
    }

    /// The path knows other methods only.
    pub(crate) fn method(method: &http::Method, allow: &'static str) -> Self {
        let message = format!("{method} is not allowed here; allowed: {allow}.");
        Self { allow: Some(allow), ..Self::new(Kind::MethodNotAllowed, message) }
    }

    /// The GraphQL answer that says so.
    pub(crate) fn body(&self) -> String {
        let message = json::Json::from(self.message.as_str());
        let code = self.kind.code();
        format!(r#"{{"errors":[{{"message":{message},"extensions":{{"code":"{code}"}}}}]}}"#)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_status_and_its_own_code() {
        for (index, kind) in Kind::ALL.iter().enumerate() {
            assert!(kind.status().is_client_error() || kind.status().is_server_error());
            assert!(Kind::ALL[..index].iter().all(|other| other.code() != kind.code()));
            assert!(!kind.help().is_empty());
        }
    }

    #[test]
    fn a_problem_is_a_graphql_answer() {
        let problem = Problem::new(Kind::Batch, "no \"batches\"");
        let body: serde_json::Value = serde_json::from_str(&problem.body()).unwrap();
        assert_eq!(body["errors"][0]["message"], "no \"batches\"");
        assert_eq!(body["errors"][0]["extensions"]["code"], "BATCHING_NOT_SUPPORTED");
    }
}
