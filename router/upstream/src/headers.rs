//! Which headers go along with a request to a subgraph.

use http::header::InvalidHeaderValue;
use http::header::{
    ACCEPT, ACCEPT_CHARSET, ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH,
    CONTENT_TYPE, EXPECT, HOST, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};

use crate::encoding::UNDERSTOOD;
use crate::options::SubgraphOptions;

/// The header that carries a request's id.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What we accept: the media type that tells errors by status first.
const ACCEPTED: HeaderValue =
    HeaderValue::from_static("application/graphql-response+json, application/json;q=0.9");

/// The headers of all requests to a subgraph: ours, those of the options, and which of the client's
/// go along. Ours count most, since they say what the body is.
#[derive(Debug)]
pub(crate) struct Headers {
    /// What is the same for all requests.
    fixed: HeaderMap,
    /// The client's that go along, by name.
    forward: Vec<HeaderName>,
}

impl Headers {
    /// Prepares them; `compressed` says whether answers may be.
    ///
    /// # Errors
    /// When the host of the URL makes no header.
    pub(crate) fn new(
        options: &SubgraphOptions,
        uri: &Uri,
        compressed: bool,
    ) -> Result<Self, InvalidHeaderValue> {
        let mut fixed = HeaderMap::new();
        for (name, value) in options.headers.iter().filter(|(name, _)| !is_of_connection(name)) {
            fixed.insert(HeaderName::clone(name), HeaderValue::clone(value));
        }
        // What stands before the host is nobody's business but the subgraph's.
        let host = uri.authority().map_or("", |authority| authority.as_str());
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        fixed.insert(HOST, HeaderValue::from_str(host)?);
        fixed.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        fixed.insert(ACCEPT, ACCEPTED);
        let encoding = if compressed { UNDERSTOOD } else { "identity" };
        fixed.insert(ACCEPT_ENCODING, HeaderValue::from_static(encoding));
        // What the options say of a header counts more than what the client says.
        let own = |name: &&HeaderName| !is_of_connection(name) && !fixed.contains_key(*name);
        let forward = options.forward.iter().filter(own).cloned().collect();
        Ok(Self { fixed, forward })
    }

    /// The client's headers that go along.
    pub(crate) fn forwarded<'a>(
        &'a self,
        client: &'a HeaderMap,
    ) -> impl Iterator<Item = (&'a HeaderName, &'a HeaderValue)> {
        let names = self.forward.iter().filter(|name| !is_listed(name, client));
        names.flat_map(|name| client.get_all(name).into_iter().map(move |value| (name, value)))
    }

    /// The headers of one request.
    pub(crate) fn of(&self, client: &HeaderMap, request_id: Option<&HeaderValue>) -> HeaderMap {
        let mut headers = self.fixed.clone();
        for (name, value) in self.forwarded(client) {
            headers.append(HeaderName::clone(name), HeaderValue::clone(value));
        }
        if let Some(id) = request_id {
            headers.insert(REQUEST_ID, HeaderValue::clone(id));
        }
        headers
    }
}

/// Whether the client's own `connection` lists a header.
fn is_listed(name: &HeaderName, client: &HeaderMap) -> bool {
    let values = client.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .any(|listed| listed.trim().eq_ignore_ascii_case(name.as_str()))
}

/// Whether a header belongs to the connection or the body, never to be passed on.
fn is_of_connection(name: &HeaderName) -> bool {
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
    FIXED.contains(name) || matches!(name.as_str(), "keep-alive" | "proxy-connection")
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
        let uri = Uri::from_static("http://me:secret@a:1/graphql");
        let headers = Headers::new(&options, &uri, false).unwrap().of(&client, Some(&id));
        assert_eq!(headers["host"], "a:1");
        let mut names: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "accept",
                "accept-encoding",
                "authorization",
                "content-type",
                "host",
                "x-fixed",
                "x-request-id"
            ]
        );
    }
}
