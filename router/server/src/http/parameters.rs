//! The parameters of a GraphQL request, from a JSON body or the query of a URL.

use engine::Text;
use json::{Json, Member, Object};

use super::problem::{Kind, Problem};
use super::texts::Texts;

/// Variables may nest this deep.
const JSON_DEPTH: usize = 128;

/// The parameters of a request (GraphQL over HTTP, section 5.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parameters {
    /// The document; without it, `extensions` names a persisted one.
    pub(crate) query: Option<Text>,
    /// The operation that should run, where the document has several.
    pub(crate) operation_name: Option<String>,
    /// The values of the variables.
    pub(crate) variables: Object,
    /// What else the client says.
    pub(crate) extensions: Object,
}

impl Parameters {
    /// Reads a JSON body.
    ///
    /// # Errors
    /// When it is not JSON, is an array, or has no query.
    pub(crate) fn of_body(body: &[u8], texts: &Texts) -> Result<Self, Problem> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Err(bad("The body is empty; send a JSON object with the member \"query\"."));
        }
        let mut given = Given::default();
        let is_object = json::parse_members(body, JSON_DEPTH, |name, member| {
            // Of members that stand twice the last one counts, as everywhere in JSON.
            match (given.place(&name), member) {
                (Some(Place::Query(place)), Member::String(text)) => {
                    *place = Some(Ok(texts.read(text)?));
                }
                (Some(Place::Query(place)), Member::Other(value)) => *place = Some(Err(value)),
                (Some(Place::Value(place)), member) => *place = Some(member.read()?),
                (None, member) => drop(member.read()?),
            }
            Ok(())
        });
        match is_object.map_err(|error| not_json("The body", &error))? {
            true => given.read(),
            false if body.trim_ascii_start().starts_with(b"[") => Err(Problem::new(
                Kind::Batch,
                "The body is an array: batches are not accepted; send the requests one by one.",
            )),
            false => Err(bad("The body must be a JSON object with the member \"query\".")),
        }
    }

    /// Reads the query of a URL.
    ///
    /// # Errors
    /// When a parameter is no UTF-8 or no JSON, or there is no query.
    pub(crate) fn of_url(url_query: &str) -> Result<Self, Problem> {
        let mut given = Given::default();
        for pair in url_query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some(place) = given.place(name) else { continue };
            let value = decode(value)?;
            let value = match name {
                "variables" | "extensions" if value.is_empty() => Json::Null,
                "variables" => parse("The parameter variables", value.as_bytes())?,
                "extensions" => parse("The parameter extensions", value.as_bytes())?,
                "operationName" if value.is_empty() => Json::Null,
                _ => Json::String(value),
            };
            let twice = match (place, value) {
                (Place::Query(place), Json::String(text)) => {
                    place.replace(Ok(Text::from(text.as_str()))).is_some()
                }
                (Place::Query(place), value) => place.replace(Err(value)).is_some(),
                (Place::Value(place), value) => place.replace(value).is_some(),
            };
            if twice {
                return Err(bad(format!("The parameter {name} stands twice in the URL.")));
            }
        }
        given.read()
    }
}

/// The members that a request may have, as they were given.
#[derive(Debug, Default)]
struct Given {
    /// The document, or what was given in its place.
    query: Option<Result<Text, Json>>,
    operation_name: Option<Json>,
    variables: Option<Json>,
    extensions: Option<Json>,
}

