//! One case: a supergraph that was thrown and written down, and operations played on it.

use std::collections::BTreeSet;

use json::{Json, Object};
use testkit::Merged;
use tributary_stories::{Closed, Dice, Part, Performance, Stage};

use crate::data::{Data, For};
use crate::operations::{Arguments, Operation};
use crate::sdl;
use crate::world::{Failing, World};

/// How many worlds are thrown until one composes.
const TRIES: u64 = 12;
/// An answer with more errors does not show all of them.
const MOST_ERRORS: usize = 100;

/// Subgraphs and what they know.
#[derive(Clone)]
pub(crate) struct Texts {
    /// Name, schema and data of each subgraph.
    pub(crate) subgraphs: Vec<(String, String, String)>,
    /// The data of the merged server.
    pub(crate) merged: String,
    /// The labels of overrides that are on.
    pub(crate) labels: Vec<String>,
    pub(crate) failing: Failing,
}

/// What is wrong, as far as it can be told from something else that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Wrong {
    /// What kind of thing it is.
    pub(crate) class: &'static str,
    pub(crate) what: String,
}

impl Wrong {
    fn new(class: &'static str, what: impl Into<String>) -> Self {
        Self { class, what: what.into() }
    }
}

/// A world that composes.
pub(crate) struct Case {
    pub(crate) seed: u64,
    pub(crate) world: World,
    pub(crate) texts: Texts,
    pub(crate) dice: Dice,
}

impl Case {
    /// The case of a seed: the first world thrown with it that composes. The error tells why the
    /// last did not, or what is broken.
    pub(crate) fn throw(seed: u64) -> Result<(Self, Stage), String> {
        let mut last = String::new();
        for attempt in 0..TRIES {
            let mut dice = Dice::new(seed.wrapping_mul(TRIES).wrapping_add(attempt));
            let world = World::throw(&mut dice);
            let data = Data::throw(&mut dice, &world);
            let texts = Texts::write(&world, &data);
            match texts.set() {
                Ok(stage) => return Ok((Self { seed, world, texts, dice }, stage)),
                Err(Closed::Refused(why)) => last = why,
                Err(Closed::Broken(why)) => {
                    return Err(format!("broken: {why}\n{}", texts.story(None)));
                }
            }
        }
        Err(last)
    }

    /// Throws an operation.
    pub(crate) fn operation(&mut self, stage: &Stage, bold: bool) -> Operation {
        let fields = self.world.types.iter().flat_map(|ty| &ty.fields);
        let arguments: Arguments<'_> =
            fields.map(|field| (field.name.as_str(), field.arguments.as_slice())).collect();
        Operation::throw(&mut self.dice, stage.schema(), &arguments, bold)
    }
}

impl Texts {
    fn write(world: &World, data: &Data) -> Self {
        let text = |number: usize| {
            let name = world.subgraphs[number].name.to_owned();
            (name, sdl::sdl(world, number), data.write(world, For::Subgraph(number)))
        };
        let on = world.labels.iter().filter(|(_, on)| *on);
        let mut labels: Vec<String> = on.map(|(label, _)| label.to_owned()).collect();
        labels.sort_unstable();
        Self {
            subgraphs: (0..world.subgraphs.len())
                .map(text)
                .filter(|(_, sdl, _)| sdl.contains("\ntype ") || sdl.contains("extend type"))
                .collect(),
            merged: data.write(world, For::Merged),
            labels,
            failing: world.failing,
        }
    }

    /// The subgraphs on a stage.
    pub(crate) fn set(&self) -> Result<Stage, Closed> {
        Ok(Stage::set(&self.parts(), None)?.with_labels(&self.labels))
    }

    /// The subgraphs on a stage, by a supergraph that others composed of them.
    pub(crate) fn set_by(&self, supergraph: &str) -> Result<Stage, Closed> {
        Ok(Stage::over(supergraph, &self.parts())?.with_labels(&self.labels))
    }

