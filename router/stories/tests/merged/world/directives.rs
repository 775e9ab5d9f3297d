//! Directives: what requires, provides, takes over, hides or fails.

use std::collections::BTreeSet;

use super::{At, Failing, Field, Item, Kind, QUERY, Set, To, World};
use tributary_stories::Dice;

impl World {
    /// Throws directives.
    pub(super) fn throw_directives(&mut self, dice: &mut Dice) {
        for entity in self.of_kind(Kind::Entity) {
            self.throw_overrides(dice, entity);
            for number in 0..dice.below(4) {
                self.throw_derived(dice, entity, number);
            }
        }
        for ty in 0..self.types.len() {
            for field in 0..self.types[ty].fields.len() {
                if dice.chance(30) {
                    self.throw_provided(dice, ty, field);
                }
            }
        }
        self.throw_hidden(dice);
        self.leave_room_for_null();
        self.throw_failures();
    }

    /// Fields that one subgraph takes over from another, which has other values for them.
    fn throw_overrides(&mut self, dice: &mut Dice, entity: usize) {
        for field in 1..self.types[entity].fields.len() {
            let this = &self.types[entity].fields[field];
            let homes = self.types[entity].own_homes();
            let owners = this.owners();
            let leaf = !matches!(this.to, To::Made | To::Next);
            let part = matches!(this.to, To::Type(to) if self.types[to].kind == Kind::Part);
            if this.read || part || !leaf || owners.len() != 1 || !dice.chance(20) {
                continue;
            }
            let (old, new) = (*dice.pick(&homes), owners[0]);
            let first = self.subgraphs[new].first;
            if old == new || first || this.at.contains_key(&old) {
                continue;
            }
            let knows = match this.to {
                To::Type(to) => self.types[to].homes.contains_key(&old),
                _ => true,
            };
            if !knows {
                continue;
            }
            let label = dice.chance(40).then(|| self.throw_label(dice));
            let at = &mut self.types[entity].fields[field].at;
            let mut was = at[&new].clone();
            was.overridden = Some(label);
            at.insert(old, was);
            if let Some(at) = at.get_mut(&new) {
                at.overrides = Some((old, label));
            }
        }
    }

    fn throw_label(&mut self, dice: &mut Dice) -> usize {
        let label = match dice.below(3) {
            0 => format!("percent({})", 10 * dice.between(1, 9)),
            _ => format!("label{}", dice.below(2)),
        };
        if let Some(known) = self.labels.iter().position(|(known, _)| *known == label) {
            return known;
        }
        self.labels.push((label, dice.chance(50)));
        self.labels.len() - 1
    }

    /// A field that requires others, which its subgraph does not resolve itself.
    fn throw_derived(&mut self, dice: &mut Dice, entity: usize, number: usize) {
        // What is required is brought along by entering the subgraph, so there must be a way in.
        let mut homes = self.types[entity].own_homes();
        homes.retain(|at| self.types[entity].homes[at].keys.iter().any(|(_, enters)| *enters));
        if homes.is_empty() {
            return;
        }
        let at = *dice.pick(&homes);
        let set = self.required(dice, entity, at, 2);
        if set.is_empty() {
            return;
        }
        self.make_external(&set, at);
        let name = format!("{}derived{number}", self.types[entity].name.to_lowercase());
        let mut field = Field::new(name, To::Made);
        field.at.insert(at, At { requires: Some(set), ..At::default() });
        self.types[entity].fields.push(field);
    }

