//! Throws a supergraph: subgraphs, entities with their keys, plain types, interfaces and unions;
//! the steps after it are in the files beside.

use std::collections::BTreeMap;

use super::{Argument, At, Failing, Field, Home, Item, Kind, Set, Subgraph, To, Type, World};
use tributary_stories::Dice;

/// All arguments that a field may have.
const ARGUMENTS: [Argument; 8] = [
    argument("n", "Int", Some("1")),
    argument("c", "Colour", Some("RED")),
    argument("f", "Filter", None),
    argument("l", "[Int!]", None),
    argument("s", "String!", Some("\"one \\\"two\\\"\"")),
    argument("b", "Boolean", None),
    argument("j", "Blob", None),
    argument("m", "[[Filter]]", None),
];
/// The argument that chooses a value.
pub(super) const CHOICE: Argument = argument("x", "Int", Some("1"));

const fn argument(name: &'static str, ty: &'static str, default: Option<&'static str>) -> Argument {
    Argument { name, ty, default, hidden: false }
}

impl World {
    /// Throws a supergraph. It need not compose.
    pub(crate) fn throw(dice: &mut Dice) -> Self {
        let large = dice.chance(10);
        let most = if large { (8, 6) } else { (5, 4) };
        let subgraphs = (0..dice.between(2, most.0)).map(|number| subgraph(dice, number)).collect();
        let failing = [Failing::Nothing, Failing::Nullable, Failing::Any][dice.below(3)];
        let mut world = Self { subgraphs, types: Vec::new(), labels: Vec::new(), failing };
        for name in ["Query", "Mutation"] {
            let homes = world.all().into_iter().map(|at| (at, Home::default())).collect();
            world.types.push(Type { homes, ..Type::new(name.to_owned(), Kind::Root) });
        }
        for number in 0..dice.between(2, most.1) {
            world.throw_entity(dice, number);
        }
        for number in 0..dice.below(3) {
            world.throw_plain(dice, number);
        }
        world.throw_keys(dice);
        for number in 0..dice.below(4) {
            world.throw_abstract(dice, number);
        }
        world.weave(dice);
        world.throw_objects(dice);
        world.throw_directives(dice);
        world
    }

    pub(super) fn all(&self) -> Vec<usize> {
        (0..self.subgraphs.len()).collect()
    }

    pub(super) fn of_kind(&self, kind: Kind) -> Vec<usize> {
        (0..self.types.len()).filter(|ty| self.types[*ty].kind == kind).collect()
    }

    fn throw_entity(&mut self, dice: &mut Dice, number: usize) {
        let homes = dice.some(&self.all(), 1);
        let mut ty = Type::new(format!("E{number}"), Kind::Entity);
        ty.fields.push(key_field("id", To::Id));
        ty.fields.push(Field {
            at: shared(&owners(dice, &homes)),
            ..Field::new("label".to_owned(), To::Text)
        });
        for leaf in 0..dice.between(1, 4) {
            let mut field = leaf_field(dice, format!("e{number}leaf{leaf}"));
            field.at = owned(dice, &homes);
            ty.fields.push(field);
        }
        ty.homes = homes.iter().map(|home| (*home, Home::default())).collect();
        self.types.push(ty);
    }

    /// A type that is the same wherever it is.
    fn throw_plain(&mut self, dice: &mut Dice, number: usize) {
        let mut ty = Type::new(format!("Plain{number}"), Kind::Plain);
        ty.fields.push(Field::new("label".to_owned(), To::Text));
        for leaf in 0..dice.between(1, 3) {
            ty.fields.push(leaf_field(dice, format!("plain{number}leaf{leaf}")));
        }
        self.types.push(ty);
    }

