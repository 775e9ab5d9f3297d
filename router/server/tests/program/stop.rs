//! How the process ends.

use std::time::{Duration, Instant};

use crate::client::get;
use crate::router::Router;
use crate::subgraph::{Mood, POSTS, Subgraph, USERS};

#[test]
fn requests_in_flight_end_before_the_process_does() {
    let users = Subgraph::start(USERS, Mood::Slow(Duration::from_millis(800)));
    let posts = Subgraph::start(POSTS, Mood::Fine);
    let router = Router::over(&users, &posts, "shutdown: {pre_stop: 300ms}\n", &[]);
    assert_eq!(get(router.admin, "/readyz").status, 200);
    let address = router.address;
    let asking = std::thread::spawn(move || crate::client::ask(address, "{ me { name } }"));
    std::thread::sleep(Duration::from_millis(200));
    router.signal("TERM");
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(get(router.admin, "/readyz").status, 503);
    assert_eq!(get(router.admin, "/livez").status, 200);
    // Load balancers need a moment to notice: until then all is served.
    let late = router.ask("{ latest { id } }");
    assert_eq!((late.status, late.header("connection")), (200, Some("close")));
    let answer = asking.join().unwrap();
    assert_eq!(answer.json()["data"]["me"]["name"], "Ada");
    let (status, log) = router.end();
    assert!(status.success(), "{status}: {log}");
    assert!(std::net::TcpStream::connect(address).is_err());
}

#[test]
fn idle_connections_do_not_hold_it_back() {
    let router = Router::fine("", &[]);
    let _idle = std::net::TcpStream::connect(router.address).unwrap();
    router.lives();
    let began = Instant::now();
    router.signal("INT");
    let (status, log) = router.end();
    assert!(status.success(), "{status}: {log}");
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

#[test]
fn what_outlasts_the_drain_limit_is_cut_off() {
    let users = Subgraph::start(USERS, Mood::Slow(Duration::from_secs(60)));
    let posts = Subgraph::start(POSTS, Mood::Fine);
    let router = Router::over(&users, &posts, "shutdown: {drain: 300ms}\n", &[]);
    let address = router.address;
    std::thread::spawn(move || crate::client::ask(address, "{ me { name } }"));
    std::thread::sleep(Duration::from_millis(300));
    let began = Instant::now();
    router.signal("TERM");
    let (status, log) = router.end();
    assert!(!status.success() && log.contains("shutdown.drain"), "{status}: {log}");
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let router = Router::fine("shutdown: {pre_stop: 60s}\n", &[]);
    router.signal("TERM");
    std::thread::sleep(Duration::from_millis(200));
    router.signal("TERM");
    let (status, _) = router.end();
    assert_eq!(status.code(), Some(1));
}
