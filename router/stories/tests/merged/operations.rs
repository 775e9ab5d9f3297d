//! Random operations over a random supergraph.

use json::{Json, Object};

use crate::dice::Dice;
use crate::world::{Field, Kind, Member, World};

/// An operation and its variables.
pub(crate) struct Operation {
    pub(crate) text: String,
    pub(crate) variables: Object,
}

impl Operation {
    /// Throws an operation. It may be invalid where `bold`: then aliases may collide.
    pub(crate) fn throw(dice: &mut Dice, world: &World, bold: bool) -> Self {
        let mutation = dice.chance(20);
        let (kind, roots) =
            if mutation { ("mutation", &world.mutations) } else { ("query", &world.roots) };
        let mut variables = Object::new();
        variables.insert("yes".to_owned(), Json::Bool(dice.chance(70)));
        variables.insert("no".to_owned(), Json::Bool(dice.chance(30)));
        variables.insert("x".to_owned(), Json::from(dice.between(1, 3)));
        let mut writer = Writer { dice, world, bold, aliases: 0, fragments: Vec::new() };
        let mut selection = String::new();
        for root in roots {
            if writer.dice.chance(80) {
                selection.push_str(&writer.field(root, 4));
            }
        }
        if !mutation && writer.dice.chance(30) {
            let root = writer.dice.pick(roots);
            let inner = writer.field(root, 3);
            selection.push_str(&writer.fragment("Query", &inner));
        }
        selection.push_str("__typename ");
        let fragments = writer.fragments.join("\n");
        let body = format!("{{ {selection}}}\n{fragments}");
        let used: Vec<(&str, &str)> =
            [("yes", "$yes: Boolean!"), ("no", "$no: Boolean = false"), ("x", "$x: Int")]
                .into_iter()
                .filter(|(name, _)| body.contains(&format!("${name})")))
                .collect();
        variables.retain(|name, _| used.iter().any(|(known, _)| known == name));
        let definitions: Vec<&str> = used.iter().map(|(_, definition)| *definition).collect();
        let head = match definitions.is_empty() {
            true => kind.to_owned(),
            false => format!("{kind} ({})", definitions.join(", ")),
        };
        Self { text: format!("{head} {}\n", body.trim_end()), variables }
    }
}

struct Writer<'a> {
    dice: &'a mut Dice,
    world: &'a World,
    bold: bool,
    aliases: usize,
    fragments: Vec<String>,
}

