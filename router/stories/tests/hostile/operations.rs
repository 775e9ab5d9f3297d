//! Operations that are hard to plan: deep, wide, aliased, repeated, conditional, nested.

use std::fmt::Write as _;

use schema::{OperationKind, Schema, TypeId};
use tributary_stories::Dice;

/// A shape of operations: its name, and who writes them.
type Shape = (&'static str, fn(&mut Writer<'_>) -> String);

/// The shapes, by name.
pub(crate) const SHAPES: [Shape; 9] = [
    ("a deep path", deep),
    ("a tree as large as it may be", tree),
    ("aliases without end", aliases),
    ("fragments that double", bomb),
    ("fragments in fragments", nested),
    ("thousands of conditions", conditions),
    ("arguments of all kinds", arguments),
    ("every field at every level", full),
    ("many roots", roots),
];

/// No operation is longer, and few are: the limit on tokens is met at about a third of it.
const BYTES: usize = 100_000;

/// Writes operations over the public side of a supergraph.
pub(crate) struct Writer<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) dice: Dice,
    /// How many selections there may be still.
    left: usize,
    /// How many bytes there may be.
    bytes: usize,
}

/// A field that can be asked.
struct Known<'a> {
    name: &'a str,
    to: TypeId,
    leaf: bool,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(schema: &'a Schema, mut dice: Dice) -> Self {
        let bytes = if dice.chance(8) { BYTES } else { dice.between(6_000, 30_000) };
        Self { schema, dice, left: 0, bytes }
    }

    fn root(&self) -> TypeId {
        self.schema.root(OperationKind::Query).expect("there are queries")
    }

    fn fields(&self, ty: TypeId) -> Vec<Known<'a>> {
        let def = self.schema.ty(ty);
        let mut fields: Vec<Known<'a>> = def
            .fields
            .iter()
            .map(|(name, id)| {
                let to = self.schema.field(*id).ty.named();
                Known { name, to, leaf: !self.schema.ty(to).is_composite() }
            })
            .collect();
        fields.sort_unstable_by_key(|field| field.name);
        fields
    }

    /// The object types of an abstract type, else the type itself.
    fn objects(&self, ty: TypeId) -> Vec<TypeId> {
        self.schema.ty(ty).possible.iter().collect()
    }

    fn leaves(&self, ty: TypeId, text: &mut String) {
        let before = text.len();
        for field in self.fields(ty).iter().filter(|field| field.leaf) {
            let _ = write!(text, "{} ", field.name);
        }
        if text.len() == before {
            text.push_str("__typename ");
        }
    }

    /// A field that leads on, as far as possible to what leads on in turn.
    fn onward(&mut self, ty: TypeId) -> Option<Known<'a>> {
        let mut fields: Vec<Known<'a>> = self.fields(ty);
        fields.retain(|field| !field.leaf);
        (!fields.is_empty()).then(|| fields.swap_remove(self.dice.below(fields.len())))
    }

    /// A tree with some of the fields at each level.
    fn some(&mut self, ty: TypeId, depth: usize, text: &mut String) {
        let objects = self.objects(ty);
        if self.schema.ty(ty).is_abstract() && self.dice.chance(60) {
            for object in objects {
                if self.left > 0 && self.dice.chance(50) {
                    let _ = write!(text, "... on {} {{ ", self.schema.ty(object).name);
                    self.some(object, depth, text);
                    text.push_str("} ");
                }
            }
        }
        self.leaves(ty, text);
        for field in self.fields(ty).iter().filter(|field| !field.leaf) {
            self.left = self.left.saturating_sub(1);
            if depth > 0 && self.left > 0 && text.len() < self.bytes {
                let _ = write!(text, "{} {{ ", field.name);
                self.some(field.to, depth - 1, text);
                text.push_str("} ");
            }
        }
    }
}

fn deep(writer: &mut Writer<'_>) -> String {
    let depth = writer.dice.between(20, 95);
    let mut ty = writer.root();
    let mut text = String::from("{ ");
    let mut open = 1;
    for _ in 0..depth {
        if let Some(object) = writer.objects(ty).into_iter().next()
            && writer.schema.ty(ty).is_abstract()
            && (writer.fields(ty).is_empty() || writer.dice.chance(50))
        {
            let _ = write!(text, "... on {} {{ ", writer.schema.ty(object).name);
            (ty, open) = (object, open + 1);
            continue;
        }
        if writer.dice.chance(50) && open > 1 {
            writer.leaves(ty, &mut text);
        }
        let Some(next) = writer.onward(ty) else { break };
        let _ = write!(text, "{} {{ ", next.name);
        (ty, open) = (next.to, open + 1);
    }
    writer.leaves(ty, &mut text);
    text + &"} ".repeat(open)
}

