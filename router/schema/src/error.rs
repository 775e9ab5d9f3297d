//! Why a supergraph can't be read.

/// Why a supergraph can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not a valid GraphQL schema.
    #[error("the supergraph is not a valid GraphQL schema:\n{0}")]
    Invalid(String),
    /// It is not a supergraph, or of a version that can't be read.
    #[error("the schema is not a supergraph that can be served: {0}")]
    NotASupergraph(String),
    /// It links a specification that must be enforced and is not known.
    #[error(
        "the supergraph needs `{0}` for {1}, which this router does not support; it refuses to \
         serve the graph without it"
    )]
    Unsupported(String, String),
    /// What remains after hiding inaccessible elements is not a valid schema.
    #[error("the public schema of the supergraph is not valid:\n{0}")]
    Api(String),
}
