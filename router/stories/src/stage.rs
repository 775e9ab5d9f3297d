//! The stage: subgraphs composed, and operations performed on them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use compose::{Contract, SubgraphSource};
use execute::{Execution, Program, SubgraphResponse};
use graph::Graph;
use json::{Json, Object};
use operation::{Document, Limits, Request, RequestError};
use plan::Plan;
use schema::Schema;
use testkit::{Asked, Subgraph, Subgraphs};

use crate::pretty::on_one_line;

const MOST_SELECTIONS: NonZeroUsize = NonZeroUsize::new(1_000).expect("not zero");

/// A subgraph as it is written down.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its schema.
    pub sdl: &'a str,
    /// Its data, as JSON.
    pub data: &'a str,
}

/// Subgraphs that were composed, ready for operations.
#[derive(Debug)]
pub struct Stage {
    graph: Graph,
    subgraphs: Vec<Subgraph>,
    labels: Vec<String>,
}

/// Why there is no stage.
#[derive(Debug)]
pub enum Closed {
    /// Composition refuses: its errors, one a line, code and sentence.
    Refused(String),
    /// Something that should not happen.
    Broken(String),
}

/// What came of an operation.
#[derive(Debug)]
pub enum Performance {
    /// It was refused before planning: one a line, code and sentence.
    Refused(String),
    /// It was executed.
    Played {
        /// The plan, explained.
        plan: String,
        /// The requests in the order of the plan: the subgraph and the variables, one a line.
        requests: String,
        /// The answer.
        answer: Json,
        /// What should not happen: findings of the checker, violations in subgraphs.
        wrong: Vec<String>,
    },
}

