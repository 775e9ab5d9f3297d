//! Writes groups as GraphQL documents, with internal aliases where response keys conflict.
//!
//! Everything that lands in one response object is written in one [`Scope`], whatever fragments it
//! stands in: there a response key belongs to one field with one set of arguments and one type, as
//! the specification's rule for merging fields demands, and what breaks it gets an alias.

use std::borrow::Cow;
use std::collections::BTreeSet;

use graph::{EntryKind, Graph};
use operation::Operation;
use schema::{ArgumentText, FieldId, Kind, Model, SubgraphId, TypeId, TypeRef};
use smallvec::{SmallVec, smallvec};

use crate::build::groups::{Group, Groups, Node, NodeField, NodeId};
use crate::maps::HashMap;
use crate::model::{Context, Fetch, Part, Target, WireField, WireSet};
use crate::passes::batch::Request;
use crate::price::{Cost, REQUEST};
use crate::repeat::{MARK, Piece, Repeats};
use crate::weights::Weights;

/// Tells each part of a request the way to its objects, and how these are represented: the groups need
/// it no more.
pub(crate) fn hand_over(groups: &mut Groups, request: &Request, parts: &mut [Part]) {
    for (id, part) in request.groups.iter().zip(parts) {
        let group = groups.of_mut(*id);
        match &mut part.target {
            Target::Root { path } => *path = std::mem::take(&mut group.path),
            Target::Entities { path, inputs, .. } => {
                *path = std::mem::take(&mut group.path);
                *inputs = std::mem::take(&mut group.inputs);
            }
        }
    }
}

/// Writes one request, up to what [`hand_over`] adds. Beside it comes, for each part, the text of what is selected of entities; none
/// where arguments from contexts are a part of it.
pub(crate) fn fetch(
    (graph, weights): (&Graph, &Weights),
    groups: &Groups,
    request: &Request,
    operation: &Operation,
) -> (Fetch, Vec<Option<String>>) {
    let members: SmallVec<[&Group; 4]> = request.groups.iter().map(|id| groups.of(*id)).collect();
    let first = members[0];
    let mut writer = Writer {
        schema: graph.schema(),
        weights,
        groups,
        subgraph: first.subgraph,
        variables: BTreeSet::new(),
        contexts: Vec::new(),
        weight: 0,
    };
    let mut pieces = Vec::with_capacity(members.len());
    let mut parts = Vec::with_capacity(members.len());
    let mut names = Names { operation, alone: members.len() == 1, contexts: 0 };
    for (index, group) in members.iter().enumerate() {
        writer.contexts = names.contexts(graph, group);
        let (piece, part) = writer.part(group, &names, index);
        pieces.push(piece);
        parts.push(part);
    }
    let used: SmallVec<[&operation::Variable; 4]> =
        operation.variables.iter().filter(|v| writer.variables.contains(&v.name)).collect();
    let definition =
        |variable: &&operation::Variable| ["$", &variable.name, ": ", &variable.ty].concat();
    let keyword = first.operation.keyword();
    let definitions = used.iter().map(definition).collect();
    let repeats = Repeats { keyword, definitions, parts: pieces };
    let fetch = Fetch {
        subgraph: first.subgraph,
        after: request.after.clone(),
        kind: first.operation,
        document: repeats.once(),
        variables: used.iter().map(|variable| variable.name.clone()).collect(),
        weight: more(weights.request(first.subgraph), REQUEST) + more(writer.weight, 0),
        parts,
        repeats: None,
    };
    if names.contexts > 0 {
        return (Fetch { repeats: Some(repeats), ..fetch }, Vec::new());
    }
    let selected = repeats.parts.into_iter().map(Piece::selected).collect();
    (fetch, selected)
}

/// How much more one price is than another.
fn more(price: Cost, other: Cost) -> i64 {
    let signed = |price: Cost| i64::try_from(price).unwrap_or(i64::MAX);
    signed(price).saturating_sub(signed(other))
}

/// Names for the variables of a request that are not the client's.
struct Names<'o> {
    operation: &'o Operation,
    /// Whether the request has one part only.
    alone: bool,
    /// How many variables carry values from contexts.
    contexts: usize,
}

