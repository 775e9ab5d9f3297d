//! Supergraphs that are hard to plan over: everything is shared, leads everywhere, or is a circle.

use std::fmt::Write as _;

use tributary_stories::Dice;

/// A set of subgraphs: name and schema of each.
pub(crate) type Set = Vec<(String, String)>;

/// A shape of supergraphs: its name, and who writes them.
type Shape = (&'static str, fn(&mut Dice) -> Set);

/// The shapes, by name.
pub(crate) const SHAPES: [Shape; 9] = [
    ("all share all", shared),
    ("chains and circles of keys", keys),
    ("requirements of requirements", requires),
    ("an interface of fifty", interface),
    ("unions of fifty", union),
    ("values without keys", values),
    ("what is provided of what is provided", provides),
    ("interface objects", objects),
    ("all at once", everything),
];

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", import: \
                    [\"@key\", \"@shareable\", \"@external\", \"@requires\", \"@provides\", \
                    \"@interfaceObject\"])\n";

/// Fields that subgraphs share.
const FIELDS: usize = 20;

fn set(count: usize, write: impl Fn(usize, &mut String)) -> Set {
    let one = |number: usize| {
        let mut sdl = LINK.to_owned();
        write(number, &mut sdl);
        (format!("s{number}"), sdl)
    };
    (0..count).map(one).collect()
}

/// Each subgraph has each type with each field: half of them lead on.
fn shared(dice: &mut Dice) -> Set {
    let count = dice.between(2, 10);
    let types = dice.between(1, 3);
    set(count, |_, sdl| {
        sdl.push_str("type Query { all: [T0!]! @shareable one(x: Int): T0 @shareable }\n");
        for ty in 0..types {
            let _ = writeln!(sdl, "type T{ty} @key(fields: \"id\") {{ id: ID!");
            shared_fields(types, sdl);
            sdl.push_str("}\n");
        }
    })
}

fn shared_fields(types: usize, sdl: &mut String) {
    for field in 0..FIELDS {
        let _ = match field % 2 {
            0 => writeln!(sdl, "  leaf{field}(x: Int, y: String): Int @shareable"),
            _ => writeln!(sdl, "  link{field}(x: Int): [T{}] @shareable", field / 2 % types),
        };
    }
}

/// Each subgraph knows two or three of many keys, so that most moves go over others.
fn keys(dice: &mut Dice) -> Set {
    let count = dice.between(4, 10);
    let skip = dice.between(2, 4);
    set(count, |number, sdl| {
        let _ = writeln!(sdl, "type Query {{ from{number}: T all: T @shareable }}");
        let keys = [number % count, (number + 1) % count, (number * skip + 2) % count];
        let mut known: Vec<usize> = keys.to_vec();
        known.sort_unstable();
        known.dedup();
        let marks: Vec<String> = known
            .iter()
            .map(|key| format!("@key(fields: \"k{key} both {{ a b }}\") @key(fields: \"k{key}\")"))
            .collect();
        let _ = writeln!(sdl, "type T {} {{", marks.join(" "));
        sdl.push_str("  both: Both! @shareable\n");
        known.iter().for_each(|key| _ = writeln!(sdl, "  k{key}: ID! @shareable"));
        for field in 0..FIELDS {
            let here = field % count == number || field % 3 == number % 3;
            if here {
                let ty = if field % 2 == 0 { "Int" } else { "T" };
                let _ = writeln!(sdl, "  f{field}: {ty} @shareable");
            }
        }
        sdl.push_str("}\ntype Both @shareable { a: Int! b: Int! }\n");
    })
}

/// Each field requires that of the subgraph before, of the object itself and of the next.
fn requires(dice: &mut Dice) -> Set {
    let count = dice.between(3, 10);
    let wide = dice.between(1, 6);
    set(count, |number, sdl| {
        let _ = writeln!(sdl, "type Query {{ from{number}: T }}");
        sdl.push_str("type T @key(fields: \"id\") {\n  id: ID!\n  next: T @shareable\n  all: [T] @shareable\n");
        for field in 0..wide {
            if number == 0 {
                let _ = writeln!(sdl, "  r{field}at0: Int");
                continue;
            }
            let before = number - 1;
            let _ = writeln!(sdl, "  r{field}at{before}: Int @external");
            let other = (field + 1) % wide;
            let more = if other == field { String::new() } else { format!(" r{other}at{before}") };
            let requires = format!("r{field}at{before}{more}");
            let _ = writeln!(sdl, "  r{field}at{number}: Int @requires(fields: \"{requires}\")");
        }
        if number > 0 {
            let last = number - 1;
            let _ = writeln!(
                sdl,
                "  far{number}: Far{number} @external\n  deep{number}: Int @requires(fields: \"far{number} {{ value }} r0at{last}\")"
            );
            let _ = writeln!(sdl, "}}\ntype Far{number} {{ value: Int @external }}");
        } else {
            for other in 1..count {
                let _ = writeln!(sdl, "  far{other}: Far{other}");
            }
            sdl.push_str("}\n");
            for other in 1..count {
                let _ = writeln!(sdl, "type Far{other} {{ value: Int more: Int }}");
            }
        }
    })
}

/// An interface whose objects each have their fields elsewhere.
fn interface(dice: &mut Dice) -> Set {
    let count = dice.between(2, 6);
    let members = dice.between(20, 50);
    set(count, |number, sdl| {
        let _ = writeln!(sdl, "type Query {{ from{number}: [Node!]! all: Node @shareable }}");
        sdl.push_str("interface Node { id: ID! }\ninterface Named implements Node { id: ID! self: Node peers: [Named] }\n");
        for member in 0..members {
            let _ = writeln!(sdl, "type M{member} implements Node & Named @key(fields: \"id\") {{");
            sdl.push_str("  id: ID!\n  self: Node @shareable\n  peers: [Named] @shareable\n");
            for field in 0..6 {
                if (member + field) % count == number || member % 7 == number {
                    let ty = if field % 2 == 0 { "Int" } else { "Named" };
                    let _ = writeln!(sdl, "  f{field}(x: Int): {ty} @shareable");
                }
            }
            sdl.push_str("}\n");
        }
    })
}

/// Unions with other members in each subgraph, in types without keys.
fn union(dice: &mut Dice) -> Set {
    let count = dice.between(2, 10);
    let members = dice.between(20, 50);
    set(count, |number, sdl| {
        let _ = writeln!(sdl, "type Query {{ from{number}: [Any!]! }}");
        let here: Vec<usize> = (0..members).filter(|m| m % count == number || m % 2 == 0).collect();
        let names: Vec<String> = here.iter().map(|member| format!("M{member}")).collect();
        let _ =
            writeln!(sdl, "union Any = {}\nunion Other = {}", names.join(" | "), names.join(" | "));
        for member in here {
            let _ = writeln!(sdl, "type M{member} @key(fields: \"id\") {{ id: ID!");
            sdl.push_str(
                "  any: Any @shareable\n  others: [Other] @shareable\n  size: Int @shareable\n",
            );
            let _ = writeln!(sdl, "  own{number}: Any\n}}");
        }
    })
}

/// Types without keys that lead to each other and to entities whose fields are spread over all.
fn values(dice: &mut Dice) -> Set {
    let count = dice.between(2, 10);
    set(count, |number, sdl| {
        sdl.push_str("type Query { all: V @shareable root: T @shareable }\n");
        sdl.push_str("type T @key(fields: \"id\") {\n  id: ID!\n  value: V @shareable\n  values: [V] @shareable\n");
        for field in (0..FIELDS).filter(|field| field % count == number) {
            let _ =
                writeln!(sdl, "  t{field}: T\n  u{field}: Own{number}\n  v{field}(x: Int): Int");
        }
        let _ = writeln!(sdl, "}}\ntype Own{number} {{ back: T value: V deeper: Own{number} }}");
        sdl.push_str("type V @shareable {\n  left: V\n  right: [V]\n  owner: T\n");
        for field in 0..FIELDS {
            let _ = writeln!(sdl, "  w{field}: {}", if field % 3 == 0 { "Int" } else { "V" });
        }
        sdl.push_str("}\n");
    })
}

/// Paths on which ever more is provided.
fn provides(dice: &mut Dice) -> Set {
    let count = dice.between(2, 8);
    set(count, |number, sdl| {
        let deep = " @provides(fields: \"a { b { a { b { x } } } }\")";
        let mark = if number == 0 { "" } else { deep };
        let _ = writeln!(sdl, "type Query {{ from{number}: T{mark} }}");
        sdl.push_str("type T @key(fields: \"id\") {\n  id: ID!\n");
        if number == 0 {
            sdl.push_str(
                "  a: T @shareable\n  b: T @shareable\n  x: Int @shareable\n  y: Int @shareable\n",
            );
        } else {
            sdl.push_str(
                "  a: T @external\n  b: T @external\n  x: Int @external\n  y: Int @external\n",
            );
        }
        for field in 0..8 {
            let provided = ["a { x }", "b { y }", "a { b { x y } }", "x", "x y", "b { a { y } }"];
            let set = provided[(field + number) % provided.len()];
            let mark =
                if number == 0 { String::new() } else { format!(" @provides(fields: \"{set}\")") };
            let _ = writeln!(sdl, "  p{field}(x: Int): T @shareable{mark}");
        }
        sdl.push_str("}\n");
    })
}

/// Interface objects beside each other, with fields that require each other.
fn objects(dice: &mut Dice) -> Set {
    let count = dice.between(3, 8);
    let members = dice.between(3, 30);
    set(count, |number, sdl| {
        if number == 0 {
            sdl.push_str("type Query { all: [I!]! one: I }\ninterface I @key(fields: \"id\") { id: ID! name: String }\n");
            for member in 0..members {
                let _ = writeln!(
                    sdl,
                    "type M{member} implements I @key(fields: \"id\") {{ id: ID! name: String own{member}: I }}"
                );
            }
            return;
        }
        let _ = writeln!(sdl, "type Query {{ from{number}: I }}");
        sdl.push_str(
            "type I @key(fields: \"id\") @interfaceObject {\n  id: ID!\n  name: String @external\n",
        );
        sdl.push_str("  peer: I @shareable\n  peers(x: Int): [I!] @shareable\n");
        for field in 0..10 {
            let _ = writeln!(sdl, "  i{field}: Int @shareable");
        }
        let _ = writeln!(sdl, "  made{number}: Int @requires(fields: \"name\")\n}}");
    })
}

/// The worst of each in one set: names don't meet, roots do.
fn everything(dice: &mut Dice) -> Set {
    let mut sets: Set = Vec::new();
    for (prefix, shape) in [("A", shared as fn(&mut Dice) -> Set), ("B", requires), ("C", keys)] {
        for (name, sdl) in shape(dice) {
            let renamed = sdl
                .replace(" T", &format!(" {prefix}T"))
                .replace("[T", &format!("[{prefix}T"))
                .replace("Far", &format!("{prefix}Far"))
                .replace("Both", &format!("{prefix}Both"))
                .replace("from", &format!("{}from", prefix.to_lowercase()))
                .replace(" all:", &format!(" {}all:", prefix.to_lowercase()))
                .replace(" one(", &format!(" {}one(", prefix.to_lowercase()));
            let body = renamed.strip_prefix(LINK).unwrap_or(&renamed).to_owned();
            match sets.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => {
                    known.push_str(&body.replace("type Query", "extend type Query"))
                }
                None => sets.push((name, format!("{LINK}{body}"))),
            }
        }
    }
    sets
}
