//! A random supergraph: entities with keys in several subgraphs, shared and derived fields,
//! links, parts without keys, interfaces and unions.

use std::collections::{BTreeMap, BTreeSet};

use crate::dice::Dice;

/// A supergraph before it is written down.
pub(crate) struct World {
    /// How many subgraphs there are; they are called `s0`, `s1`, …
    pub(crate) subgraphs: usize,
    pub(crate) entities: Vec<Entity>,
    pub(crate) abstracts: Vec<Abstract>,
    /// The fields of `Query`.
    pub(crate) roots: Vec<Field>,
    /// The fields of `Mutation`.
    pub(crate) mutations: Vec<Field>,
    pub(crate) failing: Failing,
    /// Entity, field and subgraph: where a field is external.
    pub(crate) externals: BTreeSet<(usize, usize, usize)>,
    /// Entity, field, member of the part and subgraph: where a member is external.
    pub(crate) external_members: BTreeSet<(usize, usize, usize, usize)>,
}

/// An entity. Its rows are numbered; `id` and `code` follow from the number.
pub(crate) struct Entity {
    pub(crate) name: String,
    pub(crate) homes: Vec<Home>,
    pub(crate) rows: usize,
    /// The first is `label`, which interfaces may have too.
    pub(crate) fields: Vec<Field>,
}

/// A subgraph that has an entity, and by which keys.
#[derive(Clone)]
pub(crate) struct Home {
    pub(crate) subgraph: usize,
    pub(crate) id: bool,
    pub(crate) code: bool,
    /// The key `place { x y }`.
    pub(crate) place: bool,
    pub(crate) resolvable: bool,
}

/// An interface or a union of entities.
pub(crate) struct Abstract {
    pub(crate) name: String,
    pub(crate) interface: bool,
    /// Which entities it may have.
    members: Vec<usize>,
    /// Whether a subgraph may have fewer.
    partial: bool,
    /// Where it is, with which members.
    pub(crate) subgraphs: BTreeMap<usize, Vec<usize>>,
    /// The subgraph that has it as an interface object, and the field that it adds.
    pub(crate) object: Option<(usize, String)>,
}

/// A field with the subgraphs that resolve it.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) owners: Vec<usize>,
    /// Marked as shareable also when it has one owner, since others provide it.
    pub(crate) shared: bool,
    pub(crate) kind: Kind,
    pub(crate) shape: Shape,
    /// Owners that promise more than the others: never null.
    pub(crate) strict: Vec<usize>,
    /// The subgraph from which its owner took it over.
    pub(crate) overridden: Option<usize>,
    /// Whether its subgraph fails to resolve it in some rows.
    pub(crate) fails: bool,
}

/// Which fields fail in some rows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failing {
    Nothing,
    /// Fields that may be null: then all errors are known.
    Nullable,
    /// Any field: a null that goes up may hide other errors, so that only data is known.
    Any,
}

/// A field of a part.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) owners: Vec<usize>,
    /// The entity that it leads to; else it is a number.
    pub(crate) link: Option<usize>,
}

/// Lists and nulls.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) lists: usize,
    /// Whether the field may be null.
    pub(crate) nullable: bool,
    /// Whether items may be null.
    pub(crate) item_nullable: bool,
}

/// What a field is.
pub(crate) enum Kind {
    Int,
    Text,
    Colour,
    /// A number that depends on the argument `x`, from 1 to 3, 1 if not said.
    Argued,
    /// An entity; with the subgraphs that provide which of its fields.
    Link(usize, Vec<(usize, usize)>),
    Abstract(usize),
    /// A type without a key.
    Part(Vec<Member>),
    /// A text made of another field of the same entity, or of a member of it, by a subgraph that
    /// requires it.
    Derived(usize, Option<usize>),
}

impl Abstract {
    /// Its members in a subgraph.
    pub(crate) fn members_in(&self, subgraph: usize) -> &[usize] {
        self.subgraphs.get(&subgraph).map_or(&[], Vec::as_slice)
    }

    /// Its members in the supergraph.
    pub(crate) fn members(&self) -> BTreeSet<usize> {
        self.subgraphs.values().flatten().copied().collect()
    }
}

impl World {
    /// Throws a supergraph.
    pub(crate) fn throw(dice: &mut Dice) -> Self {
        let subgraphs = dice.between(2, 5);
        let count = dice.between(2, 4);
        let entities = (0..count).map(|number| entity(dice, number, subgraphs)).collect();
        let mut world = Self {
            subgraphs,
            entities,
            abstracts: Vec::new(),
            roots: Vec::new(),
            mutations: Vec::new(),
            failing: [Failing::Nothing, Failing::Nullable, Failing::Any][dice.below(3)],
            externals: BTreeSet::new(),
            external_members: BTreeSet::new(),
        };
        world.throw_abstracts(dice);
        for entity in 0..count {
            world.throw_links(dice, entity);
        }
        for entity in 0..count {
            world.throw_derived(dice, entity);
            world.throw_provided(dice, entity);
            world.throw_overridden(dice, entity);
        }
        world.roots = world.throw_roots(dice, "root");
        world.mutations = world.throw_roots(dice, "change");
        world.throw_objects(dice);
        world.throw_keys(dice);
        world.throw_failures();
        world
    }