    /// What an entity can be found by. The first of its subgraphs has all of it.
    fn throw_keys(&mut self, dice: &mut Dice) {
        for entity in self.of_kind(Kind::Entity) {
            let mut keys = vec![self.key(entity, 0, Vec::new())];
            if dice.chance(60) {
                let code = self.add_key_field(entity, "code", To::Text);
                keys.push(self.key(entity, code, Vec::new()));
                if dice.chance(20) {
                    let id = keys[0][0].clone();
                    keys[1].insert(0, id);
                }
            }
            if dice.chance(30) {
                let place = self.throw_place(entity);
                let field = self.add_key_field(entity, "place", To::Type(place));
                let below = (0..2).map(|member| self.key(place, member, Vec::new()).remove(0));
                let below = below.collect();
                keys.push(self.key(entity, field, below));
            }
            if dice.chance(25) {
                let tags = self.add_key_field(entity, "tags", To::Text);
                self.types[entity].fields[tags].nullable = vec![false, false];
                keys.push(self.key(entity, tags, Vec::new()));
            }
            if dice.chance(25) {
                let other = *dice.pick(&self.of_kind(Kind::Entity));
                let name = format!("{}owner", self.types[entity].name.to_lowercase());
                let owner = self.add_key_field(entity, &name, To::Type(other));
                let below = self.key(other, 0, Vec::new());
                keys.push(self.key(entity, owner, below));
            }
            let homes: Vec<usize> = self.types[entity].homes.keys().copied().collect();
            let whole = *dice.pick(&homes);
            for home in homes {
                let some: Vec<usize> = (0..keys.len()).collect();
                let some = if home == whole { some } else { dice.some(&some, 1) };
                for key in some {
                    let resolvable = home == whole || !dice.chance(10);
                    self.give_key(entity, home, keys[key].to_vec(), resolvable);
                }
            }
        }
    }

    fn throw_place(&mut self, entity: usize) -> usize {
        let mut ty = Type::new(format!("Place{entity}"), Kind::Plain);
        for name in ["x", "y"] {
            ty.fields.push(key_field(&format!("place{entity}{name}"), To::Int));
        }
        self.types.push(ty);
        self.types.len() - 1
    }

    fn add_key_field(&mut self, entity: usize, name: &str, to: To) -> usize {
        let fields = &mut self.types[entity].fields;
        fields.push(key_field(name, to));
        fields.len() - 1
    }

    fn key(&self, ty: usize, field: usize, below: Set) -> Set {
        vec![Item::Field { ty, field, x: None, below }]
    }

    /// Makes a subgraph know an entity by a key.
    pub(super) fn give_key(&mut self, entity: usize, home: usize, key: Set, resolvable: bool) {
        self.give_fields(&key, home);
        let keys = &mut self.types[entity].homes.entry(home).or_default().keys;
        if keys.iter().all(|(known, _)| *known != key) {
            keys.push((key, resolvable));
        }
    }

    fn give_fields(&mut self, set: &Set, home: usize) {
        for item in set {
            let Item::Field { ty, field, below, .. } = item else { continue };
            self.types[*ty].homes.entry(home).or_default();
            let at = self.types[*ty].fields[*field].at.entry(home).or_default();
            at.strict = true;
            if let To::Type(below) = self.types[*ty].fields[*field].to {
                self.settle_object(below, home);
            }
            self.give_fields(below, home);
        }
    }

    fn throw_abstract(&mut self, dice: &mut Dice, number: usize) {
        let interface = dice.chance(60);
        let kind = if interface { Kind::Interface } else { Kind::Union };
        let mut objects = self.of_kind(Kind::Entity);
        if dice.chance(40) {
            let plain = self.of_kind(Kind::Plain).into_iter();
            objects.extend(plain.filter(|ty| self.types[*ty].name.starts_with("Plain")));
        }
        let mut ty = Type::new(format!("{kind:?}{number}"), kind);
        ty.members = dice.some(&objects, 1.max(objects.len().min(2)));
        ty.partial = dice.chance(40);
        if interface {
            self.throw_interface_fields(dice, number, &mut ty);
        }
        self.types.push(ty);
    }

