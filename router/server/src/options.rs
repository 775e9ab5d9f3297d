//! The configuration lifted into the options of every other part, in this one place.

use std::num::{NonZeroU64, NonZeroUsize};

use http::{HeaderName, HeaderValue};
use schema::Schema;

use crate::cli::Trick;
use crate::config::{Config, Count, Names, Profile};
use crate::http::{Cors, EdgeLimits, Limits};

/// hyper reads heads into a buffer that is never smaller.
const SMALLEST_HEAD: usize = 8 << 10;

/// Enough for some thousands of documents.
const TEXTS_BYTES: u64 = 8 << 20;

/// Everything that `serve` hands on.
#[derive(Debug)]
pub(crate) struct Lifted {
    /// What requests may cost at the edge.
    pub(crate) edge: EdgeLimits,
    /// What connections may do.
    pub(crate) connections: Limits,
    /// Which pages may read answers.
    pub(crate) cors: Cors,
    /// Whether GraphiQL is served.
    pub(crate) has_page: bool,
}

impl Lifted {
    /// Lifts the configuration; `dev` turns on what nothing else decides, some tricks are left out.
    ///
    /// # Errors
    /// When settings contradict each other.
    pub(crate) fn new(config: &Config, (dev, without): (bool, &[Trick])) -> Result<Self, String> {
        let settings = &config.settings;
        let limits = &settings.limits;
        let head_bytes = limits.head_bytes.bytes().get();
        if head_bytes < SMALLEST_HEAD {
            return Err(format!("limits.head_bytes must be {SMALLEST_HEAD} or more"));
        }
        Ok(Self {
            edge: EdgeLimits {
                body_bytes: limits.body_bytes.bytes().get(),
                bodies_bytes: limits.bodies_bytes.bytes().get(),
                body_timeout: limits.body_timeout.0,
                request_timeout: limits.request_timeout.0,
                in_flight: limits.in_flight.0.get(),
                texts_bytes: if without.contains(&Trick::KnownTexts) { 0 } else { TEXTS_BYTES },
            },
            connections: Limits {
                connections: limits.connections.0.get(),
                head_bytes,
                head_timeout: limits.head_timeout.0,
                idle_timeout: limits.idle_timeout.0,
            },
            cors: Cors::new(&settings.cors)?,
            has_page: settings.expose.page.unwrap_or(dev),
        })
    }
}

/// What the engine may do with a supergraph. A key counts more than the profile.
pub(crate) fn engine(config: &Config, dev: bool, schema: &Schema) -> engine::Options {
    let settings = &config.settings;
    let limits = &settings.limits;
    let of_profile = config.profile.map(Profile::limits).unwrap_or_default();
    let limit = |name: &str, said: Option<Count>, of_profile: Option<NonZeroUsize>| {
        let most = NonZeroU64::try_from(said.map(|said| said.0).or(of_profile)?).ok()?;
        let enforced = limits.measured.0.iter().all(|measured| measured != name);
        Some(engine::Limit { most, enforced })
    };
    let defaults = engine::Options::default();
    engine::Options {
        documents: operation::Limits {
            bytes: limits.document_bytes.bytes(),
            tokens: limits.tokens.0,
            nesting: limits.nesting.0,
            selections: limits.selections.0,
        },
        operations: engine::OperationLimits {
            cost: limit("cost", limits.cost, of_profile.cost),
            depth: limit("depth", limits.depth, of_profile.depth),
            width: limit("width", limits.width, of_profile.width),
            root_fields: limit("root_fields", limits.root_fields, None),
            aliases: limit("aliases", limits.aliases, None),
            price: limit("price", limits.price, None),
            fetches: limit("fetches", limits.fetches, None),
            waves: limit("waves", limits.waves, None),
        },
        list_size: NonZeroU64::try_from(limits.list_size.0).unwrap_or(NonZeroU64::MAX),
        introspection: settings.expose.introspection.unwrap_or(dev),
        introspection_selections: limits.introspection_selections.0,
        document_cache_bytes: settings.caches.documents_bytes.bytes().get() as u64,
        plan_cache_bytes: settings.caches.plans_bytes.bytes().get() as u64,
        planners: limits.planners.map_or(defaults.planners, |planners| planners.0),
        planning_timeout: limits.planning_timeout.0,
        planning_work: NonZeroU64::try_from(limits.planning_work.0).unwrap_or(NonZeroU64::MAX),
        check_plans: settings.planning.check.unwrap_or(defaults.check_plans),
        statistics_epoch: settings.planning.statistics_epoch.map(|epoch| epoch.0),
        share_requests: settings.coalesce.client_requests,
        override_labels: settings.planning.override_labels.0.to_vec(),
        execution: execution(config, dev, schema),
    }
}

