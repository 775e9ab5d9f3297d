//! A plan explained to an SRE: what each request is expected to carry, what it took, where the time
//! goes, what other choices would cost, and what could be changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use graph::Graph;
use operation::Operation;
use schema::{Model, SubgraphId};
use serde_json::{Value, json};

use crate::alternatives::{Alternative, alternatives};
use crate::brings::{leaves, only_enters, required, requires_any, requiring};
use crate::estimate::{Estimate, Sizes, estimates, price_of};
use crate::explain::{fetch_json, target_text, to_json};
use crate::hints::Hints;
use crate::model::{Fetch, Plan, Target};
use crate::options::Options;
use crate::price::{ENTITY, FIELD, Price, REQUEST, WAVE, price, units};
use crate::schedule::{ASSUMED, Slot, end, saved, schedule};

/// What one request took when the plan was executed.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Actual {
    /// How often it was sent: 0 when nothing was to be entered.
    pub calls: u64,
    /// Objects that were entered, equal ones counted each.
    pub entities: u64,
    /// Representations that were sent, equal ones once.
    pub distinct: u64,
    /// Objects that were not entered, since another request was told the same of them before.
    #[serde(default)]
    pub reused: u64,
    /// Bytes of the answer.
    pub bytes: u64,
    /// When it was sent, in milliseconds since the first.
    pub sent: f64,
    /// How long the answer took, in milliseconds.
    pub milliseconds: f64,
    /// Why there was no answer, or `null`.
    pub error: Option<String>,
}

/// What was observed of subgraphs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// If the plan was made by it, the number of the epoch: another one whenever subgraphs are
    /// weighted otherwise.
    pub epoch: Option<u64>,
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
    /// How many milliseconds a request is taken to need where nothing was observed.
    pub assumed: f64,
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
        let (avoided, disabled) = (options.avoided.to_vec(), options.disabled.to_owned());
        let hints = Hints { avoided, weights, disabled }.told(graph);
        let (estimates, sized) = (estimates(plan, sizes), price_of(plan, sizes));
        let (actual, observed, assumed) = (None, None, ASSUMED);
        Self { estimates, sized, actual, observed, assumed, hints, alternatives, unseen }
    }

    /// How many milliseconds a request is expected to take, where that was observed.
    fn latency(&self, fetch: &Fetch) -> Option<f64> {
        self.observed.as_ref()?.of(fetch.subgraph)
    }

    /// How many milliseconds each request took, or is expected to take.
    fn takes(&self, plan: &Plan) -> Vec<f64> {
        let expected = |fetch: &Fetch| self.latency(fetch).unwrap_or(self.assumed);
        match &self.actual {
            Some(actual) => actual.iter().map(|actual| actual.milliseconds).collect(),
            None => plan.fetches.iter().map(expected).collect(),
        }
    }

    /// For people.
    pub fn text(&self, schema: &Model, plan: &Plan) -> String {
        if plan.fetches.is_empty() {
            return "No subgraph is asked.\n".to_owned();
        }
        let takes = self.takes(plan);
        let slots = schedule(&waits(plan), &takes);
        let mut page = Page { schema, plan, told: self, takes, slots, out: String::new() };
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
        let slots = schedule(&waits(plan), &self.takes(plan));
        let fetch = |(index, fetch): (usize, &Fetch)| {
            let known = &self.estimates[index];
            let mut told = fetch_json(schema, fetch);
            told["wave"] = json!(known.wave);
            told["critical"] = json!(slots[index].critical());
            told["estimate"] =
                json!({ "calls": 1, "entities": known.entities, "bytes": known.bytes });
            let observed = self.latency(fetch);
            told["estimate"]["milliseconds"] = json!(observed.unwrap_or(self.assumed));
            told["estimate"]["assumed"] = json!(observed.is_none());
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
        all["milliseconds"] = json!(end(&slots));
        if let Some(epoch) = self.observed.as_ref().and_then(|observed| observed.epoch) {
            all["statistics_epoch"] = json!(epoch);
        }
        all["alternatives_not_looked_at"] = json!(self.unseen);
        all
    }
}

