//! Which headers go along with a request to a subgraph.

use http::header::{
    ACCEPT, ACCEPT_CHARSET, ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH,
    CONTENT_TYPE, EXPECT, HOST, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::options::SubgraphOptions;

/// The header that carries a request's id.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What we accept: the media type that tells errors by status first.
const ACCEPTED: HeaderValue =
    HeaderValue::from_static("application/graphql-response+json, application/json;q=0.9");

/// The headers of a request: ours, those of the options, and those of the client that the options
/// name. Ours count most, since they say what the body is.
pub(crate) fn headers(
    options: &SubgraphOptions,
    client: &HeaderMap,
    request_id: Option<&HeaderValue>,
) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for name in options.forward.iter().filter(|name| !is_ours(name, client)) {
        for value in client.get_all(name) {
            headers.append(HeaderName::clone(name), HeaderValue::clone(value));
        }
    }
    for (name, value) in options.headers.iter().filter(|(name, _)| !is_ours(name, client)) {
        headers.insert(HeaderName::clone(name), HeaderValue::clone(value));
    }
    if let Some(id) = request_id {
        headers.insert(REQUEST_ID, HeaderValue::clone(id));
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT, ACCEPTED);
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers
}

/// Whether a header belongs to the connection or the body, never to be passed on: also those that
/// the client's own `connection` lists.
fn is_ours(name: &HeaderName, client: &HeaderMap) -> bool {
    const FIXED: [HeaderName; 15] = [
        ACCEPT,
        ACCEPT_CHARSET,
        ACCEPT_ENCODING,
        CONNECTION,
        CONTENT_ENCODING,
        CONTENT_LENGTH,
        CONTENT_TYPE,
        EXPECT,
        HOST,
        PROXY_AUTHENTICATE,
        PROXY_AUTHORIZATION,
        TE,
        TRAILER,
        TRANSFER_ENCODING,
        UPGRADE,
    ];
    let listed = || {
        let values = client.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
        values
            .flat_map(|value| value.split(','))
            .any(|listed| listed.trim().eq_ignore_ascii_case(name.as_str()))
    };
    FIXED.contains(name) || matches!(name.as_str(), "keep-alive" | "proxy-connection") || listed()
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;
    use std::time::Duration;

    use super::*;

    #[test]
    fn only_named_headers_go_along_and_never_those_of_the_connection() {
        let named = ["authorization", "cookie", "connection", "x-hop", "content-length"];
        let options = SubgraphOptions {
            name: "a".into(),
            url: "http://a".into(),
            timeout: Duration::from_secs(1),
            response_bytes: NonZeroUsize::MIN,
            in_flight: NonZeroUsize::MIN,
            headers: vec![(HeaderName::from_static("x-fixed"), HeaderValue::from_static("1"))],
            forward: named.into_iter().map(HeaderName::from_static).collect(),
        };
        let mut client = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Bearer x"),
            ("connection", "close, X-Hop"),
            ("x-hop", "1"),
            ("x-other", "1"),
            ("content-length", "7"),
        ] {
            client.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let id = HeaderValue::from_static("r1");
        let headers = headers(&options, &client, Some(&id));
        let mut names: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "accept",
                "accept-encoding",
                "authorization",
                "content-type",
                "x-fixed",
                "x-request-id"
            ]
        );
    }
}
