//! The fast executor beside the reference: the same answers, the same requests.

use std::sync::{LazyLock, Mutex};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use json::Json;
use plan::{Fetch, Plan, Target, WireSet};
use proptest::prelude::*;

use super::World;
use crate::{Answer, Program, SubgraphRequest, SubgraphResponse, Upstream, UpstreamError};

const OPERATIONS: [&str; 10] = [
    "{ products { __typename id name ... on Book { price stock shipping weight blob color pages } } }",
    "{ products { __typename id name ... on Book { price stock shipping weight blob color pages twin { id title } } } }",
    "{ products { ... on Book { code stock } } }",
    "{ sure { __typename twin { __typename name ... on Pen { stock } } } must { tax price } }",
    "{ grid { id a: price(in: \"EUR\") price tax twin { twin { stock } } } open }",
    "{ must { title ratio weight shipping stock pages color blob again: title twin { tax } } }",
    "{ book { tax stock twin { tax stock title } } }",
    "{ shelves { place space } open }",
    "mutation { a: restock(id: 1) { name twin { tax } } b: rename(id: 2) { stock title } }",
    "{ must { tax twin { tax } } book { tax } grid { tax } }",
];

pub(super) static WORLD: LazyLock<World> = LazyLock::new(World::new);
pub(super) static FAST: LazyLock<World> = LazyLock::new(|| World { fast: true, ..World::new() });
pub(super) static PLANS: LazyLock<Vec<Plan>> =
    LazyLock::new(|| OPERATIONS.iter().map(|operation| WORLD.plan(operation)).collect());

/// Numbers without end from a seed.
pub(super) struct Dice(pub u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len() as u64) as usize]
    }
}

/// Subgraphs that answer what was asked for, as the seed wants it: nearly always well if `odd` is
/// small, each value with a chance of one in `odd` to be something else.
struct Answering<'p> {
    plan: &'p Plan,
    seed: u64,
    odd: u64,
    /// What is made of each body at last.
    change: &'p Hostile<'p>,
    asked: Mutex<Vec<Bytes>>,
}

/// Changes the body that answers a fetch.
pub(super) type Hostile<'a> = dyn Fn(usize, Vec<u8>) -> Vec<u8> + Send + Sync + 'a;

impl Upstream for Answering<'_> {
    fn send(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<SubgraphResponse, UpstreamError>> {
        let body = json::parse(&request.body, 500).unwrap();
        self.asked.lock().unwrap().push(request.body);
        let document = body.get("query").unwrap().as_str().unwrap();
        let same = |fetch: &plan::Fetch| plan::minified(&fetch.document) == document;
        let fetch = self.plan.fetches.iter().position(same).unwrap();
        // The answer depends on the request, not on the order in which requests come.
        let mut dice = Dice(self.seed.wrapping_mul(31).wrapping_add(fetch as u64));
        let says = Says { dice: &mut dice, odd: self.odd };
        let text = says.response(&self.plan.fetches[fetch], &body);
        let text = (self.change)(fetch, text);
        std::future::ready(Ok(SubgraphResponse::new(200, Bytes::from(text)))).boxed()
    }
}

struct Says<'d> {
    dice: &'d mut Dice,
    odd: u64,
}

impl Says<'_> {
    fn is_odd(&mut self) -> bool {
        self.dice.roll(self.odd) == 0
    }

    fn response(mut self, fetch: &Fetch, body: &Json) -> Vec<u8> {
        let mut members = Vec::new();
        for part in &fetch.parts {
            match &part.target {
                Target::Root { .. } => self.members(&part.selection, &mut members),
                Target::Entities { wire, variable, .. } => {
                    let sent = body.get("variables").and_then(|all| all.get(variable));
                    let mut count = sent.and_then(Json::as_list).map_or(0, <[Json]>::len);
                    if self.is_odd() {
                        count += 1;
                    }
                    let items: Vec<String> =
                        (0..count).map(|_| self.object(&part.selection)).collect();
                    members.push(format!("\"{wire}\":[{}]", items.join(",")));
                }
            }
        }
        let data = format!("{{{}}}", members.join(","));
        let errors = match self.is_odd() {
            true => self.dice.pick(&[
                r#""errors":[{"message":"m","path":["products",0,"name"]}],"#,
                r#""errors":[],"#,
                r#""errors":null,"#,
                r#""errors":{},"#,
                r#""data":null,"#,
                r#""extensions":{"a":[1,{"b":null}]},"#,
            ]),
            false => "",
        };
        let text = format!(" {{ {errors}\"data\" : {data}\n}} ");
        match self.is_odd() {
            // Sometimes in the middle of a character.
            true => text.as_bytes()[..text.len() / 2].to_vec(),
            false => text.into_bytes(),
        }
    }

    fn members(&mut self, set: &WireSet, members: &mut Vec<String>) {
        for field in &set.fields {
            if self.is_odd() && self.dice.roll(2) == 0 {
                continue;
            }
            let value = match &field.selection {
                Some(selection) => self.composite(&field.key, selection),
                None => self.leaf(&field.key),
            };
            members.push(format!("\"{}\":{value}", field.wire));
            if self.is_odd() {
                members.push(format!("\"{}\":{value}", field.wire));
            }
        }
        if self.is_odd() {
            members.push(r#""what\u0020is":[{"this":0.10e1}]"#.to_owned());
        }
    }

    fn object(&mut self, set: &WireSet) -> String {
        if self.is_odd() {
            return self.dice.pick(&["null", "[]", "{}", "7"]).to_owned();
        }
        let mut members = Vec::new();
        self.members(set, &mut members);
        format!("{{{}}}", members.join(" ,"))
    }

    fn composite(&mut self, key: &str, set: &WireSet) -> String {
        let levels = match key {
            "grid" => 2,
            "products" | "sure" | "shelves" => 1,
            _ => 0,
        };
        self.list(levels, set)
    }

    fn list(&mut self, levels: u32, set: &WireSet) -> String {
        let levels = if self.is_odd() { levels + 1 } else { levels };
        if levels == 0 {
            return self.object(set);
        }
        let count = self.dice.roll(5);
        let items: Vec<String> = (0..count).map(|_| self.list(levels - 1, set)).collect();
        format!("[ {}]", items.join(", "))
    }

    fn leaf(&mut self, key: &str) -> String {
        if self.is_odd() {
            let odd = [
                "null",
                "true",
                "[]",
                "{}",
                "[null]",
                "-1",
                "01",
                "1e5",
                "\"Ghost\"",
                "\"x\ty\"",
                "\"\\ud800\"",
                "\"\\u00e9\"",
                "99999999999999",
                "\"Query\"",
                "nul",
                "\"",
            ];
            return self.dice.pick(&odd).to_owned();
        }
        let name = key.split('(').next().unwrap();
        let of: &[&str] = match name {
            "__typename" => &["\"Book\"", "\"Pen\""],
            "id" => &["\"1\"", "\"2\"", "3", "\"\\u0031\"", "\"\u{e9}\""],
            "code" => &["\"a\"", "\"b\""],
            "price" | "tax" => &["1", "20"],
            "stock" | "shipping" | "weight" | "space" => &["0", "-5", "1.0", "null"],
            "pages" => &["[1, 2]", "[]", "null"],
            "color" => &["\"RED\"", "null"],
            "ratio" => &["1.50", "2", "null"],
            "blob" => &["{ \"a\": [1] }", "\"b\"", "7", "null"],
            "open" => &["true", "false"],
            _ => &["\"name\"", "\"a \\\"b\\\" \\ud83d\\ude00\"", "\"\""],
        };
        self.dice.pick(of).to_owned()
    }
}

