//! Makes sets of subgraphs that mean to compose: a graph is made first, then divided.

mod decorate;
mod rare;

use crate::set::{Definition, Member, Set, Subgraph};
use trials::Dice;

const NAMES: [&str; 5] = ["alpha", "beta", "gamma", "delta", "omega"];
const ENTITIES: [&str; 4] = ["User", "Product", "Review", "Order"];
const WORDS: [&str; 8] = ["name", "size", "rank", "note", "city", "total", "state", "label"];
const SCALARS: [&str; 5] = ["Int", "String", "Float", "Boolean", "ID"];

/// A minor version of federation 2; most have all that is asked for here.
fn version(dice: &mut Dice) -> usize {
    if dice.chance(65) { 9 + dice.below(6) } else { dice.below(15) }
}

/// What an entity is found by, and the fields that this takes.
#[derive(Clone, Copy, PartialEq)]
enum Key {
    Id,
    Sku,
    Both,
    Nested,
}

impl Key {
    fn text(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Sku => "sku",
            Self::Both => "id sku",
            Self::Nested => "id place { zip }",
        }
    }
}

struct Generator {
    dice: Dice,
    /// The keys of each entity.
    keys: Vec<Vec<Key>>,
    set: Set,
}

/// A set that means to compose.
pub(crate) fn generate(seed: u64) -> Set {
    let mut dice = Dice::new(seed);
    let count = 2 + dice.below(3);
    let federation_1 = dice.chance(8);
    let subgraphs = NAMES[..count]
        .iter()
        .map(|name| Subgraph {
            name: (*name).into(),
            version: (!(federation_1 || dice.chance(3))).then(|| version(&mut dice)),
            ..Subgraph::default()
        })
        .collect();
    let entities = 1 + dice.below(3);
    let keys = (0..entities)
        .map(|_| match dice.below(8) {
            0..=2 => vec![Key::Id],
            3 => vec![Key::Id, Key::Sku],
            4 => vec![Key::Both],
            5 => vec![Key::Nested, Key::Id],
            6 => vec![Key::Id, Key::Both],
            _ => vec![Key::Nested],
        })
        .collect();
    let mut generator = Generator { dice, keys, set: Set { subgraphs } };
    generator.fill();
    generator.set
}

impl Generator {
    fn fill(&mut self) {
        let count = self.set.subgraphs.len();
        for entity in 0..self.keys.len() {
            let first = self.dice.below(count);
            for subgraph in 0..count {
                if subgraph == first || self.dice.chance(50) {
                    self.entity(subgraph, entity);
                }
            }
            self.fields(entity);
            self.root(first, entity);
        }
        for subgraph in 0..count {
            if self.dice.chance(30) || self.set.subgraphs[subgraph].definitions.is_empty() {
                let field = self.plain_field(&format!("of{subgraph}"));
                self.query(subgraph).members.push(field);
            }
        }
        for (percent, act) in [
            (25, Self::value_type as fn(&mut Self)),
            (25, Self::interface),
            (20, Self::union),
            (35, Self::enumeration),
            (30, Self::input),
            (20, Self::mutation),
            (20, Self::requires),
            (15, Self::provides),
            (20, Self::overrides),
            (20, Self::visibility),
            (15, Self::access),
            (12, Self::cost),
            (10, Self::custom),
            (10, Self::executable),
            (10, Self::interface_object),
            (12, Self::context),
            (12, Self::guards),
            (6, Self::cache_tags),
            (8, Self::rename),
            (8, Self::spellings),
            (10, Self::extended),
            (12, Self::defaults),
            (8, Self::words),
            (8, Self::own_directives),
        ] {
            if self.dice.chance(percent) {
                act(self);
            }
        }
    }

    fn define(&mut self, subgraph: usize, keyword: &'static str, name: &str) -> &mut Definition {
        let definitions = &mut self.set.subgraphs[subgraph].definitions;
        let at = definitions.iter().position(|found| found.name == name);
        let at = at.unwrap_or_else(|| {
            let made = Definition { keyword, name: name.into(), ..Definition::default() };
            definitions.push(made);
            definitions.len() - 1
        });
        &mut definitions[at]
    }

    fn query(&mut self, subgraph: usize) -> &mut Definition {
        self.define(subgraph, "type", "Query")
    }

