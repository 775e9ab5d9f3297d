//! What is said of a plan to people.

use std::sync::Arc;

use graph::Graph;
use operation::{Document, Limits};
use schema::Schema;

use super::shop::SUPERGRAPH;
use crate::{
    Actual, Explanation, Hints, Observed, Options, Plan, PlanError, Written, plan_by_hints,
};

/// A shop in which the stock knows the names of books as well.
fn shop() -> Graph {
    let shared = "name(short: Boolean): String @join__field(graph: CATALOG) \
                  @join__field(graph: STOCK)\n  weight";
    let sdl = SUPERGRAPH.replacen(
        "name(short: Boolean): String @join__field(graph: CATALOG)\n  weight",
        shared,
        1,
    );
    assert!(sdl != SUPERGRAPH, "the shop has changed");
    Graph::build(Arc::new(Schema::read(&sdl).expect("the shop is a supergraph")))
}

fn explained(graph: &Graph, text: &str) -> (Plan, Explanation) {
    let (plan, told, left_out) = hinted(graph, text, Hints::default());
    assert_eq!(left_out, None);
    (plan, told)
}

fn hinted(graph: &Graph, text: &str, hints: Hints) -> (Plan, Explanation, Option<PlanError>) {
    let schema = graph.schema();
    let document = Document::parse(schema, text, &Limits::default()).expect("it is valid");
    let request = document.operation(None).expect("there is one");
    let operation = request.bind(schema, &Default::default());
    let Hints { avoided, weights, disabled } = hints;
    let options = Options { avoided, weights, disabled, ..Options::default() };
    let (plan, left_out) = plan_by_hints(graph, &operation, &options).expect("it can be planned");
    let lists = operation::Lists { size: 10, observed: None, by_arguments: true };
    let sizes = operation::sizes(schema, &Default::default(), lists, &plan.answer);
    let told = Explanation::of(graph, &operation, &plan, &options, &sizes);
    (plan, told, left_out)
}

#[test]
fn a_chain_is_explained() {
    let graph = shop();
    let (plan, mut told) = explained(&graph, "{ book { name shipping } }");
    let expected = "\
price 201.25: 2 requests in 2 waves, 1 entity, 5 fields; proven to be the least
201.25 where lists are as long as estimated: 1 object entered, 5 fields read
(a request counts 50, a wave 50, an object entered 1, a field 0.05)

requests (* marks those that the whole waits for)
  * 1 catalog
      query { book { name id weight } }
      estimate: 1 call, about 72 bytes, 10 ms assumed
    * 2 stock after 1
        for book: Book { id weight }
        query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Book { shipping } } }
        estimate: 1 call, 1 entity, about 26 bytes, 10 ms assumed

where the time goes: 20 ms
  0 to 10 ms: 1 catalog
  10 to 20 ms: 2 stock

other choices
  Book.name from stock instead of catalog: 201.25, the same price (the same work)

what could be changed
  2 stock waits because shipping requires `weight`: a subgraph that resolves these itself, or a copy of them in stock, saves the wait
";
    assert_eq!(told.text(graph.schema(), &plan), expected);
    let took = Actual { calls: 1, bytes: 60, milliseconds: 2.5, ..Actual::default() };
    let failed = Actual {
        calls: 1,
        entities: 3,
        distinct: 1,
        sent: 2.5,
        milliseconds: 4.0,
        error: Some("SUBGRAPH_TIMEOUT".to_owned()),
        ..Actual::default()
    };
    told.actual = Some(vec![took, failed]);
    let text = told.text(graph.schema(), &plan);
    for line in [
        "      actual:   1 call, 60 bytes, 2.5 ms from 0.0 ms on\n",
        "        actual:   1 call, 3 entities (1 distinct), 0 bytes, 4.0 ms from 2.5 ms on, failed: \
         SUBGRAPH_TIMEOUT\n",
        "where the time goes: 6.5 ms\n  0 to 2.5 ms: 1 catalog\n  2.5 to 6.5 ms: 2 stock\n",
    ] {
        assert!(text.contains(line), "no {line:?} in\n{text}");
    }
    let json = told.to_json(graph.schema(), &plan);
    assert_eq!(json["fetches"][1]["estimate"]["entities"], 1);
    assert_eq!(json["fetches"][1]["actual"]["error"], "SUBGRAPH_TIMEOUT");
    assert_eq!(json["alternatives"][0]["more"], 0);
}

