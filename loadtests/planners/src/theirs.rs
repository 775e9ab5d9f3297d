//! Hive Router's planner: normalization and planning.

use std::collections::BTreeSet;
use std::sync::Arc;

use graphql_tools::parser::query::Document as Parsed;
use hive_router_query_planner::ast::document::Document as Sent;
use hive_router_query_planner::ast::normalization::normalize_operation;
use hive_router_query_planner::ast::selection_item::SelectionItem;
use hive_router_query_planner::ast::selection_set::SelectionSet;
use hive_router_query_planner::graph::PlannerOverrideContext;
use hive_router_query_planner::planner::plan_nodes::{
    FetchNodePathSegment, FetchRewrite, FlattenNodePath, FlattenNodePathSegment, PlanNode,
    QueryPlan,
};
use hive_router_query_planner::planner::{Planner as Hive, QueryPlannerOptions};
use hive_router_query_planner::utils::cancellation::CancellationToken;
use hive_router_query_planner::utils::parsing::{safe_parse_operation, safe_parse_schema};
use json::{Json, Object};
use plan::Price;
use schema::{FieldSet, Schema, SetItem, SubgraphId, TypeId};

use crate::cases::Case;
use crate::ours;
use crate::shape::{Path, Shape, missing};

/// Ready to plan one operation again and again; nothing is kept in between.
pub(crate) struct Planner {
    hive: Hive,
    document: Parsed<'static, String>,
    name: Option<String>,
    variables: Object,
    /// The client's leaves, by response keys.
    asked: BTreeSet<Path>,
    /// The response keys of root fields with effects, in their order.
    steps: Vec<String>,
    schema: Arc<Schema>,
}

impl Planner {
    pub(crate) fn new(case: &Case, ours: &ours::Planner) -> Result<Self, String> {
        let schema = safe_parse_schema(&case.supergraph).map_err(|error| error.to_string())?;
        let hive = Hive::new_from_supergraph(&schema, QueryPlannerOptions::default());
        let document = safe_parse_operation(&case.operation).map_err(|error| error.to_string())?;
        Ok(Self {
            hive: hive.map_err(|error| error.to_string())?,
            document,
            name: case.operation_name.to_owned(),
            variables: ours.variables().to_owned(),
            asked: ours.asked()?,
            steps: ours.steps(),
            schema: Arc::clone(ours.schema()),
        })
    }

    pub(crate) fn plan(&self) -> Result<QueryPlan, String> {
        let name = self.name.as_deref();
        let normal = normalize_operation(&self.hive.supergraph, &self.document, name);
        let normal = normal.map_err(|error| error.to_string())?;
        // No share of the requests is overridden, as ours plans without labels; its default is all.
        let overrides = PlannerOverrideContext::from_percentage(100.0);
        let token = CancellationToken::new();
        let plan = self.hive.plan_from_normalized_operation(&normal.operation, overrides, &token);
        plan.map_err(|error| error.to_string())
    }

    pub(crate) fn shape(&self) -> Result<Shape, String> {
        let plan = self.plan()?;
        let mut walk = Walk {
            variables: &self.variables,
            schema: &self.schema,
            price: Price::default(),
            fetched: BTreeSet::new(),
            begun: Vec::new(),
            unsound: BTreeSet::new(),
        };
        walk.price.waves = plan.node.as_ref().map_or(0, |node| walk.node(node, &Path::new(), 0));
        walk.order(&self.steps);
        Ok(Shape {
            price: walk.price,
            missing: missing(&self.asked, &walk.fetched),
            unsound: walk.unsound.into_iter().collect(),
            optimal: None,
        })
    }

    pub(crate) fn text(&self) -> String {
        self.plan().map_or_else(|error| error, |plan| format!("{plan}\n"))
    }
}

/// Goes through a plan as it is executed with the values of the variables.
struct Walk<'a> {
    variables: &'a Object,
    schema: &'a Schema,
    price: Price,
    fetched: BTreeSet<Path>,
    /// Under which root field something is fetched, in which wave and by which request.
    begun: Vec<(String, (u64, u64))>,
    unsound: BTreeSet<String>,
}

