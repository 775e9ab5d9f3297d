//! The schema of each subgraph of a random supergraph.

use std::fmt::Write as _;

use crate::world::{
    Argument, At, Field, Home, Item, Kind, MUTATION, QUERY, Subgraph, To, Type, World,
};

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", \
                    import: [\"@key\", \"@shareable\", \"@external\", \"@requires\", \"@provides\", \
                    \"@override\", \"@interfaceObject\", \"@inaccessible\"])\n";

const INPUTS: &str = "\nenum Colour { RED GREEN BLUE }\nscalar Blob\n\
                      input Filter { a: Int b: [Colour!] deep: Filter s: String }\n";

/// Writes the schema of a subgraph.
pub(crate) fn sdl(world: &World, number: usize) -> String {
    let subgraph = &world.subgraphs[number];
    let mut writer = Writer { world, number, subgraph, text: String::new() };
    if !subgraph.first {
        writer.text.push_str(LINK);
    }
    if subgraph.roots[0] != "Query" {
        let has = |root: usize| {
            world.types[root].fields.iter().any(|field| field.at.contains_key(&number))
        };
        let _ = writeln!(writer.text, "schema {{");
        for (root, kind) in [(QUERY, "query"), (MUTATION, "mutation")] {
            // Something may lead back to the query.
            if has(root) || root == QUERY && writer.leads_to_query() {
                let _ = writeln!(writer.text, "  {kind}: {}", subgraph.roots[root]);
            }
        }
        if !has(QUERY) && !has(MUTATION) && !writer.leads_to_query() {
            writer.text.truncate(writer.text.len() - "schema {\n".len());
        } else {
            writer.text.push_str("}\n");
        }
    }
    writer.text.push_str(INPUTS);
    for ty in 0..world.types.len() {
        writer.ty(ty);
    }
    writer.text
}

/// SDL for the merged server, which finds rows by their numbers.
pub(crate) const MERGED: &str = "type Query { none: Int }";

struct Writer<'a> {
    world: &'a World,
    number: usize,
    subgraph: &'a Subgraph,
    text: String,
}

