//! The configuration lifted into the options of every other part, in this one place.

use crate::config::Config;
use crate::http::{Cors, EdgeLimits, Limits};

/// hyper reads heads into a buffer that is never smaller.
const SMALLEST_HEAD: usize = 8 << 10;

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
    /// Lifts the configuration; `dev` turns on what nothing else decides.
    ///
    /// # Errors
    /// When settings contradict each other.
    pub(crate) fn new(config: &Config, dev: bool) -> Result<Self, String> {
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
