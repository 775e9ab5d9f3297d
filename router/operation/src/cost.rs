//! What an operation costs, as the directives `@cost` and `@listSize` define it: known before it
//! runs, with the values of its variables, and the same on every machine.
//!
//! An object costs 1 and a leaf 0 where no weight says otherwise, a mutation 10 more; what is in a
//! list counts as often as the list may be long. Where fragments make it depend on the type of an
//! object, the dearest type counts.

use std::cell::Cell;
use std::collections::HashMap;

use json::{Json, Object};
use schema::{Arguments, FieldId, InputCost, OperationKind, Schema, TypeRef, TypeSet, Value};

use crate::model::{Field, Operation, Selected, SelectionSet};

/// What an operation costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// The whole, at least 0.
    pub total: u64,
    /// The fields that cost most, at most three, the dearest first.
    pub dearest: Vec<FieldCost>,
    /// Fields whose `@listSize` asks for exactly one slicing argument, and that have none or more.
    pub unsliced: Vec<Unsliced>,
    /// Whether no value of a variable was looked at: then it costs this with any variables.
    pub fixed: bool,
}

/// What one field of an operation costs by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldCost {
    /// Its response keys from the root, with dots between.
    pub path: String,
    /// The cost of its values, arguments included, without what is selected in them.
    pub cost: u64,
    /// How often it is asked for: the product of the lengths of the lists above it.
    pub times: u64,
    /// How many values it is taken to have each time.
    pub size: u64,
}

/// A field that has none of the arguments of which one must be given, or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsliced {
    /// Its response keys from the root, with dots between.
    pub path: String,
    /// The arguments of which one must be given.
    pub arguments: Vec<String>,
    /// How many are given.
    pub given: usize,
}

/// What a mutation costs besides its fields.
const MUTATION: u64 = 10;

/// How many of the dearest fields are told.
const DEAREST: usize = 3;

impl Operation {
    /// What the operation costs with these variables, where a list of which nothing is said has
    /// `list_size` items.
    pub fn cost(&self, schema: &Schema, variables: &Object, list_size: u64) -> Cost {
        let variables = Variables::new(variables);
        let lists = Lists { size: list_size, observed: None, by_arguments: false };
        let mut walk = Walk::new(schema, &variables, lists);
        let total = self.base_cost().saturating_add(walk.selections(&self.selection, 1, &[]));
        let Walk { dearest, unsliced, .. } = walk;
        Cost { total, dearest, unsliced, fixed: !variables.asked.get() }
    }
}

/// The values of variables, and whether any was asked for.
struct Variables<'a> {
    given: &'a Object,
    asked: Cell<bool>,
}

impl<'a> Variables<'a> {
    fn new(given: &'a Object) -> Self {
        Self { given, asked: Cell::new(false) }
    }

    fn get(&self, name: &str) -> Option<&'a Json> {
        self.asked.set(true);
        self.given.get(name)
    }
}

/// How long lists are of which neither schema nor arguments say it.
#[derive(Clone, Copy, Debug)]
pub struct Lists<'a> {
    /// How many items a list has of which nothing is known.
    pub size: u64,
    /// What was observed, by field.
    pub observed: Option<&'a HashMap<FieldId, u64>>,
    /// Whether the arguments [`SLICING`] are taken to say it: right for estimates, but what an
    /// operation costs must not depend on names.
    pub by_arguments: bool,
}

/// Arguments that say how many items are wanted, by the habit of most schemas.
pub const SLICING: [&str; 3] = ["first", "last", "limit"];
/// Where a page has its items, by the same habit.
const ITEMS: [&str; 3] = ["edges", "nodes", "items"];

/// How many values there are taken to be at each place of an answer: by the keys of the merged
/// answer from the root, with these variables; `lists` says what schema and arguments don't. What only objects of some types have counts as if all were of these.
pub fn sizes(
    schema: &Schema,
    variables: &Object,
    lists: Lists<'_>,
    answer: &SelectionSet,
) -> HashMap<Vec<String>, u64> {
    let variables = Variables::new(variables);
    let mut walk = Walk::new(schema, &variables, lists);
    let mut sizes = HashMap::new();
    walk.sizes(answer, (1, &[]), &mut Vec::new(), &mut sizes);
    sizes
}

