//! Links between types, parts, and root fields; whoever returns a type must know it.

use super::throw::{CHOICE, leaf_field, nullable, owned};
use super::{At, Field, Home, Kind, MUTATION, QUERY, To, Type, World};
use tributary_stories::Dice;

impl World {
    /// Throws everything that leads from one type to another.
    pub(super) fn weave(&mut self, dice: &mut Dice) {
        self.give_interface_fields(dice);
        for entity in self.of_kind(Kind::Entity) {
            let homes = self.types[entity].own_homes();
            let prefix = self.types[entity].name.to_lowercase();
            for number in 0..dice.between(0, 3) {
                self.throw_link(dice, entity, format!("{prefix}link{number}"), &homes);
            }
            for number in 0..dice.between(0, 2) {
                self.throw_part(dice, (entity, 2), format!("{prefix}part{number}"), &homes);
            }
        }
        for plain in self.of_kind(Kind::Plain) {
            if self.types[plain].name.starts_with("Plain") && dice.chance(40) {
                let target = *dice.pick(&self.of_kind(Kind::Entity));
                let name = format!("{}link", self.types[plain].name.to_lowercase());
                let mut field = Field::new(name, To::Type(target));
                field.nullable = nullable(dice);
                self.types[plain].fields.push(field);
                for home in self.types[plain].own_homes() {
                    self.settle_plain(plain, home);
                }
            }
        }
        let all = self.all();
        for (root, name, most) in [(QUERY, "root", 4), (MUTATION, "change", 3)] {
            for number in 0..dice.between(1, most) {
                match dice.below(6) {
                    0 => self.throw_part(dice, (root, 2), format!("{name}{number}"), &all),
                    1 => {
                        let mut field = leaf_field(dice, format!("{name}{number}"));
                        if root == MUTATION && dice.chance(50) {
                            field = Field::new(format!("{name}{number}"), To::Next);
                        }
                        field.at = owned(dice, &all);
                        self.types[root].fields.push(field);
                    }
                    _ => self.throw_link(dice, root, format!("{name}{number}"), &all),
                }
            }
        }
    }

    /// Members of interfaces get the fields, each resolved where it pleases.
    fn give_interface_fields(&mut self, dice: &mut Dice) {
        for interface in self.of_kind(Kind::Interface) {
            let all = self.types[interface].fields.to_vec();
            for field in all {
                let all = self.types[interface].members.to_vec();
                for member in all {
                    if self.types[member].fields.iter().any(|known| known.name == field.name) {
                        continue;
                    }
                    let mut own = Field { at: Default::default(), ..field.clone() };
                    // Some promise more than the interface.
                    if dice.chance(30) {
                        own.nullable.iter_mut().for_each(|nullable| *nullable &= dice.chance(50));
                    }
                    if self.types[member].kind == Kind::Entity {
                        let homes = self.types[member].own_homes();
                        own.at = owned(dice, &homes);
                    }
                    if let (To::Type(to), true) = (&own.to, dice.chance(30))
                        && self.types[*to].kind == Kind::Interface
                    {
                        own.to = To::Type(*dice.pick(&self.types[*to].members));
                    }
                    if let To::Type(to) = own.to {
                        own.at.retain(|at, _| self.settle(dice, to, *at));
                    }
                    self.types[member].fields.push(own);
                }
            }
        }
    }

    /// A field that leads to an entity, an abstract type, a plain one or back to the root.
    pub(super) fn throw_link(
        &mut self,
        dice: &mut Dice,
        from: usize,
        name: String,
        homes: &[usize],
    ) {
        let target = self.throw_target(dice);
        let mut field = Field::new(name, To::Type(target));
        field.nullable = nullable(dice);
        if dice.chance(15) {
            field.arguments.push(CHOICE);
        }
        field.at = owned(dice, homes);
        if target == QUERY {
            field.at.retain(|at, _| !self.subgraphs[*at].first);
            field.nullable = vec![dice.chance(50)];
        }
        field.at.retain(|at, _| self.settle(dice, target, *at));
        self.agree(&mut field);
        self.narrow(dice, &mut field);
        if !field.at.is_empty() {
            self.types[from].fields.push(field);
        }
    }

    fn throw_target(&self, dice: &mut Dice) -> usize {
        let plain = self.of_kind(Kind::Plain).into_iter();
        let plain = plain.filter(|ty| self.types[*ty].name.starts_with("Plain"));
        let of_abstract: Vec<usize> =
            (0..self.types.len()).filter(|ty| self.types[*ty].is_abstract()).collect();
        let choices: Vec<usize> = match dice.below(10) {
            0 => plain.collect(),
            1 if dice.chance(40) => vec![QUERY],
            2..6 => of_abstract,
            _ => Vec::new(),
        };
        match choices.as_slice() {
            [] => *dice.pick(&self.of_kind(Kind::Entity)),
            choices => *dice.pick(choices),
        }
    }

    /// Those that share a field must have an object type for it that all of them know.
    fn agree(&self, field: &mut Field) {
        let To::Type(target) = field.to else { return };
        while self.common(target, field).is_empty() && field.at.pop_last().is_some() {}
    }

    /// The object types that a field can have wherever it is resolved.
    pub(crate) fn common(&self, target: usize, field: &Field) -> Vec<usize> {
        let knows = |at: &usize, object: usize| {
            let to = field.at[at].to.unwrap_or(target);
            let home = &self.types[to].homes.get(at);
            to == object || home.is_some_and(|home| home.object || home.members.contains(&object))
        };
        let owners = field.owners();
        let all = self.objects(target).into_iter();
        all.filter(|object| owners.iter().all(|at| knows(at, *object))).collect()
    }

