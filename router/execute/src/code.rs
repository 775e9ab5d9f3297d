//! The codes of errors that execution finds itself. Subgraphs bring further ones.

/// A subgraph could not be reached, or answered with an HTTP error and no GraphQL.
pub(crate) const HTTP: &str = "SUBREQUEST_HTTP_ERROR";
/// A subgraph did not answer in time.
pub(crate) const TIMEOUT: &str = "SUBREQUEST_TIMEOUT";
/// A subgraph answered with more bytes than allowed.
pub(crate) const TOO_LARGE: &str = "SUBREQUEST_RESPONSE_TOO_LARGE";
/// A subgraph answered with something that is no GraphQL, or not what was asked for.
pub(crate) const MALFORMED: &str = "SUBREQUEST_MALFORMED_RESPONSE";
/// An error of a subgraph that brings no code.
pub(crate) const DOWNSTREAM: &str = "DOWNSTREAM_SERVICE_ERROR";
/// A subgraph answered with a value that is not of the field's type.
pub(crate) const INVALID_VALUE: &str = "INVALID_SUBGRAPH_VALUE";
/// A null where the schema has none.
pub(crate) const NULL: &str = "NULL_IN_NON_NULLABLE_FIELD";
/// The answer takes more memory than allowed.
pub(crate) const ANSWER: &str = "ANSWER_TOO_LARGE";
/// There are more errors than an answer may have.
pub(crate) const TOO_MANY: &str = "TOO_MANY_ERRORS";

/// All of them.
pub const CODES: [&str; 9] =
    [HTTP, TIMEOUT, TOO_LARGE, MALFORMED, DOWNSTREAM, INVALID_VALUE, NULL, ANSWER, TOO_MANY];