    /// Fields that all members have. Who resolves them is each member's own affair.
    fn throw_interface_fields(&mut self, dice: &mut Dice, number: usize, ty: &mut Type) {
        let entities = ty.members.iter().all(|it| self.types[*it].kind == Kind::Entity);
        if entities {
            ty.fields.push(key_field("id", To::Id));
        }
        ty.fields.push(Field::new("label".to_owned(), To::Text));
        if dice.chance(50) {
            ty.fields.push(leaf_field(dice, format!("face{number}leaf")));
        }
        // A type without a key that leads to itself would have values without end.
        if entities && dice.chance(50) {
            let to = match dice.below(3) {
                0 => To::Type(self.types.len()),
                1 => To::Type(*dice.pick(&self.of_kind(Kind::Entity))),
                _ => To::Type(*dice.pick(&ty.members)),
            };
            let mut field = Field::new(format!("face{number}link"), to);
            field.nullable = nullable(dice);
            if dice.chance(20) {
                field.arguments.push(CHOICE);
            }
            ty.fields.push(field);
        }
        let interfaces = self.of_kind(Kind::Interface);
        let above = |it: &usize| ty.members.iter().all(|m| self.types[*it].members.contains(m));
        ty.extends = interfaces.into_iter().find(above).filter(|_| dice.chance(60));
    }
}

impl Type {
    pub(super) fn new(name: String, kind: Kind) -> Self {
        Self {
            name,
            kind,
            fields: Vec::new(),
            members: Vec::new(),
            homes: BTreeMap::new(),
            hidden: false,
            extends: None,
            partial: false,
        }
    }
}

fn subgraph(dice: &mut Dice, number: usize) -> Subgraph {
    let first = dice.chance(12);
    let renamed = dice.chance(20);
    let roots = if renamed { ["RootQuery", "Changes"] } else { ["Query", "Mutation"] };
    Subgraph { name: format!("s{number}"), first, roots }
}

fn key_field(name: &str, to: To) -> Field {
    Field { nullable: vec![false], read: true, ..Field::new(name.to_owned(), to) }
}

/// A field without selections.
pub(super) fn leaf_field(dice: &mut Dice, name: String) -> Field {
    let to = match dice.below(8) {
        0 | 1 => To::Int,
        2 => To::Text,
        3 => To::Flag,
        4 => To::Colour,
        5 => To::Blob,
        _ => To::Echo,
    };
    let mut field = Field::new(name, to);
    field.nullable = nullable(dice);
    if field.to == To::Echo {
        field.nullable = vec![dice.chance(60)];
        let all: Vec<usize> = (0..ARGUMENTS.len()).collect();
        field.arguments = dice.some(&all, 1).into_iter().map(|at| ARGUMENTS[at]).collect();
        field.arguments.truncate(3);
        for argument in &mut field.arguments {
            argument.hidden = argument.default.is_none() && dice.chance(8);
        }
    } else if dice.chance(30) {
        field.arguments.push(CHOICE);
    }
    field
}

/// Lists and nulls.
pub(super) fn nullable(dice: &mut Dice) -> Vec<bool> {
    let lists = [0, 0, 0, 1, 1, 2][dice.below(6)];
    (0..=lists).map(|_| dice.chance(60)).collect()
}

/// Who resolves a field.
pub(super) fn owners(dice: &mut Dice, of: &[usize]) -> Vec<usize> {
    match dice.below(10) {
        0..6 => vec![*dice.pick(of)],
        6..9 => {
            let mut two = vec![*dice.pick(of), *dice.pick(of)];
            two.sort_unstable();
            two.dedup();
            two
        }
        _ => of.to_vec(),
    }
}

/// Those who resolve a field promise less or more.
pub(super) fn owned(dice: &mut Dice, of: &[usize]) -> BTreeMap<usize, At> {
    let owners = owners(dice, of);
    let all = dice.chance(70);
    let one = *dice.pick(&owners);
    owners.into_iter().map(|at| (at, At { strict: all || at == one, ..At::default() })).collect()
}

fn shared(owners: &[usize]) -> BTreeMap<usize, At> {
    owners.iter().map(|at| (*at, At::default())).collect()
}