    /// The object types that the values of a field can have.
    pub(crate) fn values(&self, target: usize, field: &Field) -> Vec<usize> {
        let mut common = self.common(target, field);
        common.retain(|object| !self.types[*object].hidden);
        common
    }

    /// One of several owners says which of the object types it is.
    fn narrow(&mut self, dice: &mut Dice, field: &mut Field) {
        let To::Type(target) = field.to else { return };
        if field.at.len() < 2 || !self.types[target].is_abstract() || !dice.chance(30) {
            return;
        }
        let common = self.common(target, field);
        let object = *dice.pick(&common);
        if let Some((_, at)) = field.at.iter_mut().next() {
            at.to = Some(object);
        }
    }

    /// A field of a type without a key, whose fields are spread over those that resolve it.
    pub(super) fn throw_part(
        &mut self,
        dice: &mut Dice,
        (from, depth): (usize, usize),
        name: String,
        homes: &[usize],
    ) {
        let mut field = Field::new(name.to_owned(), To::Int);
        field.nullable = nullable(dice);
        field.at = owned(dice, homes);
        let owners: Vec<usize> = field.at.keys().copied().collect();
        let mut ty = Type::new(format!("Part{name}"), Kind::Part);
        ty.homes = owners.iter().map(|at| (*at, Home::default())).collect();
        for owner in &owners {
            let mut leaf = leaf_field(dice, format!("{name}of{owner}"));
            leaf.at.insert(*owner, At { strict: true, ..At::default() });
            ty.fields.push(leaf);
        }
        if dice.chance(50) {
            let mut leaf = leaf_field(dice, format!("{name}all"));
            leaf.at = owners.iter().map(|at| (*at, At::default())).collect();
            ty.fields.push(leaf);
        }
        self.types.push(ty);
        let part = self.types.len() - 1;
        field.to = To::Type(part);
        self.types[from].fields.push(field);
        if dice.chance(60) {
            self.throw_link(dice, part, format!("{name}link"), &owners);
        }
        if depth > 1 && dice.chance(35) {
            self.throw_part(dice, (part, depth - 1), format!("{name}part"), &owners);
        }
    }

    /// Makes a subgraph know a type that a field there leads to; false when it can't.
    pub(super) fn settle(&mut self, dice: &mut Dice, ty: usize, at: usize) -> bool {
        if let Some(home) = self.types[ty].homes.get(&at) {
            return !home.object || self.types[ty].kind == Kind::Interface;
        }
        match self.types[ty].kind {
            Kind::Root => true,
            Kind::Part => false,
            Kind::Entity | Kind::Plain => {
                self.settle_object(ty, at);
                true
            }
            Kind::Interface | Kind::Union => {
                let all = self.types[ty].members.to_vec();
                let members =
                    if self.types[ty].partial { dice.some(&all, 1) } else { all.to_vec() };
                for member in &members {
                    self.settle_object(*member, at);
                }
                let home = Home { members, ..Home::default() };
                self.types[ty].homes.insert(at, home);
                if self.types[ty].kind == Kind::Interface && self.declared(ty, at).is_empty() {
                    let all = self.types[ty].homes[&at].members.to_vec();
                    for member in all {
                        self.label(member, at);
                    }
                }
                true
            }
        }
    }

    fn label(&mut self, member: usize, at: usize) {
        let mut fields = self.types[member].fields.iter_mut();
        if let Some(label) = fields.find(|field| field.name == "label") {
            label.at.entry(at).or_default();
        }
    }

    /// Makes a subgraph know an object type.
    pub(super) fn settle_object(&mut self, ty: usize, at: usize) {
        match self.types[ty].kind {
            Kind::Entity if !self.types[ty].homes.contains_key(&at) => {
                let homes = self.types[ty].homes.values();
                let key = homes.flat_map(|home| home.keys.first()).next();
                let key = key.map_or_else(
                    || vec![super::Item::Field { ty, field: 0, x: None, below: Vec::new() }],
                    |(key, _)| key.to_vec(),
                );
                self.types[ty].homes.insert(at, Home::default());
                self.give_key(ty, at, key, true);
            }
            Kind::Plain => self.settle_plain(ty, at),
            _ => {}
        }
    }

    fn settle_plain(&mut self, ty: usize, at: usize) {
        self.types[ty].homes.entry(at).or_default();
        for field in 0..self.types[ty].fields.len() {
            let field = &mut self.types[ty].fields[field];
            field.at.entry(at).or_insert(At { strict: true, ..At::default() });
            if let To::Type(target) = field.to {
                self.settle_object(target, at);
            }
        }
    }

    /// The fields that an interface has in a subgraph: those that all its objects there resolve.
    pub(crate) fn declared(&self, interface: usize, at: usize) -> Vec<usize> {
        let this = &self.types[interface];
        let Some(home) = this.homes.get(&at) else { return Vec::new() };
        let has = |member: &usize, name: &str| {
            let mut fields = self.types[*member].fields.iter();
            fields
                .any(|field| field.name == name && field.at.get(&at).is_some_and(|at| !at.external))
        };
        (0..this.fields.len())
            .filter(|field| match home.object {
                true => this.fields[*field].at.contains_key(&at),
                false => {
                    let field = &this.fields[*field];
                    !field.added && home.members.iter().all(|member| has(member, &field.name))
                }
            })
            .collect()
    }
}
