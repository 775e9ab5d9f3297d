//! Our planner: binding (which dissolves fragments and decides conditions) and planning.

use std::collections::BTreeSet;
use std::sync::Arc;

use graph::Graph;
use json::Object;
use operation::{Conditions, Document, Limits, Operation, Request};
use plan::{Plan, PlanError, Target, WireSet};
use schema::Schema;

use crate::cases::Case;
use crate::shape::{Path, Shape, leaves};

/// Ready to plan one operation again and again; nothing is kept in between.
pub(crate) struct Planner {
    graph: Graph,
    request: Request,
    variables: Object,
    conditions: Conditions,
    options: plan::Options,
}

impl Planner {
    pub(crate) fn new(case: &Case) -> Result<Self, String> {
        let wrong = |what: String| format!("{}: {what}", case.name);
        let schema = Schema::read(&case.supergraph).map_err(|error| wrong(error.to_string()))?;
        let document = Document::parse(&schema, &case.operation, &Limits::default())
            .map_err(|errors| wrong(errors[0].message.to_owned()))?;
        let request = document.operation(case.operation_name.as_deref());
        let request = request.map_err(|error| wrong(error.message))?;
        // What is planned does not depend on values that are missing.
        let variables =
            request.coerce(&schema, &case.variables).unwrap_or_else(|_| case.variables.to_owned());
        let conditions = request.conditions(&variables).map_err(|error| wrong(error.message))?;
        let graph = Graph::build(Arc::new(schema));
        Ok(Self { graph, request, variables, conditions, options: plan::Options::default() })
    }

    /// The values of the variables, defaults included.
    pub(crate) fn variables(&self) -> &Object {
        &self.variables
    }

    /// The supergraph.
    pub(crate) fn schema(&self) -> &Arc<Schema> {
        self.graph.schema()
    }

    /// The response keys of the root fields, when they have effects that follow each other.
    pub(crate) fn steps(&self) -> Vec<String> {
        let operation = self.request.bind(self.graph.schema(), &self.conditions);
        if operation.kind != schema::OperationKind::Mutation {
            return Vec::new();
        }
        operation.selection.fields.iter().map(|field| field.response_key.to_owned()).collect()
    }

    /// The leaves of the operation that our plan fetches, by response keys: others can't be there,
    /// since no object can have the type that they are asked for.
    pub(crate) fn asked(&self) -> Result<BTreeSet<Path>, String> {
        let (_, made) = self.plan().map_err(|error| error.to_string())?;
        let mut fetched = BTreeSet::new();
        for part in made.fetches.iter().flat_map(|fetch| &fetch.parts) {
            let (Target::Root { path } | Target::Entities { path, .. }) = &part.target;
            let mut at: Path = path.iter().map(|step| step.key.to_owned()).collect();
            wires(&part.selection, &mut at, &mut fetched);
        }
        let mut all = Vec::new();
        leaves(&made.answer, (&mut Path::new(), &mut Path::new()), &mut all);
        let known = all.into_iter().filter(|(_, merged)| fetched.contains(merged));
        Ok(known.map(|(response, _)| response).collect())
    }

    pub(crate) fn plan(&self) -> Result<(Operation, Plan), PlanError> {
        let operation = self.request.bind(self.graph.schema(), &self.conditions);
        let plan = plan::plan(&self.graph, &operation, &self.options)?;
        Ok((operation, plan))
    }

    pub(crate) fn shape(&self) -> Result<Shape, String> {
        let (_, made) = self.plan().map_err(|error| error.to_string())?;
        plan::check(self.graph.schema(), &made).map_err(|findings| findings.join("\n"))?;
        Ok(Shape {
            price: plan::price(&made),
            // Proven by the checker.
            missing: Vec::new(),
            unsound: Vec::new(),
            optimal: Some(made.optimal),
        })
    }

    /// By how much the price may be above the least, in thousandths.
    pub(crate) fn gap(&self) -> Result<u64, String> {
        Ok(self.plan().map_err(|error| error.to_string())?.1.gap)
    }

    pub(crate) fn text(&self) -> String {
        match self.plan() {
            Ok((_, plan)) => plan::explain(self.graph.schema(), &plan),
            Err(error) => error.to_string(),
        }
    }
}

fn wires(set: &WireSet, path: &mut Path, found: &mut BTreeSet<Path>) {
    for field in &set.fields {
        path.push(field.key.clone());
        match &field.selection {
            Some(below) => wires(below, path, found),
            None => {
                found.insert(path.to_vec());
            }
        }
        path.pop();
    }
}