/// Where a member is put.
enum Place<'a> {
    Query(&'a mut Option<Result<Text, Json>>),
    Value(&'a mut Option<Json>),
}

impl Given {
    /// Where the member of a name is put, if it is one of a request's.
    fn place(&mut self, name: &str) -> Option<Place<'_>> {
        match name {
            "query" => Some(Place::Query(&mut self.query)),
            "operationName" => Some(Place::Value(&mut self.operation_name)),
            "variables" => Some(Place::Value(&mut self.variables)),
            "extensions" => Some(Place::Value(&mut self.extensions)),
            _ => None,
        }
    }

    fn read(self) -> Result<Parameters, Problem> {
        let query = match self.query {
            None | Some(Err(Json::Null)) => None,
            Some(Ok(text)) => Some(text),
            Some(Err(other)) => return Err(wrong_type("query", "a string", &other)),
        };
        let operation_name = string("operationName", self.operation_name)?;
        let variables = object("variables", self.variables)?;
        let extensions = object("extensions", self.extensions)?;
        if query.is_none() && !extensions.contains_key("persistedQuery") {
            return Err(bad("The parameter \"query\" is missing: it holds the document."));
        }
        Ok(Parameters { query, operation_name, variables, extensions })
    }
}

fn string(name: &str, given: Option<Json>) -> Result<Option<String>, Problem> {
    match given {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text)),
        Some(other) => Err(wrong_type(name, "a string", &other)),
    }
}

fn object(name: &str, given: Option<Json>) -> Result<Object, Problem> {
    match given {
        None | Some(Json::Null) => Ok(Object::new()),
        Some(Json::Object(object)) => Ok(object),
        Some(other) => Err(wrong_type(name, "an object", &other)),
    }
}

fn parse(what: &str, text: &[u8]) -> Result<Json, Problem> {
    json::parse(text, JSON_DEPTH).map_err(|error| not_json(what, &error))
}

fn not_json(what: &str, error: &json::ParseError) -> Problem {
    bad(format!("{what} is not JSON: {error}."))
}

fn bad(message: impl Into<String>) -> Problem {
    Problem::new(Kind::BadRequest, message)
}

fn wrong_type(name: &str, expected: &str, found: &Json) -> Problem {
    let found = match found {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::List(_) => "an array",
        Json::Object(_) => "an object",
    };
    bad(format!("The parameter \"{name}\" must be {expected}, not {found}."))
}

