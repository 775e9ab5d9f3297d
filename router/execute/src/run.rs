//! Running fetches: each starts when those that it waits for have ended.

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use json::{Json, Object};
use plan::{Fetch, Target};
use schema::TypeId;

use crate::Execution;
use crate::answer::Call;
use crate::faults::{Errors, Faults};
use crate::gather::{Entities, Targets, gather};
use crate::merge::{merge, read};
use crate::path::at_mut;
use crate::port::{SubgraphRequest, SubgraphResponse, UpstreamError};
use crate::response::{self, Fault, Response};

/// What all fetches came to.
pub(crate) struct Outcome {
    /// The merged answer.
    pub data: Json,
    pub errors: Errors,
    pub calls: Vec<Call>,
}

/// A request that is under way: its fetch, what it is about, and its answer.
type Ended = (usize, Vec<Targets>, Result<SubgraphResponse, UpstreamError>);

/// Runs all fetches of the plan.
pub(crate) async fn run(execution: &Execution<'_>) -> Outcome {
    let Some(root) = execution.schema.root(execution.plan.kind) else {
        unreachable!("a plan is for a kind of operation that has a root type")
    };
    let mut run = Run {
        execution,
        root,
        outcome: Outcome {
            data: Json::Object(Object::new()),
            errors: Errors::default(),
            calls: Vec::new(),
        },
        waiting: execution.plan.fetches.iter().map(|fetch| fetch.after.len()).collect(),
        under_way: FuturesUnordered::new(),
    };
    let ready: Vec<usize> = (0..run.waiting.len()).filter(|at| run.waiting[*at] == 0).collect();
    run.start(ready);
    while let Some((index, targets, answered)) = run.under_way.next().await {
        run.take(index, &targets, answered);
        let ready = run.ended(index);
        run.start(ready);
    }
    run.outcome
}

struct Run<'a> {
    execution: &'a Execution<'a>,
    /// The type of the operation's root.
    root: TypeId,
    outcome: Outcome,
    /// For each fetch, how many it still waits for.
    waiting: Vec<usize>,
    under_way: FuturesUnordered<BoxFuture<'a, Ended>>,
}

impl<'a> Run<'a> {
    /// Starts fetches. One that has nothing to ask for ends at once.
    fn start(&mut self, mut ready: Vec<usize>) {
        while let Some(index) = ready.pop() {
            let Execution { schema, plan, .. } = *self.execution;
            let fetch = &plan.fetches[index];
            let parts = fetch.parts.iter();
            let targets: Vec<Targets> =
                parts.map(|part| gather(schema, &self.outcome.data, self.root, part)).collect();
            if targets.iter().all(Targets::is_empty) {
                ready.extend(self.ended(index));
                continue;
            }
            let request = SubgraphRequest {
                subgraph: fetch.subgraph,
                kind: fetch.kind,
                body: self.body(fetch, &targets),
                deadline: self.execution.deadline,
            };
            let answered = self.execution.upstream.send(request);
            self.under_way.push(async move { (index, targets, answered.await) }.boxed());
        }
    }

    /// Counts a fetch as ended; the result is those that can start now.
    fn ended(&mut self, index: usize) -> Vec<usize> {
        let mut ready = Vec::new();
        for (at, fetch) in self.execution.plan.fetches.iter().enumerate() {
            if fetch.after.contains(&index) {
                self.waiting[at] -= 1;
                if self.waiting[at] == 0 {
                    ready.push(at);
                }
            }
        }
        ready
    }

