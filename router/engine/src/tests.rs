//! The engine over subgraphs in process.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use execute::{SubgraphRequest, SubgraphResponse, Upstream, UpstreamError};
use futures_util::future::BoxFuture;
use json::{Json, Object};
use telemetry::Metrics;

use crate::{Answer, ERRORS, Engine, Limit, Options, Reach, Request, Snapshot};

/// A supergraph of one subgraph whose query has a field of this name.
fn supergraph(field: &str) -> String {
    format!(
        r#"
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
{{ query: Query mutation: Mutation subscription: Subscription }}
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
scalar join__FieldSet
scalar link__Import
enum link__Purpose {{ SECURITY EXECUTION }}
enum join__Graph {{ A @join__graph(name: "a", url: "http://a") }}
type Query @join__type(graph: A) {{ {field}: Int {field}More: Query strict: Int! }}
type Mutation @join__type(graph: A) {{ set(to: Int!): Int }}
type Subscription @join__type(graph: A) {{ ticks: Int }}
"#
    )
}

/// Answers every request with the same body, after a wait.
#[derive(Clone)]
struct Subgraph {
    body: &'static str,
    wait: Duration,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Subgraph {
    fn new(body: &'static str) -> Self {
        Self { body, wait: Duration::ZERO, seen: Arc::default() }
    }
}

impl Reach for Subgraph {
    fn upstream(&self, _: &Request) -> Box<dyn Upstream> {
        Box::new(self.clone())
    }
}

impl Upstream for Subgraph {
    fn send(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<SubgraphResponse, UpstreamError>> {
        Box::pin(async move {
            let body = String::from_utf8(request.body.to_vec()).unwrap();
            self.seen.lock().unwrap().push(body);
            tokio::time::sleep(self.wait).await;
            if Instant::now() > request.deadline {
                return Err(UpstreamError::Timeout);
            }
            Ok(SubgraphResponse::new(200, Bytes::from_static(self.body.as_bytes())))
        })
    }
}

fn snapshot(field: &str, subgraph: &Subgraph) -> Snapshot {
    Snapshot::new(&supergraph(field), |_| Ok(Box::new(subgraph.clone()))).unwrap()
}

fn engine(subgraph: &Subgraph, options: Options) -> (Engine, Arc<Metrics>) {
    let metrics = Arc::new(Metrics::new().unwrap());
    let engine = Engine::new(snapshot("a", subgraph), options, Arc::clone(&metrics)).unwrap();
    (engine, metrics)
}

fn request(query: &str) -> Request {
    Request {
        query: Some(query.into()),
        operation_name: None,
        variables: Object::new(),
        extensions: Object::new(),
        wants_cost: false,
        wants_plan: false,
        read_only: false,
        headers: Vec::new(),
        id: "1".to_owned(),
        deadline: Instant::now() + Duration::from_secs(5),
    }
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.to_vec()).unwrap()
}

async fn refused(request: Request, options: Options) -> (u16, String) {
    let subgraph = Subgraph::new(r#"{"data":{"a":1}}"#);
    let (engine, _) = engine(&subgraph, options);
    let answer = engine.answer(request).await;
    assert!(!text(&answer).contains("\"data\""), "{}", text(&answer));
    assert!(subgraph.seen.lock().unwrap().is_empty());
    let code = answer.code.unwrap();
    let row = ERRORS.iter().find(|row| row.code == code).unwrap();
    assert_eq!(row.status, answer.status);
    (answer.status, code)
}

#[tokio::test]
async fn clients_that_ask_the_same_at_the_same_time_share_an_answer() {
    let subgraph = Subgraph {
        wait: Duration::from_millis(50),
        ..Subgraph::new(r#"{"data":{"a":1,"set":2}}"#)
    };
    let seen = Arc::clone(&subgraph.seen);
    let options = Options { share_requests: true, ..Options::default() };
    let snapshot = Snapshot::new(&supergraph("a"), |_: &_| Ok(Box::new(subgraph))).unwrap();
    let engine = Engine::new(snapshot, options, Arc::new(Metrics::new().unwrap())).unwrap();
    let as_user = |text: &str, user: &'static str| {
        let header = ("authorization".to_owned(), Bytes::from_static(user.as_bytes()));
        Request { headers: vec![header], ..request(text) }
    };
    let same = [as_user("{ a }", "ada"), as_user("{ a }", "ada"), as_user("{ a }", "ada")];
    let others = [as_user("{ a }", "eve"), as_user("{ b: a }", "ada")];
    let mutations =
        [as_user("mutation { set(to: 1) }", "ada"), as_user("mutation { set(to: 1) }", "ada")];
    let all = same.into_iter().chain(others).chain(mutations);
    let answers = futures_util::future::join_all(all.map(|request| engine.answer(request))).await;
    assert!(answers.iter().all(|answer| answer.status == 200 && answer.code.is_none()));
    assert_eq!(seen.lock().unwrap().len(), 5);
    // What was answered is not kept.
    engine.answer(as_user("{ a }", "ada")).await;
    assert_eq!(seen.lock().unwrap().len(), 6);
}

#[tokio::test]
async fn what_only_a_disabled_subgraph_has_is_refused_with_its_name() {
    let subgraph = Subgraph::new(r#"{"data":{"a":7}}"#);
    let disable = ["a".to_owned()];
    let written = plan::Written { disable: &disable, ..plan::Written::default() };
    let snapshot = snapshot("a", &subgraph).with_hints(written).unwrap();
    let metrics = Arc::new(Metrics::new().unwrap());
    let engine = Engine::new(snapshot, Options::default(), metrics).unwrap();
    let answer = engine.answer(request("{ a }")).await;
    let message = "no subgraph can answer `Query.a` here as long as a is disabled.";
    let told = text(&answer);
    assert!(told.contains(message) && told.contains(r#""disabled":["a"]"#), "{told}");
    assert_eq!((answer.status, answer.code.as_deref()), (503, Some("SUBGRAPH_DISABLED")));
    assert!(subgraph.seen.lock().unwrap().is_empty());
    // Nobody is asked for the name of a type.
    let answer = engine.answer(request("{ __typename }")).await;
    assert_eq!(text(&answer), r#"{"data":{"__typename":"Query"}}"#);
}

#[tokio::test]
async fn a_query_is_answered() {
    let (engine, _) = engine(&Subgraph::new(r#"{"data":{"a":7}}"#), Options::default());
    let answer = engine.answer(request("query Q { b: a }")).await;
    assert_eq!(text(&answer), r#"{"data":{"b":7}}"#);
    assert_eq!((answer.status, answer.operation_name.as_deref()), (200, Some("Q")));
}

#[tokio::test]
async fn what_can_not_run_is_refused_before_any_subgraph_is_asked() {
    let plain = Options::default;
    let expect = |status: u16, code: &str| (status, code.to_owned());
    assert_eq!(refused(request("{"), plain()).await, expect(400, "GRAPHQL_PARSE_FAILED"));
    assert_eq!(refused(request("{ no }"), plain()).await, expect(400, "GRAPHQL_VALIDATION_FAILED"));
    assert_eq!(
        refused(
            request(
                "query($v: Int!) { a @include(if: true) x: a } mutation M($v: Int!) { set(to: $v) }"
            ),
            plain()
        )
        .await,
        expect(400, "GRAPHQL_VALIDATION_FAILED")
    );
    assert_eq!(
        refused(request("mutation($v: Int!) { set(to: $v) }"), plain()).await,
        expect(400, "BAD_USER_INPUT")
    );
    assert_eq!(
        refused(request("query A { a } query B { a }"), plain()).await,
        expect(400, "OPERATION_RESOLUTION_FAILURE")
    );
    assert_eq!(
        refused(request("{ __schema { queryType { name } } }"), plain()).await,
        expect(400, "INTROSPECTION_DISABLED")
    );
    assert_eq!(
        refused(request("subscription { ticks }"), plain()).await,
        expect(400, "SUBSCRIPTION_NOT_SUPPORTED")
    );
    let by_get = Request { read_only: true, ..request("mutation { set(to: 1) }") };
    assert_eq!(refused(by_get, plain()).await, expect(405, "MUTATION_BY_GET"));
    let empty = Request { query: None, ..request("") };
    assert_eq!(refused(empty.clone(), plain()).await, expect(400, "QUERY_MISSING"));
    let extensions = Object::from_iter([("persistedQuery".to_owned(), Json::Null)]);
    let persisted = Request { extensions, ..empty };
    assert_eq!(refused(persisted, plain()).await, expect(400, "PERSISTED_QUERY_NOT_SUPPORTED"));
    let deep = format!("{}a{}", "{ aMore ".repeat(10_000), "}".repeat(10_000));
    assert_eq!(refused(request(&deep), plain()).await, expect(400, "OPERATION_TOO_LARGE"));
}

#[tokio::test]
async fn limits_hold_for_remembered_plans_too() {
    let mut options = Options::default();
    options.operations.depth = limit(1, true);
    let (engine, _) = engine(&Subgraph::new(r#"{"data":{}}"#), options);
    for _ in 0..2 {
        let answer = engine.answer(request("{ aMore { a } }")).await;
        assert_eq!(answer.code.as_deref(), Some("OPERATION_TOO_LARGE"));
    }
    assert_eq!(engine.answer(request("{ a }")).await.status, 200);
}

fn limit(most: u64, enforced: bool) -> Option<Limit> {
    std::num::NonZeroU64::new(most).map(|most| Limit { most, enforced })
}

#[tokio::test]
async fn what_costs_too_much_is_refused_before_any_fetch() {
    let subgraph = Subgraph::new(r#"{"data":{"aMore":{"aMore":{"a":1}}}}"#);
    let mut options = Options::default();
    options.operations.cost = limit(1, true);
    let (engine, metrics) = engine(&subgraph, options);
    for _ in 0..2 {
        let answer = engine.answer(request("{ x: aMore { aMore { a } } }")).await;
        let told = json::parse(&answer.body, 64).unwrap();
        let error = &told.get("errors").unwrap().as_list().unwrap()[0];
        let extensions = error.get("extensions").unwrap().to_string();
        assert_eq!(
            extensions,
            r#"{"code":"OPERATION_TOO_COSTLY","limit":"cost","most":1,"figure":2,"dearest":[{"path":"x","cost":1,"times":1,"size":1},{"path":"x.aMore","cost":1,"times":1,"size":1}]}"#
        );
        let message = error.get("message").unwrap().as_str().unwrap();
        assert!(message.starts_with("The operation costs 2; the limit is 1."), "{message}");
    }
    assert!(subgraph.seen.lock().unwrap().is_empty());
    let text = metrics.text();
    assert!(text.contains(r#"limit="cost",mode="enforce"} 2"#), "{text}");
}

#[tokio::test]
async fn a_plan_that_costs_too_much_is_refused_before_any_fetch() {
    let subgraph = Subgraph::new(r#"{"data":{"a":1}}"#);
    let mut options = Options::default();
    options.operations.price = limit(100, true);
    let (engine, metrics) = engine(&subgraph, options);
    let answer = engine.answer(request("{ a }")).await;
    let told = String::from_utf8(answer.body.to_vec()).unwrap();
    assert!(told.contains("The operation's plan costs 101; the limit is 100."), "{told}");
    assert!(told.contains(r#""limit":"price","most":100,"figure":101"#), "{told}");
    assert!(subgraph.seen.lock().unwrap().is_empty());
    assert!(metrics.text().contains(r#"limit="price",mode="enforce"} 1"#));
}

#[tokio::test]
async fn what_is_observed_is_told_once_its_epoch_is_over() {
    let asked = Request { wants_plan: true, ..request("{ a }") };
    for (statistics_epoch, known) in [(None, false), (Some(Duration::ZERO), true)] {
        let subgraph = Subgraph::new(r#"{"data":{"a":1}}"#);
        let options = Options { statistics_epoch, ..Options::default() };
        let (engine, _) = engine(&subgraph, options);
        for _ in 0..30 {
            engine.answer(request("{ a }")).await;
        }
        let answer = engine.answer(asked.clone()).await;
        let told = String::from_utf8(answer.body.to_vec()).unwrap();
        assert_eq!(told.contains(r#""statistics_epoch":0"#), known, "{told}");
        // What nobody observed is assumed.
        let estimate = format!(r#""estimate":{{"assumed":{},"bytes":19,"calls":1"#, !known);
        assert!(told.contains(&estimate), "{told}");
    }
}

#[tokio::test]
async fn a_limit_that_is_measured_only_counts() {
    let mut options = Options::default();
    options.operations.cost = limit(1, false);
    options.operations.fetches = limit(1, true);
    let body = r#"{"data":{"aMore":{"aMore":{"a":1}}}}"#;
    let (engine, metrics) = engine(&Subgraph::new(body), options);
    let asked = Request { wants_cost: true, ..request("{ aMore { aMore { a } } }") };
    let answer = engine.answer(asked).await;
    let expected = r#","extensions":{"cost":{"estimated":2,"actual":2}}}"#;
    assert!(text(&answer).ends_with(expected), "{}", text(&answer));
    assert!(metrics.text().contains(r#"limit="cost",mode="measure"} 1"#));
}

#[tokio::test]
async fn work_that_is_too_much_is_refused() {
    let planning_work = std::num::NonZeroU64::MIN;
    let options = Options { planning_work, ..Options::default() };
    assert_eq!(refused(request("{ a }"), options).await, (400, "OPERATION_TOO_COMPLEX".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_requests_for_a_new_operation_plan_it_once() {
    let (engine, metrics) = engine(&Subgraph::new(r#"{"data":{"a":7}}"#), Options::default());
    let asked: Vec<_> = (0..50)
        .map(|_| {
            let engine = engine.clone();
            tokio::spawn(async move { engine.answer(request("{ a }")).await.status })
        })
        .collect();
    for answer in asked {
        assert_eq!(answer.await.unwrap(), 200);
    }
    let text = metrics.text();
    let made = text
        .lines()
        .find(|line| line.contains("plan") && line.contains("duration") && line.contains("_count"));
    assert!(made.is_some_and(|line| line.ends_with(" 1")), "{made:?}\n{text}");
}

#[tokio::test]
async fn conditions_are_part_of_what_decides_a_plan() {
    let (engine, _) = engine(&Subgraph::new(r#"{"data":{"a":7}}"#), Options::default());
    for (value, expected) in [(true, r#"{"data":{"a":7}}"#), (false, r#"{"data":{}}"#)] {
        let variables = Object::from_iter([("v".to_owned(), Json::Bool(value))]);
        let asked = "query($v: Boolean!) { a @include(if: $v) }";
        let answer = engine.answer(Request { variables, ..request(asked) }).await;
        assert_eq!(text(&answer), expected);
    }
}

#[tokio::test]
async fn introspection_is_answered_when_it_is_on_without_any_subgraph() {
    let subgraph = Subgraph::new("");
    let options = Options { introspection: true, ..Options::default() };
    let (engine, _) = engine(&subgraph, options);
    let answer = engine.answer(request("{ __schema { queryType { name } } __typename }")).await;
    assert_eq!(
        text(&answer),
        r#"{"data":{"__schema":{"queryType":{"name":"Query"}},"__typename":"Query"}}"#
    );
    assert!(subgraph.seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_null_that_goes_all_the_way_up_is_still_an_answer() {
    let (engine, _) = engine(&Subgraph::new(r#"{"data":{"strict":null}}"#), Options::default());
    let answer = engine.answer(request("{ strict }")).await;
    assert_eq!(answer.status, 200);
    assert!(text(&answer).ends_with(r#""data":null}"#), "{}", text(&answer));
    assert_eq!(answer.code.as_deref(), Some("NULL_IN_NON_NULLABLE_FIELD"));
}

#[tokio::test]
async fn requests_keep_their_snapshot_while_it_is_swapped() {
    let old = Subgraph { wait: Duration::from_millis(100), ..Subgraph::new(r#"{"data":{"a":1}}"#) };
    let (engine, _) = engine(&old, Options::default());
    let running = tokio::spawn({
        let engine = engine.clone();
        async move { text(&engine.answer(request("{ a }")).await) }
    });
    tokio::time::sleep(Duration::from_millis(40)).await;
    let new = Subgraph::new(r#"{"data":{"b":2}}"#);
    engine.swap(snapshot("b", &new));
    assert_eq!(text(&engine.answer(request("{ b }")).await), r#"{"data":{"b":2}}"#);
    assert_eq!(
        engine.answer(request("{ a }")).await.code.as_deref(),
        Some("GRAPHQL_VALIDATION_FAILED")
    );
    assert_eq!(running.await.unwrap(), r#"{"data":{"a":1}}"#);
}

#[tokio::test]
async fn a_defect_costs_one_request() {
    let planners =
        crate::planners::Planners::start(NonZeroUsize::MIN, Duration::from_secs(5)).unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    for round in 0..3 {
        let count = Arc::clone(&count);
        let result = planners.run(move || {
            assert!(round != 1, "a defect");
            Ok(count.fetch_add(1, Ordering::SeqCst))
        });
        let result = result.await;
        assert_eq!(result.is_err(), round == 1);
        if let Err(refused) = result {
            assert_eq!(refused.status(), 500);
            assert!(!refused.errors[0].message.contains("a defect"));
            assert_eq!(refused.detail.as_deref(), Some("a defect"));
        }
    }
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

#[test]
fn every_code_of_execution_stands_in_the_table() {
    for code in execute::CODES {
        assert!(ERRORS.iter().any(|row| row.code == code), "{code}");
    }
}

#[test]
fn every_code_stands_in_the_table_once() {
    for (index, row) in ERRORS.iter().enumerate() {
        assert!(ERRORS[..index].iter().all(|other| other.code != row.code), "{}", row.code);
        assert!(!row.help.is_empty());
    }
}