    fn add(&mut self, subgraph: usize, keyword: &'static str, name: &str, member: Member) {
        let definition = self.define(subgraph, keyword, name);
        if definition.member(&member.name).is_none() {
            definition.members.push(member);
        }
    }

    /// `@shareable` where there is such a thing.
    fn shared(&self, subgraph: usize, mut member: Member) -> Member {
        if self.set.subgraphs[subgraph].version.is_some() {
            member.directives.push("@shareable".into());
        }
        member
    }

    fn entity(&mut self, subgraph: usize, entity: usize) {
        let name = ENTITIES[entity];
        let keys = self.keys[entity].clone();
        let extends = self.set.subgraphs[subgraph].version.is_none() && self.dice.chance(40);
        let definition = self.define(subgraph, if extends { "extend type" } else { "type" }, name);
        if !definition.directives.is_empty() {
            return;
        }
        let all = self.dice.chance(60);
        let mut place = false;
        for (index, key) in keys.iter().enumerate() {
            if index > 0 && !all {
                continue;
            }
            let text = key.text();
            let definition = self.define(subgraph, "type", name);
            definition.directives.push(format!("@key(fields: \"{text}\")"));
            let mut member = |field: &str, ty: &str| {
                if definition.member(field).is_none() {
                    let made = Member::field(field, ty);
                    let made = if extends { made.with("@external") } else { made };
                    definition.members.push(made);
                }
            };
            if text.contains("id") {
                member("id", "ID!");
            }
            if text.contains("sku") {
                member("sku", "String!");
            }
            if *key == Key::Nested {
                member("place", "Place");
                place = true;
            }
        }
        if place {
            let zip = self.shared(subgraph, Member::field("zip", "String"));
            self.add(subgraph, "type", "Place", zip);
        }
    }

    fn having(&self, name: &str) -> Vec<usize> {
        let has = |subgraph: &Subgraph| subgraph.definitions.iter().any(|found| found.name == name);
        let all = self.set.subgraphs.iter().enumerate();
        all.filter(|(_, subgraph)| has(subgraph)).map(|(index, _)| index).collect()
    }

    fn scalar(&mut self) -> String {
        let name = *self.dice.pick(&SCALARS);
        match self.dice.below(5) {
            0 => format!("{name}!"),
            1 => format!("[{name}!]"),
            2 => format!("[{name}]!"),
            _ => name.into(),
        }
    }

    fn plain_field(&mut self, name: &str) -> Member {
        let ty = self.scalar();
        let mut member = Member::field(name, &ty);
        if self.dice.chance(20) {
            let argument = match self.dice.below(4) {
                0 => "first: Int = 10",
                1 => "by: String",
                2 => "must: ID!",
                _ => "in: [Int!] = [1, 2]",
            };
            member.arguments.push(argument.into());
        }
        member
    }

    /// Plain fields of an entity, each of one subgraph or shared, and links to other entities.
    fn fields(&mut self, entity: usize) {
        let name = ENTITIES[entity];
        let having = self.having(name);
        for _ in 0..1 + self.dice.below(4) {
            let word = *self.dice.pick(&WORDS);
            let field = self.plain_field(word);
            let owner = *self.dice.pick(&having);
            if having.iter().any(|at| self.has_field(*at, name, word)) {
                continue;
            }
            if having.len() > 1 && self.dice.chance(30) {
                for subgraph in having.clone() {
                    if subgraph == owner || self.dice.chance(60) {
                        let field = self.shared(subgraph, field.clone());
                        self.add(subgraph, "type", name, field);
                    }
                }
            } else {
                self.add(owner, "type", name, field);
            }
        }
        if self.dice.chance(50) {
            let other = self.dice.below(self.keys.len());
            let owner = *self.dice.pick(&having);
            self.entity(owner, other);
            let word = format!("to{}", ENTITIES[other]);
            if !having.iter().any(|at| self.has_field(*at, name, &word)) {
                let list = self.dice.chance(40);
                let ty =
                    if list { format!("[{}]", ENTITIES[other]) } else { ENTITIES[other].into() };
                self.add(owner, "type", name, Member::field(&word, &ty));
            }
        }
    }

    fn has_field(&self, subgraph: usize, name: &str, field: &str) -> bool {
        let mut all = self.set.subgraphs[subgraph].definitions.iter();
        all.any(|found| found.name == name && found.member(field).is_some())
    }