impl Operation {
    /// What the operation costs besides its fields.
    pub fn base_cost(&self) -> u64 {
        if self.kind == OperationKind::Mutation { MUTATION } else { 0 }
    }

    /// What the operation would have cost, had the lists been known to be as long as they are in
    /// this answer. An object of an interface or a union counts as the field's type says.
    pub fn cost_of_answer(&self, schema: &Schema, variables: &Object, data: &Json) -> u64 {
        let walk = Answered { schema, variables };
        self.base_cost().saturating_add(walk.object(&self.selection, data))
    }
}

/// What the values of one field in an answer cost: `occurrences` is in how many objects it is, and
/// `values` how many values it has there, those of lists each by itself and nulls left out.
pub fn counted(
    schema: &Schema,
    variables: &Object,
    (field, given): (FieldId, &Arguments),
    (occurrences, values): (u64, u64),
) -> u64 {
    let weight = schema.costs().of_field(schema, field);
    let arguments = arguments(schema, &Variables::new(variables), field, given);
    times_signed(values, weight).saturating_add(times_signed(occurrences, arguments))
}

struct Answered<'a> {
    schema: &'a Schema,
    variables: &'a Object,
}

impl Answered<'_> {
    fn object(&self, set: &SelectionSet, data: &Json) -> u64 {
        let Some(members) = data.as_object() else { return 0 };
        let mut told: Vec<&str> = Vec::new();
        let mut total = 0u64;
        for field in &set.fields {
            let Selected::Field(id) = field.what else { continue };
            let Some(value) = members.get(&field.response_key) else { continue };
            // A field that several fragments select is there once.
            let own = match told.contains(&&*field.response_key) {
                true => 0,
                false => {
                    told.push(&field.response_key);
                    let of = (id, &field.arguments);
                    counted(self.schema, self.variables, of, (1, count(value)))
                }
            };
            total = total.saturating_add(own);
            if let Some(selection) = &field.selection {
                total = total.saturating_add(self.values(selection, value));
            }
        }
        total
    }

    fn values(&self, set: &SelectionSet, value: &Json) -> u64 {
        match value.as_list() {
            Some(items) => {
                items.iter().fold(0, |sum: u64, item| sum.saturating_add(self.values(set, item)))
            }
            None => self.object(set, value),
        }
    }
}

/// How many values there are in lists of any depth, nulls left out.
fn count(value: &Json) -> u64 {
    match value {
        Json::Null => 0,
        Json::List(items) => items.iter().map(count).sum(),
        _ => 1,
    }
}

/// A size that a field above gives to fields of one name.
type Sized<'a> = (&'a str, u64);

struct Walk<'a> {
    schema: &'a Schema,
    variables: &'a Variables<'a>,
    lists: Lists<'a>,
    path: Vec<&'a str>,
    dearest: Vec<FieldCost>,
    unsliced: Vec<Unsliced>,
}

impl<'a> Walk<'a> {
    fn new(schema: &'a Schema, variables: &'a Variables<'a>, lists: Lists<'a>) -> Self {
        let (path, dearest, unsliced) = (Vec::new(), Vec::new(), Vec::new());
        Self { schema, variables, lists, path, dearest, unsliced }
    }