    fn parts(&self) -> Vec<Part<'_>> {
        self.subgraphs.iter().map(|(name, sdl, data)| Part { name, sdl, data }).collect()
    }

    /// Plays an operation, given its text and variables; whether it was valid.
    pub(crate) fn play(
        &self,
        stage: &Stage,
        (operation, variables): (&str, &Object),
    ) -> Result<bool, Wrong> {
        let performance = stage.perform(operation, variables);
        let performance = performance.map_err(|why| Wrong::new("no plan", why))?;
        let (answer, wrong, plan) = match performance {
            Performance::Played { answer, wrong, plan, .. } => (answer, wrong, plan),
            Performance::Refused(why) if why.starts_with("no plan") => {
                return Err(Wrong::new("no plan", why));
            }
            Performance::Refused(_) => return Ok(false),
        };
        if let Some(first) = wrong.first() {
            let class = match first.as_str() {
                first if first.starts_with("the checker") => "unsound",
                first if first.starts_with("the fast executor") => "fast",
                _ => "violation",
            };
            return Err(Wrong::new(class, format!("{}\n{plan}", wrong.join("\n"))));
        }
        let merged = Merged::new(sdl::MERGED, &self.merged);
        let expected = merged
            .and_then(|merged| merged.answer(stage.schema(), operation, variables))
            .map_err(|why| Wrong::new("merged", why))?;
        match differ(self.failing, &answer, &expected) {
            Some(mut wrong) => {
                wrong.what.push_str(&format!("\n{plan}"));
                Err(wrong)
            }
            None => Ok(true),
        }
    }

    /// The case as a story, to be put into a file and looked at.
    pub(crate) fn story(&self, operation: Option<(&str, &Object)>) -> String {
        let mut story = String::new();
        for (name, sdl, data) in &self.subgraphs {
            story.push_str(&format!("```graphql subgraph={name}\n{sdl}```\n"));
            story.push_str(&format!("```json data={name}\n{data}```\n"));
        }
        let Some((text, variables)) = operation else { return story };
        if !self.labels.is_empty() {
            story.push_str(&format!("Labels that are on: {}.\n", self.labels.join(", ")));
        }
        let variables = Json::Object(variables.to_owned());
        story.push_str(&format!("```graphql operation\n{text}```\n"));
        story
            + &format!(
                "```json variables\n{variables}\n```\n```text plan\n```\n```json answer\n```\n"
            )
    }
}

/// What is wrong with an answer. Errors are compared by the nulls that they explain: the router's
/// messages are its own.
fn differ(failing: Failing, answer: &Json, expected: &Json) -> Option<Wrong> {
    let data = |of: &Json| of.get("data").map(ToString::to_string);
    if data(answer) != data(expected) {
        return Some(Wrong::new("data", format!("expected {expected}\nfound    {answer}")));
    }
    let paths = |of: &Json| -> BTreeSet<String> {
        let errors = of.get("errors").and_then(Json::as_list).unwrap_or_default();
        errors.iter().filter_map(|error| explained(of.get("data"), error.get("path")?)).collect()
    };
    let (found, wanted) = (paths(answer), paths(expected));
    let known = failing != Failing::Any && wanted.len() < MOST_ERRORS;
    if known && found != wanted || found.is_empty() != wanted.is_empty() {
        let what = format!("expected errors at {wanted:?}\nfound errors at    {found:?}");
        return Some(Wrong::new("errors", what));
    }
    None
}

/// The null that an error at a path explains: where several nulls go up to one, how many of them are
/// told is up to whoever answers. Nothing for an error that is told of an object that is there: of
/// something that was only asked for keys, or for objects of another type at the same place.
fn explained(data: Option<&Json>, path: &Json) -> Option<String> {
    let mut value = data.unwrap_or(&Json::Null);
    let mut way = Vec::new();
    for step in path.as_list()? {
        let inner = match (value, step) {
            (Json::Null, _) => break,
            (Json::Object(members), Json::String(key)) => members.get(key),
            (Json::List(items), Json::Number(at)) => items.get(at.parse::<usize>().ok()?),
            _ => None,
        };
        way.push(step.to_string());
        // What is not there is as good as null, and told as it was.
        value = inner.unwrap_or(&Json::Null);
    }
    let is_there = matches!(value, Json::Object(_) | Json::List(_));
    (!is_there).then(|| way.join("."))
}
