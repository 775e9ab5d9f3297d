//! What an answer tells besides the data, for those who ask and may: what it cost, and how it came
//! about.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use execute::{Call, SubgraphRequest, SubgraphResponse, Upstream, UpstreamError};
use futures_util::future::{BoxFuture, FutureExt};
use json::Json;
use operation::Cost;
use plan::{Actual, Explanation, Plan};
use schema::Schema;

/// `extensions.cost` of an answer.
pub(crate) fn cost(cost: &Cost, actual: u64) -> Json {
    let number = |number: u64| Json::Number(number.to_string());
    Json::from_iter([("estimated", number(cost.total)), ("actual", number(actual))])
}

/// `extensions.plan` of an answer.
pub(crate) fn plan(
    schema: &Schema,
    plan: &Plan,
    explained: Explanation,
    actual: Vec<Actual>,
) -> Json {
    let explained = Explanation { actual: Some(actual), ..explained };
    let text = explained.to_json(schema, plan).to_string();
    json::parse(text.as_bytes(), 64).unwrap_or(Json::Null)
}

/// When each request of an operation was sent, and how long its answer took.
#[derive(Debug, Default)]
pub(crate) struct Clock(Mutex<Vec<Timed>>);

/// One request to a subgraph.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timed {
    /// The fetch of the plan, by index.
    pub fetch: usize,
    pub sent: Instant,
    pub answered: Instant,
}

impl Clock {
    /// Subgraphs whose answers are timed.
    pub(crate) fn watch(clock: &Arc<Self>, inner: Box<dyn Upstream>) -> Box<dyn Upstream> {
        Box::new(Watched { clock: Arc::clone(clock), inner })
    }

    /// All requests, in the order of their answers.
    pub(crate) fn timed(&self) -> Vec<Timed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).to_vec()
    }

    /// What each fetch of a plan took.
    pub(crate) fn actual(&self, plan: &Plan, calls: &[Call]) -> Vec<Actual> {
        let timed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let begin = timed.iter().map(|timed| timed.sent).min();
        let one = |fetch: usize| {
            let mut actual = Actual::default();
            for call in calls.iter().filter(|call| call.fetch == fetch) {
                let entities = call.representations > 0;
                actual.entities += if entities { call.positions as u64 } else { 0 };
                actual.distinct += call.representations as u64;
                actual.reused += call.reused as u64;
                actual.bytes += call.bytes as u64;
                actual.error = call.failed.map(str::to_owned);
            }
            for timed in timed.iter().filter(|timed| timed.fetch == fetch) {
                let since = |from: Instant, to: Instant| (to - from).as_secs_f64() * 1_000.0;
                actual.calls += 1;
                actual.sent = begin.map_or(0.0, |begin| since(begin, timed.sent));
                actual.milliseconds += since(timed.sent, timed.answered);
            }
            actual
        };
        (0..plan.fetches.len()).map(one).collect()
    }
}

struct Watched {
    clock: Arc<Clock>,
    inner: Box<dyn Upstream>,
}

impl Upstream for Watched {
    fn send(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<SubgraphResponse, UpstreamError>> {
        let (fetch, sent) = (request.fetch, Instant::now());
        let answer = self.inner.send(request);
        async move {
            let answered = answer.await;
            let timed = Timed { fetch, sent, answered: Instant::now() };
            self.clock.0.lock().unwrap_or_else(PoisonError::into_inner).push(timed);
            answered
        }
        .boxed()
    }
}