    fn root(&mut self, subgraph: usize, entity: usize) {
        let name = ENTITIES[entity];
        let field = Member::field(&name.to_lowercase(), name);
        self.query(subgraph).members.push(field);
    }

    fn value_type(&mut self) {
        let fields = [self.plain_field("amount"), self.plain_field("unit")];
        for subgraph in self.some_subgraphs() {
            for field in fields.clone() {
                let field = self.shared(subgraph, field);
                self.add(subgraph, "type", "Money", field);
            }
            let field = Member::field(&format!("price{subgraph}"), "Money");
            self.add(subgraph, "type", "Query", field);
        }
    }

    fn some_subgraphs(&mut self) -> Vec<usize> {
        let count = self.set.subgraphs.len();
        let mut some: Vec<usize> = (0..count).filter(|_| self.dice.chance(55)).collect();
        if some.is_empty() {
            some.push(self.dice.below(count));
        }
        some
    }

    fn any_entity(&mut self) -> (usize, &'static str) {
        let name = ENTITIES[self.dice.below(self.keys.len())];
        let having = self.having(name);
        (*self.dice.pick(&having), name)
    }

    fn interface(&mut self) {
        let (subgraph, name) = self.any_entity();
        let fields: Vec<Member> = self.set.subgraphs[subgraph]
            .definitions
            .iter()
            .find(|found| found.name == name)
            .map(|found| found.members.iter().take(2).cloned().collect())
            .unwrap_or_default();
        for mut field in fields {
            field.directives.clear();
            self.add(subgraph, "interface", "Thing", field);
        }
        self.define(subgraph, "type", name).implements.push("Thing".into());
        self.add(subgraph, "type", "Query", Member::field("thing", "Thing"));
    }

    fn union(&mut self) {
        for subgraph in self.some_subgraphs() {
            let definitions = &self.set.subgraphs[subgraph].definitions;
            let mut names: Vec<String> = definitions
                .iter()
                .filter(|found| found.keyword.ends_with("type") && found.name != "Query")
                .map(|found| found.name.clone())
                .collect();
            if self.dice.chance(30) {
                names.truncate(1);
            }
            if names.is_empty() {
                continue;
            }
            for name in names {
                self.add(subgraph, "union", "Any", Member::value(&name));
            }
            let field = Member::field(&format!("any{subgraph}"), "[Any]");
            self.add(subgraph, "type", "Query", field);
        }
    }

    fn enumeration(&mut self) {
        let input = self.dice.chance(40);
        let output = !input || self.dice.chance(40);
        for subgraph in self.some_subgraphs() {
            for value in ["RED", "GREEN", "BLUE"] {
                if (input && output) || self.dice.chance(75) || value == "RED" {
                    self.add(subgraph, "enum", "Color", Member::value(value));
                }
            }
            let ty = if output { "Color" } else { "Int" };
            let mut field = Member::field(&format!("color{subgraph}"), ty);
            if input {
                field.arguments.push("of: Color = RED".into());
            }
            self.add(subgraph, "type", "Query", field);
        }
    }

    fn input(&mut self) {
        for subgraph in self.some_subgraphs() {
            let mut limit = Member::field("limit", "Int");
            if self.dice.chance(70) {
                limit.default = Some("5".into());
            }
            self.add(subgraph, "input", "Filter", limit);
            if self.dice.chance(60) {
                let ty = if self.dice.chance(30) { "[String!]!" } else { "[String!]" };
                self.add(subgraph, "input", "Filter", Member::field("words", ty));
            }
            let mut field = Member::field(&format!("found{subgraph}"), "Int");
            field.arguments.push("by: Filter".into());
            self.add(subgraph, "type", "Query", field);
        }
    }

    fn mutation(&mut self) {
        let kind = if self.dice.chance(70) { "Mutation" } else { "Subscription" };
        for subgraph in self.some_subgraphs() {
            let field = self.plain_field(&format!("act{subgraph}"));
            let renamed = self.dice.chance(20) && self.set.subgraphs[subgraph].version.is_some();
            let name = if renamed { "Changes" } else { kind };
            if renamed {
                let root = format!("{{ {}: Changes }}", kind.to_lowercase());
                self.set.subgraphs[subgraph].schema.push(root);
            }
            self.add(subgraph, "type", name, field);
        }
    }