fn tree(writer: &mut Writer<'_>) -> String {
    writer.left = writer.dice.between(500, 5_000);
    let depth = writer.dice.between(2, 12);
    let root = writer.root();
    let mut text = String::from("{ ");
    writer.some(root, depth, &mut text);
    text + "}"
}

/// One path over and over, each time by another alias.
fn aliases(writer: &mut Writer<'_>) -> String {
    let root = writer.root();
    let path = below(writer, root, 3);
    let mut text = String::from("{ ");
    let count = writer.dice.between(500, 10_000);
    for number in 0..count {
        if text.len() + path.len() > writer.bytes - 100 {
            break;
        }
        let _ = write!(text, "a{number}: {path} ");
    }
    text + "}"
}

/// A path of some fields with all leaves at its end.
fn below(writer: &mut Writer<'_>, ty: TypeId, depth: usize) -> String {
    if depth > 0
        && let Some(next) = writer.onward(ty)
    {
        let inner = below(writer, next.to, depth - 1);
        return format!("{} {{ {inner} }}", next.name);
    }
    let mut text = String::new();
    match writer.objects(ty).first() {
        Some(object) if writer.schema.ty(ty).is_abstract() => {
            let mut inner = String::new();
            writer.leaves(*object, &mut inner);
            format!("... on {} {{ {inner} }}", writer.schema.ty(*object).name)
        }
        _ => {
            writer.leaves(ty, &mut text);
            text
        }
    }
}

/// Fragments on one type, each of which spreads the next twice below a field.
fn bomb(writer: &mut Writer<'_>) -> String {
    let root = writer.root();
    let Some(first) = writer.onward(root) else { return "{ __typename }".to_owned() };
    let name = &writer.schema.ty(first.to).name;
    let mut text = format!("{{ {} {{ ...F0 }} }}\n", first.name);
    let levels = writer.dice.between(3, 12);
    for level in 0..levels {
        let next = match level + 1 < levels {
            true => format!("...F{}", level + 1),
            false => "__typename".to_owned(),
        };
        let again: Vec<Known<'_>> =
            writer.fields(first.to).into_iter().filter(|field| field.to == first.to).collect();
        let mut body = String::new();
        match again.as_slice() {
            [] => body = format!("{next} ... {{ {next} }} "),
            fields => {
                for (number, field) in fields.iter().take(2).enumerate() {
                    let _ = write!(body, "{} {{ {next} __typename }} ", field.name);
                    let _ = write!(body, "b{level}of{number}: {} {{ {next} }} ", field.name);
                }
            }
        }
        let _ = writeln!(text, "fragment F{level} on {name} {{ {body} __typename }}");
    }
    text
}

/// Inline fragments in each other, on all types that fit.
fn nested(writer: &mut Writer<'_>) -> String {
    let root = writer.root();
    let mut text = String::from("{ ");
    let roots: Vec<Known<'_>> =
        writer.fields(root).into_iter().filter(|field| !field.leaf).collect();
    writer.left = 4_000;
    for field in roots.iter().take(4) {
        let _ = write!(text, "{} {{ ", field.name);
        let depth = writer.dice.between(3, 40);
        conditions_on(writer, field.to, depth, &mut text);
        text.push_str("} ");
    }
    text + "}"
}

fn conditions_on(writer: &mut Writer<'_>, ty: TypeId, depth: usize, text: &mut String) {
    let possible = writer.schema.ty(ty).possible.clone();
    let fits: Vec<TypeId> = writer
        .schema
        .types()
        .filter(|(_, other)| {
            other.is_composite() && !other.possible.intersection(&possible).is_empty()
        })
        .map(|(id, _)| id)
        .collect();
    writer.leaves(ty, text);
    let wide = if depth > 6 { 1 } else { 3 };
    for _ in 0..wide {
        if depth == 0 || writer.left == 0 || text.len() > writer.bytes - 1_000 {
            return;
        }
        writer.left -= 1;
        let on = *writer.dice.pick(&fits);
        let _ = write!(text, "... on {} {{ ", writer.schema.ty(on).name);
        if let Some(next) = writer.onward(on).filter(|_| writer.dice.chance(40)) {
            let _ = write!(text, "{} {{ ", next.name);
            conditions_on(writer, next.to, depth - 1, text);
            text.push_str("} ");
        } else {
            conditions_on(writer, on, depth - 1, text);
        }
        text.push_str("} ");
    }
}

