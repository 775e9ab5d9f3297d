//! Data for a random supergraph: made once, then written for each subgraph as far as it knows it,
//! and for one server that knows it all.

use json::{Json, Object};

use crate::dice::Dice;
use crate::world::{Field, Kind, Member, Shape, World};

/// A value before it is written down.
enum Value {
    Leaf(Json),
    /// For the arguments 1, 2 and 3.
    Argued([usize; 3]),
    /// A row of an entity.
    Row(usize, usize),
    /// By member.
    Part(Vec<Value>),
    List(Vec<Value>),
}

/// All values.
pub(crate) struct Data {
    roots: Vec<Value>,
    mutations: Vec<Value>,
    /// By entity, row and field.
    rows: Vec<Vec<Vec<Value>>>,
}

impl Data {
    /// Throws values.
    pub(crate) fn throw(dice: &mut Dice, world: &World) -> Self {
        let roots = world.roots.iter().map(|root| value(dice, world, root)).collect();
        let mutations = world.mutations.iter().map(|root| value(dice, world, root)).collect();
        let rows = world.entities.iter().map(|entity| {
            let row = |_| entity.fields.iter().map(|field| value(dice, world, field)).collect();
            (0..entity.rows).map(row).collect()
        });
        let rows = rows.collect();
        Self { roots, mutations, rows }
    }

    /// The data of a subgraph, or of the merged server.
    pub(crate) fn write(&self, world: &World, for_whom: For) -> String {
        let mut data = Object::new();
        let roots =
            [("Query", &world.roots, &self.roots), ("Mutation", &world.mutations, &self.mutations)];
        for (ty, fields, values) in roots {
            let owned = fields.iter().zip(values).filter(|(field, _)| for_whom.has(&field.owners));
            let json = owned.map(|(field, value)| {
                (field.name.as_str(), self.json(world, field, value, for_whom))
            });
            data.insert(ty.to_owned(), json.collect());
        }
        for (number, entity) in world.entities.iter().enumerate() {
            let rows = (0..entity.rows).map(|row| self.row(world, (number, row), for_whom));
            data.insert(entity.name.to_owned(), rows.collect());
        }
        for (number, of) in world.abstracts.iter().enumerate() {
            if let (Some((by, _)), For::Subgraph(subgraph)) = (&of.object, for_whom)
                && *by == subgraph
            {
                let all = of.members().into_iter().flat_map(|member| {
                    (0..world.entities[member].rows).map(move |row| (member, row))
                });
                let row = |at| {
                    let mut row = keys(world, at, for_whom);
                    row.extend(extra(world, number, at));
                    Json::Object(row)
                };
                data.insert(of.name.to_owned(), all.map(row).collect());
            }
        }
        let mut text = String::from("{\n");
        for (index, (name, value)) in data.iter().enumerate() {
            let comma = if index + 1 < data.len() { "," } else { "" };
            text.push_str(&format!("  \"{name}\": {value}{comma}\n"));
        }
        text + "}\n"
    }

    fn row(&self, world: &World, at: (usize, usize), for_whom: For) -> Json {
        let mut row = keys(world, at, for_whom);
        for (index, field) in world.entities[at.0].fields.iter().enumerate() {
            if for_whom.has(&field.owners) {
                row.insert(field.name.to_owned(), self.field(world, at, index, for_whom));
            } else if let (Some(old), For::Subgraph(subgraph)) = (field.overridden, for_whom)
                && old == subgraph
            {
                let right = self.field(world, at, index, For::Merged);
                row.insert(field.name.to_owned(), wrong(&right));
            }
        }
        if let For::Merged = for_whom {
            for (number, of) in world.abstracts.iter().enumerate() {
                if of.members().contains(&at.0) {
                    row.extend(extra(world, number, at));
                }
            }
        }
        Json::Object(row)
    }

    fn field(&self, world: &World, at: (usize, usize), index: usize, for_whom: For) -> Json {
        let fields = &world.entities[at.0].fields;
        match (&fields[index].kind, for_whom) {
            (Kind::Derived(from, member), For::Subgraph(_)) => {
                let below = match (&fields[*from].kind, member) {
                    (Kind::Part(members), Some(member)) => format!(".{}", members[*member].name),
                    _ => String::new(),
                };
                let text = format!("<{{{}{below}}}>", fields[*from].name);
                Json::from_iter([("$text", Json::from(text))])
            }
            (Kind::Derived(..), For::Merged) => Json::from(self.derived(world, at, index)),
            _ => self.json(world, &fields[index], &self.rows[at.0][at.1][index], for_whom),
        }
    }

    /// The text that a field makes of the one that it requires.
    fn derived(&self, world: &World, at: (usize, usize), index: usize) -> String {
        let fields = &world.entities[at.0].fields;
        let Kind::Derived(from, member) = fields[index].kind else { return String::new() };
        match (&fields[from].kind, &self.rows[at.0][at.1][from], member) {
            (Kind::Derived(..), ..) => format!("<{}>", self.derived(world, at, from)),
            (_, Value::Argued(values), _) => format!("<{}>", values[1]),
            (_, Value::Part(values), Some(member)) => {
                format!("<{}>", self.json(world, &fields[from], &values[member], For::Merged))
            }
            (_, value, _) => match self.json(world, &fields[from], value, For::Merged) {
                Json::String(text) => format!("<{text}>"),
                other => format!("<{other}>"),
            },
        }
    }

