//! Data for a random supergraph: made once, then written for each subgraph as far as it knows it,
//! and for one server that knows it all.

use json::{Json, Object};

use crate::world::{At, Field, Item, Kind, MUTATION, QUERY, ROWS, Set, To, World};
use tributary_stories::Dice;

/// A value before it is written down.
#[derive(Clone)]
enum Value {
    Null,
    Leaf(Json),
    /// For the arguments 1, 2 and 3.
    Chosen(Vec<Value>),
    /// A row of an entity.
    Row(usize, usize),
    /// An object without a key, with the values of its fields.
    Object(usize, Vec<Value>),
    /// The root of queries.
    Query,
    List(Vec<Value>),
    /// Worked out from what the field requires.
    Made,
}

/// All values.
pub(crate) struct Data {
    /// Of the fields of the roots.
    roots: [Vec<Value>; 2],
    /// By type, row and field; empty for types that are no entities.
    rows: Vec<Vec<Vec<Value>>>,
}

/// For whom data is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    Subgraph(usize),
    Merged,
}

impl Data {
    /// Throws values.
    pub(crate) fn throw(dice: &mut Dice, world: &World) -> Self {
        let mut rows = vec![Vec::new(); world.types.len()];
        for (number, ty) in world.types.iter().enumerate() {
            if ty.kind == Kind::Entity {
                let row = |row| {
                    let fields = ty.fields.iter();
                    fields.map(|field| key(number, field, row, dice, world)).collect()
                };
                rows[number] = (0..ROWS).map(row).collect();
            }
        }
        let roots = [QUERY, MUTATION].map(|root| {
            world.types[root].fields.iter().map(|field| value(dice, world, field)).collect()
        });
        let mut data = Self { roots, rows };
        data.add_to_interfaces(world);
        data
    }

    /// What an interface object adds belongs to the members.
    fn add_to_interfaces(&mut self, world: &World) {
        for (number, ty) in world.types.iter().enumerate() {
            let requires = |name: &str| {
                let mut interfaces = world.types.iter().filter(|of| of.kind == Kind::Interface);
                interfaces.any(|of| of.fields.iter().any(|it| it.name == name && it.to == To::Made))
            };
            for (index, field) in ty.fields.iter().enumerate() {
                if field.added && requires(&field.name) {
                    self.rows[number].iter_mut().for_each(|row| row[index] = Value::Made);
                }
            }
        }
    }

    /// The data of a subgraph, or of the merged server.
    pub(crate) fn write(&self, world: &World, for_whom: For) -> String {
        let pen = Pen { data: self, world, for_whom };
        let mut data = Object::new();
        for root in [QUERY, MUTATION] {
            let name = match for_whom {
                For::Merged => ["Query", "Mutation"][root],
                For::Subgraph(at) => world.subgraphs[at].roots[root],
            };
            data.insert(name.to_owned(), Json::Object(pen.fields(root, &self.roots[root], None)));
        }
        for (number, ty) in world.types.iter().enumerate() {
            let rows: Vec<Json> = match (ty.kind, for_whom) {
                (Kind::Entity, For::Merged) => (0..ROWS).map(|row| pen.row(number, row)).collect(),
                (Kind::Entity, For::Subgraph(at)) if ty.homes.contains_key(&at) => {
                    (0..ROWS).map(|row| pen.row(number, row)).collect()
                }
                (Kind::Interface, For::Subgraph(at)) => {
                    match ty.homes.get(&at).filter(|home| home.object) {
                        Some(home) => pen.stand_ins(number, &home.members),
                        None => continue,
                    }
                }
                _ => continue,
            };
            data.insert(ty.name.to_owned(), Json::List(rows));
        }
        let mut text = String::from("{\n");
        for (index, (name, value)) in data.iter().enumerate() {
            let comma = if index + 1 < data.len() { "," } else { "" };
            text.push_str(&format!("  \"{name}\": {value}{comma}\n"));
        }
        text + "}\n"
    }
}

/// Writes data for somebody.
struct Pen<'a> {
    data: &'a Data,
    world: &'a World,
    for_whom: For,
}