#[test]
fn what_another_choice_costs_is_told() {
    let graph = shop();
    let (plan, told) = explained(&graph, "{ book { name } }");
    let text = told.text(graph.schema(), &plan);
    let line = "  Book.name from stock instead of catalog: 201.15, 101.05 dearer (1 more request, 1 more \
                wave, 1 more entity, 1 more field)\n";
    assert!(text.contains(line), "{text}");
    assert!(!text.contains("what could be changed"), "{text}");
    let (plan, told) = explained(&graph, "{ __typename }");
    assert_eq!(told.text(graph.schema(), &plan), "No subgraph is asked.\n");
}

#[test]
fn lists_are_estimated_by_their_size() {
    let graph = shop();
    let (plan, told) = explained(&graph, "{ products { ... on Book { stock } } }");
    let entities: Vec<u64> = told.estimates.iter().map(|estimate| estimate.entities).collect();
    let text = told.text(graph.schema(), &plan);
    assert_eq!(entities, [0, 10], "{text}");
    let line = "211.55 where lists are as long as estimated: 10 objects entered, 31 fields read\n";
    assert!(text.contains(line), "{text}");
    let json = told.to_json(graph.schema(), &plan);
    assert_eq!(json["price_with_lists"]["entities"], 10);
    assert_eq!(json["fetches"][0]["critical"], true);
    assert_eq!(json["milliseconds"], 20.0);
}

#[test]
fn time_goes_where_subgraphs_are_slow() {
    let graph = shop();
    let (plan, told) = explained(&graph, "{ book { name shipping } }");
    let subgraph =
        |name| graph.schema().subgraphs().find(|(_, known)| known.name == name).unwrap().0;
    let milliseconds = vec![(subgraph("stock"), 42.0)];
    let observed = Some(Observed { epoch: None, milliseconds });
    let told = Explanation { observed, assumed: 2.5, ..told };
    let text = told.text(graph.schema(), &plan);
    for line in [
        "about 72 bytes, 2.5 ms assumed\n",
        "about 26 bytes, 42 ms\n",
        "where the time goes: 44.5 ms\n  0 to 2.5 ms: 1 catalog\n  2.5 to 44.5 ms: 2 stock\n",
    ] {
        assert!(text.contains(line), "no {line:?} in\n{text}");
    }
    let json = told.to_json(graph.schema(), &plan);
    let estimates = [&json["fetches"][0]["estimate"], &json["fetches"][1]["estimate"]];
    assert_eq!(estimates.map(|it| it["assumed"] == true), [true, false]);
    assert_eq!(json["milliseconds"], 44.5);
}

#[test]
fn a_disabled_subgraph_is_planned_around_or_named() {
    let graph = shop();
    let disable = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|it| (*it).to_owned()).collect();
        Hints::read(&graph, Written { disable: &names, ..Written::default() })
    };
    let why = disable(&["shelf"]).unwrap_err();
    assert!(why.contains("\"shelf\" names no subgraph; there are catalog, stock"), "{why}");
    let hints = disable(&["stock"]).unwrap();
    let (plan, told, _) = hinted(&graph, "{ book { name } }", hints.clone());
    let text = told.text(graph.schema(), &plan);
    assert!(text.contains("stock is disabled: it is not asked for anything\n"), "{text}");
    assert!(!text.contains("other choices"), "{text}");
    let Hints { disabled, .. } = hints;
    let schema = graph.schema();
    let document = Document::parse(schema, "{ book { stock } }", &Limits::default()).unwrap();
    let operation = document.operation(None).unwrap().bind(schema, &Default::default());
    let options = Options { disabled, ..Options::default() };
    let refused = plan_by_hints(&graph, &operation, &options).unwrap_err();
    let (coordinate, subgraphs) = ("Book.stock".to_owned(), vec!["stock".to_owned()]);
    assert_eq!(refused, PlanError::Disabled { coordinate, subgraphs });
}

fn hints(graph: &Graph, avoid: &[&str], pin: &[&str]) -> Result<Hints, String> {
    let texts = |all: &[&str]| -> Vec<String> { all.iter().map(|it| (*it).to_owned()).collect() };
    Hints::read(graph, Written { avoid: &texts(avoid), pin: &texts(pin), ..Written::default() })
}

fn weights(graph: &Graph, weigh: &[&str]) -> Result<Hints, String> {
    let weigh: Vec<String> = weigh.iter().map(|it| (*it).to_owned()).collect();
    Hints::read(graph, Written { weigh: &weigh, ..Written::default() })
}

