//! A service that is down or slow costs its own fields and nothing else.

use serde_json::{Value, json};

use crate::programs::{Router, Services, free};

const QUERY: &str = "{ user(id: 1) { name followerCount postCount } }";

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn a_service_that_is_down_costs_its_fields() {
    let services = Services::start(&[]);
    let down = format!("http://{}/graphql", free());
    let social = format!("http://{}/social/graphql", services.address);
    let router = Router::start(&services.configuration().replace(&social, &down), &[]);

    let lone =
        router.ask("{ user(id: 1) { name } posts(first: 1) { edges { cursor } } }", json!({}));
    assert!(lone.data()["user"]["name"].is_string());

    // `followerCount` may not be null, so its user is null, and the rest of the answer stands.
    let query = "{ user(id: 1) { name followerCount } other: user(id: 2) { name } }";
    let answer = router.ask(query, json!({})).json();
    assert_eq!(answer["data"]["user"], Value::Null, "{answer:#}");
    assert!(answer["data"]["other"]["name"].is_string(), "{answer:#}");
    let error = &answer["errors"][0];
    assert_eq!(error["path"][0], "user", "{answer:#}");
    assert_eq!(error["extensions"]["service"], "social", "{answer:#}");
    assert!(error["extensions"]["code"].is_string(), "{answer:#}");
    assert!(!answer.to_string().contains("127.0.0.1"), "no address is told: {answer:#}");
}

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn a_service_that_is_slow_is_given_up() {
    let services = Services::start(&[]);
    let slow = Services::start(&["--delay-ms", "5000"]);
    let social = format!("http://{}/social/graphql", services.address);
    let there = format!("http://{}/social/graphql\n    timeout: 300ms", slow.address);
    let router = Router::start(&services.configuration().replace(&social, &there), &[]);
    let began = std::time::Instant::now();
    let answer = router.ask(QUERY, json!({})).json();
    assert!(began.elapsed().as_millis() < 4_000, "{:?}", began.elapsed());
    assert_eq!(answer["data"]["user"], Value::Null, "{answer:#}");
    let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
    assert!(code.contains("TIMEOUT") || code.contains("TIMED_OUT"), "{answer:#}");
}
