//! A story told: what it expects compared with what comes.

use compose::Contract;
use json::{Json, Object};
use operation::Limits;

use crate::compare::difference;
use crate::markdown::Block;
use crate::pretty::pretty;
use crate::stage::{Asking, Closed, Performance, Stage};
use crate::story::{Act, Service, Story};

/// Why a story does not hold.
#[derive(Debug)]
pub struct Failure {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// The block that would hold with another text.
    pub(crate) rewrite: Option<Rewrite>,
}

/// What a block should say.
#[derive(Debug)]
pub(crate) struct Rewrite {
    /// What the block is: `text plan`.
    pub(crate) info: String,
    /// How many lines it has now.
    pub(crate) lines: usize,
    pub(crate) text: String,
}

/// Runs a story; an empty list says that it holds.
pub fn tell(story: &Story) -> Vec<Failure> {
    let parts: Vec<_> = story.subgraphs.iter().map(Service::part).collect();
    let mut failures = Vec::new();
    let contract = match story.contract.as_ref().map(contract).transpose() {
        Ok(contract) => contract,
        Err(failure) => return vec![failure],
    };
    match (Stage::set(&parts, contract), &story.errors) {
        (Ok(_), Some(block)) => failures.push(broken(block.line, "the subgraphs compose")),
        (Ok(stage), None) => {
            let api = || stage.schema().api().schema.to_string();
            story.api.iter().for_each(|block| expect(block, api(), &mut failures));
            story.acts.iter().for_each(|act| perform(&stage, act, &mut failures));
        }
        (Err(Closed::Refused(found)), Some(block)) => expect(block, found, &mut failures),
        (Err(Closed::Refused(found)), None) => {
            failures.push(broken(1, &format!("the subgraphs do not compose:\n{found}")));
        }
        (Err(Closed::Broken(why)), _) => failures.push(broken(1, &why)),
    }
    failures
}

/// Performs the operations of a story over a supergraph that another composer made of its
/// subgraphs, and compares the answers. Plans may differ, since subgraphs may stand in another
/// order.
pub fn tell_over(story: &Story, supergraph: &str) -> Vec<Failure> {
    let parts: Vec<_> = story.subgraphs.iter().map(Service::part).collect();
    let stage = match Stage::over(supergraph, &parts) {
        Ok(stage) => stage,
        Err(Closed::Refused(why) | Closed::Broken(why)) => return vec![broken(1, &why)],
    };
    let mut failures = Vec::new();
    story.acts.iter().for_each(|act| perform(&stage, act, &mut failures));
    let of_plan = |failure: &Failure| {
        let info = failure.rewrite.as_ref().map(|rewrite| rewrite.info.as_str());
        matches!(info, Some("text plan" | "text requests"))
    };
    failures.retain(|failure| !of_plan(failure));
    failures
}

/// A contract: lines of `include:` and `exclude:`, each with tags.
fn contract(block: &Block) -> Result<Contract, Failure> {
    let mut contract = Contract::default();
    for line in block.text.lines() {
        let tags = match line.split_once(": ") {
            Some(("include", tags)) => (&mut contract.include, tags),
            Some(("exclude", tags)) => (&mut contract.exclude, tags),
            _ => {
                return Err(broken(
                    block.line,
                    "a contract has lines `include: TAG, TAG` or `exclude: …`",
                ));
            }
        };
        tags.0.extend(tags.1.split(", ").map(str::to_owned));
    }
    Ok(contract)
}

