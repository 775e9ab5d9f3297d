//! Measures planning: `measure SUPERGRAPH OPERATION [RUNS]` prints fetches, waves, price and time.

use std::sync::Arc;
use std::time::Instant;

use graph::Graph;
use operation::{Document, Limits};
use schema::Schema;
use tributary_plan as plan;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let read = |at: usize| std::fs::read_to_string(&args[at]).expect("the file can be read");
    let runs: usize = args.get(2).and_then(|runs| runs.parse().ok()).unwrap_or(50);
    let schema = Arc::new(Schema::read(&read(0)).expect("a supergraph"));
    let graph = Graph::build(Arc::clone(&schema));
    let document = Document::parse(&schema, &read(1), &Limits::default()).expect("valid");
    let operation = document.operation(None).expect("one").bind(&schema, &Default::default());
    let options = plan::Options::default();
    let mut times = Vec::new();
    for _ in 0..runs {
        let start = Instant::now();
        let plan = plan::plan(&graph, &operation, &options).expect("a plan");
        times.push(start.elapsed());
        std::hint::black_box(plan);
    }
    let first = times[0];
    times.sort();
    let plan = plan::plan(&graph, &operation, &options).expect("a plan");
    if std::env::var("PLAN").is_ok() {
        print!("{}", plan::explain(&schema, &plan));
    }
    let mut waves: Vec<usize> = Vec::new();
    for fetch in &plan.fetches {
        waves.push(fetch.after.iter().map(|at| waves[*at] + 1).max().unwrap_or_default());
    }
    println!(
        "{} fetches, {} waves, first {first:?}, median {:?}, least {:?}",
        plan.fetches.len(),
        waves.iter().max().map_or(0, |last| last + 1),
        times[times.len() / 2],
        times[0],
    );
}
