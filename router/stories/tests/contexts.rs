//! Random supergraphs with arguments from contexts: each value is that of the nearest object above,
//! as one server that holds all the data would say.

use std::fmt::Write as _;

use json::{Json, Object};
use tributary_stories::{Dice, Part, Performance, Stage};

/// How many supergraphs are tried, unless `TRIBUTARY_CONTEXTS_CASES` says otherwise, and how many
/// operations on each.
const CASES: u64 = 30;
const OPERATIONS: usize = 5;
/// Rows of each type.
const ROWS: usize = 3;

/// What an argument reads of the object that sets the context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reads {
    Value,
    /// A field of a field.
    City,
    /// By the type of the object: `value` of those of even number, `other` of those of odd.
    ByType,
}

/// A type that sets the context, `S0` and so on.
#[derive(Debug)]
struct Setter {
    /// Whether another subgraph has `value`.
    moved: bool,
    /// The type of `kids`.
    kids: usize,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    value: Option<String>,
    other: String,
    /// `None`: no place; `Some(None)`: a place without a city.
    city: Option<Option<String>>,
    kids: Vec<usize>,
    user: Option<usize>,
    grid: Vec<Vec<usize>>,
    more: Vec<usize>,
}

/// The data of all subgraphs.
#[derive(Debug)]
struct World {
    reads: Reads,
    setters: Vec<Setter>,
    /// For each user, the setter that it leads back to.
    back: (usize, Vec<Option<usize>>),
    roots: Vec<usize>,
}

/// An object: a setter or a user, by row.
#[derive(Clone, Copy, Debug)]
enum At {
    Root,
    Setter(usize, usize),
    User(usize),
}

/// A selected field.
#[derive(Debug)]
struct Asked {
    key: String,
    name: &'static str,
    plain: Option<&'static str>,
    below: Vec<Asked>,
}

#[test]
fn values_of_contexts_are_those_of_the_nearest_object_above() {
    let more = std::env::var("TRIBUTARY_CONTEXTS_CASES").ok().and_then(|text| text.parse().ok());
    let cases = more.unwrap_or(CASES);
    let mut values = 0;
    for seed in 1..=cases {
        let mut dice = Dice::new(seed);
        let world = World::throw(&mut dice);
        let parts = world.parts();
        let parts: Vec<Part<'_>> =
            parts.iter().map(|(name, sdl, data)| Part { name, sdl, data }).collect();
        let stage = Stage::set(&parts, None)
            .unwrap_or_else(|why| panic!("seed {seed} does not compose: {why:?}\n{parts:?}"));
        for _ in 0..OPERATIONS {
            let mut names = 0;
            let asked = world.ask(&mut dice, At::Root, 6, &mut names);
            let mut text = String::new();
            write(&asked, &mut text);
            let expected = world.answer(At::Root, &asked, None);
            match stage.perform(&text, &Object::new()).expect("it can be played") {
                Performance::Refused(why) => panic!("seed {seed}: {text}\nis refused: {why}"),
                Performance::Played { plan, answer, wrong, .. } => {
                    assert!(wrong.is_empty(), "seed {seed}: {text}\n{plan}\n{wrong:?}\n{parts:?}");
                    let expected = Json::from_iter([("data", expected)]).to_string();
                    assert_eq!(
                        answer.to_string(),
                        expected,
                        "seed {seed}: {text}\n{plan}\n{parts:?}"
                    );
                    values += answer.to_string().matches(" says ").count();
                }
            }
        }
    }
    assert!(values > 10 * cases as usize, "only {values} values came of contexts");
}

impl World {
    fn throw(dice: &mut Dice) -> Self {
        let reads = *dice.pick(&[Reads::Value, Reads::City, Reads::ByType]);
        let count = dice.between(1, 3);
        let some = |dice: &mut Dice, most: usize| -> Vec<usize> {
            (0..dice.below(most + 1)).map(|_| dice.below(ROWS)).collect()
        };
        let setters = (0..count).map(|number| {
            let rows = (0..ROWS).map(|row| Row {
                value: dice.chance(85).then(|| format!("v{number}{row}")),
                other: format!("o{number}{}", dice.below(2)),
                city: dice.chance(85).then(|| dice.chance(85).then(|| format!("c{number}{row}"))),
                kids: some(dice, 2),
                user: dice.chance(80).then(|| dice.below(ROWS)),
                grid: (0..dice.below(3)).map(|_| some(dice, 2)).collect(),
                more: some(dice, 2),
            });
            let rows = rows.collect();
            Setter { moved: dice.chance(40), kids: dice.below(count), rows }
        });
        let setters = setters.collect();
        let to = (0..ROWS).map(|_| dice.chance(80).then(|| dice.below(ROWS))).collect();
        let back = (dice.below(count), to);
        let mut roots = some(dice, 3);
        roots.push(0);
        Self { reads, setters, back, roots }
    }

