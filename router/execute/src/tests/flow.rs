//! When requests begin and end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use json::Object;
use tokio::sync::Notify;

use super::World;
use crate::{
    Execution, Options, SubgraphRequest, SubgraphResponse, Upstream, UpstreamError, execute,
};

fn said(body: &'static str) -> Result<SubgraphResponse, UpstreamError> {
    Ok(SubgraphResponse::new(200, Bytes::from_static(body.as_bytes())))
}

/// Answers `open` only after it was asked for entities.
#[derive(Default)]
struct Late {
    entities: Notify,
}

impl Upstream for Late {
    fn send(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<SubgraphResponse, UpstreamError>> {
        let body = String::from_utf8(request.body.to_vec()).unwrap();
        async move {
            if body.contains("_entities") {
                self.entities.notify_one();
                return said(r#"{"data":{"_entities":[{"stock":1}]}}"#);
            }
            if body.contains("open") {
                self.entities.notified().await;
                return said(r#"{"data":{"open":true}}"#);
            }
            said(r#"{"data":{"book":{"id":"1"}}}"#)
        }
        .boxed()
    }
}

#[test]
fn a_fetch_waits_for_nothing_but_what_it_needs() {
    let world = World::new();
    let plan = world.plan("{ book { stock } open }");
    let answer = world.execute(&plan, &Late::default());
    assert_eq!(answer.data.to_json().to_string(), r#"{"book":{"stock":1},"open":true}"#);
    let ended: Vec<usize> = answer.calls.iter().map(|call| call.fetch).collect();
    assert_eq!(
        ended.last(),
        Some(&plan.fetches.iter().position(|f| f.document.contains("open")).unwrap())
    );
}

/// Never answers; counts the requests that are under way.
#[derive(Default)]
struct Never {
    under_way: Arc<AtomicUsize>,
}

struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Upstream for Never {
    fn send(&self, _: SubgraphRequest) -> BoxFuture<'_, Result<SubgraphResponse, UpstreamError>> {
        self.under_way.fetch_add(1, Ordering::SeqCst);
        let under_way = UnderWay(Arc::clone(&self.under_way));
        async move {
            let _under_way = under_way;
            std::future::pending().await
        }
        .boxed()
    }
}

#[test]
fn dropping_an_execution_drops_its_requests() {
    let world = World::new();
    let plan = world.plan("{ book { stock } open }");
    let upstream = Never::default();
    let (variables, options) = (Object::new(), Options::default());
    let execution = Execution {
        schema: world.graph.schema(),
        plan: &plan,
        variables: &variables,
        introspection: None,
        upstream: &upstream,
        options: &options,
        deadline: Instant::now() + Duration::from_secs(10),
    };
    // Whoever serves clients moves it between threads.
    let mut running: BoxFuture<'_, crate::Answer> = execute(execution, None).boxed();
    assert!((&mut running).now_or_never().is_none());
    assert_eq!(upstream.under_way.load(Ordering::SeqCst), 2);
    drop(running);
    assert_eq!(upstream.under_way.load(Ordering::SeqCst), 0);
}
