//! What may run: asked for each request anew, whether or not its plan was remembered.

use json::{Json, Object};
use operation::{Cost, FieldCost, Measures, Request as Operation};
use plan::{Plan, Price};
use schema::OperationKind;
use telemetry::Metrics;

use crate::errors::Refused;
use crate::options::{Limit, OperationLimits, Options};
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

/// Whether an operation is within the limits, before it is planned.
pub(crate) fn operation(
    measures: &Measures,
    cost: &Cost,
    limits: &OperationLimits,
    metrics: &Metrics,
) -> Result<(), Refused> {
    let gate = Gate { metrics, cost };
    let large = "OPERATION_TOO_LARGE";
    gate.ask((large, "depth", "levels of fields"), measures.depth as u64, limits.depth)?;
    gate.ask((large, "width", "fields on one level"), measures.width as u64, limits.width)?;
    let root_fields = measures.root_fields as u64;
    gate.ask((large, "root_fields", "root fields"), root_fields, limits.root_fields)?;
    gate.ask((large, "aliases", "aliases"), measures.aliases as u64, limits.aliases)?;
    gate.ask(("OPERATION_TOO_COSTLY", "cost", ""), cost.total, limits.cost)?;
    match cost.unsliced.first() {
        Some(unsliced) if limits.cost.is_some_and(|limit| limit.enforced) => {
            let arguments = unsliced.arguments.join("`, `");
            Err(Refused::new(
                "SLICING_ARGUMENT_REQUIRED",
                format!(
                    "`{}` is a list whose length must be known: give exactly one of the arguments \
                     `{arguments}`; {} are given.",
                    unsliced.path, unsliced.given
                ),
            ))
        }
        _ => Ok(()),
    }
}

/// Whether a plan is within the limits, before it is executed; `price` is worked out only where that
/// is limited.
pub(crate) fn plan(
    plan: &Plan,
    (cost, price): (&Cost, impl FnOnce() -> Price),
    limits: &OperationLimits,
    metrics: &Metrics,
) -> Result<(), Refused> {
    let gate = Gate { metrics, cost };
    let costly = "OPERATION_TOO_COSTLY";
    let fetches = plan.fetches.len() as u64;
    gate.ask((costly, "fetches", "requests to subgraphs"), fetches, limits.fetches)?;
    let waves = waves(plan);
    gate.ask((costly, "waves", "requests that wait for each other"), waves, limits.waves)?;
    match limits.price {
        Some(limit) => {
            let price = price().thousandths().div_ceil(1_000);
            gate.ask((costly, "price", ""), price, Some(limit))
        }
        None => Ok(()),
    }
}

/// How many requests wait for each other, at most.
fn waves(plan: &Plan) -> u64 {
    let mut waves: Vec<u64> = Vec::with_capacity(plan.fetches.len());
    for fetch in &plan.fetches {
        let before = fetch.after.iter().map(|before| waves[*before]).max();
        waves.push(before.unwrap_or(0) + 1);
    }
    waves.into_iter().max().unwrap_or(0)
}

/// Asks limits, and counts what is beyond them.
struct Gate<'a> {
    metrics: &'a Metrics,
    cost: &'a Cost,
}

impl Gate<'_> {
    fn ask(
        &self,
        (code, name, what): (&'static str, &'static str, &str),
        figure: u64,
        limit: Option<Limit>,
    ) -> Result<(), Refused> {
        let Some(limit) = limit.filter(|limit| figure > limit.most.get()) else { return Ok(()) };
        self.metrics.limit_exceeded(name, limit.enforced);
        if !limit.enforced {
            return Ok(());
        }
        let most = limit.most;
        let mut message = match (name, what) {
            ("price", _) => format!("The operation's plan costs {figure}; the limit is {most}."),
            (_, "") => format!("The operation costs {figure}; the limit is {most}."),
            (_, what) => format!("The operation has {figure} {what}; the limit is {most}."),
        };
        let number = |number: u64| Json::Number(number.to_string());
        let mut extensions = Object::from_iter([
            ("limit".to_owned(), Json::from(name)),
            ("most".to_owned(), number(most.get())),
            ("figure".to_owned(), number(figure)),
        ]);
        if !self.cost.dearest.is_empty() {
            let dearest = self.cost.dearest.iter();
            let told = dearest.clone().map(|field| {
                let FieldCost { path, cost, times, size } = field;
                format!("`{path}` costs {cost} ({times} times {size})")
            });
            let told: Vec<String> = told.collect();
            message.push_str(&format!(" The fields that cost most: {}.", told.join(", ")));
            let members = dearest.map(|field| {
                Json::from_iter([
                    ("path", Json::from(field.path.as_str())),
                    ("cost", number(field.cost)),
                    ("times", number(field.times)),
                    ("size", number(field.size)),
                ])
            });
            extensions.insert("dearest".to_owned(), members.collect());
        }
        Err(Refused::new(code, message).with(extensions))
    }
}
