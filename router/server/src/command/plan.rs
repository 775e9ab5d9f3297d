//! `tributary plan`: shows how an operation would be answered.

use super::failed::Failed;
use super::planned::Planned;
use crate::cli::{Plan, PlanFormat};
use crate::say;

/// Plans the operation and prints the plan.
pub(super) fn run(arguments: &Plan) -> Result<(), Failed> {
    let Planned { graph, plan, .. } = Planned::read(&arguments.of, false)?;
    let text = match arguments.format {
        PlanFormat::Text => plan::explain(graph.schema(), &plan),
        PlanFormat::Json => format!("{:#}", plan::to_json(graph.schema(), &plan)),
    };
    Ok(say::result(&format!("{}\n", text.trim_end()))?)
}
