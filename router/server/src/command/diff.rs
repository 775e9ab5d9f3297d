//! `tributary plan diff`: which operations are planned otherwise over another supergraph.

use std::path::{Path, PathBuf};

use graph::Graph;
use json::{Json, Object};
use operation::{Document, Limits, Request, RequestError};
use plan::{Plan, Price};
use schema::Schema;
use serde_json::{Value, json};

use super::deep::deep;
use super::failed::Failed;
use crate::cli::{PlanDiff, PlanFormat};
use crate::say;

/// Plans all operations over both supergraphs; fails when one became dearer than allowed, or can't
/// be answered any more.
pub(super) fn run(arguments: &PlanDiff) -> Result<(), Failed> {
    let (old, new) = (graph(&arguments.old)?, graph(&arguments.new)?);
    let mut files = Vec::new();
    documents(&arguments.operations, &mut files)?;
    files.sort();
    if files.is_empty() {
        let folder = arguments.operations.display();
        return Err(format!("{folder} holds no file that ends in .graphql").into());
    }
    let mut changes = Vec::new();
    for file in &files {
        let text = std::fs::read_to_string(file)
            .map_err(|error| format!("{} can't be read: {error}", file.display()))?;
        let shown = file.strip_prefix(&arguments.operations).unwrap_or(file);
        let variables = variables(file)?;
        let name = shown.display().to_string();
        changes.extend(deep(|| compare(&name, (&text, &variables), &old, &new))?);
    }
    let failed = |change: &&Change| change.is_regression(arguments.threshold);
    let regressions = changes.iter().filter(failed).count();
    let text = match arguments.format {
        PlanFormat::Text => text(&changes, arguments.threshold),
        PlanFormat::Json => format!("{:#}\n", to_json(&changes, arguments.threshold)),
    };
    say::result(&text)?;
    if regressions > 0 { Err(Failed::Told) } else { Ok(()) }
}

/// An operation over two supergraphs.
struct Change {
    name: String,
    old: Result<Planned, String>,
    new: Result<Planned, String>,
}

struct Planned {
    /// The plan as text: plans with the same text are the same.
    text: String,
    price: Price,
}

impl Change {
    fn is_regression(&self, threshold: f64) -> bool {
        match (&self.old, &self.new) {
            (_, Err(_)) => true,
            (Err(_), Ok(_)) => false,
            (Ok(old), Ok(new)) => {
                let (old, new) = (old.price.thousandths(), new.price.thousandths());
                #[allow(clippy::cast_precision_loss)] // Prices are far below 2^52.
                let most = old as f64 * (1.0 + threshold / 100.0);
                #[allow(clippy::cast_precision_loss)]
                let dearer = new as f64 > most;
                dearer
            }
        }
    }

    fn verdict(&self) -> &'static str {
        match (&self.old, &self.new) {
            (_, Err(_)) => "broken",
            (Err(_), Ok(_)) => "new",
            (Ok(old), Ok(new)) if old.text == new.text => "same",
            (Ok(old), Ok(new)) => match new.price.thousandths().cmp(&old.price.thousandths()) {
                std::cmp::Ordering::Greater => "dearer",
                std::cmp::Ordering::Less => "cheaper",
                std::cmp::Ordering::Equal => "changed",
            },
        }
    }

    fn line(&self) -> String {
        let what = match (&self.old, &self.new) {
            (_, Err(why)) => why.to_owned(),
            (Err(_), Ok(new)) => format!("price {}; the old supergraph can't answer it", new.price),
            (Ok(old), Ok(new)) => {
                let from = old.price.to_string();
                let from = from.split(':').next().unwrap_or_default();
                format!("price {from} to {}", old.price.compared(&new.price))
            }
        };
        format!("{:<8} {}: {what}\n", self.verdict(), self.name)
    }
}

const VERDICTS: [&str; 6] = ["broken", "dearer", "cheaper", "changed", "new", "same"];

fn text(changes: &[Change], threshold: f64) -> String {
    let mut text = String::new();
    let mut counts = Vec::new();
    for verdict in VERDICTS {
        let of: Vec<&Change> = changes.iter().filter(|it| it.verdict() == verdict).collect();
        if !of.is_empty() {
            counts.push(format!("{} {verdict}", of.len()));
        }
        if verdict != "same" {
            text.extend(of.iter().map(|change| change.line()));
        }
    }
    let regressions = changes.iter().filter(|change| change.is_regression(threshold)).count();
    let operations = if changes.len() == 1 { "operation" } else { "operations" };
    let all = format!("{} {operations}: {}", changes.len(), counts.join(", "));
    let end = match regressions {
        0 => String::new(),
        some => format!("; {some} beyond the threshold of {threshold} %"),
    };
    format!("{text}{all}{end}\n")
}

