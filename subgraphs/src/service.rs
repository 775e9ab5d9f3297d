//! One GraphQL service: a juniper schema, the context that its resolvers share, its federation SDL.

use std::{pin::Pin, sync::Arc};

use juniper::{
    EmptySubscription, GraphQLError, GraphQLTypeAsync, RootNode,
    http::{GraphQLRequest, GraphQLResponse},
};
use serde::Serialize;
use serde_json::json;

use crate::{
    error_paths,
    fault::{Code, Fault},
    store::{Database, Session, drive},
};

/// Tokens and fields of a document. A router that batches many entity fetches into one operation
/// writes documents beyond juniper's default of 15,000; the limit on the body still bounds both.
const DOCUMENT_LIMIT: usize = 1_000_000;

/// A service, whatever its types.
pub(crate) trait Service: Send + Sync {
    /// The federation schema that routers compose.
    fn sdl(&self) -> &'static str;

    /// The schema as juniper sees it, for the test that both agree.
    #[cfg(test)]
    fn exported(&self) -> String;

    fn execute<'a>(
        &'a self,
        request: &'a GraphQLRequest,
        database: &'a Arc<Database>,
    ) -> Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;
}

/// A response and what it took.
pub(crate) struct Answer {
    pub(crate) body: Vec<u8>,
    /// The document did not parse or validate, so nothing was executed.
    pub(crate) refused: bool,
    /// SQL statements.
    pub(crate) statements: usize,
}

/// The implementation of `Service` on juniper.
pub(crate) struct Graph<Q, M, C>
where
    Q: GraphQLTypeAsync<Context = C, TypeInfo = ()>,
    M: GraphQLTypeAsync<Context = C, TypeInfo = ()>,
    C: juniper::Context + Send + Sync + 'static,
{
    sdl: &'static str,
    root: RootNode<Q, M, EmptySubscription<C>>,
    context: fn(&Session) -> C,
}

impl<Q, M, C> Graph<Q, M, C>
where
    Q: GraphQLTypeAsync<Context = C, TypeInfo = ()> + Send + Sync,
    M: GraphQLTypeAsync<Context = C, TypeInfo = ()> + Send + Sync,
    C: juniper::Context + Send + Sync,
{
    pub(crate) fn new(
        sdl: &'static str,
        query: Q,
        mutation: M,
        context: fn(&Session) -> C,
    ) -> Self {
        let root = RootNode::new(query, mutation, EmptySubscription::new())
            .limit_tokens(DOCUMENT_LIMIT)
            .limit_fields(DOCUMENT_LIMIT);
        Self { sdl, root, context }
    }
}

impl<Q, M, C> Service for Graph<Q, M, C>
where
    Q: GraphQLTypeAsync<Context = C, TypeInfo = ()> + Send + Sync,
    M: GraphQLTypeAsync<Context = C, TypeInfo = ()> + Send + Sync,
    C: juniper::Context + Send + Sync,
{
    fn sdl(&self) -> &'static str {
        self.sdl
    }

    #[cfg(test)]
    fn exported(&self) -> String {
        self.root.as_sdl()
    }

    fn execute<'a>(
        &'a self,
        request: &'a GraphQLRequest,
        database: &'a Arc<Database>,
    ) -> Pin<Box<dyn Future<Output = Answer> + Send + 'a>> {
        Box::pin(async move {
            let session = Session::default();
            let context = (self.context)(&session);
            let execution = request.execute(&self.root, &context);
            let result = drive(&session, database, execution).await;
            answer(result, session.statements())
        })
    }
}

fn answer(result: Result<GraphQLResponse, Fault>, statements: usize) -> Answer {
    let (body, refused) = match result.map(GraphQLResponse::into_result) {
        Ok(Ok((data, errors))) if !errors.is_empty() => {
            let errors = error_paths::with_indexes(&data, &errors);
            (serde_json::to_vec(&Failed { data, errors }), false)
        }
        Ok(Ok(whole)) => (serde_json::to_vec(&GraphQLResponse::from_result(Ok(whole))), false),
        Ok(Err(error)) => (serde_json::to_vec(&refusal(&error)), true),
        Err(fault) => (serde_json::to_vec(&single_error(fault.code, &fault.message)), false),
    };
    let body = body.expect("invariant: a response has only text keys and finite numbers");
    Answer { body, refused, statements }
}

#[derive(Serialize)]
struct Failed {
    data: juniper::Value,
    errors: Vec<serde_json::Value>,
}

/// juniper's request errors, with a code added to each.
fn refusal(error: &GraphQLError) -> serde_json::Value {
    let code = match error {
        GraphQLError::ParseError(_) => "GRAPHQL_PARSE_FAILED",
        GraphQLError::ValidationError(_) => "GRAPHQL_VALIDATION_FAILED",
        _ => "BAD_REQUEST",
    };
    let mut errors = match serde_json::to_value(error) {
        Ok(serde_json::Value::Array(errors)) => errors,
        _ => vec![json!({ "message": error.to_string() })],
    };
    for error in errors.iter_mut().filter_map(serde_json::Value::as_object_mut) {
        error.insert("extensions".to_owned(), json!({ "code": code }));
    }
    json!({ "errors": errors })
}

fn single_error(code: Code, message: &str) -> serde_json::Value {
    let error = json!({ "message": message, "extensions": { "code": code.name() } });
    json!({ "data": null, "errors": [error] })
}
