//! Data for a random supergraph: made once, then written for each subgraph as far as it knows it,
//! and for one server that knows it all.

use json::{Json, Object};

use crate::dice::Dice;
use crate::world::{Field, Kind, Shape, World};

/// A value before it is written down.
enum Value {
    Leaf(Json),
    /// For the arguments 1, 2 and 3.
    Argued([usize; 3]),
    /// A row of an entity.
    Row(usize, usize),
    /// By field.
    Part(Vec<(String, Json)>),
    List(Vec<Value>),
}

/// All values.
pub(crate) struct Data {
    roots: Vec<Value>,
    /// By entity, row and field.
    rows: Vec<Vec<Vec<Value>>>,
}

impl Data {
    /// Throws values.
    pub(crate) fn throw(dice: &mut Dice, world: &World) -> Self {
        let roots = world.roots.iter().map(|root| value(dice, world, root)).collect();
        let rows = world.entities.iter().map(|entity| {
            let row = |_| entity.fields.iter().map(|field| value(dice, world, field)).collect();
            (0..entity.rows).map(row).collect()
        });
        let rows = rows.collect();
        Self { roots, rows }
    }

    /// The data of a subgraph, or of the merged server.
    pub(crate) fn write(&self, world: &World, for_whom: For) -> String {
        let mut data = Object::new();
        let mut query = Object::new();
        for (root, value) in world.roots.iter().zip(&self.roots) {
            if for_whom.has(&root.owners) {
                query.insert(root.name.to_owned(), self.json(world, root, value, for_whom));
            }
        }
        data.insert("Query".to_owned(), Json::Object(query));
        for (number, entity) in world.entities.iter().enumerate() {
            let rows = (0..entity.rows).map(|row| self.row(world, (number, row), for_whom));
            data.insert(entity.name.to_owned(), rows.collect());
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
            }
        }
        Json::Object(row)
    }

    fn field(&self, world: &World, at: (usize, usize), index: usize, for_whom: For) -> Json {
        let fields = &world.entities[at.0].fields;
        match (&fields[index].kind, for_whom) {
            (Kind::Derived(from), For::Subgraph(_)) => {
                let text = format!("<{{{}}}>", fields[*from].name);
                Json::from_iter([("$text", Json::from(text))])
            }
            (Kind::Derived(_), For::Merged) => Json::from(self.derived(world, at, index)),
            _ => self.json(world, &fields[index], &self.rows[at.0][at.1][index], for_whom),
        }
    }

    /// The text that a field makes of the one that it requires.
    fn derived(&self, world: &World, at: (usize, usize), index: usize) -> String {
        let fields = &world.entities[at.0].fields;
        let Kind::Derived(from) = fields[index].kind else { return String::new() };
        match (&fields[from].kind, &self.rows[at.0][at.1][from]) {
            (Kind::Derived(_), _) => format!("<{}>", self.derived(world, at, from)),
            (_, Value::Argued(values)) => format!("<{}>", values[1]),
            (_, value) => match self.json(world, &fields[from], value, For::Merged) {
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
            Value::Part(members) => {
                let Kind::Part(fields) = &field.kind else { return Json::Null };
                let owned = members.iter().zip(fields).filter(|(_, (_, by))| for_whom.has(by));
                owned.map(|((name, value), _)| (name.as_str(), value.to_owned())).collect()
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
    let (id, code) = match for_whom {
        For::Merged => (true, true),
        For::Subgraph(subgraph) => match world.home(entity, subgraph) {
            Some(home) => (home.id, home.code),
            None => (false, false),
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
    keys
}

fn value(dice: &mut Dice, world: &World, field: &Field) -> Value {
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
            let entity = *dice.pick(&world.abstracts[*of].members);
            Value::Row(entity, dice.below(world.entities[entity].rows))
        }
        Kind::Part(fields) => {
            let member =
                |(name, _): &(String, Vec<usize>)| (name.to_owned(), Json::from(dice.below(100)));
            Value::Part(fields.iter().map(member).collect())
        }
        Kind::Derived(_) => Value::Leaf(Json::Null),
    }
}