fn conditions(writer: &mut Writer<'_>) -> String {
    let count = writer.dice.between(100, 900);
    let mut text = String::from("query (");
    for number in 0..count {
        let _ = write!(text, "$v{number}: Boolean = {} ", number % 3 != 0);
    }
    text.push_str(") { ");
    let root = writer.root();
    for number in 0..count {
        let path = below(writer, root, 2);
        let Some((head, rest)) = path.split_once(" {") else { break };
        if text.len() > writer.bytes - 500 {
            break;
        }
        let _ = write!(text, "c{number}: {head} @include(if: $v{number}) {{{rest} ");
    }
    // What was not reached is used here.
    let used = text.matches("@include").count();
    for number in used..count {
        let _ = write!(text, "t{number}: __typename @skip(if: $v{number}) ");
    }
    text + "}"
}

/// The same field with many arguments, which takes internal aliases.
fn arguments(writer: &mut Writer<'_>) -> String {
    let argued = writer.schema.fields().filter(|(_, field)| {
        let member = writer.schema.ty(field.parent).name.starts_with('M');
        let names: &[&str] =
            if member { &["f0", "f1"] } else { &["leaf0", "leaf2", "v0", "p0", "link1", "peers"] };
        names.contains(&field.name.as_str())
    });
    let parents: Vec<(String, TypeId, bool)> = argued
        .map(|(_, field)| {
            let leaf = !writer.schema.ty(field.ty.named()).is_composite();
            (field.name.to_owned(), field.parent, leaf)
        })
        .collect();
    if parents.is_empty() {
        return tree(writer);
    }
    let (name, parent, leaf) = writer.dice.pick(&parents).clone();
    let root = writer.root();
    let on = writer.schema.ty(parent).name.to_owned();
    let mut ways = writer.fields(root);
    ways.retain(|way| {
        !way.leaf
            && !writer
                .schema
                .ty(way.to)
                .possible
                .intersection(&writer.schema.ty(parent).possible)
                .is_empty()
    });
    let Some(way) = ways.first() else { return tree(writer) };
    let mut text = format!("{{ {} {{ ... on {on} {{ ", way.name);
    for number in 0..2_000 {
        let below = if leaf { "" } else { "{ __typename }" };
        let _ = write!(text, "x{number}: {name}(x: {number}){below} ");
        if text.len() > writer.bytes - 200 {
            break;
        }
    }
    text + "} } }"
}

/// Every field at every level, until there are too many.
fn full(writer: &mut Writer<'_>) -> String {
    let mut depth = 1;
    loop {
        let mut next = String::from("{ ");
        writer.left = 20_000;
        let root = writer.root();
        every(writer, root, depth + 1, &mut next);
        if next.len() > writer.bytes || depth > 12 {
            let mut text = String::from("{ ");
            every(writer, root, depth, &mut text);
            return text + "}";
        }
        depth += 1;
    }
}

fn every(writer: &mut Writer<'_>, ty: TypeId, depth: usize, text: &mut String) {
    writer.leaves(ty, text);
    if text.len() > writer.bytes {
        return;
    }
    for field in writer.fields(ty).iter().filter(|field| !field.leaf) {
        if depth > 0 {
            let _ = write!(text, "{} {{ ", field.name);
            every(writer, field.to, depth - 1, text);
            text.push_str("} ");
        }
    }
    if writer.schema.ty(ty).is_abstract() && depth > 0 {
        for object in writer.objects(ty) {
            let _ = write!(text, "... on {} {{ ", writer.schema.ty(object).name);
            writer.leaves(object, text);
            text.push_str("} ");
        }
    }
}

fn roots(writer: &mut Writer<'_>) -> String {
    let root = writer.root();
    let mut text = String::from("{ ");
    for number in 0..3_000 {
        let depth = writer.dice.between(1, 6);
        let path = below(writer, root, depth);
        if text.len() + path.len() > writer.bytes - 50 {
            break;
        }
        let _ = write!(text, "r{number}: {path} ");
    }
    text + "}"
}