struct Page<'a> {
    schema: &'a Model,
    plan: &'a Plan,
    told: &'a Explanation,
    /// How long each request took, or is expected to take.
    takes: Vec<f64>,
    slots: Vec<Slot>,
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
        let _ = writeln!(
            self.out,
            "(a request counts {}, a wave {}, an object entered {}, a field {})",
            units(REQUEST),
            units(WAVE),
            units(ENTITY),
            units(FIELD),
        );
        for hint in &self.told.hints {
            let _ = writeln!(self.out, "by a hint, {hint}");
        }
        if let Some(Observed { epoch: Some(epoch), .. }) = &self.told.observed {
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
        let mark = if self.slots[index].critical() { "*" } else { " " };
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
        let _ = match self.told.latency(fetch) {
            Some(took) => writeln!(self.out, ", {} ms", short(took)),
            None => writeln!(self.out, ", {} ms assumed", short(self.told.assumed)),
        };
        if self.asks_again(index) {
            self.out.push_str(&indent);
            self.out
                .push_str("    asks for the same in several places: each entity is sent once\n");
        }
        if let Some(actual) = self.told.actual.as_ref().and_then(|all| all.get(index)) {
            let _ = writeln!(self.out, "{indent}    actual:   {}", took(actual, entities));
        }
        for later in index + 1..self.plan.fetches.len() {
            if self.parent(later) == Some(index) {
                self.branch(later, depth + 1);
            }
        }
    }

    /// Whether a part of a request asks for what another of it or of an earlier one does.
    fn asks_again(&self, index: usize) -> bool {
        let until = &self.plan.fetches[..=index];
        let numbers = |fetch: &'a Fetch| fetch.parts.iter().filter_map(|part| part.share);
        let before: Vec<usize> = until.iter().flat_map(numbers).collect();
        let own = numbers(&self.plan.fetches[index]);
        own.into_iter().any(|own| before.iter().filter(|other| **other == own).count() > 1)
    }

    /// The requests that the whole waits for, in the order of time, and how long others could take.
    fn time(&mut self) {
        let _ = writeln!(self.out, "\nwhere the time goes: {} ms", short(end(&self.slots)));
        let indices = 0..self.slots.len();
        let mut critical: Vec<usize> =
            indices.clone().filter(|index| self.slots[*index].critical()).collect();
        critical.sort_by(|a, b| self.slots[*a].sent.total_cmp(&self.slots[*b].sent));
        let line = |index: &usize| {
            let Slot { sent, answered, .. } = self.slots[*index];
            format!("  {} to {} ms: ", short(sent), short(answered))
        };
        for same in critical.chunk_by(|a, b| line(a) == line(b)) {
            let names: Vec<String> = same.iter().map(|index| self.numbered(*index)).collect();
            let when = same.first().map(line).unwrap_or_default();
            let _ = writeln!(self.out, "{when}{}", names.join(", "));
        }
        for index in indices.filter(|index| !self.slots[*index].critical()) {
            let spare = short(self.slots[index].spare);
            let name = self.numbered(index);
            let _ = writeln!(self.out, "  {name} could take {spare} ms longer");
        }
    }

    fn numbered(&self, index: usize) -> String {
        format!("{} {}", index + 1, self.name(index))
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

    /// What stands out, with what its owners could do about it; what saves most comes first.
    fn changes(&mut self) {
        let mut all: Vec<(f64, String)> = Vec::new();
        let waits = waits(self.plan);
        for index in 0..self.plan.fetches.len() {
            if self.slots[index].critical() && self.told.estimates[index].wave > 1 {
                let saved = saved(&waits, &self.takes, index);
                all.extend(self.change(index, saved).map(|change| (saved, change)));
            }
        }
        if all.is_empty() {
            return;
        }
        all.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        self.out.push_str("\nwhat could be changed\n");
        for (_, line) in all {
            let _ = writeln!(self.out, "  {line}");
        }
    }

    fn change(&self, index: usize, saved: f64) -> Option<String> {
        let fetch = &self.plan.fetches[index];
        let name = self.name(index);
        let number = index + 1;
        let time = match saved {
            0.0 => "but no time: others take as long".to_owned(),
            saved => format!("and {} ms", short(saved)),
        };
        if let Some(required) = required(self.schema, fetch) {
            let (fields, require) = match requiring(self.schema, fetch).as_slice() {
                [only] => ((*only).to_owned(), "requires"),
                [one, two] => (format!("{one} and {two}"), "require"),
                _ => ("its fields".to_owned(), "require"),
            };
            return Some(format!(
                "{number} {name} waits because {fields} {require} {required}: a subgraph that resolves \
                 these itself, or a copy of them in {name}, saves the wait"
            ));
        }
        let before = self.parent(index).map(|at| self.name(at)).unwrap_or_default();
        let brought = leaves(fetch)?;
        let [fields @ .., last] = brought.as_slice() else { return None };
        if fields.len() > 1 {
            return None;
        }
        let and = if fields.is_empty() { "" } else { " and " };
        let fields = format!("{}{and}{last}", fields.concat());
        if only_enters(self.plan, fetch) {
            let why = self.why_only(index, &brought, before);
            return Some(format!(
                "{number} {name} is asked only for {fields}, {why} saves a request, {time}"
            ));
        }
        let it = if and.is_empty() { "it" } else { "them" };
        Some(format!(
            "{number} {name} is asked only for {fields}: if {before} could give {it} (@shareable, or \
             @provides), that saves a request, {time}",
        ))
    }

    /// What a request is made for that brings nothing for the client, and what would do without it.
    fn why_only(&self, index: usize, brought: &[&str], before: &str) -> String {
        let fetches = || self.plan.fetches.iter().enumerate();
        let later: Vec<usize> =
            fetches().filter(|(_, it)| it.after.contains(&index)).map(|(at, _)| at).collect();
        let names = |of: &[usize]| {
            let names: BTreeSet<&str> = of.iter().map(|at| self.name(*at)).collect();
            names.into_iter().collect::<Vec<_>>().join(" and ")
        };
        let needs = |at: &usize| requires_any(self.schema, &self.plan.fetches[*at], brought);
        let needed: Vec<usize> = later.iter().copied().filter(needs).collect();
        if needed.is_empty() {
            let next = names(&later);
            return format!(
                "by which {next} can be entered: a key that {before} and {next} have in common"
            );
        }
        let next = names(&needed);
        let it = if brought.len() == 1 { "it" } else { "them" };
        format!("which fields of {next} require: a copy of {it} in {next}")
    }
}

/// What each request waits for.
fn waits(plan: &Plan) -> Vec<&[usize]> {
    plan.fetches.iter().map(|fetch| fetch.after.as_slice()).collect()
}

fn took(actual: &Actual, entities: bool) -> String {
    let (calls, noun) = counted(actual.calls, "call", "calls");
    let mut text = format!("{calls} {noun}");
    if entities {
        let (count, noun) = counted(actual.entities, "entity", "entities");
        let _ = write!(text, ", {count} {noun} ({} distinct)", actual.distinct);
    }
    if actual.reused > 0 {
        let _ = write!(text, ", {} known from a request before", actual.reused);
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

/// Milliseconds, with a digit after the point where it says something.
fn short(milliseconds: f64) -> String {
    let text = format!("{milliseconds:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// A number of bytes, rounded for people.
fn bytes(number: u64) -> String {
    match number {
        0..2_000 => format!("{number} bytes"),
        2_000..2_000_000 => format!("{} kB", number / 1_000),
        _ => format!("{} MB", number / 1_000_000),
    }
}