impl Writer<'_> {
    fn leads_to_query(&self) -> bool {
        let fields = self.world.types.iter().flat_map(|ty| &ty.fields);
        let mut here = fields.filter(|field| field.at.contains_key(&self.number));
        here.any(|field| field.to == To::Type(QUERY))
    }

    fn ty(&mut self, number: usize) {
        let ty = &self.world.types[number];
        let Some(home) = ty.homes.get(&self.number) else { return };
        match ty.kind {
            Kind::Union => {
                let members = home.members.iter();
                let names = members.map(|member| self.world.types[*member].name.as_str());
                let names = names.collect::<Vec<_>>().join(" | ");
                let _ = writeln!(self.text, "\nunion {} = {names}", ty.name);
            }
            Kind::Interface => self.interface(number, ty, home),
            _ => self.object(number, ty, home),
        }
    }

    fn interface(&mut self, number: usize, ty: &Type, home: &Home) {
        let (keyword, mark) =
            if home.object { ("type", " @interfaceObject") } else { ("interface", "") };
        let _ = write!(self.text, "\n{keyword} {}", ty.name);
        if let Some(above) = self.extends(number).filter(|_| !home.object) {
            let _ = write!(self.text, " implements {}", self.world.types[above].name);
        }
        self.keys(home);
        let _ = writeln!(self.text, "{mark} {{");
        for field in self.world.declared(number, self.number) {
            let field = &ty.fields[field];
            match field.at.get(&self.number).filter(|_| home.object) {
                Some(at) => self.field(field, at, field.added),
                None => {
                    let at = At { strict: field.name == "id", ..At::default() };
                    let text = self.type_text(field, &at);
                    let arguments = self.arguments(field, false);
                    let _ = writeln!(self.text, "  {}{arguments}: {text}", field.name);
                }
            }
        }
        self.text.push_str("}\n");
    }

    /// The interface that an interface implements here.
    fn extends(&self, number: usize) -> Option<usize> {
        let world = self.world;
        let above = world.types[number].extends?;
        let there = world.types[above].homes.get(&self.number).filter(|home| !home.object)?;
        let home = world.types[number].homes.get(&self.number)?;
        let names = |ty: usize| {
            let fields = world.declared(ty, self.number).into_iter();
            fields.map(move |field| world.types[ty].fields[field].name.as_str())
        };
        let whole = names(above).all(|name| names(number).any(|own| own == name));
        let members = home.members.iter().all(|member| there.members.contains(member));
        (whole && members).then_some(above)
    }

    fn object(&mut self, number: usize, ty: &Type, home: &Home) {
        let here: Vec<(&Field, &At)> = ty
            .fields
            .iter()
            .filter_map(|field| Some((field, field.at.get(&self.number)?)))
            .collect();
        if here.is_empty() {
            return;
        }
        let base = ty.homes.keys().next() != Some(&self.number);
        let extends =
            self.subgraph.first && ty.kind == Kind::Entity && base && number.is_multiple_of(2);
        let name = match ty.kind {
            Kind::Root => self.subgraph.roots[number],
            _ => &ty.name,
        };
        // Both spellings of federation 1.
        let directive = extends && self.number.is_multiple_of(2);
        let keyword = if extends && !directive { "extend type" } else { "type" };
        let _ = write!(self.text, "\n{keyword} {name}");
        let interfaces: Vec<&str> = self
            .world
            .types
            .iter()
            .filter(|of| of.kind == Kind::Interface)
            .filter(|of| {
                let home = of.homes.get(&self.number).filter(|home| !home.object);
                home.is_some_and(|home| home.members.contains(&number))
            })
            .map(|of| of.name.as_str())
            .collect();
        if !interfaces.is_empty() {
            let _ = write!(self.text, " implements {}", interfaces.join(" & "));
        }
        if directive {
            self.text.push_str(" @extends");
        }
        self.keys(home);
        if ty.hidden && !self.subgraph.first {
            self.text.push_str(" @inaccessible");
        }
        self.text.push_str(" {\n");
        for (field, at) in here {
            let is_key = |item: &Item| matches!(item, Item::Field { field: key, .. } if ty.fields[*key].name == field.name);
            let key = home.keys.iter().flat_map(|(key, _)| key).any(is_key);
            if extends && key {
                // The key of an extension is external there, and there all the same.
                let at = At { external: true, ..at.clone() };
                self.field(field, &at, true);
                continue;
            }
            let owners = field.owners();
            let shared = ty.kind == Kind::Plain
                || owners.len() > 1 && at.overrides.is_none() && at.overridden.is_none()
                || owners.len() > 2
                || field.at.len() > owners.len();
            self.field(field, at, !shared);
        }
        self.text.push_str("}\n");
    }

    fn keys(&mut self, home: &Home) {
        for (key, resolvable) in &home.keys {
            let text = self.world.set_text(key);
            let resolvable = match *resolvable || self.subgraph.first {
                true => "",
                false => ", resolvable: false",
            };
            let _ = write!(self.text, " @key(fields: \"{text}\"{resolvable})");
        }
    }

    fn field(&mut self, field: &Field, at: &At, alone: bool) {
        let ty = self.type_text(field, at);
        let first = self.subgraph.first;
        let arguments = self.arguments(field, !first);
        let _ = write!(self.text, "  {}{arguments}: {ty}", field.name);
        if at.external {
            self.text.push_str(" @external");
        } else if !alone && !first {
            self.text.push_str(" @shareable");
        }
        for (name, set) in [("requires", &at.requires), ("provides", &at.provides)] {
            if let Some(set) = set {
                let set = self.world.set_text(set);
                let _ = write!(self.text, " @{name}(fields: \"{set}\")");
            }
        }
        if let Some((from, label)) = at.overrides {
            let _ = write!(self.text, " @override(from: \"s{from}\"");
            if let Some(label) = label {
                let _ = write!(self.text, ", label: \"{}\"", self.world.labels[label].0);
            }
            self.text.push(')');
        }
        if field.hidden && !first {
            self.text.push_str(" @inaccessible");
        }
        self.text.push('\n');
    }

    fn arguments(&self, field: &Field, marks: bool) -> String {
        if field.arguments.is_empty() {
            return String::new();
        }
        let argument = |Argument { name, ty, default, hidden }: &Argument| {
            let default = default.map(|value| format!(" = {value}")).unwrap_or_default();
            let hidden = if *hidden && marks { " @inaccessible" } else { "" };
            format!("{name}: {ty}{default}{hidden}")
        };
        let all: Vec<String> = field.arguments.iter().map(argument).collect();
        format!("({})", all.join(" "))
    }

    fn type_text(&self, field: &Field, at: &At) -> String {
        let mut text = match &field.to {
            To::Id => "ID",
            To::Int | To::Next => "Int",
            To::Text | To::Echo | To::Made => "String",
            To::Flag => "Boolean",
            To::Colour => "Colour",
            To::Blob => "Blob",
            To::Type(QUERY) => self.subgraph.roots[QUERY],
            To::Type(to) => &self.world.types[at.to.unwrap_or(*to)].name,
        }
        .to_owned();
        let (last, lists) = field.nullable.split_last().expect("each field has a value");
        if at.strict && !last {
            text.push('!');
        }
        for nullable in lists.iter().rev() {
            text = format!("[{text}]");
            if at.strict && !nullable {
                text.push('!');
            }
        }
        text
    }
}
