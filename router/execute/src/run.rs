//! Running fetches: each starts when those that it waits for have ended.

use std::collections::{HashSet, VecDeque};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use json::{Json, Object};
use plan::{Fetch, Target};

use crate::answer::Call;
use crate::causes::Causes;
use crate::errors::Errors;
use crate::execution::Execution;
use crate::faults::Faults;
use crate::gather::{Targets, gather};
use crate::known::Known;
use crate::port::{SubgraphRequest, SubgraphResponse, UpstreamError};
use crate::response;
use crate::take::{take, take_known};

/// What all fetches came to.
pub(crate) struct Outcome<'p> {
    /// The merged answer.
    pub data: Json,
    pub errors: Errors,
    pub causes: Causes<'p>,
    pub calls: Vec<Call>,
}

/// What came of a request.
pub(crate) type Answered = Result<SubgraphResponse, UpstreamError>;

/// The requests that are under way, each with its fetch.
pub(crate) type UnderWay<'a> = FuturesUnordered<BoxFuture<'a, (usize, Answered)>>;

/// What is done already when a run takes over from the fast executor.
#[derive(Default)]
pub(crate) struct Begun<'a> {
    /// The fetches that were sent.
    pub asked: HashSet<usize>,
    /// What was answered, in the order in which it came.
    pub answered: VecDeque<(usize, Answered)>,
    /// The others that were sent.
    pub under_way: UnderWay<'a>,
}

/// Runs all fetches of the plan that aren't begun, and takes in the answers to all.
pub(crate) async fn run<'a>(execution: &'a Execution<'a>, begun: Begun<'a>) -> Outcome<'a> {
    let fetches = &execution.plan.fetches;
    let mut run = Run {
        execution,
        outcome: Outcome {
            data: Json::Object(Object::new()),
            errors: Errors::default(),
            causes: Causes::default(),
            calls: Vec::new(),
        },
        left: execution.options.answer_bytes.get(),
        waiting: fetches.iter().map(|fetch| fetch.after.len()).collect(),
        targets: fetches.iter().map(|_| None).collect(),
        known: Known::default(),
        begun,
    };
    let ready = (0..run.waiting.len()).filter(|at| run.waiting[*at] == 0).collect();
    run.start(ready);
    while let Some((index, answered)) = run.begun.next().await {
        // The fast executor asked no more than this one does; if it did, nobody wants to know.
        let Some(targets) = run.targets[index].take() else { continue };
        run.take(index, &targets, Some(answered));
        let ready = run.ended(index);
        run.start(ready);
    }
    run.outcome
}

impl Begun<'_> {
    async fn next(&mut self) -> Option<(usize, Answered)> {
        match self.answered.pop_front() {
            Some(answered) => Some(answered),
            None => self.under_way.next().await,
        }
    }
}

/// The document, where a part of it must be there several times, each time with other values from
/// contexts.
fn repeated(fetch: &Fetch, targets: &[Targets<'_>]) -> Option<String> {
    let times: Vec<usize> = targets.iter().map(Targets::repetitions).collect();
    let repeats = fetch.repeats.as_ref().filter(|_| times.iter().any(|times| *times != 1))?;
    Some(repeats.document(&times))
}

struct Run<'a> {
    execution: &'a Execution<'a>,
    outcome: Outcome<'a>,
    /// How much more the merged answer may hold.
    left: usize,
    /// For each fetch, how many it still waits for.
    waiting: Vec<usize>,
    /// What each fetch that is under way is about.
    targets: Vec<Option<Vec<Targets<'a>>>>,
    known: Known,
    begun: Begun<'a>,
}

impl<'a> Run<'a> {
    /// Starts fetches. One that has nothing to ask for ends at once.
    fn start(&mut self, mut ready: VecDeque<usize>) {
        while let Some(index) = ready.pop_front() {
            let Execution { schema, plan, .. } = *self.execution;
            let fetch = &plan.fetches[index];
            let root = plan.answer.ty;
            let parts = fetch.parts.iter();
            let mut targets: Vec<Targets<'a>> =
                parts.map(|part| gather(schema, &self.outcome.data, root, part)).collect();
            self.follow_causes(fetch, &targets);
            self.known.take_out(fetch, &mut targets);
            if targets.iter().all(Targets::is_empty) {
                self.take(index, &targets, None);
                ready.extend(self.ended(index));
                continue;
            }
            let body = self.body(fetch, &targets);
            self.targets[index] = Some(targets);
            if self.begun.asked.contains(&index) {
                continue;
            }
            let request = SubgraphRequest {
                fetch: index,
                subgraph: fetch.subgraph,
                kind: fetch.kind,
                body,
                deadline: self.execution.deadline,
            };
            let answered = self.execution.upstream.send(request);
            self.begun.under_way.push(async move { (index, answered.await) }.boxed());
        }
    }

