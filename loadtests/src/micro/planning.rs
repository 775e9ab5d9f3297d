//! From a document's text to a plan.

use std::num::NonZeroUsize;
use std::sync::Arc;

use graph::Graph;
use operation::{Document, Limits, Operation};
use schema::Schema;

use super::work::Work;
use crate::{choices, data, subgraphs};

/// The benchmark's document, parsed and validated.
pub(super) fn document() -> Result<Work, String> {
    let schema = read(&subgraphs::supergraph(0, None)?)?;
    Ok(Box::new(move || {
        let document = Document::parse(&schema, data::OPERATION, &Limits::default());
        std::hint::black_box(document.is_ok());
    }))
}

/// Its operation, bound.
pub(super) fn bind() -> Result<Work, String> {
    let schema = read(&subgraphs::supergraph(0, None)?)?;
    let document = parsed(&schema, data::OPERATION)?;
    let request = document.operation(None).map_err(|error| error.message)?;
    Ok(Box::new(move || {
        std::hint::black_box(request.bind(&schema, &operation::Conditions::default()));
    }))
}

/// The benchmark's operation, planned.
pub(super) fn benchmark() -> Result<Work, String> {
    plans(&subgraphs::supergraph(0, None)?, data::OPERATION)
}

/// An operation of which every field can be taken from four of seven subgraphs, planned.
pub(super) fn choices() -> Result<Work, String> {
    plans(&subgraphs::composed(&choices::sources())?, &choices::operation())
}

fn plans(supergraph: &str, document: &str) -> Result<Work, String> {
    let (graph, operation) = bound(supergraph, document)?;
    let options = plan::Options::default();
    plan::plan(&graph, &operation, &options).map_err(|error| error.to_string())?;
    Ok(Box::new(move || {
        std::hint::black_box(plan::plan(&graph, &operation, &options).is_ok());
    }))
}

/// A supergraph, ready to plan for, and a bound operation.
pub(super) fn bound(supergraph: &str, document: &str) -> Result<(Graph, Operation), String> {
    let schema = read(supergraph)?;
    let document = parsed(&schema, document)?;
    let request = document.operation(None).map_err(|error| error.message)?;
    let operation = request.bind(&schema, &operation::Conditions::default());
    Ok((Graph::build(schema), operation))
}

fn read(supergraph: &str) -> Result<Arc<Schema>, String> {
    Schema::read(supergraph).map(Arc::new).map_err(|error| error.to_string())
}

fn parsed(schema: &Schema, text: &str) -> Result<Document, String> {
    let limits = Limits { tokens: NonZeroUsize::MAX, ..Limits::default() };
    Document::parse(schema, text, &limits).map_err(|errors| format!("{errors:?}"))
}
