//! What is called optimal is: compared with every combination of choices, on random supergraphs.

use std::sync::Arc;

use graph::Graph;
use operation::{Document, Limits};
use schema::Schema;

use super::random::{Dice, World};
use crate::best::oracle;
use crate::{Options, PlanError, check, explain, plan, price};

/// How many random operations are compared, unless `TRIBUTARY_ORACLE_CASES` says otherwise.
const CASES: u64 = 80;
/// What the oracle is asked for at most.
const FREE_CHOICES: usize = 12;

#[derive(Default, Debug)]
struct Tally {
    compared: u64,
    free: u64,
    proven: u64,
    least: u64,
    above: u64,
    worst: u64,
}

#[test]
fn what_is_called_optimal_has_the_least_price_of_all() {
    let cases = std::env::var("TRIBUTARY_ORACLE_CASES").ok().and_then(|text| text.parse().ok());
    let mut tally = Tally::default();
    for seed in 1..=cases.unwrap_or(CASES) {
        compare(seed, &mut tally);
    }
    println!("{tally:?}");
    assert!(tally.compared > cases.unwrap_or(CASES) / 3, "{tally:?}");
}

fn compare(seed: u64, tally: &mut Tally) {
    let mut dice = Dice::new(seed);
    let world = World::throw(&mut dice);
    let schema = Arc::new(Schema::read(&world.supergraph).unwrap());
    let graph = Graph::build(Arc::clone(&schema));
    let text = world.operation(&mut dice, 9);
    let told = || format!("seed {seed}\n{}\n{text}", world.supergraph);
    let document = Document::parse(&schema, &text, &Limits::default())
        .unwrap_or_else(|errors| panic!("{errors:?}\n{}", told()));
    let operation = document.operation(None).unwrap().bind(&schema, &Default::default());
    let planned = match plan(&graph, &operation, &Options::default()) {
        Ok(planned) => planned,
        Err(PlanError::Unreachable { .. }) => return,
        Err(error) => panic!("{error}\n{}", told()),
    };
    let plan_text = || format!("{}\n{}", told(), explain(&schema, &planned));
    assert_eq!(check(&schema, &planned), Ok(()), "{}", plan_text());
    let answer = crate::answer(&operation);
    let Some((least, plans)) = oracle::least(&graph, &operation, &answer, FREE_CHOICES) else {
        return;
    };
    let found = price(&planned).thousandths();
    assert!(found >= least, "the oracle missed a plan: {found} < {least}\n{}", plan_text());
    assert!(!planned.optimal || found == least, "{found} > {least}\n{}", plan_text());
    assert!(found - planned.gap <= least, "the gap is too small: {least}\n{}", plan_text());
    tally.compared += 1;
    tally.free += u64::from(plans > 1);
    tally.proven += u64::from(planned.optimal);
    tally.least += u64::from(found == least);
    tally.above += found - least;
    tally.worst = tally.worst.max(found - least);
}