    /// The JSON body of a request.
    fn body(&self, fetch: &Fetch, targets: &[Targets]) -> Bytes {
        let mut variables = Object::new();
        for name in &fetch.variables {
            // A variable without a value stays without one.
            if let Some(value) = self.execution.variables.get(name) {
                variables.insert(name.clone(), value.clone());
            }
        }
        for (part, targets) in fetch.parts.iter().zip(targets) {
            if let (Target::Entities { variable, .. }, Targets::Entities(entities)) =
                (&part.target, targets)
            {
                let representations = Json::List(entities.representations.clone());
                variables.insert(variable.clone(), representations);
            }
        }
        let mut body = Object::new();
        body.insert("query".into(), Json::String(fetch.document.clone()));
        if !variables.is_empty() {
            body.insert("variables".into(), Json::Object(variables));
        }
        Bytes::from(Json::Object(body).to_string())
    }

    /// Takes an answer in: data into the merged answer, errors to the errors.
    fn take(
        &mut self,
        index: usize,
        targets: &[Targets],
        answered: Result<SubgraphResponse, UpstreamError>,
    ) {
        let fetch = &self.execution.plan.fetches[index];
        let depth = self.execution.options.json_depth.get();
        let mut call = Call {
            subgraph: fetch.subgraph,
            representations: targets.iter().map(sent).sum(),
            positions: targets.iter().map(|targets| targets.positions().count()).sum(),
            failed: None,
        };
        let (errors, fault) = match response::read(answered, depth) {
            Err(fault) => (Vec::new(), Some(fault)),
            Ok(response) => self.merge(fetch, targets, response),
        };
        call.failed = fault.as_ref().map(|fault| fault.code);
        self.outcome.calls.push(call);
        let mut faults = Faults {
            schema: self.execution.schema,
            answer: &self.execution.plan.answer,
            options: self.execution.options,
            data: &self.outcome.data,
            errors: &mut self.outcome.errors,
        };
        for error in &errors {
            faults.reported(fetch, targets, error);
        }
        if let Some(fault) = fault {
            faults.request(fetch, targets, &fault);
        }
    }

    /// Merges the data of an answer. The result is its errors, and what is wrong with its shape
    /// if that is not explained by them.
    fn merge(
        &mut self,
        fetch: &Fetch,
        targets: &[Targets],
        response: Response,
    ) -> (Vec<Json>, Option<Fault>) {
        let mut misshapen = 0;
        let mut fault = None;
        let mut data = response.data;
        for (part, targets) in fetch.parts.iter().zip(targets) {
            match (&part.target, targets) {
                (Target::Entities { wire, .. }, Targets::Entities(entities)) => {
                    match data.swap_remove(wire) {
                        Some(Json::List(items)) => {
                            if items.len() != entities.representations.len() {
                                let (came, sent) = (items.len(), entities.representations.len());
                                fault = Some(Fault::misshapen(format!(
                                    "answered with {came} entities to {sent} representations"
                                )));
                            }
                            let read = |item| read(&part.selection, item, &mut misshapen);
                            let items = items.into_iter().map(read).collect();
                            self.merge_entities(entities, items);
                        }
                        Some(Json::Null) | None if !response.errors.is_empty() => {}
                        _ if entities.representations.is_empty() => {}
                        _ => fault = Some(Fault::misshapen("answered without the entities")),
                    }
                }
                (_, targets) => {
                    let value = read(&part.selection, Json::Object(data.clone()), &mut misshapen);
                    for position in targets.positions() {
                        if let Some(object) = at_mut(&mut self.outcome.data, position) {
                            merge(object, value.clone());
                        }
                    }
                }
            }
        }
        if misshapen > 0 {
            fault = Some(Fault::misshapen("answered with a value where an object was expected"));
        }
        (response.errors, fault.filter(|_| response.has_data))
    }

    fn merge_entities(&mut self, entities: &Entities, items: Vec<Json>) {
        for (item, positions) in items.into_iter().zip(&entities.positions) {
            for position in positions {
                if let Some(object) = at_mut(&mut self.outcome.data, position) {
                    merge(object, item.clone());
                }
            }
        }
    }
}

fn sent(targets: &Targets) -> usize {
    match targets {
        Targets::Roots(_) => 0,
        Targets::Entities(entities) => entities.representations.len(),
    }
}