    /// The home of an entity in a subgraph.
    pub(crate) fn home(&self, entity: usize, subgraph: usize) -> Option<&Home> {
        self.entities[entity].homes.iter().find(|home| home.subgraph == subgraph)
    }

    /// What the value of a field of an abstract type may be: what all its owners know.
    pub(crate) fn members(&self, of: usize, field: &Field) -> Vec<usize> {
        let of = &self.abstracts[of];
        // The root of an interface object is in a subgraph without kinds.
        let knows = |owner: &usize, member: usize| {
            of.subgraphs.get(owner).is_none_or(|members| members.contains(&member))
        };
        let all = of.members().into_iter();
        all.filter(|member| field.owners.iter().all(|owner| knows(owner, *member))).collect()
    }

    /// Whether all members of an interface resolve their label in a subgraph.
    pub(crate) fn has_label(&self, of: &Abstract, subgraph: usize) -> bool {
        let resolves = |member: &usize| self.entities[*member].fields[0].owners.contains(&subgraph);
        of.interface && of.members_in(subgraph).iter().all(resolves)
    }

    fn throw_abstracts(&mut self, dice: &mut Dice) {
        for number in 0..dice.between(0, 2) {
            let all: Vec<usize> = (0..self.entities.len()).collect();
            let interface = dice.chance(50);
            self.abstracts.push(Abstract {
                name: format!("{}{number}", if interface { "Face" } else { "Union" }),
                interface,
                members: dice.some(&all, 2),
                partial: dice.chance(40),
                subgraphs: BTreeMap::new(),
                object: None,
            });
        }
    }

    /// Subgraphs that return an entity or an abstract type must know it. Those that share a field
    /// must have a member for it that all of them know.
    fn settle(&mut self, dice: &mut Dice, kind: &Kind, owners: &mut Vec<usize>) {
        if let Kind::Abstract(of) = kind {
            let of = &mut self.abstracts[*of];
            let mut shared = of.members.to_vec();
            owners.retain(|owner| {
                let members = match of.subgraphs.get(owner) {
                    Some(members) => members.to_vec(),
                    None if of.partial => dice.some(&of.members, 1),
                    None => of.members.to_vec(),
                };
                let mut rest = shared.iter().copied().filter(|it| members.contains(it)).peekable();
                let agrees = rest.peek().is_some();
                if agrees {
                    shared = rest.collect();
                    of.subgraphs.insert(*owner, members);
                }
                agrees
            });
        }
        owners.iter().for_each(|owner| self.settle_in(kind, *owner));
    }

    fn settle_in(&mut self, kind: &Kind, subgraph: usize) {
        let (entities, id) = match kind {
            Kind::Link(entity, _) => (vec![*entity], false),
            Kind::Abstract(of) => (self.abstracts[*of].members_in(subgraph).to_vec(), true),
            _ => return,
        };
        for entity in entities {
            let homes = &mut self.entities[entity].homes;
            match homes.iter_mut().find(|home| home.subgraph == subgraph) {
                Some(home) => home.id |= id,
                None => {
                    homes.push(Home { subgraph, id, code: false, place: false, resolvable: true })
                }
            }
        }
    }

    fn throw_target(&self, dice: &mut Dice) -> Kind {
        let abstracts = self.abstracts.len();
        if abstracts > 0 && dice.chance(40) {
            Kind::Abstract(dice.below(abstracts))
        } else {
            Kind::Link(dice.below(self.entities.len()), Vec::new())
        }
    }

    fn throw_links(&mut self, dice: &mut Dice, entity: usize) {
        for number in 0..dice.between(0, 2) {
            let homes: Vec<usize> =
                self.entities[entity].homes.iter().map(|home| home.subgraph).collect();
            let mut owners = owners(dice, &homes);
            let kind = self.throw_target(dice);
            self.settle(dice, &kind, &mut owners);
            let name = format!("e{entity}link{number}");
            let field = field(dice, name, owners, kind);
            self.entities[entity].fields.push(field);
        }
        for index in 0..self.entities[entity].fields.len() {
            let Kind::Part(members) = &self.entities[entity].fields[index].kind else { continue };
            let name = format!("{}link", members[0].name);
            let owner = members[0].owners[0];
            if dice.chance(50) {
                let target = dice.below(self.entities.len());
                self.settle_in(&Kind::Link(target, Vec::new()), owner);
                let member = Member { name, owners: vec![owner], link: Some(target) };
                if let Kind::Part(members) = &mut self.entities[entity].fields[index].kind {
                    members.push(member);
                }
            }
        }
    }

