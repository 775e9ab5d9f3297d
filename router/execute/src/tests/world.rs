//! A small supergraph, and subgraphs that answer by script.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use graph::Graph;
use json::{Json, Object};
use operation::{Document, Limits};
use schema::Schema;

use crate::{
    Answer, Execution, Options, Program, SubgraphRequest, SubgraphResponse, Upstream,
    UpstreamError, execute,
};

pub(super) const SUPERGRAPH: &str = r#"
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)
{ query: Query mutation: Mutation }

directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ENUM | ENUM_VALUE | SCALAR | INPUT_OBJECT | INPUT_FIELD_DEFINITION | ARGUMENT_DEFINITION
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
scalar join__FieldSet
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
enum join__Graph {
  CATALOG @join__graph(name: "catalog", url: "http://catalog")
  STOCK @join__graph(name: "stock", url: "http://stock")
  TAX @join__graph(name: "tax", url: "http://tax")
}

interface Product @join__type(graph: CATALOG) { id: ID! name(short: Boolean): String twin: Product }

type Book implements Product
  @join__implements(graph: CATALOG, interface: "Product")
  @join__type(graph: CATALOG, key: "id")
  @join__type(graph: STOCK, key: "id")
  @join__type(graph: STOCK, key: "code")
  @join__type(graph: TAX, key: "code")
{
  id: ID! @join__field(graph: CATALOG) @join__field(graph: STOCK)
  name(short: Boolean): String @join__field(graph: CATALOG)
  twin: Book @join__field(graph: CATALOG)
  weight: Int @join__field(graph: CATALOG) @join__field(graph: STOCK, external: true)
  color: Color @join__field(graph: CATALOG)
  blob: Blob @join__field(graph: CATALOG)
  ratio: Float @join__field(graph: CATALOG)
  pages: [Int!] @join__field(graph: CATALOG)
  title: String! @join__field(graph: CATALOG)
  code: String @join__field(graph: STOCK) @join__field(graph: TAX)
  stock: Int @join__field(graph: STOCK)
  price(in: String): Int! @join__field(graph: STOCK)
  shipping: Int @join__field(graph: STOCK, requires: "weight")
  tax: Int! @join__field(graph: TAX)
}

type Pen implements Product
  @join__implements(graph: CATALOG, interface: "Product")
  @join__type(graph: CATALOG, key: "id")
  @join__type(graph: STOCK, key: "id")
{
  id: ID!
  name(short: Boolean): String @join__field(graph: CATALOG)
  twin: Product @join__field(graph: CATALOG)
  stock: Int @join__field(graph: STOCK)
}

type Ghost implements Product @inaccessible
  @join__implements(graph: CATALOG, interface: "Product")
  @join__type(graph: CATALOG)
{ id: ID! name(short: Boolean): String twin: Product }

type Shelf @join__type(graph: CATALOG) @join__type(graph: STOCK) {
  place: String @join__field(graph: CATALOG)
  space: Int @join__field(graph: STOCK)
}

enum Color @join__type(graph: CATALOG) {
  RED @join__enumValue(graph: CATALOG)
  SECRET @inaccessible @join__enumValue(graph: CATALOG)
}

scalar Blob @join__type(graph: CATALOG)

type Query @join__type(graph: CATALOG) @join__type(graph: STOCK) {
  products: [Product] @join__field(graph: CATALOG)
  sure: [Product!]! @join__field(graph: CATALOG)
  book: Book @join__field(graph: CATALOG)
  must: Book! @join__field(graph: CATALOG)
  grid: [[Book!]] @join__field(graph: CATALOG)
  shelves: [Shelf] @join__field(graph: CATALOG) @join__field(graph: STOCK)
  open: Boolean @join__field(graph: STOCK)
}

type Mutation @join__type(graph: CATALOG) @join__type(graph: STOCK) {
  restock(id: ID!): Book @join__field(graph: STOCK)
  rename(id: ID!): Book @join__field(graph: CATALOG)
}
"#;

/// How a subgraph answers once.
#[derive(Clone, Debug)]
pub(super) enum Reply {
    Says(String),
    Status(u16, String),
    Fails(UpstreamError),
}

impl From<&str> for Reply {
    fn from(text: &str) -> Self {
        Reply::Says(text.to_owned())
    }
}

/// Subgraphs that answer by script, each its replies in order; the last is kept.
#[derive(Debug, Default)]
pub(super) struct Script {
    names: Vec<String>,
    replies: Mutex<HashMap<String, VecDeque<Reply>>>,
    /// `name variables` for each request, in order.
    asked: Mutex<Vec<String>>,
}

