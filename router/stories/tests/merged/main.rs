//! Random supergraphs, data and operations: the routed answer is the answer of one merged server.

mod data;
mod dice;
mod operations;
mod sdl;
mod world;

use std::collections::BTreeSet;

use json::{Json, Object};
use testkit::Merged;
use tributary_stories::{Part, Performance, Stage};

use crate::data::{Data, For};
use crate::dice::Dice;
use crate::operations::Operation;
use crate::world::{Failing, World};

/// How many supergraphs are tried, unless `TRIBUTARY_MERGED_CASES` says otherwise;
/// `TRIBUTARY_MERGED_SEED` says where to begin, or which one to try alone.
const CASES: u64 = 200;
/// How many operations on each.
const OPERATIONS: usize = 4;

/// An answer with more errors does not show all of them.
const MOST_ERRORS: usize = 100;

/// A supergraph that was thrown and written down.
struct Case {
    seed: u64,
    world: World,
    /// Name, schema and data of each subgraph.
    texts: Vec<(String, String, String)>,
    merged: String,
}

#[test]
fn routed_answers_are_those_of_one_merged_server() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seed = number("TRIBUTARY_MERGED_SEED");
    let cases = number("TRIBUTARY_MERGED_CASES").unwrap_or(if seed.is_some() { 1 } else { CASES });
    let first = seed.unwrap_or(1);
    let mut failures = Vec::new();
    let mut played = 0;
    for seed in first..first + cases {
        match play(seed) {
            Ok(count) => played += count,
            Err(failure) => failures.push(failure),
        }
    }
    let told = failures.iter().take(3).map(String::as_str).collect::<Vec<_>>().join("\n\n");
    assert!(failures.is_empty(), "{} of {cases} cases failed:\n\n{told}", failures.len());
    assert!(played as u64 >= cases * 2, "only {played} operations were valid");
}

/// Plays one supergraph; the result is the number of operations that were compared.
fn play(seed: u64) -> Result<usize, String> {
    let mut dice = Dice::new(seed);
    let case = Case::throw(seed, &mut dice);
    let parts: Vec<Part<'_>> =
        case.texts.iter().map(|(name, sdl, data)| Part { name, sdl, data }).collect();
    let stage = Stage::set(&parts, None).map_err(|closed| {
        format!(
            "{closed:?}\n{}",
            case.story(&Operation { text: String::new(), variables: Object::new() })
        )
    })?;
    let merged = Merged::new(&sdl::merged_keys(&case.world), &case.merged)?;
    let mut played = 0;
    for number in 0..OPERATIONS {
        let operation = Operation::throw(&mut dice, &case.world, number % 2 == 0);
        let told = |what: String| format!("{what}\n{}", case.story(&operation));
        let performance = stage.perform(&operation.text, &operation.variables).map_err(told)?;
        let Performance::Played { answer, wrong, plan, .. } = performance else { continue };
        let expected = merged
            .answer(stage.schema(), &operation.text, &operation.variables)
            .map_err(|why| told(format!("the merged server: {why}")))?;
        if !wrong.is_empty() {
            return Err(told(format!("{}\n{plan}", wrong.join("\n"))));
        }
        if let Some(what) = differ(case.world.failing, &answer, &expected) {
            return Err(told(format!("{what}\n{plan}")));
        }
        played += 1;
    }
    Ok(played)
}

/// What is wrong with an answer. Errors are compared by their paths: the router's messages are
/// its own.
fn differ(failing: Failing, answer: &Json, expected: &Json) -> Option<String> {
    let data = |of: &Json| of.get("data").map(ToString::to_string);
    if data(answer) != data(expected) {
        return Some(format!("expected {expected}\nfound    {answer}"));
    }
    let paths = |of: &Json| -> BTreeSet<String> {
        let errors = of.get("errors").and_then(Json::as_list).unwrap_or_default();
        errors.iter().filter_map(|error| Some(error.get("path")?.to_string())).collect()
    };
    let (found, wanted) = (paths(answer), paths(expected));
    let known = failing != Failing::Any && wanted.len() < MOST_ERRORS;
    if known && found != wanted || found.is_empty() != wanted.is_empty() {
        return Some(format!("expected errors at {wanted:?}\nfound errors at    {found:?}"));
    }
    None
}

impl Case {
    fn throw(seed: u64, dice: &mut Dice) -> Self {
        let world = World::throw(dice);
        let data = Data::throw(dice, &world);
        let text = |number| {
            let data = data.write(&world, For::Subgraph(number));
            (format!("s{number}"), sdl::sdl(&world, number), data)
        };
        let texts = (0..world.subgraphs).map(text).collect();
        let merged = data.write(&world, For::Merged);
        Self { seed, world, texts, merged }
    }

    /// The case as a story, to be put into a file and looked at.
    fn story(&self, operation: &Operation) -> String {
        let mut story = format!("# Seed {}\n\n", self.seed);
        for (name, sdl, data) in &self.texts {
            story.push_str(&format!("```graphql subgraph={name}\n{sdl}```\n"));
            story.push_str(&format!("```json data={name}\n{data}```\n"));
        }
        let variables = Json::Object(operation.variables.to_owned());
        story.push_str(&format!("```graphql operation\n{}```\n", operation.text));
        story
            + &format!(
                "```json variables\n{variables}\n```\n```text plan\n```\n```json answer\n```\n"
            )
    }
}