impl Pen<'_> {
    fn row(&self, ty: usize, row: usize) -> Json {
        Json::Object(self.fields(ty, &self.data.rows[ty][row], Some((ty, row))))
    }

    /// The rows of an interface object: all of its members'.
    fn stand_ins(&self, interface: usize, members: &[usize]) -> Vec<Json> {
        let For::Subgraph(at) = self.for_whom else { return Vec::new() };
        let this = &self.world.types[interface];
        let rows = members.iter().flat_map(|member| (0..ROWS).map(move |row| (*member, row)));
        rows.map(|(member, row)| {
            let fields =
                this.fields.iter().filter(|field| field.at.get(&at).is_some_and(|at| !at.external));
            let json = fields.filter_map(|field| {
                let own = self.world.types[member].fields.iter();
                let index = own.clone().position(|own| own.name == field.name)?;
                let value = &self.data.rows[member][row][index];
                Some((
                    field.name.to_owned(),
                    self.stored((interface, field, &field.at[&at]), value),
                ))
            });
            Json::Object(json.collect())
        })
        .collect()
    }

    /// The fields that an object has for somebody.
    fn fields(&self, ty: usize, values: &[Value], row: Option<(usize, usize)>) -> Object {
        let this = &self.world.types[ty];
        let mut object = Object::new();
        object.insert("__typename".to_owned(), Json::from(this.name.as_str()));
        for (field, value) in this.fields.iter().zip(values) {
            match self.for_whom {
                For::Merged => {
                    let json = match (value, row) {
                        (Value::Made, Some(row)) => Json::from(self.made(row, &field.name)),
                        _ => self.json(field, value, None),
                    };
                    object.insert(field.name.to_owned(), json);
                }
                For::Subgraph(at) => {
                    if let Some(at) = field.at.get(&at).filter(|at| !at.external) {
                        object.insert(field.name.to_owned(), self.stored((ty, field, at), value));
                    }
                }
            }
        }
        object
    }

    /// What a subgraph has for a field that it resolves.
    fn stored(&self, (_, field, at): (usize, &Field, &At), value: &Value) -> Json {
        if let Some(set) = &at.requires {
            return Json::from_iter([("$made", self.set(set))]);
        }
        match self.world.in_force(at) {
            true => self.json(field, value, at.provides.as_ref()),
            false => self.json(field, &wrong(value), None),
        }
    }

    /// A set as data has it.
    fn set(&self, set: &Set) -> Json {
        let item = |item: &Item| match item {
            Item::Field { ty, field, below, .. } => {
                let name = self.world.types[*ty].fields[*field].name.to_owned();
                let below = if below.is_empty() { Json::Null } else { self.set(below) };
                (name, below)
            }
            Item::On { ty, below } => {
                let name = &self.world.types[*ty].name;
                (format!("... on {name}"), self.set(below))
            }
        };
        set.iter().map(item).collect()
    }

    /// The text that a field makes of what it requires, as one server would.
    fn made(&self, (ty, row): (usize, usize), name: &str) -> String {
        let world = self.world;
        let set_of = |ty: &crate::world::Type| {
            let field = ty.fields.iter().find(|field| field.name == name)?;
            field.at.values().find_map(|at| at.requires.clone())
        };
        let set = set_of(&world.types[ty]).or_else(|| world.types.iter().find_map(set_of));
        let mut text = String::new();
        self.selected(&set.unwrap_or_default(), (ty, Some(row)), None, &mut text);
        text
    }

    fn selected(
        &self,
        set: &Set,
        (ty, row): (usize, Option<usize>),
        values: Option<&[Value]>,
        text: &mut String,
    ) {
        text.push('{');
        for item in set {
            match item {
                Item::On { ty: on, below } if *on == ty => {
                    self.selected(below, (ty, row), values, text);
                }
                Item::On { .. } => {}
                Item::Field { ty: parent, field, x, below } => {
                    let name = &self.world.types[*parent].fields[*field].name;
                    let fields = &self.world.types[ty].fields;
                    let at = fields.iter().position(|own| own.name == *name).expect("it has it");
                    let value = match (values, row) {
                        (Some(values), _) => &values[at],
                        (None, Some(row)) => &self.data.rows[ty][row][at],
                        (None, None) => continue,
                    };
                    text.push_str(&format!("{name}:"));
                    match (value, row) {
                        (Value::Made, Some(row)) => {
                            let made = Json::from(self.made((ty, row), name));
                            text.push_str(&format!("{made},"));
                        }
                        _ => self.selected_value(below, &fields[at], (value, *x), text),
                    }
                }
            }
        }
        text.push('}');
    }

    fn selected_value(
        &self,
        set: &Set,
        field: &Field,
        (value, x): (&Value, Option<usize>),
        text: &mut String,
    ) {
        match value {
            Value::Chosen(values) => {
                self.selected_value(set, field, (&values[x.unwrap_or(1) - 1], None), text);
            }
            Value::List(items) => {
                text.push('[');
                items.iter().for_each(|item| self.selected_value(set, field, (item, None), text));
                text.push(']');
            }
            Value::Row(ty, row) => self.selected(set, (*ty, Some(*row)), None, text),
            Value::Object(ty, values) => self.selected(set, (*ty, None), Some(values), text),
            Value::Leaf(json) if field.to == To::Echo => {
                text.push_str(&format!("{},", echo(field, json)))
            }
            other => {
                let json = self.json(field, other, None);
                // A list in opaque JSON is walked through like any other.
                opaque(&json, text);
            }
        }
    }

    fn json(&self, field: &Field, value: &Value, provides: Option<&Set>) -> Json {
        match value {
            Value::Null | Value::Made => Json::Null,
            Value::Leaf(leaf) => leaf.to_owned(),
            Value::List(items) => {
                items.iter().map(|item| self.json(field, item, provides)).collect()
            }
            Value::Chosen(values) => {
                let case = |(index, value): (usize, &Value)| {
                    let when = Json::from_iter([("x", Json::from(index + 1))]);
                    Json::from_iter([("when", when), ("then", self.json(field, value, provides))])
                };
                let cases: Json = values.iter().enumerate().map(case).collect();
                Json::from_iter([("$switch", cases)])
            }
            Value::Query => {
                let name = match self.for_whom {
                    For::Merged => "Query",
                    For::Subgraph(at) => self.world.subgraphs[at].roots[QUERY],
                };
                Json::from_iter([("__typename", Json::from(name))])
            }
            Value::Row(ty, row) => Json::Object(self.reference(field, (*ty, *row), provides)),
            Value::Object(ty, values) => {
                let mut object = self.fields(*ty, values, None);
                self.provide(&mut object, *ty, values, provides);
                Json::Object(object)
            }
        }
    }

    /// A row by its number, with what is provided of it.
    fn reference(
        &self,
        field: &Field,
        (ty, row): (usize, usize),
        provides: Option<&Set>,
    ) -> Object {
        let mut object = Object::new();
        let stand_in = match (&field.to, self.for_whom) {
            (To::Type(to), For::Subgraph(at)) => {
                let home = self.world.types[*to].homes.get(&at).filter(|home| home.object);
                home.map(|home| (&self.world.types[*to].name, home))
            }
            _ => None,
        };
        let (name, number) = match stand_in {
            Some((name, home)) => {
                let member = home.members.iter().position(|member| *member == ty);
                (name, member.unwrap_or_default() * ROWS + row)
            }
            None => (&self.world.types[ty].name, row),
        };
        object.insert("__typename".to_owned(), Json::from(name.as_str()));
        object.insert("$row".to_owned(), Json::from(number));
        self.provide(&mut object, ty, &self.data.rows[ty][row], provides);
        object
    }

    fn provide(&self, object: &mut Object, ty: usize, values: &[Value], set: Option<&Set>) {
        for item in set.into_iter().flatten() {
            match item {
                Item::On { ty: on, below } if *on == ty => {
                    self.provide(object, ty, values, Some(below));
                }
                Item::On { .. } => {}
                Item::Field { field, below, .. } => {
                    let field_of = &self.world.types[ty].fields[*field];
                    let json = self.json(field_of, &values[*field], Some(below));
                    object.insert(field_of.name.to_owned(), json);
                }
            }
        }
    }
}

