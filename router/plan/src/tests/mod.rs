//! Plans of a small shop, read as text and proven by the checker.

mod explanation;
mod optimal;
mod random;
mod shop;

use std::num::NonZeroU64;
use std::sync::Arc;

use graph::Graph;
use operation::{Document, Limits};
use schema::Schema;

use crate::search::Search;
use crate::{Options, Plan, PlanError, check, explain, plan};

struct Shop {
    schema: Arc<Schema>,
    graph: Graph,
}

impl Shop {
    fn open() -> Self {
        let schema = Arc::new(Schema::read(shop::SUPERGRAPH).unwrap());
        Self { graph: Graph::build(Arc::clone(&schema)), schema }
    }

    fn plan(&self, text: &str, options: &Options) -> Result<Plan, PlanError> {
        let document = Document::parse(&self.schema, text, &Limits::default()).unwrap();
        let operation = document.operation(None).unwrap().bind(&self.schema, &Default::default());
        plan(&self.graph, &operation, options)
    }

    /// The plan as text, after the checker has proven it.
    fn explained(&self, text: &str) -> String {
        let plan = self.plan(text, &Options::default()).unwrap();
        assert_eq!(check(&self.schema, &plan), Ok(()));
        explain(&self.schema, &plan)
    }
}

#[track_caller]
fn expect(operation: &str, expected: &str) {
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    };
    let found = lines(&Shop::open().explained(operation));
    let (price, fetches) = found.split_last().unwrap();
    assert!(price.starts_with("price "), "{price}");
    assert_eq!(fetches, lines(expected));
}

#[test]
fn one_subgraph_is_asked_once() {
    expect("{ products { name id } }", "1 catalog\nquery { products { __typename name id } }");
}

#[test]
fn what_another_subgraph_knows_is_fetched_by_key() {
    expect(
        "{ products { name ... on Book { stock } ... on Pen { stock } } }",
        "1 catalog
         query { products { __typename name id } }
         2 stock after 1
         for products: Book|Pen { id }
         query($representations: [_Any!]!) { _entities(representations: $representations) \
         { ... on Book { stock } ... on Pen { stock } } }",
    );
}

#[test]
fn what_a_field_requires_is_fetched_before_and_sent_along() {
    expect(
        "{ book { shipping } }",
        "1 catalog
         query { book { id weight } }
         2 stock after 1
         for book: Book { id weight }
         query($representations: [_Any!]!) { _entities(representations: $representations) \
         { ... on Book { shipping } } }",
    );
}

#[test]
fn the_worked_example_of_the_readme_is_current() {
    let readme = include_str!("../../README.md");
    let plan = Shop::open().explained("{ book { title: name stock shipping } }");
    assert!(readme.contains(plan.trim()), "{plan}");
}

#[test]
fn response_keys_of_clients_never_reach_a_subgraph() {
    expect("{ b: book { id: name } }", "1 catalog\nquery { book { name } }");
}

#[test]
fn the_same_key_with_different_arguments_is_aliased_inside() {
    expect(
        "{ book { name a: name(short: true) } }",
        "1 catalog\nquery { book { name _1_name: name(short: true) } }",
    );
}

#[test]
fn mutations_run_one_after_the_other() {
    expect(
        "mutation { a: restock(id: 1) { stock name } b: restock(id: 2) { stock } }",
        "1 stock
         mutation { restock(id: 1) { stock id } }
         2 catalog after 1
         for restock(id: 1 #a): Book { id }
         query($representations: [_Any!]!) { _entities(representations: $representations) \
         { ... on Book { name } } }
         3 stock after 2
         mutation { restock(id: 2) { stock } }",
    );
}

#[test]
fn typenames_alone_need_no_key() {
    expect("{ products { __typename } }", "1 catalog\nquery { products { __typename } }");
    assert_eq!(Shop::open().explained("{ __typename }").trim(), "no fetch");
}

#[test]
fn the_same_operation_gives_the_same_plan() {
    let text = "{ products { name ... on Book { stock shipping } } book { stock } }";
    let first = Shop::open().explained(text);
    for _ in 0..5 {
        assert_eq!(Shop::open().explained(text), first);
    }
}

#[test]
fn the_work_is_bounded() {
    let options = Options { work_budget: NonZeroU64::new(5).unwrap(), ..Options::default() };
    let error = Shop::open()
        .plan("{ products { name ... on Book { stock } ... on Pen { stock } } }", &options)
        .unwrap_err();
    assert_eq!(error, PlanError::TooComplex { budget: 5 });
}

#[test]
fn what_is_built_is_bounded_apart() {
    let shop = Shop::open();
    let work_budget = NonZeroU64::new(1_000).unwrap();
    let options = Options { work_budget, ..Options::default() };
    let mut search = Search::new(&shop.graph, &options);
    assert_eq!(search.spend(900), Ok(()));
    assert_eq!(search.count_built(900), Ok(()));
    assert_eq!(search.count_built(101), Err(PlanError::TooComplex { budget: 1_000 }));
}

#[test]
fn the_checker_finds_what_is_wrong() {
    let shop = Shop::open();
    let sound = || shop.plan("{ book { shipping } }", &Options::default()).unwrap();
    let findings = |change: fn(&mut Plan)| {
        let mut plan = sound();
        change(&mut plan);
        check(&shop.schema, &plan).unwrap_err().join("; ")
    };
    let early = findings(|plan| plan.fetches[1].after.clear());
    assert!(early.contains("nothing before it yields"), "{early}");
    let invalid = findings(|plan| plan.fetches[0].document = "query { book { no } }".into());
    assert!(invalid.contains("no"), "{invalid}");
    let missing = findings(|plan| {
        plan.fetches.pop();
    });
    assert!(missing.contains("nothing yields"), "{missing}");
}
