//! Interface objects: subgraphs that add fields to an interface and know none of its types.

use super::throw::leaf_field;
use super::{At, Failing, Field, Home, Item, Kind, QUERY, Subgraph, To, World};
use tributary_stories::Dice;

impl World {
    /// Throws interface objects, each in a subgraph of its own with a way in.
    pub(super) fn throw_objects(&mut self, dice: &mut Dice) {
        for interface in self.of_kind(Kind::Interface) {
            let this = &self.types[interface];
            let entities =
                this.members.iter().all(|member| self.types[*member].kind == Kind::Entity);
            if !entities || this.homes.is_empty() || dice.chance(40) {
                continue;
            }
            self.give_interface_key(interface);
            for _ in 0..if dice.chance(25) { 2 } else { 1 } {
                self.throw_object(dice, interface);
            }
            if self.failing == Failing::Any {
                // A kind must not be lost with a null.
                self.failing = Failing::Nullable;
            }
        }
    }

    /// Subgraphs that have all types of the interface give it a key.
    fn give_interface_key(&mut self, interface: usize) {
        let id = |ty: usize| vec![Item::Field { ty, field: 0, x: None, below: Vec::new() }];
        let members = self.types[interface].members.to_vec();
        for at in self.types[interface].own_homes() {
            let home = self.types[interface].homes.get_mut(&at).expect("it is one of them");
            if home.members.len() == members.len() {
                home.keys.push((id(interface), true));
                for member in &members {
                    self.give_key(*member, at, id(*member), true);
                }
            }
        }
    }

    fn throw_object(&mut self, dice: &mut Dice, interface: usize) {
        let at = self.subgraphs.len();
        let name = format!("s{at}");
        let roots = ["Query", "Mutation"];
        self.subgraphs.push(Subgraph { name, first: false, roots });
        for root in 0..2 {
            self.types[root].homes.insert(at, Home::default());
        }
        let key = vec![Item::Field { ty: interface, field: 0, x: None, below: Vec::new() }];
        let keys = vec![(key, !dice.chance(10))];
        let home = Home { keys, members: self.types[interface].members.to_vec(), object: true };
        self.types[interface].homes.insert(at, home);
        let strict = At { strict: true, ..At::default() };
        self.types[interface].fields[0].at.insert(at, strict);
        for number in 0..dice.between(1, 3) {
            let name = format!("extra{at}of{number}");
            let mut field = leaf_field(dice, name.to_owned());
            if dice.chance(30) {
                let target = *dice.pick(&self.of_kind(Kind::Entity));
                let members = &self.types[interface].members;
                if !members.contains(&target) && self.settle(dice, target, at) {
                    field = Field::new(name.to_owned(), To::Type(target));
                }
            }
            if dice.chance(30) {
                field = self.throw_made(interface, at, name);
            }
            field.nullable = vec![true];
            field.added = true;
            let all = self.types[interface].members.to_vec();
            for member in all {
                let added = Field { at: Default::default(), ..field.clone() };
                self.types[member].fields.push(added);
            }
            field.at.entry(at).or_default();
            self.types[interface].fields.push(field);
        }
        let mut root = Field::new(format!("seen{at}"), To::Type(interface));
        root.nullable = super::throw::nullable(dice);
        root.at.insert(at, At { strict: true, ..At::default() });
        self.types[QUERY].fields.push(root);
    }

    /// A field of an interface object that requires one of the interface.
    fn throw_made(&mut self, interface: usize, at: usize, name: String) -> Field {
        let label = 1;
        let external = At { external: true, ..At::default() };
        self.types[interface].fields[label].at.entry(at).or_insert(external);
        let all = self.types[interface].members.to_vec();
        for member in all {
            let mut fields = self.types[member].fields.iter_mut();
            if let Some(label) = fields.find(|field| field.name == "label") {
                label.read = true;
            }
        }
        let requires =
            Some(vec![Item::Field { ty: interface, field: label, x: None, below: Vec::new() }]);
        let mut field = Field::new(name, To::Made);
        field.at.insert(at, At { requires, ..At::default() });
        field
    }
}