    /// What the selections of one position cost, for `times` objects, all of the dearest type.
    fn selections(&mut self, set: &'a SelectionSet, times: u64, sized: &[Sized<'_>]) -> u64 {
        let mut classes: HashMap<&TypeSet, u64> = HashMap::new();
        for field in &set.fields {
            self.path.push(&field.response_key);
            let cost = self.field(field, times, sized);
            self.path.pop();
            let class = classes.entry(&field.types).or_default();
            *class = class.saturating_add(cost);
        }
        if classes.len() < 2 {
            return classes.into_values().next().unwrap_or_default();
        }
        // Types in the same classes cost the same, so one of each kind is enough.
        let mut kinds: HashMap<Vec<bool>, u64> = HashMap::new();
        let classes: Vec<(&TypeSet, u64)> = classes.into_iter().collect();
        let types = classes.iter().fold(TypeSet::default(), |all, (types, _)| all.union(types));
        for ty in types.iter() {
            let kind = classes.iter().map(|(types, _)| types.contains(ty)).collect();
            kinds.entry(kind).or_insert_with_key(|kind| {
                let of_kind = classes.iter().zip(kind).filter(|(_, is)| **is);
                of_kind.fold(0, |sum: u64, ((_, cost), _)| sum.saturating_add(*cost))
            });
        }
        kinds.into_values().max().unwrap_or_default()
    }

    fn field(&mut self, field: &'a Field, times: u64, sized: &[Sized<'_>]) -> u64 {
        let Selected::Field(id) = field.what else { return 0 };
        let schema = self.schema;
        let (size, below) = self.size(id, field, sized);
        let values = times.saturating_mul(size);
        let weight = schema.costs().of_field(schema, id);
        let arguments = arguments(schema, self.variables, id, &field.arguments);
        let own = times_signed(values, weight).saturating_add(times_signed(times, arguments));
        self.note(own, times, size);
        let inner = match &field.selection {
            Some(selection) => {
                let below: Vec<Sized<'_>> = below.iter().map(|(name, n)| (&**name, *n)).collect();
                self.selections(selection, values, &below)
            }
            None => 0,
        };
        own.saturating_add(inner)
    }

    fn sizes(
        &mut self,
        set: &'a SelectionSet,
        (times, sized): (u64, &[Sized<'_>]),
        place: &mut Vec<String>,
        sizes: &mut HashMap<Vec<String>, u64>,
    ) {
        for field in &set.fields {
            let Selected::Field(id) = field.what else { continue };
            let (size, below) = self.size(id, field, sized);
            let values = times.saturating_mul(size);
            place.push(field.key.as_str().to_owned());
            match sizes.get_mut(place.as_slice()) {
                Some(known) => *known = values.max(*known),
                None => {
                    sizes.insert(place.to_vec(), values);
                }
            }
            if let Some(selection) = &field.selection {
                let below: Vec<Sized<'_>> = below.iter().map(|(name, n)| (&**name, *n)).collect();
                self.sizes(selection, (values, &below), place, sizes);
            }
            place.pop();
        }
    }

    /// How many values a field has each time, and what it says of the fields in them.
    fn size(
        &mut self,
        id: FieldId,
        field: &'a Field,
        sized: &[Sized<'_>],
    ) -> (u64, Vec<(String, u64)>) {
        let definition = self.schema.field(id);
        let levels = levels(&definition.ty);
        let said = self.schema.costs().list_size(id);
        let told = said.and_then(|said| {
            let given: Vec<Option<u64>> =
                said.slicing.iter().map(|slicing| self.slice(slicing, &field.arguments)).collect();
            let count = given.iter().flatten().count();
            if said.require_one && !said.slicing.is_empty() && count != 1 {
                self.unsliced.push(Unsliced {
                    path: self.path.join("."),
                    arguments: said.slicing.iter().map(ToString::to_string).collect(),
                    given: count,
                });
            }
            let defaults = said.slicing.iter().filter_map(|slicing| slicing.default);
            given.into_iter().flatten().max().or(defaults.max()).or(said.assumed)
        });
        let wanted = || self.wanted(&field.arguments);
        let told = told.or_else(|| said.is_none().then(wanted).flatten());
        let below = match (said, told) {
            (Some(said), Some(size)) => {
                said.sized_fields.iter().map(|name| (name.clone(), size)).collect()
            }
            (None, Some(size)) if levels == 0 => {
                ITEMS.iter().map(|name| ((*name).to_owned(), size)).collect()
            }
            _ => Vec::new(),
        };
        let from_above = sized.iter().find(|(name, _)| *name == definition.name).map(|(_, n)| *n);
        // With `sizedFields`, the size is not the field's own.
        let observed = || self.lists.observed.and_then(|lists| lists.get(&id).copied());
        let own = told.filter(|_| below.is_empty()).or(from_above).or_else(observed);
        let mut size = 1u64;
        for level in 0..levels {
            let here = own.filter(|_| level == 0).unwrap_or(self.lists.size);
            size = size.saturating_mul(here);
        }
        (size, below)
    }

    /// How many items are wanted by the usual arguments, if these count.
    fn wanted(&self, arguments: &Arguments) -> Option<u64> {
        let mut given = SLICING.iter().filter(|_| self.lists.by_arguments).filter_map(|name| {
            let (_, value) = arguments.iter().find(|(given, _)| given == name)?;
            Given::Literal(value).resolved(self.variables)?.number()
        });
        given.next()
    }

    /// The number that a slicing argument is given.
    fn slice(&self, slicing: &schema::Slicing, arguments: &Arguments) -> Option<u64> {
        let (first, rest) = slicing.path.split_first()?;
        let (_, value) = arguments.iter().find(|(name, _)| name == first)?;
        let mut value = Given::Literal(value);
        for name in rest {
            value = value.resolved(self.variables)?.member(name)?;
        }
        value.resolved(self.variables)?.number()
    }

    /// Keeps the field if it is among the dearest.
    fn note(&mut self, cost: u64, times: u64, size: u64) {
        let rank = self.dearest.iter().position(|known| cost > known.cost);
        let rank = rank.unwrap_or(self.dearest.len());
        if cost > 0 && rank < DEAREST {
            let path = self.path.join(".");
            self.dearest.insert(rank, FieldCost { path, cost, times, size });
            self.dearest.truncate(DEAREST);
        }
    }
}

/// What the given arguments of a field cost.
fn arguments(
    schema: &Schema,
    variables: &Variables<'_>,
    id: FieldId,
    arguments: &Arguments,
) -> i64 {
    let cost = |(name, value): &(String, Value)| {
        let input = schema.costs().argument(id, name)?;
        Some(input_cost(schema, variables, input, Given::Literal(value)))
    };
    arguments.iter().filter_map(cost).fold(0, i64::saturating_add)
}

fn input_cost(
    schema: &Schema,
    variables: &Variables<'_>,
    input: InputCost,
    given: Given<'_>,
) -> i64 {
    let Some(given) = given.resolved(variables) else { return 0 };
    if let Some(items) = given.items() {
        let costs = items.into_iter().map(|item| input_cost(schema, variables, input, item));
        return costs.fold(0, i64::saturating_add);
    }
    let costs = schema.costs();
    let own = input.weight.unwrap_or_else(|| costs.of_type(schema, input.ty));
    let members = given.members().into_iter().filter_map(|(name, value)| {
        Some(input_cost(schema, variables, costs.input(input.ty, name)?, value))
    });
    members.fold(own, i64::saturating_add)
}

/// A value as it is given: in the document, or by a variable.
#[derive(Clone, Copy)]
enum Given<'a> {
    Literal(&'a Value),
    Json(&'a Json),
}

impl<'a> Given<'a> {
    /// What a variable stands for; `None` for null and for a variable that is not given.
    fn resolved(self, variables: &Variables<'a>) -> Option<Given<'a>> {
        match self {
            Given::Literal(Value::Variable(name)) => {
                Some(Given::Json(variables.get(name)?)).filter(|given| !given.is_null())
            }
            given => Some(given).filter(|given| !given.is_null()),
        }
    }

    fn is_null(self) -> bool {
        matches!(self, Given::Literal(Value::Null) | Given::Json(Json::Null))
    }

    fn items(self) -> Option<Vec<Given<'a>>> {
        match self {
            Given::Literal(Value::List(items)) => Some(items.iter().map(Given::Literal).collect()),
            Given::Json(Json::List(items)) => Some(items.iter().map(Given::Json).collect()),
            _ => None,
        }
    }

    fn members(self) -> Vec<(&'a str, Given<'a>)> {
        match self {
            Given::Literal(Value::Object(members)) => {
                members.iter().map(|(name, value)| (name.as_str(), Given::Literal(value))).collect()
            }
            Given::Json(Json::Object(members)) => {
                members.iter().map(|(name, value)| (name.as_str(), Given::Json(value))).collect()
            }
            _ => Vec::new(),
        }
    }

    fn member(self, name: &str) -> Option<Given<'a>> {
        self.members().into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// A size: a negative number counts as 0, which the subgraph will have to refuse.
    fn number(self) -> Option<u64> {
        let text = match self {
            Given::Literal(Value::Int(text)) | Given::Json(Json::Number(text)) => text,
            _ => return None,
        };
        text.parse::<i64>().ok().map(|number| u64::try_from(number).unwrap_or(0))
    }
}

/// How many lists are around a named type.
fn levels(ty: &TypeRef) -> usize {
    match ty {
        TypeRef::Named(..) => 0,
        TypeRef::List(item, _) => 1 + levels(item),
    }
}

/// A weight, so many times; less than nothing is nothing.
fn times_signed(times: u64, weight: i64) -> u64 {
    times.saturating_mul(u64::try_from(weight).unwrap_or(0))
}