/// What makes execution fast, but for what is left out to be measured.
pub(crate) fn tricks(without: &[Trick]) -> execute::Tricks {
    let with = |trick| !without.contains(&trick);
    execute::Tricks {
        programs: with(Trick::Programs),
        shared_readings: with(Trick::SharedReadings),
        expected_order: with(Trick::ExpectedOrder),
    }
}

/// What of subgraphs' errors is shown: what is said of a subgraph counts most.
fn execution(config: &Config, dev: bool, schema: &Schema) -> execute::Options {
    let settings = &config.settings;
    let all = settings.expose.subgraph_errors.unwrap_or(dev);
    let shown = |name: &str| {
        config.subgraphs.get(name).and_then(|subgraph| subgraph.expose_errors).unwrap_or(all)
    };
    let known = schema.subgraphs();
    execute::Options {
        show_all_messages: false,
        show_messages_of: known.filter(|(_, it)| shown(&it.name)).map(|(id, _)| id).collect(),
        most_errors: settings.limits.errors.0,
        ..execute::Options::default()
    }
}

/// How the subgraphs of a supergraph are reached: what the configuration says of a subgraph counts
/// more than what the supergraph says.
///
/// # Errors
/// When the configuration names a subgraph that the supergraph doesn't have, or a header that is
/// none.
pub(crate) fn upstream(config: &Config, schema: &Schema) -> Result<upstream::Options, String> {
    let known = |name: &str| schema.subgraphs().any(|(_, subgraph)| subgraph.name == name);
    if let Some(name) = config.subgraphs.keys().find(|name| !known(name)) {
        return Err(format!("subgraphs.{name}: the supergraph has no such subgraph"));
    }
    let settings = &config.settings.upstream;
    let subgraphs = schema.subgraphs().map(|(_, known)| {
        let said = config.subgraphs.get(&known.name);
        let wrong = |what: String| format!("subgraphs.{}: {what}", known.name);
        let forward = said.and_then(|said| said.forward_headers.as_ref());
        let headers = said.into_iter().flat_map(|said| &said.headers);
        Ok(upstream::SubgraphOptions {
            url: said.and_then(|said| said.url()).unwrap_or(&known.url).to_owned(),
            timeout: said.and_then(|said| said.timeout).unwrap_or(settings.timeout).0,
            response_bytes: settings.response_bytes.bytes(),
            in_flight: settings.in_flight.0,
            headers: headers
                .map(|(name, value)| header(name, value).map_err(wrong))
                .collect::<Result<_, String>>()?,
            forward: names(forward.unwrap_or(&settings.forward_headers)).map_err(wrong)?,
            name: known.name.clone(),
        })
    });
    let http2 = match settings.http2.as_str() {
        "negotiated" => upstream::Http2Mode::Negotiated,
        "always" => upstream::Http2Mode::Always,
        "never" => upstream::Http2Mode::Never,
        other => {
            return Err(format!("upstream.http2: {other:?} is not negotiated, always or never"));
        }
    };
    Ok(upstream::Options {
        connect_timeout: settings.connect_timeout.0,
        idle_timeout: settings.idle_timeout.0,
        connection_age: settings.connection_age.0,
        http2,
        http2_connections: settings.http2_connections.0,
        compressed: settings.compressed,
        share: config.settings.coalesce.subgraph_requests,
        subgraphs: subgraphs.collect::<Result<_, String>>()?,
    })
}

fn names(names: &Names) -> Result<Vec<HeaderName>, String> {
    names.0.iter().map(|name| header_name(name)).collect()
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    // The value may be a secret, and is not told.
    let value = HeaderValue::from_str(value)
        .map_err(|_| format!("the value of the header {name:?} can't be sent"))?;
    Ok((header_name(name)?, value))
}

fn header_name(name: &str) -> Result<HeaderName, String> {
    HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("{name:?} is no name of a header"))
}