    /// Fields that require another, which the subgraph does not resolve itself.
    fn throw_derived(&mut self, dice: &mut Dice, entity: usize) {
        for number in 0..dice.between(0, 3) {
            let this = &self.entities[entity];
            let subgraph = dice.pick(&this.homes).subgraph;
            let candidates: Vec<(usize, Option<usize>)> = (0..this.fields.len())
                .filter(|index| {
                    let field = &this.fields[*index];
                    field.strict.is_empty() && !field.owners.contains(&subgraph)
                })
                .filter_map(|index| match &this.fields[index].kind {
                    Kind::Link(..) | Kind::Abstract(_) => None,
                    Kind::Part(_) if this.fields[index].shape.lists > 0 => None,
                    Kind::Part(members) => {
                        let leaf = members.iter().position(|member| member.link.is_none())?;
                        Some((index, Some(leaf)))
                    }
                    _ => Some((index, None)),
                })
                .collect();
            if candidates.is_empty() {
                continue;
            }
            let (from, member) = *dice.pick(&candidates);
            let shape = Shape { lists: 0, nullable: true, item_nullable: true };
            let name = format!("e{entity}derived{number}");
            let kind = Kind::Derived(from, member);
            let derived = Field { shape, ..field(dice, name, vec![subgraph], kind) };
            self.entities[entity].fields.push(derived);
            self.externals.insert((entity, from, subgraph));
            if let Some(member) = member {
                self.external_members.insert((entity, from, member, subgraph));
            }
        }
    }

    fn throw_provided(&mut self, dice: &mut Dice, entity: usize) {
        for index in 0..self.entities[entity].fields.len() {
            let Kind::Link(target, _) = self.entities[entity].fields[index].kind else { continue };
            if !dice.chance(40) {
                continue;
            }
            let subgraph = *dice.pick(&self.entities[entity].fields[index].owners);
            let leaf = |field: &Field| {
                matches!(field.kind, Kind::Int | Kind::Text | Kind::Colour)
                    && field.strict.is_empty()
                    && !field.owners.contains(&subgraph)
            };
            let fields = &mut self.entities[target].fields;
            let Some(provided) = fields.iter().position(leaf) else { continue };
            fields[provided].shared = true;
            self.externals.insert((target, provided, subgraph));
            if let Kind::Link(_, provides) = &mut self.entities[entity].fields[index].kind {
                provides.push((subgraph, provided));
            }
        }
    }

    /// Fields that an owner took over from a subgraph which still has them, with other values.
    fn throw_overridden(&mut self, dice: &mut Dice, entity: usize) {
        for index in 1..self.entities[entity].fields.len() {
            let homes = &self.entities[entity].homes;
            let old = dice.pick(homes).subgraph;
            let field = &mut self.entities[entity].fields[index];
            let leaf = matches!(field.kind, Kind::Int | Kind::Text | Kind::Colour);
            let external = self.externals.contains(&(entity, index, old));
            if leaf && !external && !field.shared && field.owners.len() == 1 && dice.chance(40) {
                field.overridden = Some(old).filter(|old| *old != field.owners[0]);
            }
        }
    }

    fn throw_roots(&mut self, dice: &mut Dice, name: &str) -> Vec<Field> {
        let all: Vec<usize> = (0..self.subgraphs).collect();
        let mut roots = Vec::new();
        for number in 0..dice.between(1, 4) {
            let mut owners = owners(dice, &all);
            let kind = self.throw_target(dice);
            self.settle(dice, &kind, &mut owners);
            roots.push(field(dice, format!("{name}{number}"), owners, kind));
        }
        roots
    }

    /// Interface objects, each in a subgraph of its own with a way in.
    fn throw_objects(&mut self, dice: &mut Dice) {
        for number in 0..self.abstracts.len() {
            let of = &self.abstracts[number];
            let whole = of.subgraphs.values().all(|members| *members == of.members);
            if !of.interface || of.subgraphs.is_empty() || !whole || dice.chance(40) {
                continue;
            }
            let subgraph = self.subgraphs;
            self.subgraphs += 1;
            self.abstracts[number].object = Some((subgraph, format!("extra{number}")));
            let name = format!("seen{number}");
            self.roots.push(field(dice, name, vec![subgraph], Kind::Abstract(number)));
        }
    }