impl Names<'_> {
    fn representations(&self, index: usize) -> String {
        self.free(if self.alone {
            "representations".to_owned()
        } else {
            ["r", &index.to_string()].concat()
        })
    }

    fn contexts(&mut self, graph: &Graph, group: &Group) -> Vec<Context> {
        let mut found = Vec::new();
        for id in &group.contexts {
            let variable = self.free(format!("context{}", self.contexts));
            self.contexts += 1;
            found.push(Context { variable, argument: graph.context(*id).clone() });
        }
        found
    }

    /// Repetitions put something behind a name, so none of the client's may begin with it.
    fn free(&self, mut name: String) -> String {
        let begins = |name: &str| {
            let variables = &mut self.operation.variables.iter();
            variables.any(|variable| variable.name.starts_with(name))
        };
        while begins(&name) {
            name.push('_');
        }
        name
    }
}

/// What one response object holds: its response keys, in order.
#[derive(Default)]
struct Scope<'a> {
    wires: Vec<Wire<'a>>,
    /// What most objects don't need.
    index: Option<Box<Index<'a>>>,
}

/// Where things are in a scope of many response keys, and in one with aliases.
#[derive(Default)]
struct Index<'a> {
    /// Where each response key is, once there are more than [`FEW`].
    names: HashMap<Cow<'a, str>, usize>,
    /// Where each key is, then.
    keys: HashMap<&'a str, Vec<usize>>,
    /// How many aliases each name has.
    aliases: HashMap<&'a str, usize>,
}

/// So many response keys are found faster by looking at each of them.
const FEW: usize = 12;

/// What the text of a part has room for before it grows.
const A_PART: usize = 256;

struct Wire<'a> {
    name: Cow<'a, str>,
    key: &'a str,
    /// `None` for `__typename`.
    ty: Option<&'a TypeRef>,
    below: Option<Scope<'a>>,
}

impl<'a> Scope<'a> {
    /// The response key for a field: its name, or an alias when another field has that.
    fn wire(
        &mut self,
        name: &'a str,
        key: &'a str,
        ty: Option<&'a TypeRef>,
        composite: bool,
    ) -> usize {
        if let Some(at) = self.known(key, ty) {
            return at;
        }
        let mut wire = Cow::Borrowed(name);
        while self.find(&wire).is_some() {
            let index = self.index.get_or_insert_default();
            let aliases = index.aliases.entry(name).or_default();
            *aliases += 1;
            wire = Cow::Owned(format!("_{aliases}_{name}"));
        }
        let below = composite.then(Scope::default);
        self.wires.push(Wire { name: wire, key, ty, below });
        let added = self.wires.len() - 1;
        if added >= FEW {
            let known = if added == FEW { 0 } else { added };
            let index = self.index.get_or_insert_default();
            for (at, wire) in self.wires.iter().enumerate().skip(known) {
                index.names.insert(Cow::clone(&wire.name), at);
                index.keys.entry(wire.key).or_default().push(at);
            }
        }
        added
    }

    /// What has a key and a type already.
    fn known(&self, key: &str, ty: Option<&TypeRef>) -> Option<usize> {
        if self.wires.len() > FEW {
            let same = self.index.as_ref()?.keys.get(key)?;
            return same.iter().copied().find(|at| self.wires[*at].ty == ty);
        }
        self.wires.iter().position(|wire| wire.key == key && wire.ty == ty)
    }

    fn find(&self, name: &str) -> Option<usize> {
        if self.wires.len() > FEW {
            return self.index.as_ref()?.names.get(name).copied();
        }
        self.wires.iter().position(|wire| wire.name == name)
    }

    fn wires(self) -> WireSet {
        let mut fields = Vec::with_capacity(self.wires.len());
        for Wire { name, key, below, .. } in self.wires {
            fields.push(WireField {
                wire: name.into_owned(),
                key: key.to_owned(),
                selection: below.map(Scope::wires),
            });
        }
        WireSet { fields }
    }
}

struct Writer<'a> {
    schema: &'a Model,
    groups: &'a Groups,
    weights: &'a Weights,
    subgraph: SubgraphId,
    variables: BTreeSet<String>,
    /// Those of the part that is being written.
    contexts: Vec<Context>,
    /// What the fields cost besides.
    weight: Cost,
}

/// Adds texts.
fn push(out: &mut String, texts: &[&str]) {
    texts.iter().for_each(|text| out.push_str(text));
}

/// A space after what was written since `start`, if anything was.
fn apart(out: &mut String, start: usize) {
    if out.len() > start {
        out.push(' ');
    }
}

/// Type conditions of a field; `None` is none.
type Conditions = SmallVec<[Option<TypeId>; 1]>;

/// What is written under each type condition, mostly none.
type Fragments<'a> = SmallVec<[(Option<TypeId>, Fragment<'a>); 1]>;

