//! Generated supergraphs in which many subgraphs share many fields: the same answer can be had in
//! many ways, and few of them are good.

use std::fmt::Write as _;

use tributary_stories::Dice;

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", import: \
                    [\"@key\", \"@shareable\"])\n";

/// A supergraph before it is written down.
pub(crate) struct Wide {
    subgraphs: usize,
    entities: Vec<Entity>,
    /// For each root field the entity that it leads to, and who resolves it.
    roots: Vec<(usize, Vec<usize>)>,
}

struct Entity {
    /// The subgraphs that know it; each can be entered by `id`.
    homes: Vec<usize>,
    fields: Vec<Field>,
}

struct Field {
    owners: Vec<usize>,
    /// The entity that it leads to; else it is a number.
    link: Option<usize>,
    list: bool,
}

impl Wide {
    pub(crate) fn throw(dice: &mut Dice) -> Self {
        let subgraphs = dice.between(3, 8);
        let all: Vec<usize> = (0..subgraphs).collect();
        let count = dice.between(2, 5);
        let mut entities: Vec<Entity> =
            (0..count).map(|_| Entity { homes: dice.some(&all, 2), fields: Vec::new() }).collect();
        for number in 0..count {
            for index in 0..dice.between(3, 8) {
                let link = (index < 3 && dice.chance(60)).then(|| dice.below(count));
                let homes = match link {
                    // Who leads to an entity knows it.
                    Some(to) => entities[number]
                        .homes
                        .iter()
                        .filter(|home| entities[to].homes.contains(home))
                        .copied()
                        .collect(),
                    None => entities[number].homes.to_vec(),
                };
                if homes.is_empty() {
                    continue;
                }
                let mut owners = dice.some(&homes, 1);
                owners.truncate(dice.between(1, 4));
                entities[number].fields.push(Field { owners, link, list: dice.chance(50) });
            }
        }
        let mut roots = Vec::new();
        for _ in 0..dice.between(1, 3) {
            let to = dice.below(count);
            let mut owners = dice.some(&entities[to].homes, 1);
            owners.truncate(2);
            roots.push((to, owners));
        }
        Self { subgraphs, entities, roots }
    }

    /// Names and schemas.
    pub(crate) fn subgraphs(&self) -> Vec<(String, String)> {
        (0..self.subgraphs)
            .filter_map(|subgraph| Some((format!("s{subgraph}"), self.sdl(subgraph)?)))
            .collect()
    }

    fn sdl(&self, subgraph: usize) -> Option<String> {
        let mut text = LINK.to_owned();
        let mut roots = String::new();
        for (index, (to, owners)) in self.roots.iter().enumerate() {
            if owners.contains(&subgraph) {
                let _ = writeln!(roots, "  root{index}: [E{to}!]!{}", shared(owners));
            }
        }
        if !roots.is_empty() {
            let _ = writeln!(text, "type Query {{\n{roots}}}");
        }
        let mut known = !roots.is_empty();
        for (number, entity) in self.entities.iter().enumerate() {
            if !entity.homes.contains(&subgraph) {
                continue;
            }
            known = true;
            let _ = writeln!(text, "type E{number} @key(fields: \"id\") {{\n  id: ID!");
            for (index, field) in entity.fields.iter().enumerate() {
                if field.owners.contains(&subgraph) {
                    let ty = match (field.link, field.list) {
                        (Some(to), true) => format!("[E{to}!]!"),
                        (Some(to), false) => format!("E{to}"),
                        (None, _) => "Int".to_owned(),
                    };
                    let _ = writeln!(text, "  f{index}: {ty}{}", shared(&field.owners));
                }
            }
            text.push_str("}\n");
        }
        known.then_some(text)
    }

    /// An operation over it.
    pub(crate) fn operation(&self, dice: &mut Dice) -> String {
        let mut text = "{".to_owned();
        for (index, (to, _)) in self.roots.iter().enumerate() {
            if index == 0 || dice.chance(70) {
                let _ = write!(text, " root{index} {}", self.below(dice, *to, 4));
            }
        }
        text + " }\n"
    }

    fn below(&self, dice: &mut Dice, number: usize, depth: usize) -> String {
        let mut text = "{ id".to_owned();
        for (index, field) in self.entities[number].fields.iter().enumerate() {
            match field.link {
                None if dice.chance(60) => _ = write!(text, " f{index}"),
                Some(to) if depth > 0 && dice.chance(60) => {
                    let _ = write!(text, " f{index} {}", self.below(dice, to, depth - 1));
                }
                _ => {}
            }
        }
        text + " }"
    }
}

fn shared(owners: &[usize]) -> &'static str {
    if owners.len() > 1 { " @shareable" } else { "" }
}
