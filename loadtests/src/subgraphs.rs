//! The subgraphs over HTTP.
//!
//! An answer is worked out once for each distinct request and then kept, so that the subgraphs
//! cost next to nothing while a router is measured.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::convert::Infallible;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use compose::SubgraphSource;
use execute::{SubgraphRequest, Upstream};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use schema::{OperationKind, Schema, SubgraphId};
use testkit::{Subgraph, Subgraphs};
use tokio::net::TcpListener;

use crate::clock::Delay;
use crate::data;

struct Service {
    schema: Schema,
    subgraphs: Vec<Subgraph>,
    known: RefCell<HashMap<(SubgraphId, Bytes), Bytes>>,
    calls: Cell<u64>,
    delay: Option<Delay>,
}

/// Serves until the process ends.
pub(crate) async fn serve(delay_ms: u64) -> Result<(), String> {
    let schema = Schema::read(&own(0)?).map_err(|error| error.to_string())?;
    let subgraph = |(name, sdl): (&str, &str)| Subgraph::new(name, sdl, &data::of(name));
    let subgraphs = data::SUBGRAPHS.into_iter().map(subgraph).collect::<Result<_, _>>()?;
    let service = Rc::new(Service {
        schema,
        subgraphs,
        known: RefCell::default(),
        calls: Cell::new(0),
        delay: (delay_ms > 0).then(|| Delay::new(Duration::from_millis(delay_ms))),
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|error| error.to_string())?;
    println!("{}", listener.local_addr().map_err(|error| error.to_string())?.port());
    tokio::task::LocalSet::new()
        .run_until(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                let service = Rc::clone(&service);
                tokio::task::spawn_local(async move {
                    let answer = |request| answer(Rc::clone(&service), request);
                    let serving = hyper::server::conn::http1::Builder::new()
                        .pipeline_flush(true)
                        .serve_connection(TokioIo::new(stream), hyper::service::service_fn(answer));
                    // A client that goes away is no trouble.
                    let _ = serving.await;
                });
            }
        })
        .await;
    Ok(())
}

async fn answer(
    service: Rc<Service>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let name = request.uri().path().trim_start_matches('/').to_owned();
    if name == "calls" {
        return Ok(Response::new(Full::new(Bytes::from(service.calls.get().to_string()))));
    }
    service.calls.set(service.calls.get() + 1);
    let body = match request.into_body().collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => Bytes::new(),
    };
    let subgraph = service.schema.subgraphs().find(|(_, it)| it.name == name);
    let Some((subgraph, _)) = subgraph else {
        let mut response = Response::new(Full::new(Bytes::from_static(b"no such subgraph")));
        *response.status_mut() = hyper::StatusCode::NOT_FOUND;
        return Ok(response);
    };
    if let Some(delay) = &service.delay {
        delay.wait().await;
    }
    let known = service.known.borrow().get(&(subgraph, Bytes::clone(&body))).cloned();
    let answer = match known {
        Some(answer) => answer,
        None => {
            let answer = worked_out(&service, subgraph, &body).await;
            service.known.borrow_mut().insert((subgraph, body), Bytes::clone(&answer));
            answer
        }
    };
    let mut response = Response::new(Full::new(answer));
    let json = hyper::header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(hyper::header::CONTENT_TYPE, json);
    Ok(response)
}

async fn worked_out(service: &Service, subgraph: SubgraphId, body: &Bytes) -> Bytes {
    let subgraphs = Subgraphs::new(&service.schema, &service.subgraphs);
    let request = SubgraphRequest {
        fetch: 0,
        subgraph,
        kind: OperationKind::Query,
        body: Bytes::clone(body),
        deadline: Instant::now() + Duration::from_secs(10),
    };
    let answered = subgraphs.send(request).await;
    for violation in subgraphs.violations() {
        eprintln!("{violation}");
    }
    answered.map_or_else(|error| Bytes::from(format!("{error:?}")), |answered| answered.body)
}

/// The supergraph whose subgraphs are at a port: the benchmark's own, or `sdl` with other URLs.
pub(crate) fn supergraph(port: u16, sdl: Option<String>) -> Result<String, String> {
    let Some(sdl) = sdl else { return own(port) };
    let mut changed = sdl;
    for (name, _) in data::SUBGRAPHS {
        let graph = format!("@join__graph(name: \"{name}\", url: \"");
        let start = changed.find(&graph).ok_or_else(|| format!("it has no subgraph {name}"))?;
        let start = start + graph.len();
        let end = changed[start..].find('"').map_or(changed.len(), |at| start + at);
        changed.replace_range(start..end, &format!("http://127.0.0.1:{port}/{name}"));
    }
    Ok(changed)
}

fn own(port: u16) -> Result<String, String> {
    let source = |(name, sdl): (&str, &str)| SubgraphSource {
        name: name.to_owned(),
        url: format!("http://127.0.0.1:{port}/{name}"),
        sdl: sdl.to_owned(),
        file: format!("{name}.graphql"),
    };
    let sources: Vec<SubgraphSource> = data::SUBGRAPHS.into_iter().map(source).collect();
    composed(&sources)
}

/// The supergraph of a set.
pub(crate) fn composed(sources: &[SubgraphSource]) -> Result<String, String> {
    let composed = compose::compose(sources, &compose::Options::default());
    composed.map(|supergraph| supergraph.sdl).map_err(|report| {
        report.errors().map(|error| error.message.as_str()).collect::<Vec<_>>().join("\n")
    })
}