#[test]
fn hints_take_choices_away() {
    let graph = shop();
    for hints in
        [hints(&graph, &["Book.name@catalog"], &[]), hints(&graph, &[], &["Book.name@stock"])]
    {
        let hints = hints.expect("it makes sense");
        let (plan, told, left_out) = hinted(&graph, "{ book { name } }", hints);
        let text = told.text(graph.schema(), &plan);
        assert!(text.contains("by a hint, Book.name is not taken from catalog\n"), "{text}");
        assert!(text.contains("* 2 stock after 1\n") && !text.contains("other choices"), "{text}");
        assert_eq!(left_out, None);
    }
}

#[test]
fn a_hint_counts_for_the_types_that_it_names() {
    // Both kinds of products have their names in both subgraphs, and are treated alike without hints.
    let alone = "name(short: Boolean): String @join__field(graph: CATALOG)\n";
    let shared =
        "name(short: Boolean): String @join__field(graph: CATALOG) @join__field(graph: STOCK)\n";
    let sdl = SUPERGRAPH.replace(alone, shared);
    let graph = Graph::build(Arc::new(Schema::read(&sdl).unwrap()));
    let text = "{ products { name } }";
    for (hint, documents) in [
        ("Book.name@catalog", ["... on Pen { name }", "... on Book { name }"]),
        ("Pen.name@catalog", ["... on Book { name }", "... on Pen { name }"]),
        ("Product.name@catalog", ["id", "... on Pen { name }"]),
    ] {
        let (plan, told, left_out) = hinted(&graph, text, hints(&graph, &[hint], &[]).unwrap());
        let page = told.text(graph.schema(), &plan);
        assert_eq!(left_out, None, "{hint}: {page}");
        assert_eq!(plan.fetches.len(), 2, "{hint}: {page}");
        for (fetch, part) in plan.fetches.iter().zip(documents) {
            assert!(fetch.document.contains(part), "{hint}: {page}");
        }
    }
    // Dear enough, the hop to the stock is cheaper, for one kind as for the other.
    for name in ["Book", "Pen"] {
        let (plan, _, _) =
            hinted(&graph, text, weights(&graph, &[&format!("{name}.name@catalog=500")]).unwrap());
        assert_eq!(plan.fetches.len(), 2, "{name}");
        assert!(plan.fetches[1].document.contains(&format!("... on {name} {{ name }}")), "{name}");
    }
}

#[test]
fn hints_that_leave_no_way_are_left_out() {
    let graph = shop();
    // The stock needs the weight for the shipping, and nobody else has it.
    let hints = hints(&graph, &[], &["Book.name@stock"]).unwrap();
    let weight = graph.schema().type_by_name("Book").unwrap();
    let weight = graph.schema().ty(weight).fields["weight"];
    let catalog = hints.avoided[0].0;
    let all = Hints { avoided: vec![(catalog, weight)], ..Hints::default() };
    let (plan, _, left_out) = hinted(&graph, "{ book { shipping } }", all);
    assert_eq!(plan.fetches.len(), 2);
    assert!(matches!(left_out, Some(PlanError::Unreachable { .. })), "{left_out:?}");
}

#[test]
fn hints_that_make_no_sense_are_refused() {
    let graph = shop();
    for (avoid, pin, why) in [
        (&["Book.name"][..], &[][..], "is not written as Type.field@subgraph"),
        (&["name@stock"], &[], "is not written as Type.field@subgraph"),
        (&["Book.name@shelf"], &[], "there are catalog, stock"),
        (&["Bok.name@stock"], &[], "there is no type `Bok`"),
        (&["Book.title@stock"], &[], "there is no field `Book.title`"),
        (&["Book.weight@stock"], &[], "stock does not resolve Book.weight"),
        (&["Book.stock@stock"], &[], "leaves no subgraph to resolve Book.stock"),
        (&["Book.name@stock"], &["Book.name@stock"], "leaves no subgraph to resolve Book.name"),
    ] {
        let found = hints(&graph, avoid, pin).expect_err(why);
        assert!(found.contains(why), "{found}");
    }
}

#[test]
fn hints_that_cut_a_way_are_refused() {
    let graph = shop();
    // `weight` is in the catalog alone, and the shipping requires it; the key leads to the stock.
    let found = hints(&graph, &["Book.id@catalog"], &[]).expect_err("it cuts the way");
    assert!(found.contains("the hint \"Book.id@catalog\" makes plans impossible"), "{found}");
    assert!(found.contains("`query { products { ... on Book { id } } }`"), "{found}");
}