/// How many cases are tried: `TRIBUTARY_EXECUTE_CASES`, or a few.
fn cases() -> u32 {
    std::env::var("TRIBUTARY_EXECUTE_CASES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(2_000)
}

/// What an execution shows: the body, the requests, the calls.
pub(super) fn shown(
    world: &World,
    plan: &Plan,
    (seed, odd): (u64, u64),
    change: &Hostile,
) -> (String, Vec<Bytes>, Vec<String>, Answer) {
    let upstream = Answering { plan, seed, odd, change, asked: Mutex::default() };
    let answer = world.execute(plan, &upstream);
    let body = json::parse(&answer.clone().into_body(None), 1_000).unwrap().to_string();
    let calls = answer.calls.iter().map(|call| {
        format!(
            "{} {} {} {} {} {} {:?}",
            call.fetch,
            call.representations,
            call.positions,
            call.reused,
            call.bytes,
            call.errors,
            call.failed
        )
    });
    (body, upstream.asked.into_inner().unwrap(), calls.collect(), answer)
}

#[test]
fn plans_of_a_usual_shape_have_programs() {
    let schema = WORLD.graph.schema();
    let without = OPERATIONS.iter().zip(&*PLANS);
    let without = without.filter(|(_, plan)| Program::compile(schema, plan).is_none());
    let without: Vec<&str> = without.map(|(operation, _)| *operation).collect();
    // The interface's `twin` is a product, the book's is a book; two subgraphs bring each shelf.
    assert_eq!(without, [OPERATIONS[1], OPERATIONS[3], OPERATIONS[7]]);
}

#[test]
fn who_stands_at_several_places_is_asked_for_once() {
    let parts = PLANS[9].fetches.iter().flat_map(|fetch| &fetch.parts);
    assert!(parts.filter(|part| part.share.is_some()).count() > 4);
    let (.., asked, _, answer) = shown(&FAST, &PLANS[9], (1, u64::MAX), &|_, body| body);
    let sent = |name: &str| {
        let body = json::parse(&asked[1], 100).unwrap();
        let sent = body.get("variables").and_then(|all| all.get(name)).cloned();
        sent.and_then(|sent| sent.as_list().map(<[Json]>::to_vec)).unwrap_or_default()
    };
    let all: Vec<Json> = ["r0", "r1", "r2", "r3"].into_iter().flat_map(sent).collect();
    let distinct: std::collections::HashSet<String> = all.iter().map(Json::to_string).collect();
    assert_eq!(all.len(), distinct.len(), "{all:?}");
    assert!(answer.calls[1].positions > all.len());
}

#[test]
fn good_answers_are_written_without_the_reference() {
    let mut fast = 0;
    for seed in 0..200 {
        let (.., answer) = shown(&FAST, &PLANS[5], (seed, u64::MAX), &|_, body| body);
        fast += usize::from(matches!(answer.data, crate::Data::Text { .. }));
    }
    assert!(fast > 150, "{fast} of 200");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn both_executors_answer_the_same(
        operation in 0..OPERATIONS.len(),
        seed in any::<u64>(),
        odd in prop_oneof![Just(u64::MAX), Just(200), Just(60), Just(20)],
    ) {
        let plan = &PLANS[operation];
        let (body, asked, calls, _) = shown(&WORLD, plan, (seed, odd), &|_, body| body);
        let (fast_body, fast_asked, fast_calls, _) = shown(&FAST, plan, (seed, odd), &|_, body| body);
        prop_assert_eq!(body, fast_body);
        prop_assert_eq!(asked, fast_asked);
        prop_assert_eq!(calls, fast_calls);
    }
}