/// Fields under one type condition, by response key.
struct Fragment<'a> {
    fields: Vec<(usize, &'a NodeField, SmallVec<[NodeId; 2]>)>,
    /// Where the field of a response key is, by the number of that, once there are more than [`FEW`].
    of: Vec<Option<usize>>,
}

impl<'a> Fragment<'a> {
    fn with_room(count: usize) -> Self {
        Self { fields: Vec::with_capacity(count), of: Vec::new() }
    }

    fn find(&self, wire: usize) -> Option<usize> {
        match self.fields.len() {
            0..=FEW => self.fields.iter().position(|(other, ..)| *other == wire),
            _ => self.of.get(wire).copied().flatten(),
        }
    }

    fn add(&mut self, wire: usize, field: &'a NodeField) -> usize {
        self.fields.push((wire, field, SmallVec::new()));
        let added = self.fields.len() - 1;
        if added >= FEW {
            let known = if added == FEW { 0 } else { added };
            for (at, (wire, ..)) in self.fields.iter().enumerate().skip(known) {
                if self.of.len() <= *wire {
                    self.of.resize(wire + 1, None);
                }
                self.of[*wire] = Some(at);
            }
        }
        added
    }
}

impl<'a> Writer<'a> {
    fn part(&mut self, group: &Group, names: &Names<'_>, index: usize) -> (Piece, Part) {
        let mut scope = Scope::default();
        let mut text = String::with_capacity(A_PART);
        self.selections(&group.nodes, &mut scope, &mut text);
        if group.kind == EntryKind::Root {
            let target = Target::Root { path: Vec::new() };
            let part = Part { target, selection: scope.wires(), share: None };
            return (Piece::Root(text), part);
        }
        let wire =
            if names.alone { "_entities".into() } else { ["_e", &index.to_string()].concat() };
        let variable = names.representations(index);
        if let Some(interface) = group.kind.interface() {
            let name = &self.schema.ty(interface).name;
            text = ["... on ", name, " { ", &text, " }"].concat();
        }
        let contexts = std::mem::take(&mut self.contexts);
        let typed = |context: &Context| {
            (context.variable.clone(), self.schema.type_text(&context.argument.ty))
        };
        let piece = Piece::Entities {
            wire: wire.clone(),
            variable: variable.clone(),
            contexts: contexts.iter().map(typed).collect(),
            text,
        };
        let (path, inputs) = (Vec::new(), Vec::new());
        let target = Target::Entities { wire, variable, path, inputs, contexts };
        (piece, Part { target, selection: scope.wires(), share: None })
    }