impl Upstream for Script {
    fn send(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<SubgraphResponse, UpstreamError>> {
        let name = &self.names[schema::Id::index(request.subgraph)];
        let body = json::parse(&request.body, 500).unwrap();
        let variables = body.get("variables").unwrap_or(&Json::Null);
        self.asked.lock().unwrap().push(format!("{name} {variables}"));
        let mut replies = self.replies.lock().unwrap();
        let replies = replies.get_mut(name).unwrap_or_else(|| panic!("{name} was asked"));
        let reply = if replies.len() > 1 { replies.pop_front() } else { replies.front().cloned() };
        let response = |status, body: String| SubgraphResponse::new(status, Bytes::from(body));
        let answered = match reply.unwrap() {
            Reply::Says(body) => Ok(response(200, body)),
            Reply::Status(status, body) => Ok(response(status, body)),
            Reply::Fails(error) => Err(error),
        };
        // Not ready at once, as no network is.
        async move {
            tokio::task::yield_now().await;
            answered
        }
        .boxed()
    }
}

/// A schema, what executions may show, and what clients send along.
pub(super) struct World {
    pub graph: Graph,
    pub options: Options,
    pub variables: Object,
    /// Whether plans are executed by their programs.
    pub fast: bool,
}

/// What a play came to.
#[derive(Debug)]
pub(super) struct Played {
    pub answer: Answer,
    pub asked: Vec<String>,
}

impl World {
    pub(super) fn new() -> Self {
        let schema = Arc::new(Schema::read(SUPERGRAPH).unwrap());
        let options = Options::default();
        Self { graph: Graph::build(schema), options, variables: Object::new(), fast: false }
    }

    pub(super) fn plan(&self, operation: &str) -> plan::Plan {
        let schema = self.graph.schema();
        let document = Document::parse(schema, operation, &Limits::default()).unwrap();
        let bound = document.operation(None).unwrap().bind(schema, &Default::default());
        let plan = plan::plan(&self.graph, &bound, &plan::Options::default()).unwrap();
        assert_eq!(plan::check(schema, &plan), Ok(()));
        plan
    }

    /// Plans and executes an operation while the subgraphs answer by script.
    pub(super) fn play<R: Into<Reply>>(
        &self,
        operation: &str,
        script: impl IntoIterator<Item = (&'static str, R)>,
    ) -> Played {
        let plan = self.plan(operation);
        let mut replies: HashMap<String, VecDeque<Reply>> = HashMap::new();
        for (name, reply) in script {
            replies.entry(name.to_owned()).or_default().push_back(reply.into());
        }
        let names = self.graph.schema().subgraphs().map(|(_, it)| it.name.clone()).collect();
        let script = Script { names, replies: Mutex::new(replies), ..Script::default() };
        let answer = self.execute(&plan, &script);
        Played { answer, asked: script.asked.into_inner().unwrap() }
    }

    /// Executes a plan that asks no subgraph.
    pub(super) fn introspect(&self, plan: &plan::Plan, introspection: &Object) -> Answer {
        self.run(plan, &Script::default(), Some(introspection))
    }

    pub(super) fn execute(&self, plan: &plan::Plan, upstream: &dyn Upstream) -> Answer {
        self.run(plan, upstream, None)
    }

    fn run(
        &self,
        plan: &plan::Plan,
        upstream: &dyn Upstream,
        introspection: Option<&Object>,
    ) -> Answer {
        let execution = Execution {
            schema: self.graph.schema(),
            plan,
            variables: &self.variables,
            introspection,
            upstream,
            options: &self.options,
            deadline: Instant::now() + Duration::from_secs(10),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let program = self.fast.then(|| Program::compile(execution.schema, plan)).flatten();
        runtime.block_on(execute(execution, program.as_ref()))
    }
}

impl Played {
    /// The answer as text; it is valid JSON.
    pub(super) fn text(&self) -> String {
        let text = self.answer.clone().into_body(None);
        assert_eq!(json::parse(&text, 500).unwrap().to_string().as_bytes(), text);
        String::from_utf8(text).unwrap()
    }

    /// The data as text.
    pub(super) fn data(&self) -> String {
        self.answer.data.to_json().to_string()
    }

    /// The errors, each as `code path message`.
    pub(super) fn errors(&self) -> Vec<String> {
        let told = self.answer.errors.iter().map(|error| {
            let error = error.to_json();
            let code = error.get("extensions").unwrap().get("code").unwrap().as_str().unwrap();
            let path = error.get("path").map_or_else(|| "-".into(), Json::to_string);
            format!("{code} {path} {}", error.get("message").unwrap().as_str().unwrap())
        });
        told.collect()
    }
}
