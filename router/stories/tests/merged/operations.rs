//! Random operations over the public side of a supergraph.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use json::{Json, Object};
use schema::{Kind, OperationKind, Schema, TypeId, TypeSet};

use crate::values;
use crate::world::Argument;
use tributary_stories::Dice;

/// An operation as a tree.
#[derive(Clone)]
pub(crate) struct Operation {
    kind: OperationKind,
    pub(crate) nodes: Vec<Node>,
    /// Name, type with default, and the value if one is given.
    variables: Vec<(String, String, Option<Json>)>,
}

/// A selection.
#[derive(Clone)]
pub(crate) struct Node {
    /// The field with alias and arguments, or `... on Type`; what is printed before the directives.
    head: String,
    condition: &'static str,
    /// Whether a fragment gets a name.
    named: Option<String>,
    pub(crate) below: Vec<Node>,
}

/// The arguments of fields by name.
pub(crate) type Arguments<'a> = BTreeMap<&'a str, &'a [Argument]>;

impl Operation {
    /// Throws an operation. It may be invalid where `bold`: then aliases may collide.
    pub(crate) fn throw(
        dice: &mut Dice,
        schema: &Schema,
        arguments: &Arguments<'_>,
        bold: bool,
    ) -> Self {
        let mutation = dice.chance(20) && schema.root(OperationKind::Mutation).is_some();
        let kind = if mutation { OperationKind::Mutation } else { OperationKind::Query };
        let root = schema.root(kind).expect("there are queries");
        let depth = dice.between(3, 5);
        let size = dice.between(5, 80);
        let mut writer =
            Writer { dice, schema, arguments, bold, size, aliases: 0, variables: Vec::new() };
        let mut nodes = writer.selections(root, depth);
        nodes.push(Node::leaf("__typename".to_owned()));
        let mut variables = writer.variables;
        for (name, ty, share) in [("yes", "Boolean!", 70), ("no", "Boolean = false", 30)] {
            let value = (name == "yes" || dice.chance(70)).then(|| Json::Bool(dice.chance(share)));
            variables.push((name.to_owned(), ty.to_owned(), value));
        }
        Self { kind, nodes, variables }
    }

    /// The operation as text.
    pub(crate) fn text(&self) -> String {
        let mut fragments = Vec::new();
        let mut body = String::new();
        write(&self.nodes, &mut body, &mut fragments);
        let mut text = String::new();
        for (number, (on, below)) in fragments.iter().enumerate() {
            let _ =
                write!(text, "\nfragment F{number} {} {{ {below}}}", on.trim_start_matches("... "));
        }
        let used = self.used(&format!("{body}{text}"));
        let head = match used.is_empty() {
            true => self.kind.keyword().to_owned(),
            false => {
                let all: Vec<String> =
                    used.iter().map(|(name, ty, _)| format!("${name}: {ty}")).collect();
                format!("{} ({})", self.kind.keyword(), all.join(", "))
            }
        };
        format!("{head} {{ {body}}}{text}\n")
    }

    /// The values of the variables that its text uses.
    pub(crate) fn variables(&self) -> Object {
        let used = self.used(&self.text());
        let given = used
            .into_iter()
            .filter_map(|(name, _, value)| Some((name.to_owned(), value.as_ref()?.to_owned())));
        given.collect()
    }

    fn used(&self, text: &str) -> Vec<&(String, String, Option<Json>)> {
        let words: std::collections::BTreeSet<&str> = text
            .split('$')
            .skip(1)
            .map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or(""))
            .collect();
        self.variables.iter().filter(|(name, ..)| words.contains(name.as_str())).collect()
    }
}

impl Node {
    fn leaf(head: String) -> Self {
        Self { head, condition: "", named: None, below: Vec::new() }
    }
}

/// Writes selections; named fragments are put aside.
fn write(nodes: &[Node], text: &mut String, fragments: &mut Vec<(String, String)>) {
    for Node { head, condition, named, below } in nodes {
        if let Some(on) = named {
            let mut inner = String::new();
            write(below, &mut inner, fragments);
            let _ = write!(text, "...F{}{condition} ", fragments.len());
            fragments.push((on.to_owned(), inner));
            continue;
        }
        let _ = write!(text, "{head}{condition} ");
        if !below.is_empty() {
            text.push_str("{ ");
            write(below, text, fragments);
            text.push_str("} ");
        }
    }
}

struct Writer<'a, 'd> {
    dice: &'d mut Dice,
    schema: &'a Schema,
    arguments: &'a Arguments<'a>,
    bold: bool,
    /// How many more fields there may be.
    size: usize,
    aliases: usize,
    variables: Vec<(String, String, Option<Json>)>,
}

