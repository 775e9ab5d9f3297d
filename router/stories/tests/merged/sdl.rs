//! The schema of each subgraph of a random supergraph.

use std::fmt::Write as _;

use crate::world::{Entity, Field, Kind, World};

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", \
                    import: [\"@key\", \"@shareable\", \"@external\", \"@requires\", \"@provides\"])";

/// Writes the schema of a subgraph.
pub(crate) fn sdl(world: &World, subgraph: usize) -> String {
    let mut text = format!("{LINK}\n\nenum Colour {{ RED GREEN BLUE }}\n");
    let roots: Vec<&Field> =
        world.roots.iter().filter(|root| root.owners.contains(&subgraph)).collect();
    if !roots.is_empty() {
        text.push_str("\ntype Query {\n");
        for root in roots {
            let _ = writeln!(text, "  {}", line(world, root, subgraph));
        }
        text.push_str("}\n");
    }
    for number in 0..world.entities.len() {
        entity(world, number, subgraph, &mut text);
    }
    for of in world.abstracts.iter().filter(|of| of.subgraphs.contains(&subgraph)) {
        if of.interface {
            let label = if world.has_label(of, subgraph) { " label: String" } else { "" };
            let _ = writeln!(text, "\ninterface {} {{ id: ID!{label} }}", of.name);
        } else {
            let members: Vec<&str> =
                of.members.iter().map(|member| world.entities[*member].name.as_str()).collect();
            let _ = writeln!(text, "\nunion {} = {}", of.name, members.join(" | "));
        }
    }
    text
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
        .filter(|of| of.interface && of.subgraphs.contains(&subgraph))
        .filter(|of| of.members.contains(&number))
        .map(|of| of.name.as_str())
        .collect();
    let _ = write!(text, "\ntype {}", entity.name);
    if !interfaces.is_empty() {
        let _ = write!(text, " implements {}", interfaces.join(" & "));
    }
    let resolvable = if home.resolvable { "" } else { ", resolvable: false" };
    let keys = [("id", home.id), ("code", home.code)];
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
    for (index, field) in entity.fields.iter().enumerate() {
        if world.externals.contains(&(number, index, subgraph)) {
            let ty = type_text(world, field, subgraph);
            let _ = writeln!(text, "  {}{}: {ty} @external", field.name, arguments(field));
        } else if field.owners.contains(&subgraph) {
            let requires = requires(entity, field);
            let _ = writeln!(text, "  {}{requires}", line(world, field, subgraph));
        }
    }
    text.push_str("}\n");
    for field in entity.fields.iter().filter(|field| field.owners.contains(&subgraph)) {
        part(field, subgraph, text);
    }
}

fn requires(entity: &Entity, field: &Field) -> String {
    let Kind::Derived(from) = field.kind else { return String::new() };
    let from = &entity.fields[from];
    let argument = if matches!(from.kind, Kind::Argued) { "(x: 2)" } else { "" };
    format!(" @requires(fields: \"{}{argument}\")", from.name)
}

fn line(world: &World, field: &Field, subgraph: usize) -> String {
    let ty = type_text(world, field, subgraph);
    let mut line = format!("{}{}: {ty}", field.name, arguments(field));
    if field.shared || field.owners.len() > 1 {
        line.push_str(" @shareable");
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
        Kind::Text | Kind::Derived(_) => "String".to_owned(),
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

fn part(field: &Field, subgraph: usize, text: &mut String) {
    let Kind::Part(fields) = &field.kind else { return };
    let _ = writeln!(text, "\ntype {} {{", part_name(field));
    for (name, owners) in fields.iter().filter(|(_, owners)| owners.contains(&subgraph)) {
        let shareable = if owners.len() > 1 { " @shareable" } else { "" };
        let _ = writeln!(text, "  {name}: Int{shareable}");
    }
    text.push_str("}\n");
}
