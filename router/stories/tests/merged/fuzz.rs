//! Fuzzing: whatever stands in an operation, it is refused or planned, the same each time, and the
//! checker accepts the plan; whatever is changed in a plan, the checker refuses it or the answer
//! stays what it was.
//!
//! `cargo test` runs some hundred cases, `cargo xtask soak fuzz` many more.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use json::{Json, Object};
use plan::{Input, Plan, Target, WireSet};
use tributary_stories::{Performance, Stage};

use crate::case::Case;

/// How many cases each test runs: `TRIBUTARY_FUZZ_CASES`, or some hundred.
fn cases() -> usize {
    let asked = std::env::var("TRIBUTARY_FUZZ_CASES").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(400)
}

/// How many supergraphs there are to fuzz with, and how many operations on each.
const SETS: (u64, usize) = (24, 6);

/// A supergraph, and operations that are valid on it.
struct Set {
    stage: Stage,
    operations: Vec<(String, Object)>,
}

/// The sets to fuzz with.
static SETS_OF_ALL: LazyLock<Vec<Set>> = LazyLock::new(|| {
    let set = |seed| {
        let (mut case, stage) = Case::throw(9_000 + seed).ok()?;
        let mut operations = Vec::new();
        for _ in 0..SETS.1 * 3 {
            let operation = case.operation(&stage, false);
            let (text, variables) = (operation.text(), operation.variables());
            if operations.len() < SETS.1 && stage.plan(&text, &variables).is_ok() {
                operations.push((text, variables));
            }
        }
        (!operations.is_empty()).then_some(Set { stage, operations })
    };
    (0..SETS.0).filter_map(set).collect()
});

/// An operation to begin with.
fn chosen(set: u8, operation: u8) -> (&'static Stage, &'static str, &'static Object) {
    let sets = &*SETS_OF_ALL;
    let set = &sets[usize::from(set) % sets.len()];
    let (text, variables) = &set.operations[usize::from(operation) % set.operations.len()];
    (&set.stage, text, variables)
}

/// Asks for a text; whether it was executed.
fn ask(stage: &Stage, text: &str, variables: &Object) -> bool {
    match stage.perform(text, variables) {
        Ok(Performance::Refused(why)) => {
            // What needs more work than there may be is refused by the planner.
            let planned = !why.starts_with("no plan") || why.contains("units of work");
            assert!(!why.is_empty() && planned, "{why}\n{text}");
            false
        }
        Ok(Performance::Played { wrong, plan, .. }) => {
            assert!(wrong.is_empty(), "{}\n{text}\n{plan}", wrong.join("\n"));
            let again = stage.plan(text, variables).expect("it was planned before");
            let told = plan::explain(stage.schema(), &again);
            assert_eq!(plan, told, "two plans for {text}");
            true
        }
        Err(why) => panic!("{why}\n{text}"),
    }
}

/// On a stack like the engine's.
fn deep(work: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(crate::STACK);
        let thread = thread.spawn_scoped(scope, work).expect("a thread can be started");
        if let Err(panic) = thread.join() {
            std::panic::resume_unwind(panic);
        }
    });
}

#[test]
fn any_bytes_are_an_operation_or_none() {
    deep(|| {
        let target = bolero::check!().with_iterations(cases()).with_type::<(u8, Vec<u8>)>();
        target.for_each(|(set, bytes)| {
            let (stage, ..) = chosen(*set, 0);
            ask(stage, &String::from_utf8_lossy(bytes), &Object::new());
        });
    });
}

/// One change of a text: what is done, where, and with what.
type Edit = (u8, u16, u16);

/// Words dropped, doubled, swapped, or taken from another operation.
fn edited(text: &str, other: &str, edits: &[Edit]) -> String {
    const MARKS: [&str; 10] = [
        "{ ",
        "} ",
        "... ",
        "$x ",
        "@skip(if: true) ",
        "(x: 2) ",
        ": ",
        "__typename ",
        "id ",
        "\"\"\" ",
    ];
    let mut words: Vec<&str> = text.split_inclusive(' ').collect();
    let others: Vec<&str> = other.split_inclusive(' ').collect();
    for (what, at, with) in edits.iter().take(2) {
        if words.is_empty() {
            break;
        }
        let (at, with) = (usize::from(*at) % words.len(), usize::from(*with));
        let second = with % words.len();
        match what % 5 {
            0 => drop(words.remove(at)),
            1 => words.insert(at, words[second]),
            2 => words.swap(at, second),
            3 => words[at] = others[with % others.len()],
            _ => words.insert(at, MARKS[with % MARKS.len()]),
        }
    }
    words.concat()
}

#[test]
fn edited_operations_are_answered_or_refused() {
    let answered = AtomicUsize::new(0);
    deep(|| {
        let target =
            bolero::check!().with_iterations(cases()).with_type::<(u8, u8, u8, Vec<Edit>)>();
        target.for_each(|(set, operation, other, edits)| {
            let (stage, text, variables) = chosen(*set, *operation);
            let (_, other, _) = chosen(*set, *other);
            let text = edited(text, other, edits);
            answered.fetch_add(usize::from(ask(stage, &text, variables)), Ordering::Relaxed);
        });
    });
    let answered = answered.into_inner();
    assert!(answered * 50 > cases(), "too few cases are answered: {answered}");
}

