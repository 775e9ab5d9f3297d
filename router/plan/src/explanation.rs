//! A plan explained to an SRE: what each request is expected to carry, what it took, where the time
//! goes, what other choices would cost, and what could be changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use graph::Graph;
use operation::Operation;
use schema::{Model, SubgraphId};
use serde_json::{Value, json};

use crate::alternatives::{Alternative, alternatives};
use crate::estimate::{Estimate, Sizes, estimates, price_of};
use crate::explain::{fetch_json, target_text, to_json};
use crate::hints::Hints;
use crate::model::{Fetch, Plan, Target};
use crate::options::Options;
use crate::price::{Price, price, units};

/// What one request took when the plan was executed.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Actual {
    /// How often it was sent: 0 when nothing was to be entered.
    pub calls: u64,
    /// Objects that were entered, equal ones counted each.
    pub entities: u64,
    /// Representations that were sent, equal ones once.
    pub distinct: u64,
    /// Bytes of the answer.
    pub bytes: u64,
    /// When it was sent, in milliseconds since the first.
    pub sent: f64,
    /// How long the answer took, in milliseconds.
    pub milliseconds: f64,
    /// Why there was no answer, or `null`.
    pub error: Option<String>,
}

/// What was observed of subgraphs before the plan was made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// The number of the epoch: another one whenever subgraphs are weighted otherwise.
    pub epoch: u64,
    /// How many milliseconds subgraphs take to answer.
    pub milliseconds: Vec<(SubgraphId, f64)>,
}

impl Observed {
    /// How many milliseconds a subgraph takes to answer.
    fn of(&self, subgraph: SubgraphId) -> Option<f64> {
        self.milliseconds.iter().find(|(of, _)| *of == subgraph).map(|(_, took)| *took)
    }
}

/// What there is to say of a plan besides the plan itself.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// For each fetch.
    pub estimates: Vec<Estimate>,
    /// What the plan costs where lists are as long as they are estimated to be.
    pub sized: Price,
    /// For each fetch, if the plan was executed.
    pub actual: Option<Vec<Actual>>,
    /// What was observed of the subgraphs, if that is kept.
    pub observed: Option<Observed>,
    /// The hints that it was planned by, as sentences.
    pub hints: Vec<String>,
    /// Other choices, the cheapest first.
    pub alternatives: Vec<Alternative>,
    /// How many other choices were not looked at.
    pub unseen: usize,
}

impl Explanation {
    /// Explains a plan of an operation, made with the same options. Each other choice is planned:
    /// this is for people who ask, not for each request.
    pub fn of(
        graph: &Graph,
        operation: &Operation,
        plan: &Plan,
        options: &Options,
        sizes: &Sizes,
    ) -> Self {
        let (alternatives, unseen) = alternatives(graph, operation, plan, options);
        let weights = options.weights.to_owned();
        let hints = Hints { avoided: options.avoided.to_vec(), weights }.told(graph);
        let (estimates, sized) = (estimates(plan, sizes), price_of(plan, sizes));
        Self { estimates, sized, actual: None, observed: None, hints, alternatives, unseen }
    }

    /// How many milliseconds a request is expected to take, where that was observed.
    fn latency(&self, fetch: &Fetch) -> Option<f64> {
        self.observed.as_ref()?.of(fetch.subgraph)
    }

    /// For people.
    pub fn text(&self, schema: &Model, plan: &Plan) -> String {
        if plan.fetches.is_empty() {
            return "No subgraph is asked.\n".to_owned();
        }
        let mut page = Page { schema, plan, told: self, out: String::new() };
        page.heading();
        page.requests();
        page.time();
        page.alternatives();
        page.changes();
        page.out
    }

    /// For tools: the plan as [`to_json`] has it, each fetch with `wave`, `critical`, `estimate` and
    /// (if it was executed) `actual`, and `alternatives`.
    pub fn to_json(&self, schema: &Model, plan: &Plan) -> Value {
        let mut all = to_json(schema, plan);
        let fetch = |(index, fetch): (usize, &Fetch)| {
            let known = &self.estimates[index];
            let mut told = fetch_json(schema, fetch);
            told["wave"] = json!(known.wave);
            told["critical"] = json!(known.critical);
            told["estimate"] =
                json!({ "calls": 1, "entities": known.entities, "bytes": known.bytes });
            if let Some(took) = self.latency(fetch) {
                told["estimate"]["milliseconds"] = json!(took);
            }
            if let Some(actual) = self.actual.as_ref().and_then(|all| all.get(index)) {
                told["actual"] = json!(actual);
            }
            told
        };
        all["fetches"] = plan.fetches.iter().enumerate().map(fetch).collect();
        let mine = price(plan).thousandths();
        let alternative = |other: &Alternative| {
            let mut told = json!({
                "fields": other.fields,
                "chosen": schema.subgraph(other.chosen).name,
                "other": schema.subgraph(other.other).name,
            });
            match &other.outcome {
                Ok(price) => {
                    let total = price.thousandths();
                    told["price"] = json!(total);
                    told["more"] = json!(i128::from(total) - i128::from(mine));
                }
                Err(why) => told["impossible"] = json!(why),
            }
            told
        };
        all["alternatives"] = self.alternatives.iter().map(alternative).collect();
        let Price { entities, fields, .. } = self.sized;
        let total = self.sized.thousandths();
        all["price_with_lists"] = json!({ "total": total, "entities": entities, "fields": fields });
        all["hints"] = json!(self.hints);
        if let Some(observed) = &self.observed {
            all["statistics_epoch"] = json!(observed.epoch);
        }
        all["alternatives_not_looked_at"] = json!(self.unseen);
        all
    }
}