/// What one fetch of a document is about.
struct About<'a> {
    subgraph: &'a str,
    document: &'a Sent,
    set: &'a SelectionSet,
    /// What is sent of each object, for entities.
    sent: Option<&'a SelectionSet>,
    rewrites: Option<&'a [FetchRewrite]>,
}

/// Where in a document fields are asked.
struct Place<'a> {
    ty: TypeId,
    /// Whether the objects were entered.
    entered: bool,
    /// What is provided there.
    provided: Vec<&'a FieldSet>,
}

impl Walk<'_> {
    /// The result is how many waves the node takes, when it begins in a wave.
    fn node(&mut self, node: &PlanNode, at: &Path, wave: u64) -> u64 {
        match node {
            PlanNode::Fetch(fetch) => {
                self.price.requests += 1;
                let document = &fetch.operation.document;
                let all = &document.operation.selection_set;
                let entities = field_of(all, "_entities");
                self.price.entities += u64::from(entities.is_some());
                let about = About {
                    subgraph: &fetch.service_name,
                    document,
                    set: entities.unwrap_or(all),
                    sent: fetch.requires.as_ref(),
                    rewrites: fetch.output_rewrites.as_deref(),
                };
                self.price.fields += count(document, about.set);
                self.take(&about, at, wave);
                1
            }
            PlanNode::BatchFetch(batch) => {
                self.price.requests += 1;
                let document = &batch.operation.document;
                for alias in &batch.entity_batch.aliases {
                    let Some(set) = field_of(&document.operation.selection_set, &alias.alias)
                    else {
                        continue;
                    };
                    self.price.fields += count(document, set);
                    for path in &alias.merge_paths {
                        self.price.entities += 1;
                        let mut at = at.to_vec();
                        extend(&mut at, path);
                        let about = About {
                            subgraph: &batch.service_name,
                            document,
                            set,
                            sent: Some(&alias.requires),
                            rewrites: alias.output_rewrites.as_deref(),
                        };
                        self.take(&about, &at, wave);
                    }
                }
                1
            }
            PlanNode::Flatten(flatten) => {
                let mut at = at.to_vec();
                extend(&mut at, &flatten.path);
                self.node(&flatten.node, &at, wave)
            }
            PlanNode::Sequence(all) => {
                let end = |wave, node| wave + self.node(node, at, wave);
                all.nodes.iter().fold(wave, end) - wave
            }
            PlanNode::Parallel(all) => {
                all.nodes.iter().map(|node| self.node(node, at, wave)).max().unwrap_or_default()
            }
            PlanNode::Condition(condition) => {
                let taken = match self.variables.get(&condition.condition) {
                    Some(Json::Bool(true)) => &condition.if_clause,
                    _ => &condition.else_clause,
                };
                taken.as_ref().map_or(0, |node| self.node(node, at, wave))
            }
            PlanNode::Subscription(_) | PlanNode::Defer(_) => 0,
        }
    }

    /// Notes what a fetch brings.
    fn take(&mut self, about: &About<'_>, at: &Path, wave: u64) {
        let mut found = Vec::new();
        leaves(about.document, about.set, &mut at.to_vec(), &mut found);
        for mut path in found {
            for rewrite in about.rewrites.unwrap_or_default() {
                rename(&mut path, at.len(), rewrite);
            }
            let when = (wave, self.price.requests);
            self.begun.extend(path.first().map(|root| (root.to_owned(), when)));
            self.fetched.insert(path);
        }
        let (schema, subgraphs) = (self.schema, self.schema.subgraphs());
        let mut known =
            subgraphs.filter(|(_, known)| known.name.eq_ignore_ascii_case(about.subgraph));
        let Some((subgraph, _)) = known.next() else { return };
        if about.sent.is_some() {
            for item in &about.set.items {
                if let SelectionItem::InlineFragment(fragment) = item
                    && let Some(ty) = schema.type_by_name(&fragment.type_condition)
                {
                    let place = Place { ty, entered: true, provided: Vec::new() };
                    self.requirements(about, subgraph, (&place, &fragment.selections));
                }
            }
        } else if let Some(ty) = schema.root(schema::OperationKind::Query) {
            let place = Place { ty, entered: false, provided: Vec::new() };
            self.requirements(about, subgraph, (&place, about.set));
        }
    }

    /// Each field must be resolved by its subgraph, and one that requires others be asked of an
    /// entity, with these sent along.
    fn requirements(
        &mut self,
        about: &About<'_>,
        subgraph: SubgraphId,
        (place, set): (&Place<'_>, &SelectionSet),
    ) {
        let schema = self.schema;
        for item in &set.items {
            let SelectionItem::Field(field) = item else {
                let ty = match item {
                    SelectionItem::InlineFragment(fragment) => {
                        schema.type_by_name(&fragment.type_condition).unwrap_or(place.ty)
                    }
                    _ => place.ty,
                };
                if let Some(set) = below(about.document, item) {
                    let place = Place { ty, provided: place.provided.to_vec(), ..*place };
                    self.requirements(about, subgraph, (&place, set));
                }
                continue;
            };
            let Some(id) = schema.ty(place.ty).fields.get(&field.name) else { continue };
            let mut provided = Vec::new();
            place.provided.iter().for_each(|set| named(schema, set, &field.name, &mut provided));
            let objects = schema.ty(place.ty).possible.iter().chain([place.ty]);
            for object in objects {
                let Some(own) = schema.ty(object).fields.get(&field.name) else { continue };
                let Some(join) = schema.field(*own).join(subgraph) else { continue };
                let name = format!("{}.{}", schema.ty(object).name, field.name);
                // No label counts, as in ours.
                let labelled = join.override_label.is_some() && join.overrides.is_some();
                let mentioned = join.external && !is_key(schema, object, subgraph, &field.name);
                if object == place.ty
                    && provided.is_empty()
                    && (labelled || join.used_overridden || mentioned)
                {
                    let who = about.subgraph;
                    self.unsound.insert(format!("{name} is asked of {who}, which has none"));
                }
                let Some(requires) = &join.requires else { continue };
                let is_sent = |item: &SetItem| match item {
                    SetItem::Field { field, .. } => {
                        about.sent.is_some_and(|sent| mentions(sent, &schema.field(*field).name))
                    }
                    _ => true,
                };
                if !place.entered || !requires.items.iter().all(is_sent) {
                    self.unsound.insert(format!(
                        "{name} is asked of {} without the fields that it requires",
                        about.subgraph
                    ));
                }
            }
            let join = schema.field(*id).join(subgraph);
            provided.extend(join.and_then(|join| join.provides.as_ref()));
            let place = Place { ty: schema.field(*id).ty.named(), entered: false, provided };
            self.requirements(about, subgraph, (&place, &field.selections));
        }
    }

    /// What belongs to a root field with effects has ended before the next of them begins.
    fn order(&mut self, steps: &[String]) {
        for pair in steps.windows(2) {
            let [first, second] = pair else { continue };
            let of = |step: &String| {
                let of = self.begun.iter().filter(|(root, _)| root == step);
                of.map(|(_, when)| *when).collect::<Vec<(u64, u64)>>()
            };
            let Some((wave, request)) = of(second).into_iter().min() else { continue };
            // Both in one document are executed in order, as long as nothing more belongs to the first.
            let late = |(other, by): &(u64, u64)| *other > wave || *other == wave && *by != request;
            if of(first).iter().any(late) {
                self.unsound.insert(format!("{second} begins before {first} has ended"));
            }
        }
    }
}