    /// Name, schema and data of each subgraph.
    fn parts(&self) -> [(&'static str, String, String); 2] {
        let link = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.8\", \
                    import: [\"@key\", \"@context\", \"@fromContext\", \"@external\"])\n";
        let of_type = |at: usize| {
            let field = if at.is_multiple_of(2) { "value" } else { "other" };
            format!("... on S{at} {{ {field} }}")
        };
        let reads = match self.reads {
            Reads::Value => "$c { value }".to_owned(),
            Reads::City => "$c { place { city } }".to_owned(),
            Reads::ByType => {
                let all: Vec<String> = (0..self.setters.len()).map(of_type).collect();
                format!("$c {}", all.join(" "))
            }
        };
        let mut near = format!(
            "{link}type Query {{ roots: [S0!]! }}\ntype Place {{ city: String }}\n\
             type U @key(fields: \"id\") {{ id: ID! \
             say(a: String @fromContext(field: \"{reads}\"), plain: String): String }}\n"
        );
        let back = self.back.0;
        let mut far =
            format!("{link}type U @key(fields: \"id\") {{ id: ID! name: String back: S{back} }}\n");
        for (at, Setter { moved, kids, .. }) in self.setters.iter().enumerate() {
            let read =
                self.reads == Reads::Value || self.reads == Reads::ByType && at.is_multiple_of(2);
            let own = match (*moved, read) {
                (false, _) => "value: String",
                (true, true) => "value: String @external",
                (true, false) => "",
            };
            let value = if *moved { "value: String " } else { "" };
            let _ = writeln!(
                near,
                "type S{at} @key(fields: \"id\") @context(name: \"c\") {{ id: ID! \
                 {own} other: String place: Place kids: [S{kids}] user: U \
                 grid: [[U!]] }}"
            );
            let _ =
                writeln!(far, "type S{at} @key(fields: \"id\") {{ id: ID! {value}more: [U!]! }}");
        }
        let (near_data, far_data) = self.data();
        [("near", near, near_data), ("far", far, far_data)]
    }

    fn data(&self) -> (String, String) {
        let id = |row: usize| Json::from_iter([("id", Json::from(row.to_string()))]);
        let ids = |rows: &[usize]| Json::List(rows.iter().map(|row| id(*row)).collect());
        let text = |text: &Option<String>| text.as_deref().map_or(Json::Null, Json::from);
        let rows = |row: &dyn Fn(usize) -> Json| Json::List((0..ROWS).map(row).collect());
        let say = |row: usize| Json::from(format!("{row} says {{$a}} {{$plain}}"));
        let query = Json::from_iter([("roots", ids(&self.roots))]);
        let user = |row: usize| {
            let say = Json::from_iter([("$text", say(row))]);
            Json::from_iter([("id", Json::from(row.to_string())), ("say", say)])
        };
        let mut near =
            Object::from_iter([("Query".to_owned(), query), ("U".to_owned(), rows(&user))]);
        let user = |row: usize| {
            let back = self.back.1[row].map_or(Json::Null, id);
            let name = Json::from(format!("n{row}"));
            Json::from_iter([("id", Json::from(row.to_string())), ("name", name), ("back", back)])
        };
        let mut far = Object::from_iter([("U".to_owned(), rows(&user))]);
        for (at, setter) in self.setters.iter().enumerate() {
            let of_near = |row: usize| {
                let known = &setter.rows[row];
                let place = known.city.as_ref();
                let place = place.map_or(Json::Null, |it| Json::from_iter([("city", text(it))]));
                Json::from_iter([
                    ("id", Json::from(row.to_string())),
                    // What is external is wrong there.
                    ("value", if setter.moved { Json::from("wrong") } else { text(&known.value) }),
                    ("other", Json::from(known.other.as_str())),
                    ("place", place),
                    ("kids", ids(&known.kids)),
                    ("user", known.user.map_or(Json::Null, id)),
                    ("grid", Json::List(known.grid.iter().map(|row| ids(row)).collect())),
                ])
            };
            let of_far = |row: usize| {
                let known = &setter.rows[row];
                Json::from_iter([
                    ("id", Json::from(row.to_string())),
                    ("value", text(&known.value)),
                    ("more", ids(&known.more)),
                ])
            };
            near.insert(format!("S{at}"), rows(&of_near));
            far.insert(format!("S{at}"), rows(&of_far));
        }
        (Json::Object(near).to_string(), Json::Object(far).to_string())
    }

    /// A random selection of what an object has; of composite fields only as deep as is said.
    fn ask(&self, dice: &mut Dice, at: At, depth: usize, names: &mut usize) -> Vec<Asked> {
        let (leaves, others): (&[&'static str], &[&'static str]) = match at {
            At::Root => (&[], &["roots"]),
            At::Setter(..) => (&["id", "value", "other"], &["kids", "user", "grid", "more"]),
            At::User(_) => (&["id", "name", "say", "say"], &["back"]),
        };
        let mut asked = Vec::new();
        for _ in 0..dice.between(1, 3) {
            let composite =
                depth > 0 && !others.is_empty() && (leaves.is_empty() || dice.chance(70));
            let name = *dice.pick(if composite { others } else { leaves });
            let below = match composite {
                true => self.ask(dice, self.kind_below(at, name), depth - 1, names),
                false => Vec::new(),
            };
            *names += 1;
            let plain = (name == "say" && dice.chance(40)).then(|| *dice.pick(&["x", "y"]));
            asked.push(Asked { key: format!("k{names}"), name, plain, below });
        }
        asked
    }

    /// What kind of object a field leads to; which row it is doesn't matter.
    fn kind_below(&self, at: At, name: &str) -> At {
        match (at, name) {
            (At::Root, _) => At::Setter(0, 0),
            (At::Setter(ty, _), "kids") => At::Setter(self.setters[ty].kids, 0),
            (At::User(_), _) => At::Setter(self.back.0, 0),
            _ => At::User(0),
        }
    }

    /// What one server would answer; `above` is the nearest object that sets the context.
    fn answer(&self, at: At, asked: &[Asked], above: Option<(usize, usize)>) -> Json {
        let one = |asked: &Asked| (asked.key.to_owned(), self.field(at, asked, above));
        Json::Object(asked.iter().map(one).collect())
    }

    fn field(&self, at: At, asked: &Asked, above: Option<(usize, usize)>) -> Json {
        let setter = |ty: usize, row: usize| self.answer(At::Setter(ty, row), &asked.below, above);
        match at {
            At::Root => Json::List(self.roots.iter().map(|row| setter(0, *row)).collect()),
            At::Setter(ty, row) => {
                let known = &self.setters[ty].rows[row];
                let user =
                    |user: &usize| self.answer(At::User(*user), &asked.below, Some((ty, row)));
                let users = |all: &[usize]| Json::List(all.iter().map(user).collect());
                let kid = |kid: &usize| {
                    let at = At::Setter(self.setters[ty].kids, *kid);
                    self.answer(at, &asked.below, Some((ty, row)))
                };
                match asked.name {
                    "id" => Json::from(row.to_string()),
                    "value" => known.value.as_deref().map_or(Json::Null, Json::from),
                    "other" => Json::from(known.other.as_str()),
                    "kids" => Json::List(known.kids.iter().map(kid).collect()),
                    "user" => known.user.as_ref().map_or(Json::Null, user),
                    "grid" => Json::List(known.grid.iter().map(|all| users(all)).collect()),
                    _ => users(&known.more),
                }
            }
            At::User(row) => match asked.name {
                "id" => Json::from(row.to_string()),
                "name" => Json::from(format!("n{row}")),
                "say" => {
                    let read = above.and_then(|above| self.read(above));
                    let (a, plain) = (read.unwrap_or("null"), asked.plain.unwrap_or("null"));
                    Json::from(format!("{row} says {a} {plain}"))
                }
                _ => self.back.1[row].map_or(Json::Null, |to| setter(self.back.0, to)),
            },
        }
    }

    /// What the argument reads of an object.
    fn read(&self, (ty, row): (usize, usize)) -> Option<&str> {
        let known = &self.setters[ty].rows[row];
        match self.reads {
            Reads::City => known.city.as_ref()?.as_deref(),
            Reads::ByType if !ty.is_multiple_of(2) => Some(&known.other),
            Reads::Value | Reads::ByType => known.value.as_deref(),
        }
    }
}

fn write(asked: &[Asked], text: &mut String) {
    text.push_str("{ ");
    for Asked { key, name, plain, below } in asked {
        let _ = write!(text, "{key}: {name}");
        if let Some(plain) = plain {
            let _ = write!(text, "(plain: \"{plain}\")");
        }
        text.push(' ');
        if !below.is_empty() {
            write(below, text);
        }
    }
    text.push_str("} ");
}
