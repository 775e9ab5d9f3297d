//! What operators see: probes, metrics, a clean end; and what a bare router hides.

use serde_json::json;

use crate::http::get;
use crate::programs::{Router, Services, top};

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn probes_and_metrics_are_on_the_admin_address() {
    let services = Services::start(&[]);
    let router = Router::start(&services.configuration(), &[]);
    assert!(
        router.ask("{ user(id: 1) { name followerCount } }", json!({})).data()["user"]["name"]
            .is_string()
    );
    for path in ["/livez", "/readyz"] {
        assert_eq!(get(router.admin, path).unwrap().status, 200, "{path}");
        assert_ne!(get(router.address, path).unwrap().status, 200, "{path} is not for clients");
    }
    let metrics = get(router.admin, "/metrics").unwrap().body;
    for line in ["http_server_request_duration_seconds_count", "subgraph=\"social\""] {
        assert!(metrics.contains(line), "{line} is missing:\n{metrics}");
    }
}

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn a_bare_router_has_neither_introspection_nor_the_page() {
    let services = Services::start(&[]);
    let router = Router::start(&services.configuration(), &[]);
    let refused = router.ask("{ __schema { types { name } } }", json!({})).json();
    assert!(refused["errors"][0]["extensions"]["code"].is_string(), "{refused:#}");
    assert!(refused.get("data").is_none_or(|data| data.is_null()), "{refused:#}");
    assert_ne!(get(router.address, "/").unwrap().status, 200);
}

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn sigterm_ends_it_with_status_0() {
    let services = Services::start(&[]);
    let router = Router::start(&services.configuration(), &[]);
    assert!(router.terminate().success());
}

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn the_configuration_of_the_deployment_is_accepted() {
    let text = std::fs::read_to_string(top().join("deploy/tributary.yaml")).unwrap();
    let supergraph = format!("supergraph: {}", top().join("supergraph.graphql").display());
    assert!(text.contains("supergraph: supergraph.graphql"));
    let router = Router::start(&text.replace("supergraph: supergraph.graphql", &supergraph), &[]);
    // The services aren't there: their fields are null, and the process lives.
    let answer = router.ask("{ __typename user(id: 1) { name } }", json!({})).json();
    assert_eq!(answer["data"]["__typename"], "Query", "{answer:#}");
    assert!(answer["errors"][0]["extensions"]["code"].is_string(), "{answer:#}");
}