    /// Writes what several nodes select in one response object, without the braces.
    fn selections(&mut self, nodes: &[NodeId], scope: &mut Scope<'a>, out: &mut String) {
        let groups = self.groups;
        let nodes: SmallVec<[&'a Node; 4]> = nodes.iter().map(|id| groups.node(*id)).collect();
        let mut fragments = Fragments::new();
        let count: usize = nodes.iter().map(|node| node.fields.len()).sum();
        scope.wires.reserve(count.min(FEW));
        for node in &nodes {
            for field in &node.fields {
                for on in self.conditions(node, field) {
                    self.place(node, field, on, scope, &mut fragments);
                }
            }
        }
        let start = out.len();
        if nodes.iter().any(|node| node.typename) {
            scope.wire("__typename", "__typename", None, false);
            out.push_str("__typename");
        }
        for (on, fragment) in fragments {
            apart(out, start);
            match on {
                Some(on) => {
                    push(out, &["... on ", &self.schema.ty(on).name, " { "]);
                    self.fragment(fragment, scope, out);
                    out.push_str(" }");
                }
                None => self.fragment(fragment, scope, out),
            }
        }
        if out.len() == start || nodes.iter().any(|node| node.presence) {
            scope.wire("_presence", "__presence", None, false);
            apart(out, start);
            out.push_str("_presence: __typename");
        }
    }

    fn place(
        &mut self,
        node: &Node,
        field: &'a NodeField,
        on: Option<TypeId>,
        scope: &mut Scope<'a>,
        fragments: &mut Fragments<'a>,
    ) {
        let at = match fragments.iter().position(|(other, _)| *other == on) {
            Some(at) => at,
            None => {
                fragments.push((on, Fragment::with_room(node.fields.len().min(FEW))));
                fragments.len() - 1
            }
        };
        let ty = self.type_there(on.or(node.ty).unwrap_or(field.parent), field);
        let known = scope.wires.len();
        let wire = scope.wire(&field.name, &field.key, ty, field.child.is_some());
        if scope.wires.len() > known {
            self.weight = self.weight.saturating_add(self.weight_of(field));
        }
        let fragment = &mut fragments[at].1;
        let at = fragment.find(wire).unwrap_or_else(|| fragment.add(wire, field));
        fragment.fields[at].2.extend(field.child);
    }

    fn fragment(&mut self, fragment: Fragment<'a>, scope: &mut Scope<'a>, out: &mut String) {
        let start = out.len();
        for (at, field, children) in &fragment.fields {
            for (_, value) in field.arguments.iter() {
                value.each_variable(&mut |name| {
                    self.variables.insert(name.to_owned());
                });
            }
            let wire = &mut scope.wires[*at];
            apart(out, start);
            if *wire.name != *field.name {
                push(out, &[&wire.name, ": "]);
            }
            out.push_str(&field.name);
            if !self.contexts.is_empty() {
                out.push_str(&self.arguments(field));
            } else if !field.arguments.is_empty() {
                out.push('(');
                let _ = ArgumentText(&field.arguments).write(out);
                out.push(')');
            }
            if let Some(below) = &mut wire.below {
                out.push_str(" { ");
                self.selections(children, below, out);
                out.push_str(" }");
            }
        }
    }

    /// The arguments of a field in parentheses: the client's, and those from contexts.
    fn arguments(&self, field: &NodeField) -> String {
        let mut all = Vec::new();
        if !field.arguments.is_empty() {
            all.push(ArgumentText(&field.arguments).to_string());
        }
        let mut objects = field.types.iter().chain([field.parent]);
        let join = objects.find_map(|object| {
            let field = *self.schema.ty(object).fields.get(&*field.name)?;
            self.schema.field(field).join(self.subgraph)
        });
        for argument in join.map_or(&[][..], |join| &join.contexts) {
            let known = self.contexts.iter().find(|context| context.argument == *argument);
            let known = known.expect("a field with arguments from contexts is entered with them");
            all.push(format!("{}: ${}{MARK}", argument.name, known.variable));
        }
        if all.is_empty() { String::new() } else { format!("({})", all.join(", ")) }
    }

    /// The type conditions under which a field is written: none where every object has it, the
    /// interface that it was selected on where that says the same, else each object type.
    fn conditions(&self, node: &Node, field: &NodeField) -> Conditions {
        let Some(ty) = node.ty else {
            return field.types.iter().map(Some).collect();
        };
        let def = self.schema.ty(ty);
        let Some(join) = def.join(self.subgraph) else { return smallvec![None] };
        if def.kind == Kind::Object || join.interface_object {
            return smallvec![None];
        }
        let asked = field.types.intersection(&join.possible);
        if asked == join.possible && self.has_field(ty, field) {
            return smallvec![None];
        }
        if self.has_field(field.parent, field)
            && let Some(parent) = self.schema.ty(field.parent).join(self.subgraph)
            && parent.possible.intersection(&join.possible) == asked
            && asked.len() > 1
        {
            return smallvec![Some(field.parent)];
        }
        asked.iter().map(Some).collect()
    }

    /// What it costs besides to take a field from this subgraph, for any of its object types.
    fn weight_of(&self, field: &NodeField) -> Cost {
        let of = |((subgraph, id), points): &((SubgraphId, FieldId), u64)| {
            let definition = self.schema.field(*id);
            let same = *subgraph == self.subgraph && *definition.name == *field.name;
            let possible = &self.schema.ty(definition.parent).possible;
            (same && !possible.intersection(&field.types).is_empty()).then_some(*points)
        };
        self.weights.fields.iter().filter_map(of).max().unwrap_or_default()
    }

    /// Whether a field can be selected on an interface itself. Where the interface says a wider type
    /// than its objects do, what is selected below was chosen for theirs.
    fn has_field(&self, ty: TypeId, field: &NodeField) -> bool {
        let def = self.schema.ty(ty);
        let known = def.fields.get(&*field.name).and_then(|id| {
            let def = self.schema.field(*id);
            def.join(self.subgraph).map(|join| join.ty.as_ref().unwrap_or(&def.ty).named())
        });
        let below = field.child.and_then(|child| self.groups.node(child).ty);
        def.kind == Kind::Interface
            && known.is_some_and(|known| below.is_none_or(|below| below == known))
    }

    /// The type of a field in this subgraph.
    fn type_there(&self, parent: TypeId, field: &NodeField) -> Option<&'a TypeRef> {
        let schema: &'a Model = self.schema;
        let id = schema.ty(parent).fields.get(&*field.name)?;
        let def = schema.field(*id);
        let there = def.join(self.subgraph).and_then(|join| join.ty.as_ref());
        Some(there.unwrap_or(&def.ty))
    }
}
