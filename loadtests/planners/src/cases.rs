//! What is planned: supergraphs with operations.

use std::fs;
use std::path::{Path, PathBuf};

use compose::SubgraphSource;
use json::Object;
use operation::{Document, Limits};
use schema::Schema;
use tributary_stories::Dice;

use crate::operations::{Arguments, Operation};
use crate::world::World;
use crate::{sdl, wide};

/// An operation over a supergraph.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) supergraph: String,
    pub(crate) operation: String,
    pub(crate) operation_name: Option<String>,
    pub(crate) variables: Object,
}

/// Cases that are told together.
pub(crate) struct Set {
    pub(crate) title: String,
    pub(crate) cases: Vec<Case>,
}

/// The folders of our own supergraphs: each has the schemas of its subgraphs, and operations.
const OWN: [&str; 5] = ["demo", "benchmark", "shop", "media", "travel"];

/// Our own operations over five supergraphs.
pub(crate) fn own() -> Result<Vec<Case>, String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut cases = Vec::new();
    for name in OWN {
        let folder = here.join("sets").join(name);
        let supergraph = match name {
            "demo" => read(&here.join("../../supergraph.graphql"))?,
            "benchmark" => compose(&here.join("../benchmark"))?,
            _ => compose(&folder)?,
        };
        let text = read(&folder.join("operations.graphql"))?;
        cases.extend(operations(name, &supergraph, &text)?);
    }
    Ok(cases)
}

/// Each operation of a document.
fn operations(of: &str, supergraph: &str, text: &str) -> Result<Vec<Case>, String> {
    let schema = Schema::read(supergraph).map_err(|error| format!("{of}: {error}"))?;
    let document = Document::parse(&schema, text, &Limits::default())
        .map_err(|errors| format!("{of}: {}", errors[0].message))?;
    let case = |name: Option<String>| Case {
        name: format!("{of} {}", name.as_deref().unwrap_or_default()),
        supergraph: supergraph.to_owned(),
        operation: text.to_owned(),
        operation_name: name,
        variables: Object::new(),
    };
    Ok(document.operation_names().into_iter().map(case).collect())
}

/// Composes the subgraphs of a folder: every schema but `operation.graphql` and
/// `operations.graphql`.
fn compose(folder: &Path) -> Result<String, String> {
    let mut sources = Vec::new();
    for file in files(folder)? {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let is_schema = file.extension().is_some_and(|extension| extension == "graphql");
        if is_schema && !name.starts_with("operation") {
            sources.push((name, read(&file)?));
        }
    }
    composed(sources)
}

/// Composes subgraphs of names and schemas.
pub(crate) fn composed(sources: Vec<(String, String)>) -> Result<String, String> {
    let source = |(name, sdl): (String, String)| SubgraphSource {
        url: format!("http://{name}.example/graphql"),
        file: format!("{name}.graphql"),
        name,
        sdl,
    };
    let sources: Vec<SubgraphSource> = sources.into_iter().map(source).collect();
    let composed = compose::compose(&sources, &compose::Options::default());
    composed.map(|supergraph| supergraph.sdl).map_err(|report| report.to_string())
}

/// Generated operations: over supergraphs of every feature, and over ones in which many subgraphs
/// share many fields, in turns.
pub(crate) fn generated(seed: u64, count: usize) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    for number in seed.. {
        if cases.len() >= count {
            break;
        }
        let features = number % 2 == 0;
        let thrown = if features { of_every_feature(number) } else { shared(number) };
        // What is thrown may be wrong, as what people write.
        let Some((supergraph, operation, variables)) = thrown else { continue };
        let name = format!("seed {number} {}", if features { "features" } else { "shared" });
        let Ok(schema) = Schema::read(&supergraph) else { continue };
        if Document::parse(&schema, &operation, &Limits::default()).is_err() {
            continue;
        }
        cases.push(Case { name, supergraph, operation, operation_name: None, variables });
    }
    Ok(cases)
}

/// A supergraph, an operation and its variables.
type Thrown = (String, String, Object);

fn of_every_feature(seed: u64) -> Option<Thrown> {
    (0..TRIES).find_map(|attempt| {
        let mut dice = Dice::new(seed.wrapping_mul(TRIES).wrapping_add(attempt));
        let world = World::throw(&mut dice);
        let source = |at: usize| (world.subgraphs[at].name.to_owned(), sdl::sdl(&world, at));
        let has_types = |sdl: &str| sdl.contains("\ntype ") || sdl.contains("extend type");
        let sources = (0..world.subgraphs.len()).map(source).filter(|(_, sdl)| has_types(sdl));
        let supergraph = composed(sources.collect()).ok()?;
        let schema = Schema::read(&supergraph).ok()?;
        let fields = world.types.iter().flat_map(|ty| &ty.fields);
        let arguments: Arguments<'_> =
            fields.map(|field| (field.name.as_str(), field.arguments.as_slice())).collect();
        let operation = Operation::throw(&mut dice, &schema, &arguments, false);
        Some((supergraph, operation.text(), operation.variables()))
    })
}

/// How many worlds are thrown until one composes.
const TRIES: u64 = 12;

fn shared(seed: u64) -> Option<Thrown> {
    let mut dice = Dice::new(seed);
    let wide = wide::Wide::throw(&mut dice);
    let supergraph = composed(wide.subgraphs()).ok()?;
    Some((supergraph, wide.operation(&mut dice), Object::new()))
}

/// The files of a folder and of those below it.
pub(crate) fn public(folder: &Path) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    let (supergraph, operation) =
        (folder.join("supergraph.graphql"), folder.join("operation.graphql"));
    if supergraph.exists() && operation.exists() {
        cases.push(one(&supergraph, &operation)?);
    }
    for below in files(folder)?.into_iter().filter(|path| path.is_dir()) {
        cases.extend(public(&below)?);
    }
    Ok(cases)
}

/// One operation; of a document with several, the first.
pub(crate) fn one(supergraph: &Path, operation: &Path) -> Result<Case, String> {
    let folder = operation.parent().and_then(Path::file_name).unwrap_or_default();
    let supergraph = read(supergraph)?;
    let mut cases = operations(&folder.to_string_lossy(), &supergraph, &read(operation)?)?;
    if cases.is_empty() { Err("no operation".to_owned()) } else { Ok(cases.remove(0)) }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(wrong)? {
        files.push(entry.map_err(wrong)?.path());
    }
    files.sort();
    Ok(files)
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}