fn to_json(changes: &[Change], threshold: f64) -> Value {
    let price = |planned: &Result<Planned, String>| match planned {
        Ok(planned) => json!(planned.price.thousandths()),
        Err(_) => Value::Null,
    };
    let change = |change: &Change| {
        json!({
            "operation": change.name,
            "verdict": change.verdict(),
            "old": price(&change.old),
            "new": price(&change.new),
            "error": change.new.as_ref().err(),
            "regression": change.is_regression(threshold),
        })
    };
    json!({ "operations": changes.iter().map(change).collect::<Vec<_>>() })
}

/// The operations of a document, over both supergraphs.
fn compare(file: &str, of: (&str, &Object), old: &Graph, new: &Graph) -> Vec<Change> {
    let names = match (names(old, of.0), names(new, of.0)) {
        (Ok(names), _) | (_, Ok(names)) => names,
        (Err(_), Err(why)) => {
            let (old, new) = (Err(why.clone()), Err(why));
            return vec![Change { name: file.to_owned(), old, new }];
        }
    };
    let planned = |name: Option<&str>| Change {
        name: name.map_or_else(|| file.to_owned(), |name| format!("{file} {name}")),
        old: planned(old, of, name),
        new: planned(new, of, name),
    };
    names.iter().map(|name| planned(name.as_deref())).collect()
}

/// The names of the operations; one without a name is alone.
fn names(graph: &Graph, text: &str) -> Result<Vec<Option<String>>, String> {
    let document = Document::parse(graph.schema(), text, &Limits::default()).map_err(told)?;
    Ok(document.operation_names())
}

fn planned(
    graph: &Graph,
    (text, variables): (&str, &Object),
    name: Option<&str>,
) -> Result<Planned, String> {
    let schema = graph.schema();
    let document = Document::parse(schema, text, &Limits::default()).map_err(told)?;
    let request = document.operation(name).map_err(|error| told(vec![error]))?;
    let variables = with_conditions(&request, variables);
    let conditions = request.conditions(&variables).map_err(|error| told(vec![error]))?;
    let operation = request.bind(schema, &conditions);
    let plan: Plan = plan::plan(graph, &operation, &plan::Options::default())
        .map_err(|error| error.to_string())?;
    Ok(Planned { text: plan::explain(schema, &plan), price: plan::price(&plan) })
}

/// Where nothing is said of a variable of `@skip` or `@include`, it is true.
fn with_conditions(request: &Request, variables: &Object) -> Object {
    let mut all = variables.clone();
    for name in request.condition_variables() {
        if all.get(name.as_str()).is_none() {
            all.insert(name.as_str().to_owned(), Json::Bool(true));
        }
    }
    all
}

fn told(errors: Vec<RequestError>) -> String {
    let line = |error: &RequestError| match error.locations.first() {
        Some((line, column)) => format!("{line}:{column}: {}", error.message),
        None => error.message.clone(),
    };
    errors.iter().map(line).collect::<Vec<_>>().join("; ")
}

/// The variables beside a document: `NAME.json`, if it is there.
fn variables(document: &Path) -> Result<Object, String> {
    let file = document.with_extension("json");
    let Ok(text) = std::fs::read(&file) else { return Ok(Object::new()) };
    match json::parse(&text, 128) {
        Ok(Json::Object(variables)) => Ok(variables),
        _ => Err(format!("{} is no JSON object of variables", file.display())),
    }
}

fn graph(path: &Path) -> Result<Graph, String> {
    let sdl = std::fs::read_to_string(path)
        .map_err(|error| format!("{} can't be read: {error}", path.display()))?;
    let schema = Schema::read(&sdl)
        .map_err(|error| format!("{} is no supergraph: {error}", path.display()))?;
    Ok(Graph::build(schema.into()))
}

/// All `.graphql` files of a folder and those in it.
fn documents(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("{} can't be read: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        // Links are not followed: a circle of them would never end.
        match entry.file_type().map_err(wrong)? {
            kind if kind.is_dir() => documents(&entry.path(), found)?,
            kind if kind.is_file()
                && entry.path().extension().is_some_and(|it| it == "graphql") =>
            {
                found.push(entry.path());
            }
            _ => {}
        }
    }
    Ok(())
}
