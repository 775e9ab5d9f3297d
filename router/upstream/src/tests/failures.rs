//! Connections that fail in each of the ways in which connections fail.

use std::convert::Infallible;

use futures_util::future::{BoxFuture, join_all};
use http::Response;
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};

use super::*;

/// How many connections the pool of the one subgraph holds on which nothing is under way.
fn idle(world: &World) -> usize {
    world.upstreams.idle()
}

/// Waits for something that comes about by itself.
async fn until(what: impl Fn() -> bool) {
    for _ in 0..500 {
        if what() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("it did not come about");
}

fn resets(number: usize, mut stream: TcpStream) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let mut asked = 0;
        while request(&mut stream).await.is_some() {
            asked += 1;
            if number == 0 && asked == 2 {
                // What is closed with a linger of nothing is reset.
                let stream = stream.into_std().unwrap();
                socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
                return;
            }
            reply(&mut stream, "200 OK", "{}").await;
        }
    })
}

#[tokio::test]
async fn after_a_reset_a_query_is_asked_again_and_a_mutation_is_not() {
    let world = World::new(resets).await;
    world.ask(OperationKind::Query).await.unwrap();
    assert!(world.ask(OperationKind::Query).await.is_ok());
    let world = World::new(resets).await;
    world.ask(OperationKind::Query).await.unwrap();
    let error = world.ask(OperationKind::Mutation).await.unwrap_err();
    assert!(matches!(error, UpstreamError::Unreachable(_)), "{error:?}");
    assert_eq!(world.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_is_closed_while_idle_is_noticed_before_anything_is_sent() {
    let world = World::new(|_, mut stream| {
        Box::pin(async move {
            request(&mut stream).await;
            reply(&mut stream, "200 OK", "{}").await;
        })
    })
    .await;
    // Not even a mutation suffers.
    for turn in 1..=5 {
        world.ask(OperationKind::Mutation).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(world.connections.load(Ordering::SeqCst), turn);
    }
}

#[tokio::test]
async fn a_connection_that_went_silent_costs_one_request_its_time() {
    let world = World::new(|number, mut stream| {
        Box::pin(async move {
            while request(&mut stream).await.is_some() {
                reply(&mut stream, "200 OK", "{}").await;
                if number == 0 {
                    // The other side is gone, and nothing tells.
                    std::future::pending::<()>().await;
                }
            }
        })
    })
    .await;
    world.ask(OperationKind::Query).await.unwrap();
    assert_eq!(world.ask(OperationKind::Query).await.unwrap_err(), UpstreamError::Timeout);
    world.ask(OperationKind::Query).await.unwrap();
    assert_eq!(world.connections.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_slow_body_is_given_up_and_its_connection_too() {
    let world = World::new(|_, mut stream| {
        Box::pin(async move {
            request(&mut stream).await;
            let head = b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n";
            let _ = stream.write_all(head).await;
            while stream.write_all(b" ").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
    })
    .await;
    assert_eq!(world.ask(OperationKind::Query).await.unwrap_err(), UpstreamError::Timeout);
    assert_eq!(idle(&world), 0);
}

#[tokio::test]
async fn connections_that_are_old_or_idle_are_closed() {
    fn serve(_: usize, mut stream: TcpStream) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            while request(&mut stream).await.is_some() {
                reply(&mut stream, "200 OK", "{}").await;
            }
        })
    }
    let short = Duration::from_millis(60);
    let world = World::changed(serve, |options| {
        options.idle_timeout = Duration::from_millis(60);
    })
    .await;
    world.ask(OperationKind::Query).await.unwrap();
    assert_eq!(idle(&world), 1);
    until(|| idle(&world) == 0).await;
    let world = World::changed(serve, |options| {
        options.connection_age = Duration::from_millis(60);
    })
    .await;
    world.ask(OperationKind::Query).await.unwrap();
    world.ask(OperationKind::Query).await.unwrap();
    tokio::time::sleep(short * 2).await;
    world.ask(OperationKind::Query).await.unwrap();
    assert_eq!(world.connections.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_compressed_answer_counts_as_large_as_it_becomes() {
    let world = World::new(|number, mut stream| {
        Box::pin(async move {
            use std::io::Write;
            let text = if number == 0 { "{\"data\":{}}".to_owned() } else { " ".repeat(100_000) };
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            writer.write_all(text.as_bytes()).unwrap();
            let body = writer.finish().unwrap();
            request(&mut stream).await;
            let head = format!(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-encoding: gzip\r\n\
                 content-length: {}\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(&body).await;
        })
    })
    .await;
    let answered = world.ask(OperationKind::Query).await.unwrap();
    assert_eq!(&answered.body[..], b"{\"data\":{}}");
    let error = world.ask(OperationKind::Query).await.unwrap_err();
    assert_eq!(error, UpstreamError::TooLarge(1000));
}

#[tokio::test]
async fn what_speaks_no_tls_is_unreachable_over_it() {
    let world = World::new(|_, mut stream| {
        Box::pin(async move {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        })
    })
    .await;
    let mut options = options(&world.upstreams.url().replace("http", "https"));
    options.connect_timeout = Duration::from_secs(5);
    options.subgraphs[0].timeout = Duration::from_secs(5);
    let world = World::with(options, Arc::default());
    let error = world.ask(OperationKind::Query).await.unwrap_err();
    assert!(matches!(error, UpstreamError::Unreachable(_)), "{error:?}");
}

/// Serves HTTP/2 without TLS: each answer takes a while. The first connection says goodbye after its
/// first answer.
fn http2(number: usize, stream: TcpStream) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let (said, mut goodbye) = tokio::sync::mpsc::channel::<()>(8);
        let service = service_fn(move |request: http::Request<hyper::body::Incoming>| {
            let said = said.clone();
            async move {
                assert!(request.uri().authority().is_some());
                assert!(!request.headers().contains_key("host"));
                tokio::time::sleep(Duration::from_millis(100)).await;
                let _ = said.send(()).await;
                Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"{}"))))
            }
        });
        let builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
        let mut connection =
            std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service));
        let mut leaving = false;
        loop {
            tokio::select! {
                _ = &mut connection => return,
                _ = goodbye.recv() => {
                    if number == 0 && !std::mem::replace(&mut leaving, true) {
                        connection.as_mut().graceful_shutdown();
                    }
                }
            }
        }
    })
}

