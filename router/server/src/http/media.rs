//! Content negotiation: what the client accepts, and what it sent.

use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE};

use super::problem::{Kind, Problem};

/// How an answer is labelled, and whether errors of the request show in the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    /// `application/graphql-response+json` was asked for.
    Response,
    /// `application/json` was asked for: a well-formed request gets status 200 even if its
    /// document is wrong (GraphQL over HTTP, section 6.4.1).
    Json,
    /// Nothing in particular was asked for: labelled `application/json`, with true statuses.
    Any,
}

impl Media {
    /// The value of `content-type`.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Media::Response => "application/graphql-response+json; charset=utf-8",
            Media::Json | Media::Any => "application/json; charset=utf-8",
        }
    }

    /// Reads the header `accept`: the highest weight wins, then the newer media type.
    ///
    /// # Errors
    /// When it allows neither media type.
    pub(crate) fn accepted(headers: &HeaderMap) -> Result<Self, Problem> {
        let mut best: Option<(u16, Media)> = None;
        let mut said = false;
        for value in headers.get_all(ACCEPT) {
            for range in value.to_str().unwrap_or("").split(',').map(str::trim) {
                said |= !range.is_empty();
                let Some(found) = acceptable(range) else { continue };
                if found.0 > 0 && best.is_none_or(|best| rank(found) > rank(best)) {
                    best = Some(found);
                }
            }
        }
        match best {
            Some((_, media)) => Ok(media),
            None if !said => Ok(Media::Any),
            None => Err(Problem::new(
                Kind::NotAcceptable,
                "Answers are application/graphql-response+json or application/json; the header \
                 accept allows neither.",
            )),
        }
    }
}

fn rank((weight, media): (u16, Media)) -> (u16, u8) {
    let newer = match media {
        Media::Response => 2,
        Media::Json => 1,
        Media::Any => 0,
    };
    (weight, newer)
}

/// The weight, in thousandths, and the media type that one range of `accept` allows.
fn acceptable(range: &str) -> Option<(u16, Media)> {
    let mut parts = range.split(';').map(str::trim);
    let named = parts.next()?;
    let known = [
        ("application/json", Media::Json),
        ("application/graphql-response+json", Media::Response),
        ("*/*", Media::Any),
        ("application/*", Media::Any),
    ];
    let (_, media) = known.into_iter().find(|(known, _)| named.eq_ignore_ascii_case(known))?;
    let mut weight = 1_000;
    for part in parts {
        let Some((name, value)) = part.split_once('=') else { continue };
        match name.trim().to_ascii_lowercase().as_str() {
            "q" => weight = thousandths(value.trim()),
            "charset" if !is_utf8(value) => return None,
            _ => {}
        }
    }
    Some((weight, media))
}

fn thousandths(weight: &str) -> u16 {
    let weight = weight.parse::<f32>().ok().filter(|weight| (0.0..=1.0).contains(weight));
    // Between 0 and 1000, so that nothing is cut off.
    weight.map_or(0, |weight| (weight * 1_000.0) as u16)
}

/// Checks that a body is declared as JSON in UTF-8, and not compressed.
///
/// # Errors
/// When it is declared as anything else, or not at all.
pub(crate) fn check_body(headers: &HeaderMap) -> Result<(), Problem> {
    let encoding = headers.get(CONTENT_ENCODING).map_or("identity", |value| text(value));
    if !encoding.trim().eq_ignore_ascii_case("identity") {
        let message = "Compressed bodies are not accepted: send it without content-encoding.";
        return Err(Problem::new(Kind::Encoding, message));
    }
    let mut declared = headers.get_all(CONTENT_TYPE).iter();
    let wrong = |message: &str| Err(Problem::new(Kind::MediaType, message));
    let (Some(value), None) = (declared.next(), declared.next()) else {
        return wrong("Send one header content-type: application/json.");
    };
    let mut parts = text(value).split(';').map(str::trim);
    if !parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json")) {
        return wrong("The body must be JSON: send content-type: application/json.");
    }
    for part in parts {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        if name.trim().eq_ignore_ascii_case("charset") && !is_utf8(value) {
            return wrong("The body must be in UTF-8: send content-type: application/json.");
        }
    }
    Ok(())
}

fn text(value: &http::HeaderValue) -> &str {
    value.to_str().unwrap_or("?")
}

fn is_utf8(charset: &str) -> bool {
    let charset = charset.trim().trim_matches('"');
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: http::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn the_best_acceptable_media_type_is_taken() {
        let cases = [
            ("", Ok(Media::Any)),
            ("*/*", Ok(Media::Any)),
            ("text/html, */*;q=0.1", Ok(Media::Any)),
            ("application/json", Ok(Media::Json)),
            ("application/json, */*", Ok(Media::Json)),
            ("application/graphql-response+json", Ok(Media::Response)),
            ("application/json, application/graphql-response+json", Ok(Media::Response)),
            ("application/json, application/graphql-response+json;q=0.9", Ok(Media::Json)),
            ("Application/JSON; charset=UTF-8", Ok(Media::Json)),
            ("application/json;q=0", Err(Kind::NotAcceptable)),
            ("application/json; charset=utf-16", Err(Kind::NotAcceptable)),
            ("text/html", Err(Kind::NotAcceptable)),
            ("application/graphql-response+json;q=nan", Err(Kind::NotAcceptable)),
        ];
        for (accept, expected) in cases {
            let found = Media::accepted(&headers(ACCEPT, accept)).map_err(|problem| problem.kind);
            assert_eq!(found, expected, "{accept}");
        }
        assert_eq!(Media::accepted(&HeaderMap::new()), Ok(Media::Any));
    }

    #[test]
    fn bodies_are_json_in_utf8() {
        for right in ["application/json", "application/JSON; charset=\"utf-8\"; a=b"] {
            assert_eq!(check_body(&headers(CONTENT_TYPE, right)), Ok(()), "{right}");
        }
        let wrong = [
            "text/plain",
            "application/json; charset=utf-16",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=application/json",
            "application/jsonp",
            "",
        ];
        for wrong in wrong {
            let problem = check_body(&headers(CONTENT_TYPE, wrong)).unwrap_err();
            assert_eq!(problem.kind, Kind::MediaType, "{wrong}");
        }
        let mut twice = headers(CONTENT_TYPE, "application/json");
        twice.append(CONTENT_TYPE, "text/plain".parse().unwrap());
        assert!(check_body(&twice).is_err() && check_body(&HeaderMap::new()).is_err());
        let gzip = check_body(&headers(CONTENT_ENCODING, "gzip")).unwrap_err();
        assert_eq!(gzip.kind, Kind::Encoding);
    }
}