impl Stage {
    /// Composes subgraphs; a contract hides what some clients shall not see.
    ///
    /// # Errors
    /// When they can't be composed, or something does not fit together.
    pub fn set(parts: &[Part<'_>], contract: Option<Contract>) -> Result<Self, Closed> {
        Self::over(&compose(parts, contract).map_err(Closed::Refused)?, parts)
    }

    /// Takes a supergraph of these subgraphs, whoever composed it.
    ///
    /// # Errors
    /// When something does not fit together.
    pub fn over(sdl: &str, parts: &[Part<'_>]) -> Result<Self, Closed> {
        let schema = Schema::read(sdl).map_err(|error| {
            Closed::Broken(format!("the supergraph can't be read: {error}\n{sdl}"))
        })?;
        let subgraph = |part: &Part<'_>| Subgraph::new(part.name, part.sdl, part.data);
        let subgraphs = parts.iter().map(subgraph).collect::<Result<_, _>>();
        let subgraphs = subgraphs.map_err(Closed::Broken)?;
        Ok(Self { graph: Graph::build(Arc::new(schema)), subgraphs, labels: Vec::new() })
    }

    /// Turns labels of progressive overrides on; sorted.
    pub fn with_labels(self, labels: &[String]) -> Self {
        Self { labels: labels.to_vec(), ..self }
    }

    /// The supergraph.
    pub fn schema(&self) -> &Schema {
        self.graph.schema()
    }

    /// Plans, checks and executes an operation.
    ///
    /// # Errors
    /// When that is not possible.
    pub fn perform(&self, operation: &str, variables: &Object) -> Result<Performance, String> {
        let options = self.options();
        let limits = Limits::default();
        let asking = Asking { variables, options: &options, limits: &limits, events: None };
        self.perform_as(operation, &asking)
    }

    /// Plans, checks and executes an operation as it is asked; of a subscription, its events.
    ///
    /// # Errors
    /// When that is not possible.
    pub fn perform_as(&self, operation: &str, asking: &Asking<'_>) -> Result<Performance, String> {
        let (request, variables) = match self.ask(operation, asking.variables, asking.limits) {
            Ok(asked) => asked,
            Err(findings) => {
                let line =
                    |error: &RequestError| format!("{}: {}\n", error.code.text(), error.message);
                return Ok(Performance::Refused(findings.iter().map(line).collect()));
            }
        };
        let schema = self.graph.schema();
        let conditions = request.conditions(&variables).map_err(|error| error.message)?;
        let operation = request.bind(schema, &conditions);
        let plan = match plan::plan(&self.graph, &operation, asking.options) {
            Ok(plan) => plan,
            Err(error) => return Ok(Performance::Refused(format!("no plan: {error}\n"))),
        };
        let explained = plan::explain(schema, &plan);
        let mut wrong = plan::check(schema, &plan).err().unwrap_or_default();
        wrong.iter_mut().for_each(|finding| finding.insert_str(0, "the checker: "));
        let again = Graph::build(Arc::clone(self.graph.schema()));
        let again = plan::plan(&again, &operation, asking.options);
        if !again.is_ok_and(|again| plan::explain(schema, &again) == explained) {
            wrong.push("planned again, the plan is another".to_owned());
        }
        let played = Playing { request: &request, plan: &plan, variables: &variables };
        let (answer, requests) = match asking.events {
            Some(events) => self.events(&played, events, &mut wrong)?,
            None => self.play(&played, &mut wrong)?,
        };
        Ok(Performance::Played { plan: explained, requests, answer, wrong })
    }

    /// Executes a plan, by each executor that can.
    fn play(
        &self,
        playing: &Playing<'_>,
        wrong: &mut Vec<String>,
    ) -> Result<(Json, String), String> {
        let schema = self.graph.schema();
        let upstream = Subgraphs::new(schema, &self.subgraphs);
        let answer = self.execute(playing, &upstream, By::Program(None))?;
        wrong.extend(upstream.violations());
        let requests = sent(upstream.asked());
        if let Some(program) = Program::compile(schema, playing.plan) {
            let again = Subgraphs::new(schema, &self.subgraphs);
            let fast = self.execute(playing, &again, By::Program(Some(&program)))?;
            if fast.to_string() != answer.to_string() {
                wrong.push(format!("the fast executor answers {fast}"));
            }
            let asked = sent(again.asked());
            if asked != requests {
                wrong.push(format!("the fast executor asks\n{asked}"));
            }
        }
        Ok((answer, requests))
    }

    /// Answers each event of a subscription.
    fn events(
        &self,
        playing: &Playing<'_>,
        events: &[Json],
        wrong: &mut Vec<String>,
    ) -> Result<(Json, String), String> {
        let mut answers = Vec::new();
        let mut requests = String::new();
        for event in events {
            let upstream = Subgraphs::new(self.graph.schema(), &self.subgraphs);
            answers.push(self.execute(playing, &upstream, By::Event(event))?);
            wrong.extend(upstream.violations());
            requests.push_str(&sent(upstream.asked()));
        }
        Ok((Json::List(answers), requests))
    }

    /// Plans an operation.
    ///
    /// # Errors
    /// When it is refused or can't be planned, in words.
    pub fn plan(&self, operation: &str, variables: &Object) -> Result<Plan, String> {
        let (request, variables) =
            self.ask(operation, variables, &Limits::default()).map_err(|findings| {
                let first = findings.into_iter().next();
                first.map_or_else(String::new, |it| format!("{}: {}", it.code.text(), it.message))
            })?;
        let schema = self.graph.schema();
        let conditions = request.conditions(&variables).map_err(|error| error.message)?;
        let operation = request.bind(schema, &conditions);
        plan::plan(&self.graph, &operation, &self.options()).map_err(|error| error.to_string())
    }

    /// Executes an operation by a plan, however the plan came to be: the answer, and what should
    /// not have happened.
    ///
    /// # Errors
    /// When the operation is refused, in words.
    pub fn run(
        &self,
        (operation, variables): (&str, &Object),
        plan: &Plan,
    ) -> Result<(Json, Vec<String>), String> {
        let asked = self
            .ask(operation, variables, &Limits::default())
            .map_err(|_| "it is refused".to_owned());
        let (request, variables) = asked?;
        let upstream = Subgraphs::new(self.graph.schema(), &self.subgraphs);
        let playing = Playing { request: &request, plan, variables: &variables };
        let answer = self.execute(&playing, &upstream, By::Program(None))?;
        Ok((answer, upstream.violations()))
    }

    fn options(&self) -> plan::Options {
        plan::Options { override_labels: self.labels.to_vec(), ..plan::Options::default() }
    }

    fn ask(
        &self,
        text: &str,
        given: &Object,
        limits: &Limits,
    ) -> Result<(Request, Object), Vec<RequestError>> {
        let schema = self.graph.schema();
        let document = Document::parse(schema, text, limits)?;
        let request = document.operation(None).map_err(|error| vec![error])?;
        let variables = request.coerce(schema, given)?;
        Ok((request, variables))
    }

    /// Executes a plan as a server does that shows nobody's messages.
    fn execute(
        &self,
        playing: &Playing<'_>,
        upstream: &Subgraphs<'_>,
        by: By<'_>,
    ) -> Result<Json, String> {
        let schema = self.graph.schema();
        let Playing { request, plan, variables } = *playing;
        let introspection = match request.introspects() {
            true => Some(request.introspect(schema, variables, MOST_SELECTIONS)),
            false => None,
        };
        let introspection = introspection.transpose().map_err(|error| error.message)?;
        let execution = Execution {
            schema,
            plan,
            variables,
            introspection: introspection.as_ref(),
            upstream,
            options: &execute::Options::default(),
            deadline: Instant::now() + Duration::from_secs(60),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let answer = match by {
            By::Program(program) => runtime.block_on(execute::execute(execution, program)),
            By::Event(event) => {
                let body = event.to_string().into_bytes().into();
                let event = SubgraphResponse::new(200, body);
                runtime.block_on(execute::execute_event(execution, event))
            }
        };
        json::parse(&answer.into_body(None), 500)
            .map_err(|error| format!("the answer is no JSON: {error}"))
    }
}

/// How an operation is asked.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The values of its variables.
    pub variables: &'a Object,
    /// What the planner is told.
    pub options: &'a plan::Options,
    /// What its document may be at most.
    pub limits: &'a Limits,
    /// Of a subscription, what its subgraph sends.
    pub events: Option<&'a [Json]>,
}

/// What is executed.
struct Playing<'a> {
    request: &'a Request,
    plan: &'a Plan,
    variables: &'a Object,
}

/// How it is executed.
enum By<'a> {
    /// By the program, or the reference executor.
    Program(Option<&'a Program>),
    /// For an event.
    Event(&'a Json),
}

/// Does all that is done to an operation before it is executed, as a server does, and tells the
/// plan by a digest.
///
/// # Errors
/// When it is refused, in words.
pub fn planned(stage: &Stage, operation: &str) -> Result<String, String> {
    let plan = stage.plan(operation, &Object::new())?;
    let schema = stage.graph.schema();
    let program = Program::compile(schema, &plan).is_some();
    let mut hasher = DefaultHasher::new();
    plan::explain(schema, &plan).hash(&mut hasher);
    let (digest, requests) = (hasher.finish(), plan.fetches.len());
    Ok(format!("{requests} requests, program {program}, {digest:016x}"))
}

/// The supergraph, or its errors, one a line: code and sentence.
fn compose(parts: &[Part<'_>], contract: Option<Contract>) -> Result<String, String> {
    let source = |part: &Part<'_>| SubgraphSource {
        name: part.name.to_owned(),
        url: format!("http://{}.example", part.name),
        sdl: part.sdl.to_owned(),
        file: format!("{}.graphql", part.name),
    };
    let sources: Vec<_> = parts.iter().map(source).collect();
    let options = compose::Options { contract, ..compose::Options::default() };
    match compose::compose(&sources, &options) {
        Ok(supergraph) => Ok(supergraph.sdl),
        Err(report) => {
            let line = |error: &compose::Diagnostic| format!("{}: {}\n", error.code, error.message);
            Err(report.errors().map(line).collect())
        }
    }
}

fn sent(mut asked: Vec<Asked>) -> String {
    asked.sort_by_key(|asked| asked.fetch);
    let line = |asked: &Asked| {
        let variables = on_one_line(&Json::Object(asked.variables.to_owned()));
        format!("{} {variables}\n", asked.subgraph)
    };
    asked.iter().map(line).collect()
}
