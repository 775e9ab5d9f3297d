//! The schema of each subgraph of a random supergraph.

use std::fmt::Write as _;

use crate::world::{Abstract, Entity, Field, Kind, Member, World};

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", \
                    import: [\"@key\", \"@shareable\", \"@external\", \"@requires\", \"@provides\", \
                    \"@override\", \"@interfaceObject\"])";

/// Writes the schema of a subgraph.
pub(crate) fn sdl(world: &World, subgraph: usize) -> String {
    let mut text = format!("{LINK}\n\nenum Colour {{ RED GREEN BLUE }}\n");
    for (ty, fields) in [("Query", &world.roots), ("Mutation", &world.mutations)] {
        let mut lines = fields.iter().filter(|field| field.owners.contains(&subgraph)).peekable();
        if lines.peek().is_some() {
            let _ = writeln!(text, "\ntype {ty} {{");
            lines.for_each(|field| _ = writeln!(text, "  {}", line(world, field, subgraph)));
            text.push_str("}\n");
        }
    }
    for number in 0..world.entities.len() {
        entity(world, number, subgraph, &mut text);
    }
    for of in &world.abstracts {
        abstracted(world, of, subgraph, &mut text);
    }
    text
}

fn abstracted(world: &World, of: &Abstract, subgraph: usize, text: &mut String) {
    let name = &of.name;
    let _ = match &of.object {
        Some((by, extra)) if *by == subgraph => writeln!(
            text,
            "\ntype {name} @key(fields: \"id\") @interfaceObject {{ id: ID! {extra}: Int }}"
        ),
        _ if of.members_in(subgraph).is_empty() => Ok(()),
        object if of.interface => {
            let label = if world.has_label(of, subgraph) { " label: String" } else { "" };
            let key = if object.is_some() { " @key(fields: \"id\")" } else { "" };
            writeln!(text, "\ninterface {name}{key} {{ id: ID!{label} }}")
        }
        _ => {
            let members: Vec<&str> = of
                .members_in(subgraph)
                .iter()
                .map(|member| world.entities[*member].name.as_str())
                .collect();
            writeln!(text, "\nunion {name} = {}", members.join(" | "))
        }
    };
}

/// SDL that only says how rows of the merged server are found.
pub(crate) fn merged_keys(world: &World) -> String {
    let types: String = world
        .entities
        .iter()
        .map(|entity| format!("type {} @key(fields: \"id\") {{ id: ID! }}\n", entity.name))
        .collect();
    format!("type Query {{ none: Int }}\n{types}")
}

fn entity(world: &World, number: usize, subgraph: usize, text: &mut String) {
    let Some(home) = world.home(number, subgraph) else { return };
    let entity = &world.entities[number];
    let interfaces: Vec<&str> = world
        .abstracts
        .iter()
        .filter(|of| of.interface && of.members_in(subgraph).contains(&number))
        .map(|of| of.name.as_str())
        .collect();
    let _ = write!(text, "\ntype {}", entity.name);
    if !interfaces.is_empty() {
        let _ = write!(text, " implements {}", interfaces.join(" & "));
    }
    let resolvable = if home.resolvable { "" } else { ", resolvable: false" };
    let keys = [("id", home.id), ("place { x y }", home.place), ("code", home.code)];
    for (key, _) in keys.iter().filter(|(_, has)| *has) {
        let _ = write!(text, " @key(fields: \"{key}\"{resolvable})");
    }
    text.push_str(" {\n");
    if home.id {
        text.push_str("  id: ID!\n");
    }
    if home.code {
        text.push_str("  code: String!\n");
    }
    if home.place {
        let _ = writeln!(text, "  place: Place{number}!");
    }
    for (index, field) in entity.fields.iter().enumerate() {
        if world.externals.contains(&(number, index, subgraph)) {
            let ty = type_text(world, field, subgraph);
            let _ = writeln!(text, "  {}{}: {ty} @external", field.name, arguments(field));
        } else if field.owners.contains(&subgraph) {
            let requires = requires(entity, field);
            let _ = writeln!(text, "  {}{requires}", line(world, field, subgraph));
        } else if field.overridden == Some(subgraph) {
            let ty = type_text(world, field, subgraph);
            let _ = writeln!(text, "  {}: {ty}", field.name);
        }
    }
    text.push_str("}\n");
    if home.place {
        let _ = writeln!(text, "\ntype Place{number} @shareable {{ x: Int! y: Int! }}");
    }
    for index in 0..entity.fields.len() {
        part(world, (number, index), subgraph, text);
    }
}

fn requires(entity: &Entity, field: &Field) -> String {
    let Kind::Derived(from, member) = field.kind else { return String::new() };
    let from = &entity.fields[from];
    let below = match (&from.kind, member) {
        (Kind::Argued, _) => "(x: 2)".to_owned(),
        (Kind::Part(members), Some(member)) => format!(" {{ {} }}", members[member].name),
        _ => String::new(),
    };
    format!(" @requires(fields: \"{}{below}\")", from.name)
}

fn line(world: &World, field: &Field, subgraph: usize) -> String {
    let ty = type_text(world, field, subgraph);
    let mut line = format!("{}{}: {ty}", field.name, arguments(field));
    if field.shared || field.owners.len() > 1 {
        line.push_str(" @shareable");
    }
    if let Some(old) = field.overridden {
        let _ = write!(line, " @override(from: \"s{old}\")");
    }
    if let Kind::Link(target, provides) = &field.kind {
        for (_, index) in provides.iter().filter(|(by, _)| *by == subgraph) {
            let provided = &world.entities[*target].fields[*index].name;
            let _ = write!(line, " @provides(fields: \"{provided}\")");
        }
    }
    line
}

fn arguments(field: &Field) -> &'static str {
    if matches!(field.kind, Kind::Argued) { "(x: Int = 1)" } else { "" }
}

fn type_text(world: &World, field: &Field, subgraph: usize) -> String {
    let mut text = match &field.kind {
        Kind::Int | Kind::Argued => "Int".to_owned(),
        Kind::Text | Kind::Derived(..) => "String".to_owned(),
        Kind::Colour => "Colour".to_owned(),
        Kind::Link(target, _) => world.entities[*target].name.to_owned(),
        Kind::Abstract(of) => world.abstracts[*of].name.to_owned(),
        Kind::Part(_) => part_name(field),
    };
    let strict = field.strict.is_empty() || field.strict.contains(&subgraph);
    for _ in 0..field.shape.lists {
        if !field.shape.item_nullable && strict {
            text.push('!');
        }
        text = format!("[{text}]");
    }
    if !field.shape.nullable && strict {
        text.push('!');
    }
    text
}

fn part_name(field: &Field) -> String {
    format!("Part{}", field.name)
}

fn part(world: &World, at: (usize, usize), subgraph: usize, text: &mut String) {
    let field = &world.entities[at.0].fields[at.1];
    let Kind::Part(members) = &field.kind else { return };
    let mut lines = String::new();
    for (index, member) in members.iter().enumerate() {
        let Member { name, owners, link } = member;
        let ty = link.map_or("Int", |entity| &world.entities[entity].name);
        if owners.contains(&subgraph) && field.owners.contains(&subgraph) {
            let shareable = if owners.len() > 1 { " @shareable" } else { "" };
            let _ = writeln!(lines, "  {name}: {ty}{shareable}");
        } else if world.external_members.contains(&(at.0, at.1, index, subgraph)) {
            let _ = writeln!(lines, "  {name}: {ty} @external");
        }
    }
    if !lines.is_empty() {
        let _ = writeln!(text, "\ntype {} {{\n{lines}}}", part_name(field));
    }
}