/// What a field set selects of a field.
fn named<'s>(schema: &Schema, set: &'s FieldSet, name: &str, found: &mut Vec<&'s FieldSet>) {
    for item in &set.items {
        match item {
            SetItem::Field { field, selection, .. } if schema.field(*field).name == name => {
                found.push(selection);
            }
            SetItem::Fragment { selection, .. } => named(schema, selection, name, found),
            _ => {}
        }
    }
}

/// Whether a field is in a key of its type in a subgraph.
fn is_key(schema: &Schema, ty: TypeId, subgraph: SubgraphId, name: &str) -> bool {
    let keys = schema.ty(ty).join(subgraph).into_iter().flat_map(|join| &join.keys);
    let mut found = Vec::new();
    keys.for_each(|key| named(schema, &key.fields, name, &mut found));
    !found.is_empty()
}

fn field_of<'s>(set: &'s SelectionSet, key: &str) -> Option<&'s SelectionSet> {
    set.items.iter().find_map(|item| match item {
        SelectionItem::Field(field) if field.alias.as_ref().unwrap_or(&field.name) == key => {
            Some(&field.selections)
        }
        _ => None,
    })
}

/// Whether a representation has a field.
fn mentions(set: &SelectionSet, name: &str) -> bool {
    set.items.iter().any(|item| match item {
        SelectionItem::Field(field) => field.name == name,
        SelectionItem::InlineFragment(fragment) => mentions(&fragment.selections, name),
        SelectionItem::FragmentSpread(_) => false,
    })
}