    /// Fields of a type that a subgraph does not resolve, as a set.
    fn required(&self, dice: &mut Dice, ty: usize, at: usize, depth: usize) -> Set {
        let mut candidates: Vec<usize> = (0..self.types[ty].fields.len())
            .filter(|field| {
                let field = &self.types[ty].fields[*field];
                let elsewhere = !field.at.contains_key(&at) || field.at[&at].external;
                let fails = matches!(field.to, To::Next | To::Type(QUERY));
                !field.at.is_empty() && elsewhere && !fails && !field.hidden
            })
            .collect();
        let mut set = Set::new();
        for _ in 0..if dice.chance(30) { 2 } else { 1 } {
            if candidates.is_empty() {
                break;
            }
            let field = candidates.remove(dice.below(candidates.len()));
            let this = &self.types[ty].fields[field];
            let below = match this.to {
                To::Type(_) if depth == 0 => continue,
                To::Type(to) => self.required_below(dice, to, at, depth - 1),
                _ => Set::new(),
            };
            if matches!(this.to, To::Type(_)) && below.is_empty() {
                continue;
            }
            let x = (this.chosen() && dice.chance(70)).then(|| dice.between(1, 3));
            set.push(Item::Field { ty, field, x, below });
        }
        set
    }

    fn required_below(&self, dice: &mut Dice, ty: usize, at: usize, depth: usize) -> Set {
        if !self.types[ty].is_abstract() {
            return self.required(dice, ty, at, depth);
        }
        if !self.types[ty].homes.contains_key(&at) {
            return Set::new();
        }
        let mut set = Set::new();
        for object in &self.types[ty].homes[&at].members {
            if dice.chance(60) {
                let below = self.required(dice, *object, at, depth);
                if !below.is_empty() {
                    set.push(Item::On { ty: *object, below });
                }
            }
        }
        set
    }

    /// Makes a subgraph mention what a set selects, without resolving it.
    fn make_external(&mut self, set: &Set, at: usize) {
        for item in set {
            let (ty, field, below) = match item {
                Item::On { below, .. } => {
                    self.make_external(below, at);
                    continue;
                }
                Item::Field { ty, field, below, .. } => (*ty, *field, below),
            };
            self.settle_object(ty, at);
            self.types[ty].homes.entry(at).or_default();
            let this = &mut self.types[ty].fields[field];
            this.read = true;
            let strict = this.at.values().all(|at| at.strict);
            let external = At { external: true, strict, ..At::default() };
            this.at.entry(at).or_insert(external);
            if let To::Type(to) = this.to {
                if self.types[to].is_abstract() {
                    let members = self.types[to].homes.get(&at).map(|home| home.members.to_vec());
                    for member in members.unwrap_or_default() {
                        self.settle_object(member, at);
                    }
                } else {
                    self.settle_object(to, at);
                }
            }
            self.make_external(below, at);
        }
    }

    /// What a subgraph has of an object below one of its fields, although it is another's.
    fn throw_provided(&mut self, dice: &mut Dice, ty: usize, field: usize) {
        let this = &self.types[ty].fields[field];
        let To::Type(to) = this.to else { return };
        let owners: Vec<usize> =
            this.owners().into_iter().filter(|at| !self.subgraphs[*at].first).collect();
        if owners.is_empty() || this.chosen() && !dice.chance(30) || to == QUERY {
            return;
        }
        let at = *dice.pick(&owners);
        let object = self.types[to].homes.get(&at).is_some_and(|home| home.object);
        if object || this.at[&at].to.is_some() {
            return;
        }
        let set = match self.types[to].kind {
            Kind::Root => return,
            Kind::Part | Kind::Plain => return,
            Kind::Entity => self.providable(dice, to, at),
            Kind::Interface | Kind::Union => {
                let mut set = Set::new();
                let all = self.types[to].homes[&at].members.to_vec();
                for object in all {
                    if self.types[object].kind == Kind::Entity && dice.chance(60) {
                        let below = self.providable(dice, object, at);
                        if !below.is_empty() {
                            set.push(Item::On { ty: object, below });
                        }
                    }
                }
                set
            }
        };
        if set.is_empty() {
            return;
        }
        self.make_external(&set, at);
        let at = self.types[ty].fields[field].at.get_mut(&at).expect("it is an owner");
        at.provides = Some(set);
    }