impl Writer<'_> {
    fn field(&mut self, field: &Field, depth: usize) -> String {
        let below = match &field.kind {
            Kind::Link(entity, _) => Some(self.entity(*entity, depth - 1)),
            Kind::Abstract(of) => Some(self.abstracted(*of, depth - 1)),
            Kind::Part(fields) => Some(self.part(fields, depth - 1)),
            _ => None,
        };
        let mut arguments = String::new();
        let mut alias = self.alias();
        if matches!(field.kind, Kind::Argued) && self.dice.chance(60) {
            let x = self.dice.between(1, 3);
            let (value, name) = match self.dice.chance(30) {
                true => ("$x".to_owned(), "xv".to_owned()),
                false => (x.to_string(), format!("x{x}")),
            };
            arguments = format!("(x: {value})");
            alias = format!("{name}{}: ", field.name);
        }
        let condition = self.condition();
        let below = below.map(|below| format!(" {{ {below}}}")).unwrap_or_default();
        format!("{alias}{}{arguments}{condition}{below} ", field.name)
    }

    fn alias(&mut self) -> String {
        if self.bold && self.dice.chance(5) {
            return ["id: ", "code: ", "label: ", "__typename_: "][self.dice.below(4)].to_owned();
        }
        if self.dice.chance(15) {
            self.aliases += 1;
            return format!("a{}: ", self.aliases);
        }
        String::new()
    }

    fn condition(&mut self) -> &'static str {
        if !self.dice.chance(12) {
            return "";
        }
        let conditions = [
            " @include(if: $yes)",
            " @skip(if: $no)",
            " @skip(if: $yes)",
            " @include(if: true)",
            " @skip(if: true)",
            " @include(if: $yes) @skip(if: $no)",
        ];
        conditions[self.dice.below(conditions.len())]
    }

    fn part(&mut self, members: &[Member], depth: usize) -> String {
        let mut text = String::new();
        for member in members {
            if (member.link.is_some() && depth == 0) || !self.dice.chance(70) {
                continue;
            }
            text.push_str(&format!("{}{}{} ", self.alias(), member.name, self.condition()));
            if let Some(entity) = member.link {
                let below = self.entity(entity, depth - 1);
                text.push_str(&format!("{{ {below}}} "));
            }
        }
        or_typename(text)
    }

    fn entity(&mut self, number: usize, depth: usize) -> String {
        let entity = &self.world.entities[number];
        let mut text = String::new();
        for key in ["id", "code", "__typename"] {
            if self.dice.chance(25) {
                text.push_str(&format!("{}{key}{} ", self.alias(), self.condition()));
            }
        }
        if self.dice.chance(10) {
            text.push_str("place { y } ");
        }
        for of in &self.world.abstracts {
            if let Some((_, extra)) = &of.object
                && of.members().contains(&number)
                && self.dice.chance(40)
            {
                text.push_str(&format!("{}{extra}{} ", self.alias(), self.condition()));
            }
        }
        for field in &entity.fields {
            let deep = matches!(field.kind, Kind::Link(..) | Kind::Abstract(_) | Kind::Part(_));
            // Twice is allowed: the selections below are merged.
            for _ in 0..if self.dice.chance(10) { 2 } else { 1 } {
                if (depth > 0 || !deep) && self.dice.chance(55) {
                    text.push_str(&self.field(field, depth));
                }
            }
        }
        let name = entity.name.as_str();
        if depth > 0 && self.dice.chance(20) {
            let inner = self.entity(number, depth - 1);
            text.push_str(&self.fragment(name, &inner));
        }
        or_typename(text)
    }

    fn abstracted(&mut self, of: usize, depth: usize) -> String {
        let this = &self.world.abstracts[of];
        let mut text = String::new();
        if self.dice.chance(50) {
            text.push_str("__typename ");
        }
        if this.interface && self.dice.chance(50) {
            text.push_str(&format!("{}id ", self.alias()));
        }
        if let Some((_, extra)) = &this.object
            && self.dice.chance(60)
        {
            text.push_str(&format!("{}{extra}{} ", self.alias(), self.condition()));
        }
        let label = this.subgraphs.iter().any(|at| self.world.has_label(this, *at.0));
        if this.interface && label && self.dice.chance(50) {
            text.push_str(&format!("label{} ", self.condition()));
        }
        for member in &this.members() {
            if self.dice.chance(60) {
                let inner = self.entity(*member, depth.saturating_sub(1));
                text.push_str(&self.fragment(&self.world.entities[*member].name, &inner));
            }
        }
        for other in &self.world.abstracts {
            let meets = other.interface && !other.members().is_disjoint(&this.members());
            if meets && self.dice.chance(20) {
                let member = *self.dice.pick(&Vec::from_iter(other.members()));
                let inner = self.entity(member, depth.saturating_sub(2));
                let inner = self.fragment(&self.world.entities[member].name, &inner);
                text.push_str(&self.fragment(&other.name, &format!("id {inner}")));
            }
        }
        or_typename(text)
    }

    /// A fragment, inline or named.
    fn fragment(&mut self, on: &str, inner: &str) -> String {
        let condition = self.condition();
        if self.dice.chance(30) {
            let name = format!("F{}", self.fragments.len());
            self.fragments.push(format!("fragment {name} on {on} {{ {inner}}}"));
            return format!("...{name}{condition} ");
        }
        format!("... on {on}{condition} {{ {inner}}} ")
    }
}

fn or_typename(text: String) -> String {
    if text.is_empty() { "__typename ".to_owned() } else { text }
}
