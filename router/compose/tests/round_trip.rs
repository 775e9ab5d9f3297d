//! There and back: subgraphs taken out of a supergraph compose to the same supergraph.

use std::fs;
use std::path::Path;

use schema::Schema;
use tributary_compose::{Options, SubgraphSource, compose};

/// Sets of the corpus that use what a supergraph does not tell of each subgraph: custom and
/// executable directives, what stands on the schema, and which implementation guards what an interface object guards.
const UNTOLD: &[&str] = &[
    "compose",
    "directive",
    "on_the_schema",
    "auth_of_an_interface_object_reaches_implementations",
];

fn sources(folder: &Path) -> Vec<SubgraphSource> {
    let files = fs::read_dir(folder).expect("the set is a folder");
    let files = files.map(|entry| entry.expect("the folder can be read").path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "graphql"))
        .map(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let sdl = fs::read_to_string(&path).expect("the file can be read");
            SubgraphSource { url: format!("http://{name}"), sdl, file: name.clone(), name }
        })
        .collect()
}

/// The lines, the directives in each, and no spaces: neither order nor layout means anything.
fn sorted(sdl: &str) -> Vec<Vec<String>> {
    let line = |line: &str| {
        let part = |part: &str| part.chars().filter(|c| !c.is_whitespace()).collect();
        let mut parts: Vec<String> = line.split(" @").map(part).collect();
        parts.sort_unstable();
        parts
    };
    let mut lines: Vec<Vec<String>> = sdl.lines().map(line).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn subgraphs_taken_out_compose_to_the_same_supergraph() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut count = 0;
    let mut wrong = Vec::new();
    for entry in fs::read_dir(corpus).expect("the corpus is a folder") {
        let folder = entry.expect("the folder can be read").path();
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if UNTOLD.iter().any(|word| name.contains(word)) {
            continue;
        }
        let Ok(first) = compose(&sources(&folder), &Options::default()) else { continue };
        let schema = Schema::inspect(&first.sdl).expect("what was composed can be read");
        let again: Vec<SubgraphSource> = schema
            .subgraphs()
            .map(|(id, subgraph)| SubgraphSource {
                name: subgraph.name.clone(),
                url: subgraph.url.clone(),
                sdl: schema.subgraph_sdl(id),
                file: subgraph.name.clone(),
            })
            .collect();
        count += 1;
        match compose(&again, &Options::default()) {
            // The order of fields comes from subgraphs that had them once.
            Ok(second) if sorted(&second.sdl) == sorted(&first.sdl) => {}
            Ok(second) => {
                let pairs = first.sdl.lines().zip(second.sdl.lines());
                let differ = pairs.filter(|(a, b)| a != b).map(|(a, b)| format!("- {a}\n+ {b}"));
                wrong.push(format!("{name}:\n{}", differ.take(5).collect::<Vec<_>>().join("\n")));
            }
            Err(report) => wrong.push(format!("{name}: {}", report.render(false))),
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 90, "only {count} sets");
}

/// Taken out again, such a condition is gone; so this is no set of the corpus.
#[test]
fn a_condition_on_a_type_that_there_is_not_is_read_back() {
    let link = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", \
                import: [\"@key\", \"@external\", \"@requires\"])\n";
    let requires = "type T @key(fields: \"id\") { id: ID q: Int @external \
                    x: Int @requires(fields: \"q ... on Foo { q }\") }";
    let texts = [
        ("a", requires),
        ("b", "type Query { t: T } type T @key(fields: \"id\") { id: ID q: Int }"),
    ];
    let source = |(name, text): (&str, &str)| SubgraphSource {
        name: name.into(),
        url: format!("http://{name}"),
        sdl: format!("{link}{text}"),
        file: format!("{name}.graphql"),
    };
    let supergraph = compose(&texts.map(source), &Options::default()).unwrap().sdl;
    assert!(supergraph.contains("on Foo { q }"));
    Schema::inspect(&supergraph).unwrap();
}