fn perform(stage: &Stage, act: &Act, failures: &mut Vec<Failure>) {
    let line = act.operation.line;
    let variables = match &act.variables {
        None => Object::new(),
        Some(block) => match json::parse(block.text.as_bytes(), 200) {
            Ok(Json::Object(variables)) => variables,
            _ => return failures.push(broken(block.line, "variables are no JSON object")),
        },
    };
    let settings = act.settings.as_ref().map(|block| settings(stage, block)).transpose();
    let (options, limits) = match settings {
        Ok(settings) => settings.unwrap_or_default(),
        Err(failure) => return failures.push(failure),
    };
    let events = act.events.as_ref().map(|block| json::parse(block.text.as_bytes(), 200));
    let events = match events {
        None => None,
        Some(Ok(Json::List(events))) => Some(events),
        Some(_) => return failures.push(broken(line, "events are no JSON list")),
    };
    let (options, limits) = (&options, &limits);
    let asked = Asking { variables: &variables, options, limits, events: events.as_deref() };
    let performance = match stage.perform_as(&repeated(&act.operation.text), &asked) {
        Ok(performance) => performance,
        Err(why) => return failures.push(broken(line, &why)),
    };
    match (performance, &act.errors) {
        (Performance::Refused(found), Some(block)) => expect(block, found, failures),
        (Performance::Refused(found), None) => {
            failures.push(broken(line, &format!("the operation is refused:\n{found}")));
        }
        (Performance::Played { .. }, Some(block)) => {
            failures.push(broken(block.line, "the operation is not refused"));
        }
        (Performance::Played { plan, requests, answer, wrong }, None) => {
            failures.extend(wrong.iter().map(|what| broken(line, what)));
            act.plan.iter().for_each(|block| expect(block, plan.as_str().to_owned(), failures));
            let requests = || requests.as_str().to_owned();
            act.requests.iter().for_each(|block| expect(block, requests(), failures));
            act.answer.iter().for_each(|block| expect_json(block, &answer, failures));
        }
    }
}

/// An operation with its lines of `# 100 times: a{n}: name` written out.
fn repeated(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let times = line.strip_prefix("# ").and_then(|line| line.split_once(" times: "));
        match times.and_then(|(times, what)| Some((times.parse::<usize>().ok()?, what))) {
            None => out.push_str(line),
            Some((times, what)) => {
                for number in 1..=times {
                    out.push_str(&what.replace("{n}", &number.to_string()));
                    out.push(' ');
                }
            }
        }
        out.push('\n');
    }
    out
}

/// What the planner is told: lines of `overrides:` with labels and `disabled:` with subgraphs; and how
/// many tokens the document may have, in a line `tokens:`.
fn settings(stage: &Stage, block: &Block) -> Result<(plan::Options, Limits), Failure> {
    let wrong = |what: &str| broken(block.line, what);
    let (mut options, mut limits) = (plan::Options::default(), Limits::default());
    for line in block.text.lines() {
        let (key, values) = line.split_once(": ").unwrap_or((line, ""));
        let values: Vec<&str> = values.split(", ").collect();
        match key {
            "overrides" => options.override_labels = values.iter().map(|it| (*it).into()).collect(),
            "disabled" => {
                for (id, subgraph) in stage.schema().subgraphs() {
                    if values.contains(&subgraph.name.as_str()) {
                        options.disabled.insert(id);
                    }
                }
            }
            "tokens" => {
                let number = values.concat().parse();
                limits.tokens = number.map_err(|_| wrong("`tokens: LIMIT` needs a number"))?;
            }
            _ => {
                return Err(wrong(
                    "settings have lines `overrides: LABEL, …`, `disabled: NAME, …` or `tokens: LIMIT`",
                ));
            }
        }
    }
    options.override_labels.sort();
    Ok((options, limits))
}

fn expect_json(block: &Block, found: &Json, failures: &mut Vec<Failure>) {
    match json::parse(block.text.as_bytes(), 200) {
        // Equality of objects overlooks the order of keys; their texts do not.
        Ok(expected) if expected.to_string() == found.to_string() => {}
        Ok(expected) => differs(block, &pretty(&expected), pretty(found), failures),
        Err(error) => differs(block, &format!("(no JSON: {error})"), pretty(found), failures),
    }
}

fn expect(block: &Block, found: String, failures: &mut Vec<Failure>) {
    if block.text != found {
        differs(block, &block.text, found, failures);
    }
}

fn differs(block: &Block, expected: &str, found: String, failures: &mut Vec<Failure>) {
    let shown = difference(expected, &found);
    let what = format!("`{}` differs (- expected, + found):\n{shown}", block.info);
    let rewrite = Rewrite { info: block.info.to_owned(), lines: block.lines, text: found };
    failures.push(Failure { line: block.line, what, rewrite: Some(rewrite) });
}

fn broken(line: usize, what: &str) -> Failure {
    Failure { line, what: what.to_owned(), rewrite: None }
}