fn opaque(json: &Json, text: &mut String) {
    match json {
        Json::List(items) => {
            text.push('[');
            items.iter().for_each(|item| opaque(item, text));
            text.push(']');
        }
        other => text.push_str(&format!("{other},")),
    }
}

/// What a field says to the arguments of a requirement, which are its defaults.
fn echo(field: &Field, template: &Json) -> Json {
    let defaults = field.arguments.iter().filter_map(|argument| {
        let default = argument.default?;
        let json = match argument.ty {
            "Int" => Json::Number(default.to_owned()),
            "String!" => json::parse(default.as_bytes(), 5).expect("it is JSON too"),
            _ => Json::from(default),
        };
        Some((argument.name, json))
    });
    let arguments = Json::from_iter(defaults).to_string();
    let template = template.get("$text").and_then(Json::as_str).unwrap_or_default();
    Json::from(template.replace("{$}", &arguments))
}

/// Another value of the same type.
fn wrong(right: &Value) -> Value {
    match right {
        Value::Leaf(Json::Number(_)) => Value::Leaf(Json::from(666_usize)),
        Value::Leaf(Json::Bool(right)) => Value::Leaf(Json::Bool(!right)),
        Value::Leaf(Json::String(text)) if ["RED", "GREEN", "BLUE"].contains(&text.as_str()) => {
            Value::Leaf(Json::from(if text == "RED" { "BLUE" } else { "RED" }))
        }
        Value::Leaf(_) => Value::Leaf(Json::from("wrong")),
        Value::List(items) => Value::List(items.iter().map(wrong).collect()),
        Value::Chosen(values) => Value::Chosen(values.iter().map(wrong).collect()),
        Value::Row(ty, row) => Value::Row(*ty, (row + 1) % ROWS),
        other => other.clone(),
    }
}