    /// What failed for an object, fails what is fetched by it too: that is no news.
    fn follow_causes(&mut self, fetch: &'a Fetch, targets: &[Targets<'a>]) {
        let causes = &mut self.outcome.causes;
        for (part, targets) in fetch.parts.iter().zip(targets) {
            for unsent in targets.unsent() {
                if causes.explain(&unsent.lacks) {
                    causes.note([unsent.position.as_slice()], &part.selection, &[]);
                }
            }
        }
    }

    /// Counts a fetch as ended; the result is those that can start now.
    fn ended(&mut self, index: usize) -> VecDeque<usize> {
        let mut ready = VecDeque::new();
        for (at, fetch) in self.execution.plan.fetches.iter().enumerate() {
            if fetch.after.contains(&index) {
                self.waiting[at] -= 1;
                if self.waiting[at] == 0 {
                    ready.push_back(at);
                }
            }
        }
        ready
    }

    /// The JSON body of a request.
    fn body(&self, fetch: &Fetch, targets: &[Targets<'a>]) -> Bytes {
        // A variable without a value stays without one.
        let values = self.execution.variables.iter();
        let mut variables: Object = values
            .filter(|(name, _)| fetch.variables.contains(name))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        for (part, targets) in fetch.parts.iter().zip(targets) {
            if let (Target::Entities { variable, contexts, .. }, Targets::Entities(entities)) =
                (&part.target, targets)
            {
                for (at, set) in entities.sets.iter().enumerate() {
                    let suffix = plan::suffix(at);
                    let sent = entities.representations[set.range.clone()].iter();
                    let name = format!("{variable}{suffix}");
                    variables.insert(name, sent.map(Json::to_owned).collect());
                    for (context, value) in contexts.iter().zip(&set.values) {
                        let name = format!("{}{suffix}", context.variable);
                        variables.insert(name, value.to_owned());
                    }
                }
            }
        }
        let mut body = Object::new();
        let document = repeated(fetch, targets);
        let document = plan::minified(document.as_deref().unwrap_or(&fetch.document));
        body.insert("query".into(), document.into());
        if !variables.is_empty() {
            body.insert("variables".into(), Json::Object(variables));
        }
        Bytes::from(Json::Object(body).to_string())
    }

    /// Takes in what is known, and an answer, if anything was asked: data into the merged answer,
    /// errors to the errors.
    fn take(&mut self, index: usize, targets: &[Targets<'a>], answered: Option<Answered>) {
        let fetch = &self.execution.plan.fetches[index];
        let depth = self.execution.options.json_depth.get();
        let known = targets.iter().flat_map(Targets::known);
        let mut call = Call {
            fetch: index,
            subgraph: fetch.subgraph,
            representations: targets.iter().map(Targets::representations).sum(),
            positions: targets.iter().map(|targets| targets.positions().count()).sum(),
            reused: known.map(|(_, positions)| positions.len()).sum(),
            bytes: answered.as_ref().map_or(0, |it| it.as_ref().map_or(0, |it| it.body.len())),
            errors: 0,
            failed: None,
            detail: None,
        };
        if answered.is_none() && call.reused == 0 {
            return;
        }
        let mut troubles = take_known(fetch, targets, (&mut self.outcome.data, &mut self.left));
        let taken = answered.map(|answered| response::read(answered, depth));
        if let Some(Ok(response)) = &taken {
            let into = (&mut self.outcome.data, &mut self.left);
            troubles.extend(take(fetch, targets, response, into));
            if response.errors.is_empty() && troubles.is_empty() {
                self.known.keep(fetch, targets, response);
            }
        }
        let mut faults = Faults {
            schema: self.execution.schema,
            answer: &self.execution.plan.answer,
            options: self.execution.options,
            data: &self.outcome.data,
            errors: &mut self.outcome.errors,
            causes: &mut self.outcome.causes,
            whole: Vec::new(),
        };
        call.failed = troubles.first().map(|trouble| trouble.fault.code);
        match taken {
            Some(Err(fault)) => {
                call.failed = Some(fault.code);
                faults.request(fetch, targets, &fault);
                call.detail = fault.detail;
            }
            Some(Ok(response)) => {
                call.errors = response.errors.len();
                faults.reported(fetch, targets, &response);
            }
            None => {}
        }
        for trouble in &troubles {
            let at = (trouble.positions.as_slice(), trouble.below.as_slice());
            faults.trouble(fetch.subgraph, trouble.part, at, &trouble.fault);
        }
        self.outcome.calls.push(call);
    }
}
