//! A plan turned into an answer.
//!
//! In come a [`plan::Plan`], the coerced variables and a way to reach subgraphs ([`Upstream`]); out
//! comes an [`Answer`]: data in the client's shape, and errors.
//!
//! Steps: [`run`] starts each fetch when those that it waits for have ended; [`gather`] finds the
//! objects that a fetch is about, and [`representation`] says how each is sent, each distinct one
//! once, with what [`context`] reads of the objects above; [`known`] takes out who was asked about already; [`response`] reads what came back; [`take`] and [`merge`] put it into one tree, the merged
//! answer; [`faults`] turns the errors of subgraphs into errors at the client's paths, and
//! [`causes`] remembers what they explain; [`project`] makes the client's answer of the tree.
//!
//! This executor is the reference: simple, on a tree, for ever the oracle of the fast one
//! ([`fast`]), which goes first where a plan has a [`Program`] and hands over to this one as soon as
//! something is unusual. Both know no socket, no clock and no header: time and network are behind
//! [`Upstream`].
//!
//! Invariants: entities are told apart by their full representations; nothing of one subgraph's
//! fault is lost on what the others answered; null is decided while projecting and never stored
//! for the sake of another field; whatever a subgraph answers, there is an answer.

mod answer;
mod causes;
mod code;
mod context;
mod errors;
mod execution;
mod fast;
mod faults;
mod gather;
mod known;
mod merge;
mod path;
mod port;
mod project;
mod representation;
mod response;
mod run;
mod scalar;
mod take;

pub use answer::{Answer, Call, Data, Error, PathItem};
pub use code::CODES;
use run::Begun;

pub use execution::{Execution, Options, Tricks};
pub use fast::{Program, Reading};
pub use port::{SubgraphRequest, SubgraphResponse, TRACING_HEADERS, Upstream, UpstreamError};

/// Executes a plan: by its program if it has one, else by the reference executor. Whatever goes
/// wrong is told in the answer. Dropping the future cancels the requests that are under way.
pub async fn execute(execution: Execution<'_>, program: Option<&Program>) -> Answer {
    let begun = match program.filter(|_| execution.options.tricks.programs) {
        None => Begun::default(),
        Some(program) => match fast::run(&execution, program).await {
            Ok(answer) => return answer,
            Err(interrupted) => interrupted,
        },
    };
    let outcome = run::run(&execution, begun).await;
    project::project(&execution, outcome)
}

/// Answers one event of a subscription: `event` is what the subgraph of its root field sent, as the
/// answer to the plan's first fetch. The others are sent for each event anew, so that what entities
/// say is as fresh as the event.
pub async fn execute_event(execution: Execution<'_>, event: SubgraphResponse) -> Answer {
    let begun = Begun { asked: [0].into(), answered: [(0, Ok(event))].into(), ..Begun::default() };
    let outcome = run::run(&execution, begun).await;
    project::project(&execution, outcome)
}

#[cfg(test)]
mod tests;
