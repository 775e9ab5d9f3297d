//! What is called optimal is: compared with every combination of choices, and with plans over less, on
//! random supergraphs.

use std::sync::Arc;

use graph::Graph;
use operation::{Document, Limits};
use schema::Schema;

use super::random::{Dice, World};
use crate::best::oracle;
use crate::{Options, Plan, PlanError, Weights, check, explain, plan, price};

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

/// Whatever a plan is over a supergraph with a key less, or in which a subgraph less has a field, it is
/// a plan over the whole: another way into a subgraph, another subgraph on the way, another choice.
#[test]
fn what_is_the_least_is_no_dearer_than_any_plan_over_less() {
    let (mut compared, mut proven) = (0, 0);
    for seed in 1..=CASES / 2 {
        let mut dice = Dice::new(seed);
        let world = World::throw(&mut dice);
        let text = world.operation(&mut dice, 9);
        let Some(whole) = planned(&world.supergraph, &text) else { continue };
        proven += u64::from(whole.optimal);
        let found = price(&whole).thousandths();
        for less in lessened(&world.supergraph) {
            let Some(other) = planned(&less, &text) else { continue };
            let other = price(&other).thousandths();
            let told = format!("seed {seed}: {found} - {} > {other}\n{less}\n{text}", whole.gap);
            assert!(found - whole.gap <= other, "{told}");
            compared += 1;
        }
    }
    println!("{compared} compared, {proven} proven");
    assert!(compared > 2 * CASES && proven > CASES / 8, "{compared} {proven}");
}

fn planned(supergraph: &str, text: &str) -> Option<Plan> {
    let schema = Arc::new(Schema::read(supergraph).ok()?);
    let graph = Graph::build(Arc::clone(&schema));
    let document = Document::parse(&schema, text, &Limits::default()).ok()?;
    let operation = document.operation(None).ok()?.bind(&schema, &Default::default());
    plan(&graph, &operation, &Options::default()).ok()
}

/// The supergraph without one of the keys that a subgraph has for a type, or without one of the
/// subgraphs that have a field.
fn lessened(supergraph: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in supergraph.split_inclusive('\n') {
        for mark in [" @join__type(graph: ", " @join__field(graph: "] {
            let of = |at: usize| line[at + mark.len()..].split([',', ')']).next();
            let places: Vec<usize> = line.match_indices(mark).map(|(at, _)| at).collect();
            for at in &places {
                let same = places.iter().filter(|other| of(**other) == of(*at)).count();
                let others = if mark.contains("type") { same } else { places.len() };
                let Some(end) = line[*at..].find(')').filter(|_| others > 1) else { continue };
                let (from, to) = (start + at, start + at + end + 1);
                found.push(format!("{}{}", &supergraph[..from], &supergraph[to..]));
            }
        }
        start += line.len();
    }
    found
}

/// Weights of some subgraphs and of some fields in them.
fn weights(schema: &Schema, dice: &mut Dice) -> Weights {
    let mut weights = Weights::default();
    for (subgraph, _) in schema.subgraphs() {
        if dice.below(2) == 0 {
            weights.requests.push((subgraph, 100 * (1 + dice.below(30)) as u32));
        }
        let fields = schema.fields().filter(|(_, field)| field.join(subgraph).is_some());
        for (field, _) in fields.collect::<Vec<_>>() {
            if dice.below(5) == 0 {
                weights.fields.push(((subgraph, field), 1_000 * (1 + dice.below(60)) as u64));
            }
        }
    }
    weights
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
    let weights =
        if seed.is_multiple_of(3) { weights(&schema, &mut dice) } else { Weights::default() };
    let options = Options { weights, ..Options::default() };
    let planned = match plan(&graph, &operation, &options) {
        Ok(planned) => planned,
        Err(PlanError::Unreachable { .. }) => return,
        Err(error) => panic!("{error}\n{}", told()),
    };
    let plan_text = || format!("{}\n{}", told(), explain(&schema, &planned));
    assert_eq!(check(&schema, &planned), Ok(()), "{}", plan_text());
    let answer = crate::answer(&operation);
    let all = |divide| oracle::least(&graph, &operation, &answer, (&options, FREE_CHOICES, divide));
    let Some(((least, plans), (divided, _))) = all(false).zip(all(true)) else { return };
    let found = price(&planned).thousandths();
    let any = least.min(divided);
    assert!(found >= any, "the oracle missed a plan: {found} < {any}\n{}", plan_text());
    assert!(!planned.optimal || found <= least, "{found} > {least}\n{}", plan_text());
    assert!(found - planned.gap <= least, "the gap is too small: {least}\n{}", plan_text());
    tally.compared += 1;
    tally.free += u64::from(plans > 1);
    tally.proven += u64::from(planned.optimal);
    tally.least += u64::from(found == any);
    tally.above += found - any;
    tally.worst = tally.worst.max(found - any);
}