    fn json(&self, world: &World, field: &Field, value: &Value, for_whom: For) -> Json {
        match value {
            Value::Leaf(leaf) => leaf.to_owned(),
            Value::List(items) => {
                items.iter().map(|item| self.json(world, field, item, for_whom)).collect()
            }
            Value::Argued(values) => {
                let case = |(index, value): (usize, &usize)| {
                    let when = Json::from_iter([("x", Json::from(index + 1))]);
                    Json::from_iter([("when", when), ("then", Json::from(*value))])
                };
                let cases: Json = values.iter().enumerate().map(case).collect();
                Json::from_iter([("$switch", cases)])
            }
            Value::Part(values) => {
                let Kind::Part(members) = &field.kind else { return Json::Null };
                let owned =
                    values.iter().zip(members).filter(|(_, member)| for_whom.has(&member.owners));
                let json = owned.map(|(value, member)| {
                    (member.name.as_str(), self.json(world, field, value, for_whom))
                });
                json.collect()
            }
            Value::Row(entity, row) => {
                let mut object = keys(world, (*entity, *row), for_whom);
                if let (Kind::Link(_, provides), For::Subgraph(subgraph)) = (&field.kind, for_whom)
                {
                    for (_, index) in provides.iter().filter(|(by, _)| *by == subgraph) {
                        let name = &world.entities[*entity].fields[*index].name;
                        let value = self.field(world, (*entity, *row), *index, for_whom);
                        object.insert(name.to_owned(), value);
                    }
                }
                Json::Object(object)
            }
        }
    }
}

/// For whom data is written.
#[derive(Clone, Copy)]
pub(crate) enum For {
    Subgraph(usize),
    Merged,
}

impl For {
    fn has(self, owners: &[usize]) -> bool {
        match self {
            For::Subgraph(subgraph) => owners.contains(&subgraph),
            For::Merged => true,
        }
    }
}

/// The type and the keys of a row, as far as they are known.
fn keys(world: &World, (entity, row): (usize, usize), for_whom: For) -> Object {
    let (id, code, place) = match for_whom {
        For::Merged => (true, true, true),
        For::Subgraph(subgraph) => match world.home(entity, subgraph) {
            Some(home) => (home.id, home.code, home.place),
            // Only an interface object is there.
            None => (true, false, false),
        },
    };
    let mut keys = Object::new();
    keys.insert("__typename".to_owned(), Json::from(world.entities[entity].name.as_str()));
    if id {
        keys.insert("id".to_owned(), Json::from(format!("{entity}-{row}")));
    }
    if code {
        keys.insert("code".to_owned(), Json::from(format!("code {entity}.{row}")));
    }
    if place {
        // Neither member alone tells two rows apart.
        let place = [("x", Json::from(row / 2)), ("y", Json::from(row % 2))];
        keys.insert("place".to_owned(), Json::from_iter(place));
    }
    keys
}

/// The field that an interface object adds to a row.
fn extra(world: &World, of: usize, (entity, row): (usize, usize)) -> Option<(String, Json)> {
    let (_, name) = world.abstracts[of].object.as_ref()?;
    Some((name.to_owned(), Json::from(100 * of + 10 * entity + row)))
}

/// Another value of the same type.
fn wrong(right: &Json) -> Json {
    match right {
        Json::Number(_) => Json::from(666_usize),
        Json::String(text) if text.starts_with("text") => Json::from("wrong"),
        Json::String(text) => Json::from(if text == "RED" { "BLUE" } else { "RED" }),
        Json::List(items) => items.iter().map(wrong).collect(),
        other => other.to_owned(),
    }
}

fn value(dice: &mut Dice, world: &World, field: &Field) -> Value {
    if field.fails && dice.chance(50) {
        return Value::Leaf(Json::from_iter([("$error", Json::from("it fails"))]));
    }
    shaped(dice, world, field, field.shape)
}

fn shaped(dice: &mut Dice, world: &World, field: &Field, shape: Shape) -> Value {
    if shape.nullable && dice.chance(15) && !matches!(field.kind, Kind::Argued) {
        return Value::Leaf(Json::Null);
    }
    if shape.lists == 0 {
        return single(dice, world, field);
    }
    let item = Shape { lists: shape.lists - 1, nullable: shape.item_nullable, ..shape };
    let count = dice.between(0, 3);
    Value::List((0..count).map(|_| shaped(dice, world, field, item)).collect())
}

fn single(dice: &mut Dice, world: &World, field: &Field) -> Value {
    match &field.kind {
        Kind::Int => Value::Leaf(Json::from(dice.below(100))),
        Kind::Text => Value::Leaf(Json::from(format!("text {}", dice.below(100)))),
        Kind::Colour => Value::Leaf(Json::from(["RED", "GREEN", "BLUE"][dice.below(3)])),
        Kind::Argued => Value::Argued([dice.below(100), dice.below(100), dice.below(100)]),
        Kind::Link(entity, _) => Value::Row(*entity, dice.below(world.entities[*entity].rows)),
        Kind::Abstract(of) => {
            let entity = *dice.pick(&world.members(*of, field));
            Value::Row(entity, dice.below(world.entities[entity].rows))
        }
        Kind::Part(members) => {
            let member = |member: &Member| match member.link {
                Some(entity) => Value::Row(entity, dice.below(world.entities[entity].rows)),
                None => Value::Leaf(Json::from(dice.below(100))),
            };
            Value::Part(members.iter().map(member).collect())
        }
        Kind::Derived(..) => Value::Leaf(Json::Null),
    }
}