#[test]
fn changed_plans_are_refused_or_answer_the_same() {
    let refused = AtomicUsize::new(0);
    deep(|| {
        let target = bolero::check!().with_iterations(cases()).with_type::<(u8, u8, Edit)>();
        target.for_each(|(set, operation, edit)| {
            let (stage, text, variables) = chosen(*set, *operation);
            let plan = stage.plan(text, variables).expect("it was planned before");
            let mut changed = plan.clone();
            if !change(&mut changed, *edit) {
                return;
            }
            if plan::check(stage.schema(), &changed).is_err() {
                refused.fetch_add(1, Ordering::Relaxed);
                return;
            }
            let (right, _) = stage.run((text, variables), &plan).expect("it is valid");
            let (found, wrong) = stage.run((text, variables), &changed).expect("it is valid");
            let data = |answer: &Json| answer.get("data").map(ToString::to_string);
            assert!(
                data(&right) == data(&found) && wrong.is_empty(),
                "the checker accepts what answers otherwise:\n{edit:?} {text}{}\n{}\n{wrong:?}\n{right}\n{found}",
                plan::explain(stage.schema(), &plan),
                plan::explain(stage.schema(), &changed),
            );
        });
    });
    let refused = refused.into_inner();
    assert!(refused * 4 > cases(), "too few changes are refused: {refused}");
}

/// Changes something of a plan that should matter; false when there is nothing of the kind.
fn change(plan: &mut Plan, (what, at, with): Edit) -> bool {
    let count = plan.fetches.len();
    if count == 0 {
        return false;
    }
    let (at, with) = (usize::from(at) % count, usize::from(with));
    let other = with % count;
    match what % 8 {
        // A fetch that waits for nothing.
        0 => !std::mem::take(&mut plan.fetches[at].after).is_empty(),
        // Two fetches that ask each other's subgraphs.
        1 => {
            let (one, two) = (plan.fetches[at].subgraph, plan.fetches[other].subgraph);
            (plan.fetches[at].subgraph, plan.fetches[other].subgraph) = (two, one);
            one != two
        }
        // A fetch less; nobody waits for it.
        2 => {
            plan.fetches.remove(at);
            for fetch in &mut plan.fetches {
                fetch.after.retain(|before| *before != at);
                fetch.after.iter_mut().filter(|before| **before > at).for_each(|it| *it -= 1);
            }
            true
        }
        3 => plan.fetches[at].parts.pop().is_some(),
        4 => word_less(&mut plan.fetches[at].document, with),
        5 => {
            let part = with % plan.fetches[at].parts.len();
            wire_less(&mut plan.fetches[at].parts[part].selection, with)
        }
        6 => {
            let part = with % plan.fetches[at].parts.len();
            match &mut plan.fetches[at].parts[part].target {
                Target::Root { path } => path.pop().is_some(),
                Target::Entities { path, inputs, .. } => match with % 2 {
                    0 => path.pop().is_some(),
                    _ => input_less(inputs, with),
                },
            }
        }
        _ => {
            let (one, two) = (at.min(other), at.max(other));
            plan.fetches.swap(one, two);
            one != two
        }
    }
}

/// Takes the last word without a brace off a document, as long as it is not all that is selected.
fn word_less(document: &mut String, with: usize) -> bool {
    let words: Vec<&str> = document.split(' ').collect();
    let plain = |word: &&str| word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let candidates: Vec<usize> = (1..words.len().saturating_sub(1))
        .filter(|at| plain(&words[*at]) && plain(&words[at - 1]) && words[at + 1] != "{")
        .filter(|at| !["on", "query", "mutation"].contains(&words[at - 1]))
        .collect();
    if candidates.is_empty() {
        return false;
    }
    let mut words = words;
    words.remove(candidates[with % candidates.len()]);
    *document = words.join(" ");
    true
}

/// Leaves a field of an answer unread.
fn wire_less(set: &mut WireSet, with: usize) -> bool {
    if set.fields.is_empty() {
        return false;
    }
    let at = with % set.fields.len();
    match &mut set.fields[at].selection {
        Some(below) if !with.is_multiple_of(3) && !below.fields.is_empty() => {
            wire_less(below, with / 3)
        }
        _ => {
            set.fields.remove(at);
            true
        }
    }
}

/// Leaves out how some objects are represented, or something of it.
fn input_less(inputs: &mut Vec<Input>, with: usize) -> bool {
    let at = with % inputs.len().max(1);
    match inputs.get_mut(at) {
        Some(input) if !input.requires.is_empty() => input.requires.pop().is_some(),
        Some(_) => {
            inputs.remove(at);
            true
        }
        None => false,
    }
}