/// Undoes the encoding of forms: `+` is a space, `%41` is `A`.
fn decode(text: &str) -> Result<String, Problem> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, rest) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) if hex(*high).is_some() && hex(*low).is_some() => {
                bytes.push(hex(*high).unwrap_or(0) << 4 | hex(*low).unwrap_or(0));
                rest = after;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).map_err(|_| bad("A parameter of the URL is not UTF-8."))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_body(body: &[u8]) -> Result<Parameters, Problem> {
        Parameters::of_body(body, &Texts::new(0))
    }

    #[test]
    fn documents_that_came_before_are_the_same() {
        let texts = Texts::new(1 << 20);
        let long = "{ a } # \\u00e9 \\n \\\" ".repeat(20);
        let body = |query: &str| {
            let body = format!("{{\"variables\":{{}},\"query\":\"{query}\",\"more\":[1]}}");
            Parameters::of_body(body.as_bytes(), &texts)
        };
        let (first, again) = (body(&long).unwrap(), body(&long).unwrap());
        assert_eq!(first, again);
        assert_eq!(first.query.as_deref(), Some("{ a } # é \n \" ".repeat(20).as_str()));
        // The same in its beginning, or in other escapes, is read for itself.
        let other = body(&long.replace("\\u00e9", "é")).unwrap();
        assert_eq!(first, other);
        let longer = body(&format!("{long}x")).unwrap();
        assert_eq!(longer.query.as_deref().map(str::len), first.query.map(|text| text.len() + 1));
        for wrong in ["\\x", "\n", "\\"] {
            let problem = body(&format!("{long}{wrong}")).unwrap_err();
            assert_eq!(problem.kind, Kind::BadRequest);
        }
        let doubled = format!("{{\"query\":\"\\x\",\"query\":\"{long}\"}}");
        assert!(Parameters::of_body(doubled.as_bytes(), &texts).is_err());
    }

    #[test]
    fn bodies_are_read() {
        let body =
            br#"{"query":"{a}","operationName":null,"variables":{"n":1.10},"extensions":{}}"#;
        let read = of_body(body).unwrap();
        assert_eq!((read.query.as_deref(), read.operation_name), (Some("{a}"), None));
        assert_eq!(read.variables["n"], Json::Number("1.10".to_owned()));
    }

    #[test]
    fn wrong_bodies_are_told() {
        let deep = format!("{{\"query\":\"\",\"variables\":{}", "[".repeat(100_000));
        let cases = [
            ("", "is empty"),
            ("{\"query\":", "is not JSON"),
            ("\"{a}\"", "must be a JSON object"),
            ("{}", "\"query\" is missing"),
            ("{\"query\":1}", "\"query\" must be a string, not a number"),
            ("{\"query\":\"\",\"variables\":[]}", "\"variables\" must be an object, not an array"),
            ("{\"query\":\"\",\"operationName\":{}}", "\"operationName\" must be a string"),
            ("{\"query\":\"\",\"extensions\":true}", "\"extensions\" must be an object"),
            (&deep, "is not JSON"),
        ];
        for (body, message) in cases {
            let problem = of_body(body.as_bytes()).unwrap_err();
            assert_eq!(problem.kind, Kind::BadRequest);
            assert!(problem.message.contains(message), "{}", problem.message);
        }
        assert_eq!(of_body(b"[{}]").unwrap_err().kind, Kind::Batch);
    }

    /// Text in a URL.
    fn encoded(text: &[u8]) -> String {
        text.iter().map(|byte| format!("%{byte:02x}")).collect()
    }

    /// A body, and URLs, in which a text stands where JSON is expected.
    fn places(text: &[u8]) -> [Result<Parameters, Problem>; 4] {
        let object = [b"{\"v\":", text, b"}"].concat();
        let body = |name: &str| {
            let body = [b"{\"query\":\"{a}\",\"", name.as_bytes(), b"\":", &object, b"}"].concat();
            of_body(&body)
        };
        let url =
            |name: &str| Parameters::of_url(&format!("query={{a}}&{name}={}", encoded(&object)));
        [body("variables"), body("extensions"), url("variables"), url("extensions")]
    }

    #[test]
    fn json_is_read_by_its_rules_wherever_it_comes_in() {
        for text in json::cases::valid() {
            for read in places(&text) {
                let read = read.unwrap_or_else(|no| panic!("{no:?}: {}", text.escape_ascii()));
                assert_eq!(read.variables.len() + read.extensions.len(), 1);
            }
        }
        for text in json::cases::invalid() {
            for read in places(&text) {
                let refused = read.expect_err("it is not JSON");
                assert_eq!(refused.kind, Kind::BadRequest, "{}", text.escape_ascii());
            }
        }
        // Whatever is decided of these, it is the same wherever they come in.
        for text in json::cases::either() {
            let read = places(&text).map(|it| it.ok().map(|it| [it.variables, it.extensions]));
            assert_eq!(read[0].is_some(), read[1].is_some());
            assert_eq!(read[0], read[2]);
            assert_eq!(read[1], read[3]);
        }
    }

    #[test]
    fn urls_are_read() {
        let url = "query=%7Ba+b%7D&variables=%7B%22n%22%3A1%7D&operationName=&other=%ff%";
        let read = Parameters::of_url(url).unwrap();
        assert_eq!((read.query.as_deref(), read.operation_name), (Some("{a b}"), None));
        assert_eq!(read.variables["n"], Json::Number("1".to_owned()));
        for wrong in
            ["", "query=%ff", "query={a}&query={b}", "query={a}&variables={", "variables={}"]
        {
            assert_eq!(Parameters::of_url(wrong).unwrap_err().kind, Kind::BadRequest, "{wrong}");
        }
        let percent = Parameters::of_url("query=50%&extensions=").unwrap().query;
        assert_eq!(percent.as_deref(), Some("50%"));
    }
}