struct Page<'a> {
    schema: &'a Model,
    plan: &'a Plan,
    told: &'a Explanation,
    out: String,
}

impl<'a> Page<'a> {
    fn heading(&mut self) {
        let _ = write!(self.out, "price {}", price(self.plan));
        let _ = match self.plan.optimal {
            true => writeln!(self.out, "; proven to be the least"),
            false => writeln!(self.out, "; at most {} above the least", units(self.plan.gap)),
        };
        let Price { entities, fields, .. } = self.told.sized;
        let (entities, noun) = counted(entities, "object", "objects");
        let _ = writeln!(
            self.out,
            "{} where lists are as long as estimated: {entities} {noun} entered, {fields} fields read",
            units(self.told.sized.thousandths()),
        );
        for hint in &self.told.hints {
            let _ = writeln!(self.out, "by a hint, {hint}");
        }
        if let Some(Observed { epoch, .. }) = &self.told.observed {
            let _ = writeln!(self.out, "by what was observed until epoch {epoch} began");
        }
    }

    fn name(&self, index: usize) -> &'a str {
        &self.schema.subgraph(self.plan.fetches[index].subgraph).name
    }

    /// The requests as a tree: each below the one that it waited for longest.
    fn requests(&mut self) {
        self.out.push_str("\nrequests (* marks those that the whole waits for)\n");
        for index in 0..self.plan.fetches.len() {
            if self.parent(index).is_none() {
                self.branch(index, 1);
            }
        }
    }

    fn parent(&self, index: usize) -> Option<usize> {
        let after = self.plan.fetches[index].after.iter().copied();
        after.max_by_key(|at| (self.told.estimates[*at].wave, std::cmp::Reverse(*at)))
    }

    fn branch(&mut self, index: usize, depth: usize) {
        let fetch = &self.plan.fetches[index];
        let known = self.told.estimates[index];
        let indent = "  ".repeat(depth);
        let mark = if known.critical { "*" } else { " " };
        let _ = write!(self.out, "{indent}{mark} {} {}", index + 1, self.name(index));
        if !fetch.after.is_empty() {
            let after: Vec<String> = fetch.after.iter().map(|at| (at + 1).to_string()).collect();
            let _ = write!(self.out, " after {}", after.join(", "));
        }
        self.out.push('\n');
        for line in fetch.parts.iter().filter_map(|part| target_text(self.schema, part)) {
            let _ = writeln!(self.out, "{indent}    {line}");
        }
        let _ = writeln!(self.out, "{indent}    {}", fetch.document);
        let entities =
            fetch.parts.iter().any(|part| matches!(part.target, Target::Entities { .. }));
        let _ = write!(self.out, "{indent}    estimate: 1 call");
        if entities {
            let (count, noun) = counted(known.entities, "entity", "entities");
            let _ = write!(self.out, ", {count} {noun}");
        }
        let _ = write!(self.out, ", about {}", bytes(known.bytes));
        match self.told.latency(fetch) {
            Some(took) => writeln!(self.out, ", {took:.1} ms"),
            None => writeln!(self.out),
        }
        .unwrap_or_default();
        if let Some(actual) = self.told.actual.as_ref().and_then(|all| all.get(index)) {
            let _ = writeln!(self.out, "{indent}    actual:   {}", took(actual, entities));
        }
        for later in index + 1..self.plan.fetches.len() {
            if self.parent(later) == Some(index) {
                self.branch(later, depth + 1);
            }
        }
    }

    fn time(&mut self) {
        let critical: Vec<usize> = (0..self.plan.fetches.len())
            .filter(|index| self.told.estimates[*index].critical)
            .collect();
        self.out.push_str("\nwhere the time goes\n");
        let last = self.told.estimates.iter().map(|known| known.wave).max().unwrap_or_default();
        for wave in 1..=last {
            let here = critical.iter().filter(|index| self.told.estimates[**index].wave == wave);
            let names: Vec<String> =
                here.clone().map(|index| format!("{} {}", index + 1, self.name(*index))).collect();
            let _ = write!(self.out, "  wave {wave}: {}", names.join(", "));
            let expected =
                here.clone().filter_map(|index| self.told.latency(&self.plan.fetches[*index]));
            if let Some(slowest) = expected.reduce(f64::max) {
                let _ = write!(self.out, ", {slowest:.1} ms expected");
            }
            if let Some(actual) = &self.told.actual {
                let slowest = here.filter_map(|index| Some(actual.get(*index)?.milliseconds));
                let slowest = slowest.fold(0.0, f64::max);
                let _ = write!(self.out, ", {slowest:.1} ms");
            }
            self.out.push('\n');
        }
    }

    fn alternatives(&mut self) {
        if self.told.alternatives.is_empty() {
            return;
        }
        self.out.push_str("\nother choices\n");
        let mine = price(self.plan);
        for other in &self.told.alternatives {
            let Ok(price) = &other.outcome else { continue };
            let (from, to) =
                (self.schema.subgraph(other.chosen), self.schema.subgraph(other.other));
            let fields = other.fields.join(", ");
            let _ = write!(self.out, "  {fields} from {} instead of {}: ", to.name, from.name);
            let _ = writeln!(self.out, "{}", mine.compared(price));
        }
        self.impossible();
        if self.told.unseen > 0 {
            let _ = writeln!(self.out, "  and {} more that were not looked at", self.told.unseen);
        }
    }

    /// Choices that there are by the schema but not here, a line for each subgraph that is chosen and
    /// each set of others.
    fn impossible(&mut self) {
        type Lines<'l> = BTreeMap<(SubgraphId, Vec<&'l str>), Vec<&'l str>>;
        let mut of_field: BTreeMap<(SubgraphId, &str), Vec<&str>> = BTreeMap::new();
        for other in self.told.alternatives.iter().filter(|other| other.outcome.is_err()) {
            for field in &other.fields {
                let others = of_field.entry((other.chosen, field)).or_default();
                others.push(&self.schema.subgraph(other.other).name);
            }
        }
        let mut lines: Lines<'_> = BTreeMap::new();
        for ((chosen, field), others) in of_field {
            lines.entry((chosen, others)).or_default().push(field);
        }
        for ((chosen, others), fields) in lines {
            let _ = writeln!(
                self.out,
                "  {} from {} instead of {}: not possible, no key leads there from here",
                fields.join(", "),
                others.join(" or "),
                self.schema.subgraph(chosen).name,
            );
        }
    }

    /// What stands out, with what its owners could do about it.
    fn changes(&mut self) {
        let mut all = Vec::new();
        for (index, fetch) in self.plan.fetches.iter().enumerate() {
            let known = self.told.estimates[index];
            if !known.critical || known.wave == 1 {
                continue;
            }
            let name = self.name(index);
            let number = index + 1;
            if let Some(required) = required(self.schema, fetch) {
                all.push(format!(
                    "{number} {name} waits because its fields require {required}: a subgraph that \
                     resolves these itself, or a copy of them in {name}, saves the wait"
                ));
                continue;
            }
            let brought = brought(fetch);
            let before = self.parent(index).map(|at| self.name(at)).unwrap_or_default();
            if let [fields @ .., last] = brought.as_slice()
                && fields.len() < 2
            {
                let and = if fields.is_empty() { "" } else { " and " };
                all.push(format!(
                    "{number} {name} is asked only for {}{and}{last}: if {before} could give it \
                     (@shareable, or @provides), a request less is needed, and perhaps a wave",
                    fields.concat(),
                ));
            }
        }
        if !all.is_empty() {
            self.out.push_str("\nwhat could be changed\n");
            for line in all {
                let _ = writeln!(self.out, "  {line}");
            }
        }
    }
}