    /// What others read or have too must not fail: who is asked for it is nobody's business.
    fn throw_failures(&mut self) {
        if self.failing == Failing::Any {
            // How far a null goes must be the same for all, and a kind must not be lost with it.
            let fields = self.entities.iter_mut().flat_map(|entity| &mut entity.fields);
            let roots = self.roots.iter_mut().chain(&mut self.mutations);
            fields.chain(roots).for_each(|field| field.strict.clear());
            if self.abstracts.iter().any(|of| of.object.is_some()) {
                self.failing = Failing::Nullable;
            }
        }
        for (number, entity) in self.entities.iter_mut().enumerate() {
            for (index, field) in entity.fields.iter_mut().enumerate().skip(1) {
                let read = self.externals.iter().any(|(e, f, _)| (*e, *f) == (number, index));
                let leaf = matches!(field.kind, Kind::Int | Kind::Text | Kind::Colour);
                let may = match self.failing {
                    Failing::Nothing => false,
                    Failing::Nullable => field.shape.nullable,
                    Failing::Any => true,
                };
                let alone = field.owners.len() == 1 && !field.shared && !read;
                field.fails = may && leaf && alone;
            }
        }
    }

    /// The first home of an entity has both keys and can be entered by both, so that there is a
    /// way between any two homes.
    fn throw_keys(&mut self, dice: &mut Dice) {
        for (index, entity) in self.entities.iter_mut().enumerate() {
            for (number, home) in entity.homes.iter_mut().enumerate() {
                let resolves = |field: &Field| field.owners.contains(&home.subgraph);
                let stub = !entity.fields.iter().any(resolves);
                let keys = [(true, false), (false, true), (true, true)];
                let (id, code) = keys[dice.below(keys.len())];
                home.id |= id || number == 0;
                home.code |= code || number == 0;
                home.place = dice.chance(25) || number == 0;
                if home.place && dice.chance(30) && number > 0 && !home.id {
                    home.code = false;
                }
                let entered =
                    self.abstracts.iter().any(|of| of.members_in(home.subgraph).contains(&index));
                home.resolvable = number == 0 || !stub || entered || dice.chance(50);
            }
        }
    }
}

fn entity(dice: &mut Dice, number: usize, subgraphs: usize) -> Entity {
    let all: Vec<usize> = (0..subgraphs).collect();
    let mut homes: Vec<usize> = dice.some(&all, 1);
    let first = dice.below(homes.len());
    homes.swap(0, first);
    let mut fields = Vec::new();
    let label = owners(dice, &homes);
    fields.push(Field {
        shape: Shape { lists: 0, nullable: true, item_nullable: true },
        strict: Vec::new(),
        ..field(dice, "label".to_owned(), label, Kind::Text)
    });
    for leaf in 0..dice.between(1, 4) {
        let owners = owners(dice, &homes);
        let kind = match dice.below(5) {
            0 => Kind::Int,
            1 => Kind::Text,
            2 => Kind::Colour,
            3 => Kind::Argued,
            _ => part(dice, number, leaf, &owners),
        };
        fields.push(field(dice, format!("e{number}leaf{leaf}"), owners, kind));
    }
    let home = |subgraph: &usize| Home {
        subgraph: *subgraph,
        id: false,
        code: false,
        place: false,
        resolvable: true,
    };
    let homes = homes.iter().map(home).collect();
    Entity { name: format!("E{number}"), homes, rows: dice.between(1, 3), fields }
}

/// Each owner of the whole owns something of it.
fn part(dice: &mut Dice, entity: usize, leaf: usize, owners: &[usize]) -> Kind {
    let member = |name: String, owners: Vec<usize>| Member { name, owners, link: None };
    let mut members: Vec<Member> = owners
        .iter()
        .map(|owner| member(format!("e{entity}part{leaf}of{owner}"), vec![*owner]))
        .collect();
    if dice.chance(50) {
        members.push(member(format!("e{entity}part{leaf}all"), owners.to_vec()));
    }
    Kind::Part(members)
}

fn owners(dice: &mut Dice, of: &[usize]) -> Vec<usize> {
    let mut owners = vec![*dice.pick(of)];
    if dice.chance(30) {
        let second = *dice.pick(of);
        if second != owners[0] {
            owners.push(second);
        }
    }
    owners
}

fn field(dice: &mut Dice, name: String, owners: Vec<usize>, kind: Kind) -> Field {
    let lists = match kind {
        Kind::Argued => 0,
        _ => [0, 0, 0, 1, 1, 2][dice.below(6)],
    };
    let shape = Shape { lists, nullable: dice.chance(60), item_nullable: dice.chance(50) };
    let strict = match !shape.nullable && owners.len() > 1 && dice.chance(50) {
        true => vec![owners[0]],
        false => Vec::new(),
    };
    Field { name, owners, shared: false, kind, shape, strict, overridden: None, fails: false }
}
