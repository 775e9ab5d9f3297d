//! `tributary plan`: shows how an operation would be answered.

use super::diff;
use super::failed::Failed;
use super::planned::Planned;
use crate::cli::{Plan, PlanCommand, PlanFormat};
use crate::say;

/// Plans the operation and prints the plan, or compares plans.
pub(super) fn run(arguments: &Plan) -> Result<(), Failed> {
    if let Some(PlanCommand::Diff(arguments)) = &arguments.command {
        return diff::run(arguments);
    }
    let Some(of) = &arguments.of else {
        return Err("plan needs --supergraph and an operation".to_owned().into());
    };
    let Planned { graph, plan, .. } = Planned::read(of, false)?;
    let text = match arguments.format {
        PlanFormat::Text => plan::explain(graph.schema(), &plan),
        PlanFormat::Json => format!("{:#}", plan::to_json(graph.schema(), &plan)),
    };
    Ok(say::result(&format!("{}\n", text.trim_end()))?)
}