#[test]
fn weights_move_choices_and_are_told() {
    let graph = shop();
    let plain = explained(&graph, "{ book { name } }").0;
    assert_eq!(plain.fetches.len(), 1);
    let dear = weights(&graph, &["Book.name@catalog=150"]).expect("it makes sense");
    let (plan, told, _) = hinted(&graph, "{ book { name } }", dear);
    assert_eq!(plan.fetches.len(), 2, "to enter the stock costs 101.1, the weight 150");
    let text = told.text(graph.schema(), &plan);
    assert!(text.contains("by a hint, Book.name from catalog costs 150 more\n"), "{text}");
    let little = weights(&graph, &["Book.name@catalog=7.5"]).expect("it makes sense");
    let (plan, told, _) = hinted(&graph, "{ book { name } }", little);
    assert_eq!(plan.fetches.len(), 1);
    let text = told.text(graph.schema(), &plan);
    let line = "price 107.6: 1 request in 1 wave, 0 entities, 2 fields, 7.5 more by weights;";
    assert!(text.contains(line), "{text}");
    let heavy = weights(&graph, &["catalog=3", "stock=0.5"]).expect("it makes sense");
    let (plan, told, _) = hinted(&graph, "{ book { name stock } }", heavy);
    let text = told.text(graph.schema(), &plan);
    assert!(text.contains("by a hint, a request to stock counts 0.5 times\n"), "{text}");
    assert!(text.contains("75 more by weights"), "{text}");
}

#[test]
fn weights_that_make_no_sense_are_refused() {
    let graph = shop();
    for (weight, why) in [
        ("stock", "is not written as subgraph=2.5"),
        ("stock=two", "is not written as subgraph=2.5"),
        ("stock=0.0001", "is not written as subgraph=2.5"),
        ("stock=0", "is not between 0.1 and 100"),
        ("stock=101", "is not between 0.1 and 100"),
        ("shelf=2", "there are catalog, stock"),
        ("Book.weight@stock=2", "stock does not resolve Book.weight"),
        ("Book.name@stock=100001", "is more than 100000"),
    ] {
        let found = weights(&graph, &[weight]).expect_err(why);
        assert!(found.contains(why), "{found}");
    }
}

/// The shop with prices in a subgraph of their own; the text `of_book` stands for another.
fn with_prices(of_book: (&str, &str)) -> Graph {
    let prices =
        "PRICES @join__graph(name: \"prices\", url: \"http://prices\")\n  STOCK @join__graph";
    let three = SUPERGRAPH.replacen("STOCK @join__graph", prices, 1);
    let sdl = three.replacen(of_book.0, of_book.1, 1);
    assert!(sdl != three, "the shop has changed");
    Graph::build(Arc::new(Schema::read(&sdl).expect("the shop is a supergraph")))
}

#[test]
fn a_request_for_a_key_alone_is_told() {
    let graph = with_prices((
        "@join__type(graph: STOCK, key: \"id\")\n{\n  id: ID!\n  name(short: Boolean): String \
         @join__field(graph: CATALOG)\n  weight",
        "@join__type(graph: STOCK, key: \"id\")\n  @join__type(graph: PRICES, key: \"sku\")\n{\n  \
         id: ID! @join__field(graph: CATALOG) @join__field(graph: STOCK)\n  \
         sku: ID @join__field(graph: STOCK) @join__field(graph: PRICES)\n  \
         tax: Int @join__field(graph: PRICES)\n  \
         name(short: Boolean): String @join__field(graph: CATALOG)\n  weight",
    ));
    let (plan, told) = explained(&graph, "{ book { name tax } }");
    let text = told.text(graph.schema(), &plan);
    let line = "  2 stock is asked only for sku, by which prices can be entered: a key that catalog and \
                prices have in common saves a request, and 10 ms\n";
    assert!(text.contains(line), "{text}");
    // The key is at hand and no choice.
    assert!(!text.contains("Book.id from"), "{text}");
    assert!(!text.contains("not possible"), "{text}");
}

#[test]
fn a_request_for_what_another_requires_is_told() {
    let graph = with_prices((
        "@join__type(graph: STOCK, key: \"id\")\n{\n  id: ID!\n  name(short: Boolean): String \
         @join__field(graph: CATALOG)\n  weight: Int @join__field(graph: CATALOG)",
        "@join__type(graph: STOCK, key: \"id\")\n  @join__type(graph: PRICES, key: \"id\")\n{\n  \
         id: ID!\n  name(short: Boolean): String @join__field(graph: CATALOG)\n  \
         weight: Int @join__field(graph: PRICES)",
    ));
    let (plan, told) = explained(&graph, "{ book { name shipping } }");
    let text = told.text(graph.schema(), &plan);
    let line = "  2 prices is asked only for weight, which fields of stock require: a copy of it in \
                stock saves a request, and 10 ms\n";
    assert!(text.contains(line), "{text}");
}
