//! Pages of other origins: which may read answers (CORS), and which may not even ask (CSRF).

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE, COOKIE, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::problem::{Kind, Problem};

/// A header that pages of other origins can only send after a preflight.
const PREFLIGHT: HeaderName = HeaderName::from_static("x-preflight");
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Which origins may read answers.
#[derive(Clone, Debug)]
pub(crate) struct Cors {
    origins: Vec<String>,
    any: bool,
    credentials: bool,
    headers: HeaderValue,
    max_age: HeaderValue,
}

impl Cors {
    /// Reads the settings.
    ///
    /// # Errors
    /// When an origin or a header is not well-formed, or all origins may send cookies.
    pub(crate) fn new(settings: &crate::config::Cors) -> Result<Self, String> {
        let origins = settings.origins.0.clone();
        let any = origins.iter().any(|origin| origin == "*");
        if any && settings.credentials {
            return Err("cors.credentials needs a list of origins, not *".to_owned());
        }
        for origin in origins.iter().filter(|origin| *origin != "*") {
            let host = origin.split_once("://").map_or("", |(_, host)| host);
            if host.is_empty() || host.contains(['/', ' ']) {
                let shape = "write scheme and host, such as https://app.example.org";
                return Err(format!("cors.origins: {origin:?} is no origin: {shape}"));
            }
        }
        let mut names =
            "content-type, accept, x-request-id, x-preflight, tributary-include".to_owned();
        for name in &settings.headers.0 {
            HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| format!("cors.headers: {name:?} is no name of a header"))?;
            names.push_str(", ");
            names.push_str(name);
        }
        let headers = HeaderValue::from_str(&names).expect("names of headers make a header");
        let max_age = HeaderValue::from(settings.max_age.0.as_secs());
        Ok(Self { origins, any, credentials: settings.credentials, headers, max_age })
    }

    fn allows(&self, origin: &HeaderValue) -> bool {
        self.any || self.origins.iter().any(|known| known.as_bytes() == origin.as_bytes())
    }

    /// Refuses a GET that a page of another site could have caused without a preflight. A POST
    /// needs no check: its media type already asks for a preflight.
    ///
    /// # Errors
    /// When the request comes from another site or carries cookies, and proves no preflight.
    pub(crate) fn check_get(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let json = |value: &HeaderValue| value.as_bytes().starts_with(b"application/json");
        let declared = headers.get(CONTENT_TYPE);
        if declared.is_some_and(|value| !json(value)) {
            let message = "A GET request has no body: leave content-type away.";
            return Err(Problem::new(Kind::MediaType, message));
        }
        if declared.is_some() || headers.contains_key(PREFLIGHT) {
            return Ok(());
        }
        let site = headers.get(FETCH_SITE).map(HeaderValue::as_bytes);
        let elsewhere = matches!(site, Some(b"cross-site" | b"same-site"));
        let allowed = headers.get(ORIGIN).is_some_and(|origin| self.allows(origin));
        if (elsewhere && !allowed) || headers.contains_key(COOKIE) {
            let message = "A page of another site could have caused this GET request: send \
                           x-preflight: 1, or use POST.";
            return Err(Problem::new(Kind::CrossSite, message));
        }
        Ok(())
    }

    /// Whether the request asks what it may send.
    pub(crate) fn is_preflight(headers: &HeaderMap) -> bool {
        headers.contains_key(ORIGIN) && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
    }

    /// Adds to an answer what the origin of the request may do.
    pub(crate) fn decorate(&self, asked: &HeaderMap, answer: &mut HeaderMap) {
        if self.origins.is_empty() {
            return;
        }
        answer.append(VARY, HeaderValue::from_static("origin"));
        let Some(origin) = asked.get(ORIGIN).filter(|origin| self.allows(origin)) else { return };
        let star = HeaderValue::from_static("*");
        answer.insert(ACCESS_CONTROL_ALLOW_ORIGIN, if self.any { star } else { origin.clone() });
        if self.credentials {
            answer.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
        if Self::is_preflight(asked) {
            let methods = HeaderValue::from_static("GET, POST");
            answer.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
            answer.insert(ACCESS_CONTROL_ALLOW_HEADERS, self.headers.clone());
            answer.insert(ACCESS_CONTROL_MAX_AGE, self.max_age.clone());
        } else {
            let exposed = HeaderValue::from_static("x-request-id, retry-after");
            answer.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{self, Names};

    fn cors(origins: &[&str]) -> Cors {
        let origins = Names(origins.iter().map(|&origin| origin.to_owned()).collect());
        Cors::new(&config::Cors { origins, ..config::Cors::default() }).unwrap()
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |&(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn a_get_needs_proof_when_a_page_could_have_caused_it() {
        let cors = cors(&["https://app.example"]);
        let fine: &[&[(&str, &str)]] = &[
            &[],
            &[("sec-fetch-site", "same-origin")],
            &[("cookie", "a=b"), ("x-preflight", "1")],
            &[("cookie", "a=b"), ("content-type", "application/json")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://app.example")],
        ];
        for pairs in fine {
            assert_eq!(cors.check_get(&headers(pairs)), Ok(()), "{pairs:?}");
        }
        let refused: &[(&[(&str, &str)], Kind)] = &[
            (&[("cookie", "a=b")], Kind::CrossSite),
            (&[("sec-fetch-site", "cross-site")], Kind::CrossSite),
            (&[("sec-fetch-site", "same-site"), ("origin", "https://evil")], Kind::CrossSite),
            (&[("content-type", "text/plain"), ("x-preflight", "1")], Kind::MediaType),
        ];
        for (pairs, kind) in refused {
            assert_eq!(cors.check_get(&headers(pairs)).unwrap_err().kind, *kind, "{pairs:?}");
        }
    }

    #[test]
    fn only_known_origins_may_read() {
        let cors = cors(&["https://app.example"]);
        let answer = |origin| {
            let mut answer = HeaderMap::new();
            cors.decorate(&headers(&[("origin", origin)]), &mut answer);
            answer
        };
        let known = answer("https://app.example");
        assert_eq!(known[ACCESS_CONTROL_ALLOW_ORIGIN], "https://app.example");
        assert_eq!(known[VARY], "origin");
        let unknown = answer("https://app.example.evil");
        assert!(!unknown.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN));
    }

    #[test]
    fn wrong_settings_are_told() {
        let wrong = |origins: &str, credentials| {
            let origins = Names(vec![origins.to_owned()]);
            Cors::new(&config::Cors { origins, credentials, ..config::Cors::default() })
        };
        assert!(wrong("app.example", false).unwrap_err().contains("is no origin"));
        assert!(wrong("https://app.example/", false).is_err() && wrong("*", true).is_err());
    }
}
