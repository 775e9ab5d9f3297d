//! What else a plan could have done: each field that several subgraphs resolve, taken from another.

use std::collections::BTreeMap;

use graph::Graph;
use operation::{Operation, Selected, SelectionSet};
use schema::{FieldId, SetItem, SubgraphId, TypeId};

use crate::model::{PathStep, Plan, Target, WireSet};
use crate::options::{Options, PlanError};
use crate::price::{Price, price};

/// Fields that a plan takes from one subgraph, and what it would be to take them from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// The fields, as `Type.field`.
    pub fields: Vec<String>,
    /// Who resolves them in the plan.
    pub chosen: SubgraphId,
    /// Who could resolve them too.
    pub other: SubgraphId,
    /// The price of the plan in which the other does, or why there is none.
    pub outcome: Result<Price, String>,
}

/// So many choices are looked at: each of them plans the operation anew.
const MOST: usize = 24;

/// A field of a type that several subgraphs resolve, and who does in the plan.
type Choice = (TypeId, FieldId, SubgraphId);

/// The alternatives of a plan, the cheapest first, and how many choices were not looked at.
pub(crate) fn alternatives(
    graph: &Graph,
    operation: &Operation,
    plan: &Plan,
    options: &Options,
) -> (Vec<Alternative>, usize) {
    let choices = choices(graph, plan);
    let others = |(ty, field, chosen): &Choice| {
        let mut others: Vec<SubgraphId> = resolvers(graph, *ty, *field);
        let taken_away = |other: &SubgraphId| {
            graph.sources(*ty, *field).iter().any(|source| {
                source.subgraph == *other
                    && options.avoided.contains(&(source.subgraph, source.field))
            })
        };
        let away = |other| options.disabled.contains(other) || taken_away(&other);
        others.retain(|other| other != chosen && !away(*other));
        others
    };
    let all: Vec<(Choice, SubgraphId)> = choices
        .iter()
        .flat_map(|choice| others(choice).into_iter().map(|other| (*choice, other)))
        .collect();
    let mut found: Vec<Alternative> = Vec::new();
    for ((ty, field, chosen), other) in all.iter().take(MOST).copied() {
        let mut avoiding = options.clone();
        let sources = graph.sources(ty, field).iter();
        let avoided = sources.filter(|source| source.subgraph != other);
        avoiding.avoided.extend(avoided.map(|source| (source.subgraph, source.field)));
        let outcome = match crate::plan(graph, operation, &avoiding) {
            Ok(plan) => Ok(price(&plan)),
            Err(PlanError::Unreachable { coordinate, reason }) => {
                Err(format!("`{coordinate}` can't be had then: {reason}"))
            }
            Err(PlanError::Disabled { coordinate, .. }) => {
                Err(format!("`{coordinate}` can't be had then"))
            }
            Err(PlanError::TooComplex { .. }) => Err("finding out takes too much work".to_owned()),
        };
        if outcome.is_err() && !could_be_opened(graph, (ty, field), other) {
            continue;
        }
        let schema = graph.schema();
        let name = format!("{}.{}", schema.ty(ty).name, schema.field(field).name);
        let alike = found.iter_mut().find(|known| {
            known.chosen == chosen && known.other == other && known.outcome == outcome
        });
        match alike {
            Some(known) => known.fields.push(name),
            None => found.push(Alternative { fields: vec![name], chosen, other, outcome }),
        }
    }
    found.sort_by_key(|found| match &found.outcome {
        Ok(price) => price.thousandths(),
        Err(_) => u64::MAX,
    });
    (found, all.len().saturating_sub(MOST))
}

/// Whether it says anything that a field can't be taken from another subgraph: it has a key of the
/// type, by which one day it might be. Without, it has the objects that it makes itself; and a member of
/// a key is at hand where an object comes from, since it is what leads elsewhere.
fn could_be_opened(graph: &Graph, (ty, field): (TypeId, FieldId), other: SubgraphId) -> bool {
    let schema = graph.schema();
    let mut entries = graph.entries(ty).iter();
    let is_member = |item: &SetItem| {
        matches!(item, SetItem::Field { field: member, .. }
            if schema.field(*member).name == schema.field(field).name)
    };
    let keys = graph.entries(ty).iter().flat_map(|entry| &entry.key.items);
    entries.any(|entry| entry.subgraph == other) && !keys.into_iter().any(is_member)
}

/// The subgraphs that resolve a field by themselves.
fn resolvers(graph: &Graph, ty: TypeId, field: FieldId) -> Vec<SubgraphId> {
    let schema = graph.schema();
    let sources = graph.sources(ty, field).iter().filter(|source| {
        let join = source.join(schema);
        !join.external && !join.used_overridden && join.override_label.is_none()
    });
    let mut found: Vec<SubgraphId> = sources.map(|source| source.subgraph).collect();
    found.dedup();
    found
}

/// The fields of the answer that the plan could take from another subgraph.
fn choices(graph: &Graph, plan: &Plan) -> Vec<Choice> {
    let mut found: BTreeMap<(TypeId, FieldId), SubgraphId> = BTreeMap::new();
    for fetch in &plan.fetches {
        for part in &fetch.parts {
            let path = match &part.target {
                Target::Root { path } | Target::Entities { path, .. } => path,
            };
            if let Some(position) = position(&plan.answer, path) {
                taken(graph, position, &part.selection, fetch.subgraph, &mut found);
            }
        }
    }
    found.into_iter().map(|((ty, field), subgraph)| (ty, field, subgraph)).collect()
}

/// The client's selections at the end of a path; none where only the plan itself looks.
pub(crate) fn position<'a>(
    answer: &'a SelectionSet,
    path: &[PathStep],
) -> Option<&'a SelectionSet> {
    path.iter().try_fold(answer, |set, step| {
        set.fields.iter().find(|field| field.key == step.key)?.selection.as_ref()
    })
}

fn taken(
    graph: &Graph,
    set: &SelectionSet,
    wire: &WireSet,
    subgraph: SubgraphId,
    found: &mut BTreeMap<(TypeId, FieldId), SubgraphId>,
) {
    for field in &set.fields {
        let Some(at) = wire.fields.iter().find(|wire| wire.key == field.key) else { continue };
        if let Selected::Field(id) = field.what {
            let choice = (field.parent, id);
            if resolvers(graph, field.parent, id).len() > 1 {
                found.entry(choice).or_insert(subgraph);
            }
        }
        if let (Some(set), Some(wire)) = (&field.selection, &at.selection) {
            taken(graph, set, wire, subgraph, found);
        }
    }
}