/// The values of keys follow from the row; others are thrown.
fn key(ty: usize, field: &Field, row: usize, dice: &mut Dice, world: &World) -> Value {
    let of_entity = |to: usize| world.types[to].kind == Kind::Entity;
    match (field.name.as_str(), &field.to) {
        ("id", _) => Value::Leaf(Json::from(format!("{ty}-{row}"))),
        ("code", _) => Value::Leaf(Json::from(format!("code {ty}.{row}"))),
        ("tags", _) => {
            let tags = ["all".to_owned(), format!("t{row}")];
            Value::List(tags.map(|tag| Value::Leaf(Json::from(tag))).into())
        }
        // Neither member alone tells two rows apart.
        ("place", To::Type(to)) => {
            let numbers = [Json::from(row / 2), Json::from(row % 2)];
            Value::Object(*to, numbers.map(Value::Leaf).into())
        }
        (name, To::Type(to)) if name.ends_with("owner") && of_entity(*to) => {
            Value::Row(*to, (row + 1) % ROWS)
        }
        _ => value(dice, world, field),
    }
}

fn value(dice: &mut Dice, world: &World, field: &Field) -> Value {
    if field.fails && dice.chance(50) {
        return Value::Leaf(Json::from_iter([("$error", Json::from("it fails"))]));
    }
    match field.to {
        To::Made => return Value::Made,
        To::Next => {
            return Value::Leaf(Json::from_iter([("$next", Json::from("all"))]));
        }
        To::Echo => {
            let text = format!("echo {} {{$}}", dice.below(100));
            return Value::Leaf(Json::from_iter([("$text", Json::from(text))]));
        }
        _ => {}
    }
    if field.chosen() {
        return Value::Chosen(
            (0..3).map(|_| shaped(dice, world, field, &field.nullable)).collect(),
        );
    }
    shaped(dice, world, field, &field.nullable)
}

fn shaped(dice: &mut Dice, world: &World, field: &Field, nullable: &[bool]) -> Value {
    if nullable[0] && dice.chance(15) {
        return Value::Null;
    }
    if nullable.len() > 1 {
        let count = dice.between(0, 3);
        return Value::List(
            (0..count).map(|_| shaped(dice, world, field, &nullable[1..])).collect(),
        );
    }
    let text = |text: &str| Value::Leaf(Json::from(text));
    match &field.to {
        To::Id => text("none"),
        To::Int => Value::Leaf(Json::from(dice.below(100))),
        To::Text => text(&format!("text {}", dice.below(100))),
        To::Flag => Value::Leaf(Json::Bool(dice.chance(50))),
        To::Colour => text(["RED", "GREEN", "BLUE"][dice.below(3)]),
        To::Blob => Value::Leaf(blob(dice)),
        To::Type(QUERY) => Value::Query,
        To::Type(to) => {
            let of = world.values(*to, field);
            if of.is_empty() {
                return Value::Null;
            }
            let object = *dice.pick(&of);
            match world.types[object].kind {
                Kind::Entity => Value::Row(object, dice.below(ROWS)),
                _ => {
                    let fields = world.types[object].fields.iter();
                    Value::Object(object, fields.map(|field| value(dice, world, field)).collect())
                }
            }
        }
        To::Made | To::Echo | To::Next => Value::Null,
    }
}

/// Opaque JSON with names in it that mean something elsewhere.
fn blob(dice: &mut Dice) -> Json {
    match dice.below(4) {
        0 => Json::Number("1.50e3".to_owned()),
        1 => Json::from("plain \u{1f600} \"text\""),
        2 => Json::List(vec![Json::Null, Json::from(dice.below(9))]),
        _ => Json::from_iter([
            ("__typename", Json::from("E0")),
            ("id", Json::from(dice.below(9))),
            ("label", Json::Null),
        ]),
    }
}