impl<'a> Writer<'a, '_> {
    fn selections(&mut self, ty: TypeId, depth: usize) -> Vec<Node> {
        let def = self.schema.ty(ty);
        let mut nodes = Vec::new();
        if self.dice.chance(if def.is_abstract() { 50 } else { 15 }) {
            nodes.push(self.decorated("__typename".to_owned()));
        }
        let mut fields: Vec<_> = def.fields.iter().collect();
        fields.sort_unstable();
        let root = self.schema.root_kind(ty).is_some();
        for (name, id) in fields {
            let field = self.schema.field(*id);
            let below = self.schema.ty(field.ty.named());
            let share = if root { 60 } else { 45 };
            if field.inaccessible
                || below.inaccessible
                || below.is_composite() && (depth == 0 || self.size == 0)
            {
                continue;
            }
            // Twice is allowed: the selections below are merged.
            for _ in 0..if self.dice.chance(10) { 2 } else { 1 } {
                if self.dice.chance(share) {
                    let node = self.field(name, field.ty.named(), depth);
                    nodes.push(node);
                }
            }
        }
        let fragments = if def.is_abstract() { 3 } else { 1 };
        for _ in 0..fragments {
            if depth > 0 && self.dice.chance(if def.is_abstract() { 70 } else { 20 }) {
                nodes.extend(self.fragment(ty, depth));
            }
        }
        if nodes.is_empty() {
            nodes.push(self.decorated("__typename".to_owned()));
        }
        nodes
    }

    fn field(&mut self, name: &str, to: TypeId, depth: usize) -> Node {
        self.size = self.size.saturating_sub(1);
        let arguments = self.given(name);
        let below = match self.schema.ty(to).is_composite() {
            true => self.selections(to, depth.saturating_sub(1)),
            false => Vec::new(),
        };
        let mut node = self.decorated(format!("{name}{arguments}"));
        if !arguments.is_empty() && node.head.starts_with(name) && !self.dice.chance(15) {
            // The same field with other arguments may stand beside it.
            self.aliases += 1;
            node.head = format!("b{}: {}", self.aliases, node.head);
        }
        node.below = below;
        node
    }

    /// A fragment on a type that an object of `ty` may have, or on none.
    fn fragment(&mut self, ty: TypeId, depth: usize) -> Option<Node> {
        let possible: TypeSet = self.schema.ty(ty).possible.clone();
        let mut types: Vec<TypeId> = self
            .schema
            .types()
            .filter(|(_, other)| {
                let public = other.possible.iter().filter(|it| possible.contains(*it));
                let mut public = public.filter(|it| !self.schema.ty(*it).inaccessible);
                let kind = matches!(other.kind, Kind::Object | Kind::Interface | Kind::Union);
                kind && !other.inaccessible && public.next().is_some()
            })
            .map(|(id, _)| id)
            .collect();
        if self.dice.chance(60) {
            // One object type rather than yet another abstract one.
            types.retain(|id| !self.schema.ty(*id).is_abstract());
        }
        if types.is_empty() {
            return None;
        }
        let to = *self.dice.pick(&types);
        let depth = depth - usize::from(self.dice.chance(50));
        let below = self.selections(to, depth);
        let on = format!("... on {}", self.schema.ty(to).name);
        let condition = self.condition();
        let bare = to == ty && self.dice.chance(50);
        let named = (!bare && self.dice.chance(30)).then(|| on.to_owned());
        Some(Node { head: if bare { "...".to_owned() } else { on }, condition, named, below })
    }

    fn decorated(&mut self, head: String) -> Node {
        let alias = self.alias();
        Node {
            head: format!("{alias}{head}"),
            condition: self.condition(),
            named: None,
            below: Vec::new(),
        }
    }

    fn alias(&mut self) -> String {
        if self.bold && self.dice.chance(5) {
            return ["id: ", "code: ", "label: ", "__typename_: "][self.dice.below(4)].to_owned();
        }
        if self.dice.chance(12) {
            self.aliases += 1;
            return format!("a{}: ", self.aliases);
        }
        String::new()
    }

    fn condition(&mut self) -> &'static str {
        if !self.dice.chance(10) {
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

    /// The arguments that a field is given.
    fn given(&mut self, name: &str) -> String {
        let known = self.arguments.get(name).copied().unwrap_or_default();
        let mut given = Vec::new();
        for argument in known.iter().filter(|argument| !argument.hidden) {
            if self.dice.chance(60) {
                let value = values::literal(
                    self.dice,
                    argument.ty,
                    argument.name == "x",
                    &mut self.variables,
                );
                given.push(format!("{}: {value}", argument.name));
            }
        }
        if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) }
    }
}