#[tokio::test]
async fn several_requests_share_few_connections_and_a_goodbye_costs_nothing() {
    let world = World::changed(http2, |options| {
        options.http2 = Http2Mode::Always;
        options.share = false;
    })
    .await;
    world.ask(OperationKind::Mutation).await.unwrap();
    // The first connection is leaving; not even a mutation suffers.
    tokio::time::sleep(Duration::from_millis(20)).await;
    world.ask(OperationKind::Mutation).await.unwrap();
    let before = world.connections.load(Ordering::SeqCst);
    assert_eq!(before, 2);
    let started = Instant::now();
    for answered in join_all((0..6).map(|_| world.ask(OperationKind::Mutation))).await {
        answered.unwrap();
    }
    assert!(started.elapsed() < Duration::from_millis(450), "{:?}", started.elapsed());
    for answered in join_all((0..6).map(|_| world.ask(OperationKind::Mutation))).await {
        answered.unwrap();
    }
    let opened = world.connections.load(Ordering::SeqCst) - before;
    // Those that began together may have opened one each; later ones use what there is.
    assert!((1..=5).contains(&opened), "{opened}");
}

#[tokio::test]
async fn where_no_further_connection_can_be_opened_the_one_that_is_open_carries_all() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut options = options(&format!("http://{}/graphql", listener.local_addr().unwrap()));
    (options.http2, options.share) = (Http2Mode::Always, false);
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        // Nobody listens any more.
        drop(listener);
        http2(1, stream).await;
    });
    let world = World::with(options, Arc::default());
    world.ask(OperationKind::Mutation).await.unwrap();
    for _ in 0..2 {
        for answered in join_all((0..6).map(|_| world.ask(OperationKind::Mutation))).await {
            answered.unwrap();
        }
    }
}