    /// An entity in two subgraphs of which the first alone has a plain field.
    fn owned(&mut self) -> Option<(&'static str, Member, usize, usize)> {
        let name = ENTITIES[self.dice.below(self.keys.len())];
        let having = self.having(name);
        let mut found = Vec::new();
        for owner in &having {
            let definitions = &self.set.subgraphs[*owner].definitions;
            let definition = definitions.iter().find(|found| found.name == name)?;
            for member in &definition.members {
                let plain = member.directives.is_empty() && WORDS.contains(&&*member.name);
                for other in having.iter().filter(|_| plain) {
                    if !self.has_field(*other, name, &member.name) {
                        found.push((name, member.clone(), *owner, *other));
                    }
                }
            }
        }
        (!found.is_empty()).then(|| found.swap_remove(self.dice.below(found.len())))
    }

    fn requires(&mut self) {
        let Some((name, field, _, other)) = self.owned() else { return };
        if field.arguments.iter().any(|argument| argument.contains('!')) {
            return;
        }
        let word = field.name.clone();
        // Federation 1 let a field require what its subgraph has itself.
        let old = self.set.subgraphs[other].version.is_none();
        let own = if old && self.dice.chance(40) { "__typename " } else { "" };
        self.add(other, "type", name, field.with("@external"));
        let needs =
            Member::field("derived", "String").with(format!("@requires(fields: \"{own}{word}\")"));
        self.add(other, "type", name, needs);
    }

    fn provides(&mut self) {
        let Some((name, field, _, other)) = self.owned() else { return };
        let word = field.name.clone();
        self.add(other, "type", name, field.with("@external"));
        let gives = Member::field("given", name).with(format!("@provides(fields: \"{word}\")"));
        self.add(other, "type", "Query", gives);
    }

    fn overrides(&mut self) {
        let Some((name, field, owner, other)) = self.owned() else { return };
        let Some(version) = self.set.subgraphs[other].version else { return };
        let from = NAMES[owner];
        let label = match self.dice.below(4) {
            0 if version >= 7 => ", label: \"percent(25)\"",
            1 if version >= 7 => ", label: \"beta-users\"",
            _ => "",
        };
        let field = field.with(format!("@override(from: \"{from}\"{label})"));
        self.add(other, "type", name, field);
    }

    fn interface_object(&mut self) {
        let count = self.set.subgraphs.len();
        if self.set.subgraphs.iter().any(|found| found.version.is_none_or(|version| version < 3)) {
            return;
        }
        let home = self.dice.below(count);
        let other = (home + 1) % count;
        let key = "@key(fields: \"id\")";
        self.define(home, "interface", "Media").directives.push(key.into());
        self.add(home, "interface", "Media", Member::field("id", "ID!"));
        for name in ["Book", "Film"] {
            let definition = self.define(home, "type", name);
            definition.directives.push(key.into());
            definition.implements.push("Media".into());
            self.add(home, "type", name, Member::field("id", "ID!"));
        }
        let entered = self.dice.chance(70);
        if entered || self.dice.chance(20) {
            self.add(home, "type", "Query", Member::field("media", "[Media]"));
        }
        let own = if entered { key } else { "@key(fields: \"id\", resolvable: false)" };
        let definition = self.define(other, "type", "Media");
        definition.directives.extend([own.into(), "@interfaceObject".into()]);
        self.add(other, "type", "Media", Member::field("id", "ID!"));
        let field = self.plain_field("stars");
        self.add(other, "type", "Media", field);
        if !entered || self.dice.chance(30) {
            self.add(other, "type", "Query", Member::field("seen", "[[Media!]]"));
        }
        if self.dice.chance(40) {
            self.line_of_media(home, other);
        }
    }

    /// What an interface object makes of a field of the interface.
    fn line_of_media(&mut self, home: usize, other: usize) {
        let title = || Member::field("title", "String");
        self.add(home, "interface", "Media", title());
        for name in ["Book", "Film"] {
            self.add(home, "type", name, title());
        }
        self.add(other, "type", "Media", title().with("@external"));
        let line = Member::field("line", "String").with("@requires(fields: \"title\")");
        self.add(other, "type", "Media", line);
    }
}
