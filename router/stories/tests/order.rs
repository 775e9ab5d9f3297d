//! A plan depends on what is composed and asked, and on nothing else: neither on the order in which
//! subgraphs are given, nor on the thread that plans.

use std::path::Path;
use std::sync::Arc;

use tributary_stories::{Book, Part, Stage};

/// How many threads plan the same at once.
const THREADS: usize = 4;

#[test]
fn plans_are_the_same_to_the_byte_in_any_order_and_on_any_thread() {
    let book = Book::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the stories are there");
    let mut plans = 0;
    for name in book.names() {
        let story = book.story(name).expect("a story can be read");
        let mut parts = story.parts();
        if parts.is_empty() {
            continue;
        }
        let first = planned(&parts, &story.operations());
        for turn in 0..parts.len().min(3) {
            // Two orders that differ in who comes first and in who comes after whom.
            parts.rotate_left(1);
            if turn == 1 {
                parts.reverse();
            }
            let other = planned(&parts, &story.operations());
            assert!(first == other, "{name}: the order of subgraphs changes a plan");
        }
        plans += first.len();
    }
    assert!(plans > 100, "only {plans} plans were compared");
}

/// The plans of operations, or why there is none; each made by several threads at once.
fn planned(parts: &[Part<'_>], operations: &[(&str, json::Object)]) -> Vec<String> {
    let stage = Arc::new(Stage::set(parts, None).expect("the subgraphs compose"));
    let plan = |operation: &str, variables: &json::Object| {
        let plan = stage.plan(operation, variables);
        plan.map_or_else(|why| why, |plan| format!("{plan:?}"))
    };
    let one = |(operation, variables): &(&str, json::Object)| {
        std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..THREADS).map(|_| scope.spawn(|| plan(operation, variables))).collect();
            let mut plans =
                threads.into_iter().map(|thread| thread.join().expect("planning does not panic"));
            let first = plans.next().expect("invariant: there are threads");
            plans.for_each(|other| assert!(first == other, "{operation}: the thread matters"));
            first
        })
    };
    operations.iter().map(one).collect()
}