    /// Fields of an entity that a subgraph does not resolve, with all that is below them.
    fn providable(&self, dice: &mut Dice, ty: usize, at: usize) -> Set {
        let fields = self.types[ty].fields.iter().enumerate();
        let may = |(_, field): &(usize, &Field)| {
            let leaf = matches!(field.to, To::Int | To::Text | To::Flag | To::Colour | To::Blob);
            let nested =
                matches!(field.to, To::Type(to) if matches!(self.types[to].kind, Kind::Entity));
            let elsewhere = field.at.get(&at).is_none_or(|at| at.external);
            let moved = field.at.values().any(|at| at.overridden.is_some());
            let plain = field.arguments.is_empty() && !field.added && !field.at.is_empty();
            (leaf || nested) && elsewhere && !moved && plain
        };
        let candidates: Vec<usize> = fields.filter(may).map(|(index, _)| index).collect();
        if candidates.is_empty() {
            return Set::new();
        }
        let field = *dice.pick(&candidates);
        let below = match self.types[ty].fields[field].to {
            To::Type(to) => {
                let id = Item::Field { ty: to, field: 0, x: None, below: Vec::new() };
                vec![id]
            }
            _ => Set::new(),
        };
        vec![Item::Field { ty, field, x: None, below }]
    }

    /// What is hidden from the public.
    fn throw_hidden(&mut self, dice: &mut Dice) {
        for ty in 0..self.types.len() {
            let entity = self.types[ty].kind == Kind::Entity;
            if entity && dice.chance(4) && self.can_be_spared(ty) {
                self.types[ty].hidden = true;
            }
            let interface = self.types[ty].kind == Kind::Interface;
            for field in 0..self.types[ty].fields.len() {
                let this = &mut self.types[ty].fields[field];
                let own = this.at.keys().all(|at| !self.subgraphs[*at].first);
                if own && !interface && !this.added && field > 1 && dice.chance(5) {
                    this.hidden = true;
                }
            }
        }
    }

    /// Whether something else can stand wherever an object of a type could.
    fn can_be_spared(&self, ty: usize) -> bool {
        let mut among = self.types.iter().filter(|of| of.members.contains(&ty));
        let hidden = |it: &usize| self.types[*it].hidden;
        among.all(|of| of.members.len() > 1 && !of.partial && !of.members.iter().any(hidden))
            && !self.types.iter().flat_map(|ty| &ty.fields).any(|field| {
                field.to == To::Type(ty) || field.at.values().any(|at| at.to == Some(ty))
            })
    }

    /// A field that nobody has an object for is always null, so it must not promise one: the null would
    /// go up, in the router through what is required as well.
    fn leave_room_for_null(&mut self) {
        for ty in 0..self.types.len() {
            for field in 0..self.types[ty].fields.len() {
                let this = &self.types[ty].fields[field];
                let To::Type(to) = this.to else { continue };
                if to != QUERY && self.values(to, this).is_empty() {
                    self.types[ty].fields[field].nullable.fill(true);
                }
            }
        }
    }

    /// What others read or have too must not fail: who is asked for it is nobody's business.
    fn throw_failures(&mut self) {
        let keys: BTreeSet<&str> = BTreeSet::from(["id", "code", "tags"]);
        // A null that goes up could take along what is required.
        let fields = self.types.iter().flat_map(|ty| &ty.fields);
        let mut at = fields.flat_map(|field| field.at.values());
        if self.failing == Failing::Any && at.any(|at| at.requires.is_some()) {
            self.failing = Failing::Nullable;
        }
        for ty in 0..self.types.len() {
            for field in &mut self.types[ty].fields {
                // How far a null goes must be the same for all who share the field.
                if self.failing == Failing::Any && field.owners().len() > 1 && !field.read {
                    field.at.values_mut().for_each(|at| at.strict = false);
                }
                let leaf = matches!(field.to, To::Int | To::Text | To::Colour | To::Flag);
                let may = match self.failing {
                    Failing::Nothing => false,
                    Failing::Nullable => field.nullable[0],
                    Failing::Any => true,
                };
                let alone = field.at.len() == 1 && !field.read && !field.added;
                let key = keys.contains(field.name.as_str());
                field.fails = may && leaf && alone && !key && field.arguments.is_empty();
            }
        }
    }
}