/// Gives a field back its name in the client's answer.
fn rename(path: &mut Path, base: usize, rewrite: &FetchRewrite) {
    let FetchRewrite::KeyRenamer(rename) = rewrite else { return };
    let keys: Vec<&String> = rename
        .path
        .iter()
        .filter_map(|segment| match segment {
            FetchNodePathSegment::Key(key) if key != "_entities" => Some(key),
            _ => None,
        })
        .collect();
    let own = &mut path[base..];
    if !keys.is_empty() && own.len() >= keys.len() && own.iter().zip(&keys).all(|(a, b)| a == *b) {
        own[keys.len() - 1].clone_from(&rename.rename_key_to);
    }
}

fn extend(at: &mut Path, path: &FlattenNodePath) {
    at.extend(path.as_slice().iter().filter_map(FlattenNodePathSegment::to_field).cloned());
}

fn below<'d>(document: &'d Sent, item: &'d SelectionItem) -> Option<&'d SelectionSet> {
    match item {
        SelectionItem::InlineFragment(fragment) => Some(&fragment.selections),
        SelectionItem::FragmentSpread(name) => document
            .fragments
            .iter()
            .find(|fragment| fragment.name == *name)
            .map(|fragment| &fragment.selection_set),
        SelectionItem::Field(_) => None,
    }
}

fn leaves(document: &Sent, set: &SelectionSet, at: &mut Path, found: &mut Vec<Path>) {
    for item in &set.items {
        let SelectionItem::Field(field) = item else {
            below(document, item).into_iter().for_each(|set| leaves(document, set, at, found));
            continue;
        };
        at.push(field.alias.as_ref().unwrap_or(&field.name).to_owned());
        match field.selections.items.is_empty() {
            true => found.push(at.to_vec()),
            false => leaves(document, &field.selections, at, found),
        }
        at.pop();
    }
}

/// How many fields a document selects in one place, each response key once as our price counts.
fn count(document: &Sent, set: &SelectionSet) -> u64 {
    let mut found = BTreeSet::new();
    keys(document, set, &mut Path::new(), &mut found);
    found.len() as u64
}

fn keys(document: &Sent, set: &SelectionSet, at: &mut Path, found: &mut BTreeSet<Path>) {
    for item in &set.items {
        let SelectionItem::Field(field) = item else {
            below(document, item).into_iter().for_each(|set| keys(document, set, at, found));
            continue;
        };
        at.push(field.alias.as_ref().unwrap_or(&field.name).to_owned());
        found.insert(at.to_vec());
        keys(document, &field.selections, at, found);
        at.pop();
    }
}
