//! What is wrong with a request, as the client is told.

use apollo_compiler::validation::DiagnosticList;

/// One finding in a request. It stops the request before any subgraph is asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RequestError {
    /// What kind of finding it is.
    pub code: Code,
    /// One sentence for the client's author.
    pub message: String,
    /// Where in the document: line and column, both from 1.
    pub locations: Vec<(usize, usize)>,
}

/// The kinds of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// The document is not GraphQL.
    ParseFailed,
    /// The document is GraphQL, but not valid for the schema.
    ValidationFailed,
    /// The document or the operation is larger than a limit allows.
    TooLarge,
    /// The operation that should run can't be told.
    OperationNotFound,
    /// A variable's value does not fit its type.
    BadVariable,
    /// Introspection that nests too deep or asks for too much.
    IntrospectionTooLarge,
}

impl Code {
    /// The code as it stands in `extensions.code`.
    pub fn text(self) -> &'static str {
        match self {
            Code::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Code::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Code::TooLarge => "OPERATION_TOO_LARGE",
            Code::OperationNotFound => "OPERATION_RESOLUTION_FAILURE",
            Code::BadVariable => "BAD_USER_INPUT",
            Code::IntrospectionTooLarge => "INTROSPECTION_TOO_LARGE",
        }
    }
}

/// A document with more findings than this is not read by anyone to its end.
const MOST_FINDINGS: usize = 50;

impl RequestError {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), locations: Vec::new() }
    }

    /// The findings of the parser or the validation, at most [`MOST_FINDINGS`].
    pub(crate) fn all(code: Code, findings: &DiagnosticList) -> Vec<Self> {
        findings
            .iter()
            .take(MOST_FINDINGS)
            .map(|finding| {
                let error = finding.to_json();
                Self {
                    code,
                    message: sentence(&error.message),
                    locations: error.locations.iter().map(|at| (at.line, at.column)).collect(),
                }
            })
            .collect()
    }
}

/// The names of tokens in the parser's messages, and what people call them.
const TOKENS: [(&str, &str); 9] = [
    ("L_CURLY", "`{`"),
    ("R_CURLY", "`}`"),
    ("L_PAREN", "`(`"),
    ("R_PAREN", "`)`"),
    ("L_BRACK", "`[`"),
    ("R_BRACK", "`]`"),
    ("COLON", "`:`"),
    ("EOF", "the end of the document"),
    ("STRING_VALUE", "a string"),
];

/// A message of the parser or the validation as a sentence.
fn sentence(message: &str) -> String {
    let text = match message.strip_prefix("syntax error: ") {
        Some(message) => {
            let named = |text: String, (token, name): &(&str, &str)| text.replace(token, name);
            TOKENS.iter().fold(message.to_owned(), named)
        }
        // The names here are the client's.
        None => message.to_owned(),
    };
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if text.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
