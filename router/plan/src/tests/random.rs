//! Random small supergraphs whose subgraphs share fields, and operations on them.

use std::fmt::Write as _;

/// Numbers that look thrown, the same for the same seed.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    /// A number below `sides`.
    pub(crate) fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % sides
    }

    fn some(&mut self, of: &[usize]) -> Vec<usize> {
        let mut some: Vec<usize> = of.iter().copied().filter(|_| self.below(2) == 0).collect();
        if some.is_empty() {
            some.push(of[self.below(of.len())]);
        }
        some
    }
}

const HEAD: &str = r#"
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
{ query: Query }

directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
scalar join__FieldSet
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
"#;

/// A supergraph of 2 to 4 subgraphs, and what can be asked.
pub(crate) struct World {
    pub supergraph: String,
    /// For each type its fields; a field that leads to a type says which.
    types: Vec<Vec<(String, Option<usize>)>>,
    roots: Vec<(String, usize)>,
}

impl World {
    pub(crate) fn throw(dice: &mut Dice) -> Self {
        let all: Vec<usize> = (0..2 + dice.below(3)).collect();
        let count = 1 + dice.below(3);
        let mut supergraph = HEAD.to_owned();
        supergraph.push_str("enum join__Graph {\n");
        for number in &all {
            let _ = writeln!(
                supergraph,
                "  S{number} @join__graph(name: \"s{number}\", url: \"http://s{number}\")"
            );
        }
        supergraph.push_str("}\n");
        let mut types = Vec::new();
        for ty in 0..count {
            types.push(Self::ty(dice, &mut supergraph, (ty, count), &all));
        }
        let _ = write!(supergraph, "type Query");
        for number in &all {
            let _ = write!(supergraph, " @join__type(graph: S{number})");
        }
        supergraph.push_str(" {\n");
        let mut roots = Vec::new();
        for number in 0..1 + dice.below(3) {
            let ty = dice.below(count);
            let list = if dice.below(2) == 0 { format!("[T{ty}]") } else { format!("T{ty}") };
            let _ = write!(supergraph, "  q{number}: {list}");
            for graph in dice.some(&all) {
                let _ = write!(supergraph, " @join__field(graph: S{graph})");
            }
            supergraph.push('\n');
            roots.push((format!("q{number}"), ty));
        }
        supergraph.push_str("}\n");
        Self { supergraph, types, roots }
    }

    fn ty(
        dice: &mut Dice,
        supergraph: &mut String,
        (ty, count): (usize, usize),
        all: &[usize],
    ) -> Vec<(String, Option<usize>)> {
        let second = dice.some(all);
        let two_keys = dice.below(3) == 0;
        let _ = write!(supergraph, "type T{ty}");
        for number in all {
            // A subgraph with only the second key is reached through one that knows both.
            let knows = two_keys && second.contains(number);
            if !knows || dice.below(2) == 0 {
                let _ = write!(supergraph, " @join__type(graph: S{number}, key: \"id\")");
            }
            if knows {
                let _ = write!(supergraph, " @join__type(graph: S{number}, key: \"k\")");
            }
        }
        supergraph.push_str(" {\n  id: ID!\n  k: ID!");
        for number in if two_keys { dice.some(all) } else { all.to_vec() } {
            let _ = write!(supergraph, " @join__field(graph: S{number})");
        }
        supergraph.push('\n');
        let mut fields = vec![("id".to_owned(), None)];
        for number in 0..2 + dice.below(4) {
            let below = (dice.below(3) == 0).then(|| dice.below(count));
            let of = match (below, dice.below(2)) {
                (None, _) => "Int".to_owned(),
                (Some(below), 0) => format!("T{below}"),
                (Some(below), _) => format!("[T{below}]"),
            };
            let name = format!("f{number}");
            let _ = write!(supergraph, "  {name}: {of}");
            let required =
                fields.iter().rev().find(|(name, below)| below.is_none() && name != "id");
            let requires = if dice.below(5) == 0 { required } else { None };
            for graph in dice.some(all) {
                let _ = match requires {
                    Some((field, _)) => {
                        write!(supergraph, " @join__field(graph: S{graph}, requires: \"{field}\")")
                    }
                    None => write!(supergraph, " @join__field(graph: S{graph})"),
                };
            }
            supergraph.push('\n');
            fields.push((name, below));
        }
        supergraph.push_str("}\n");
        fields
    }

    /// An operation of at most `fields` fields.
    pub(crate) fn operation(&self, dice: &mut Dice, fields: usize) -> String {
        let mut text = String::from("{");
        let mut left = fields;
        for (index, (root, ty)) in self.roots.iter().enumerate() {
            if index == 0 || dice.below(2) == 0 {
                let _ = write!(text, " {root} {{");
                self.selections(dice, *ty, 3, &mut left, &mut text);
                text.push_str(" }");
            }
        }
        text + " }"
    }

    fn selections(
        &self,
        dice: &mut Dice,
        ty: usize,
        depth: usize,
        left: &mut usize,
        text: &mut String,
    ) {
        let before = text.len();
        for (name, below) in &self.types[ty] {
            if *left == 0 || dice.below(3) == 0 || below.is_some() && depth == 0 {
                continue;
            }
            *left -= 1;
            let _ = write!(text, " {name}");
            if let Some(below) = below {
                text.push_str(" {");
                self.selections(dice, *below, depth - 1, left, text);
                text.push_str(" }");
            }
        }
        if text.len() == before {
            text.push_str(" id");
        }
    }
}
