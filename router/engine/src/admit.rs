//! What may run: asked for each request anew, whether or not its plan was remembered.

use std::num::NonZeroUsize;

use operation::{Measures, Request as Operation};
use schema::OperationKind;

use crate::errors::Refused;
use crate::options::{OperationLimits, Options};
use crate::request::Request;

/// Whether an operation of this kind may run over the transport that it came by.
pub(crate) fn kind(
    request: &Request,
    operation: &Operation,
    options: &Options,
) -> Result<(), Refused> {
    match operation.kind() {
        OperationKind::Mutation if request.read_only => Err(Refused::new(
            "MUTATION_BY_GET",
            "A mutation can't be sent by GET; send it by POST.",
        )),
        OperationKind::Subscription => Err(Refused::new(
            "SUBSCRIPTION_NOT_SUPPORTED",
            "Subscriptions are not served over this transport.",
        )),
        _ if operation.introspects() && !options.introspection => Err(Refused::new(
            "INTROSPECTION_DISABLED",
            "Introspection is off: __schema and __type are not answered.",
        )),
        _ => Ok(()),
    }
}

/// Whether an operation is within the limits.
pub(crate) fn size(measures: &Measures, limits: &OperationLimits) -> Result<(), Refused> {
    let within = |what: &str, count: usize, limit: Option<NonZeroUsize>| match limit {
        Some(limit) if count > limit.get() => Err(Refused::new(
            "OPERATION_TOO_LARGE",
            format!("The operation has {count} {what}; the limit is {limit}."),
        )),
        _ => Ok(()),
    };
    within("levels of fields", measures.depth, limits.depth)?;
    within("fields on one level", measures.width, limits.width)?;
    within("root fields", measures.root_fields, limits.root_fields)?;
    within("aliases", measures.aliases, limits.aliases)
}