/// What the fields of a request need besides the key, as a sentence names it.
fn required(schema: &Model, fetch: &Fetch) -> Option<String> {
    let mut sets: Vec<String> = Vec::new();
    for part in &fetch.parts {
        let Target::Entities { inputs, .. } = &part.target else { continue };
        for input in inputs {
            sets.extend(input.requires.iter().map(|set| format!("`{}`", set.text(schema))));
        }
    }
    sets.sort();
    sets.dedup();
    (!sets.is_empty()).then(|| sets.join(", "))
}

/// What the parts of a request select of their objects, each name once.
fn brought(fetch: &Fetch) -> Vec<&str> {
    let fields = fetch.parts.iter().flat_map(|part| &part.selection.fields);
    let names = fields.map(|field| field.wire.as_str()).filter(|name| !name.starts_with("__"));
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

fn took(actual: &Actual, entities: bool) -> String {
    let (calls, noun) = counted(actual.calls, "call", "calls");
    let mut text = format!("{calls} {noun}");
    if entities {
        let (count, noun) = counted(actual.entities, "entity", "entities");
        let _ = write!(text, ", {count} {noun} ({} distinct)", actual.distinct);
    }
    if actual.calls > 0 {
        let _ = write!(
            text,
            ", {}, {:.1} ms from {:.1} ms on",
            bytes(actual.bytes),
            actual.milliseconds,
            actual.sent
        );
    }
    if let Some(error) = &actual.error {
        let _ = write!(text, ", failed: {error}");
    }
    text
}

fn counted<'w>(number: u64, one: &'w str, many: &'w str) -> (u64, &'w str) {
    (number, if number == 1 { one } else { many })
}

/// A number of bytes, rounded for people.
fn bytes(number: u64) -> String {
    match number {
        0..2_000 => format!("{number} bytes"),
        2_000..2_000_000 => format!("{} kB", number / 1_000),
        _ => format!("{} MB", number / 1_000_000),
    }
}
