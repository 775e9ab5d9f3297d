//! The positions of the merged answer, with what each fetch brings there.

use std::collections::HashMap;

use json::quoted;
use plan::{PathStep, WireSet};
use schema::{Kind, Schema, TypeId, TypeRef, TypeSet};

use crate::fast::program::{Node, PartProgram, Shape, ShapeField, Source, Sources, WalkStep};

/// The tree while it is made.
pub(super) struct Tree<'p> {
    pub schema: &'p Schema,
    places: Vec<Place>,
    shapes: Vec<Shape>,
}

/// A node while it is made.
struct Place {
    ty: TypeId,
    table: usize,
    shape: usize,
    /// The places of leaves by key; and of the one child that has the key.
    keys: HashMap<String, Sources>,
    children: HashMap<String, usize>,
}

/// Where a path led.
pub(super) struct At<'p> {
    pub node: usize,
    /// The steps, each with the node that it starts from.
    steps: Vec<(usize, &'p PathStep)>,
}

/// The type of what is at a key: how many lists, of what.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Below {
    levels: u8,
    named: TypeId,
}

impl<'p> Tree<'p> {
    /// A tree with a root; its table is behind those of the fetches.
    pub(super) fn new(schema: &'p Schema, root: TypeId, fetches: usize) -> Self {
        let mut tree = Self { schema, places: Vec::new(), shapes: Vec::new() };
        let shape = tree.shape();
        tree.place(root, fetches, shape);
        tree
    }

    /// A new shape without fields.
    pub(super) fn shape(&mut self) -> usize {
        self.shapes.push(Shape { fields: Vec::new(), links: 0, node: None });
        self.shapes.len() - 1
    }

    pub(super) fn fields_of(&self, shape: usize) -> usize {
        self.shapes[shape].fields.len()
    }

    fn place(&mut self, ty: TypeId, table: usize, shape: usize) -> usize {
        let (keys, children) = (HashMap::new(), HashMap::new());
        self.places.push(Place { ty, table, shape, keys, children });
        self.places.len() - 1
    }

    /// The node that a path leads to.
    pub(super) fn follow(&self, path: &'p [PathStep]) -> Option<At<'p>> {
        let mut at = At { node: 0, steps: Vec::new() };
        for step in path {
            at.steps.push((at.node, step));
            at.node = *self.places[at.node].children.get(&step.key)?;
        }
        Some(at)
    }

    /// One more link for the rows of a node; the result is its number.
    pub(super) fn link(&mut self, node: usize) -> usize {
        let shape = &mut self.shapes[self.places[node].shape];
        shape.links += 1;
        shape.links - 1
    }

    /// Takes in that rows of `shape`, in the table of a fetch, bring a selection to a node: by one
    /// of its links, or as its own rows.
    pub(super) fn supply(
        &mut self,
        (node, link): (usize, Option<usize>),
        (shape, table): (usize, usize),
        selection: &WireSet,
    ) -> Option<()> {
        for field in &selection.fields {
            let below = self.below(node, &field.key)?;
            let child = match (&field.selection, below) {
                (None, _) => None,
                (Some(selection), Some(below)) => {
                    let inner = self.shape();
                    let child = self.place(below.named, table, inner);
                    // Objects that two fetches bring at one position are left to the reference.
                    if self.places[node].children.insert(field.key.to_owned(), child).is_some() {
                        return None;
                    }
                    self.supply((child, None), (inner, table), selection)?;
                    Some(inner)
                }
                (Some(_), None) => return None,
            };
            let slot = self.add(shape, &field.wire, (below.map_or(0, |it| it.levels), child))?;
            let source = Source { link, table, slot };
            self.places[node].keys.entry(field.key.to_owned()).or_default().push(source);
        }
        Some(())
    }

    /// Takes in that `data` has a list of entities of a shape; the result is its slot.
    pub(super) fn entities(&mut self, data: usize, wire: &str, item: usize) -> Option<usize> {
        self.add(data, wire, (1, Some(item)))
    }

    fn add(
        &mut self,
        shape: usize,
        wire: &str,
        (levels, child): (u8, Option<usize>),
    ) -> Option<usize> {
        let wire: Box<[u8]> = quoted(wire).into_bytes().into();
        let fields = &mut self.shapes[shape].fields;
        if fields.iter().any(|field| field.wire == wire) {
            return None;
        }
        fields.push(ShapeField { wire, levels, child });
        Some(fields.len() - 1)
    }

    /// The type of a key of a node, without what may be null: `Some(None)` for `__typename`, and
    /// `None` when it is not the same for all types of object.
    fn below(&self, node: usize, key: &str) -> Option<Option<Below>> {
        let name = key.split('(').next().unwrap_or(key);
        if name == "__typename" {
            return Some(None);
        }
        let schema = self.schema;
        let ty = self.places[node].ty;
        let types = std::iter::once(ty).chain(schema.ty(ty).possible.iter());
        let fields = types.filter_map(|ty| schema.ty(ty).fields.get(name));
        let mut all = fields.map(|field| below(&schema.field(*field).ty));
        let first = all.next()??;
        all.all(|other| other == Some(first)).then_some(Some(first))
    }

    pub(super) fn ty(&self, node: usize) -> TypeId {
        self.places[node].ty
    }

    /// Where the value of a leaf or a composite field can be; none when nobody brings it.
    pub(super) fn sources(&self, node: usize, key: &str) -> Sources {
        let place = &self.places[node];
        let own = self.shapes[place.shape].fields.len();
        let sources = place.keys.get(key).into_iter().flatten();
        sources
            .map(|source| Source { link: source.link.map(|link| own + link), ..*source })
            .collect()
    }

    pub(super) fn child(&self, node: usize, key: &str) -> Option<usize> {
        self.places[node].children.get(key).copied()
    }

    /// The way of a part, when not all rows of the node are meant, or when they can be known
    /// only by going there.
    pub(super) fn walk(&self, at: &At<'_>) -> Option<Option<Vec<WalkStep>>> {
        let schema = self.schema;
        let mut needed = false;
        let mut steps = Vec::new();
        for (index, (from, step)) in at.steps.iter().enumerate() {
            let ty = schema.ty(self.ty(*from));
            let name = step.key.split('(').next().unwrap_or(&step.key);
            let has = |ty: TypeId| schema.ty(ty).fields.contains_key(name);
            let followed = match &step.types {
                None => has(self.ty(*from)),
                Some(types) => types.iter().filter(|ty_| ty.possible.contains(*ty_)).all(has),
            };
            if !followed {
                return None;
            }
            needed |= step.types.is_some() || ty.kind != Kind::Object;
            let node = at.steps.get(index + 1).map_or(at.node, |(node, _)| *node);
            let (types, sources): (Option<TypeSet>, _) =
                (step.types.clone(), self.sources(*from, &step.key));
            steps.push(WalkStep { types, sources, node });
        }
        Some(needed.then_some(steps))
    }

    /// The nodes and the shapes.
    pub(super) fn finish(mut self, parts: &[PartProgram]) -> (Vec<Node>, Vec<Shape>) {
        let schema = self.schema;
        for part in parts {
            let shape = self.places[part.node].shape;
            self.shapes[shape].node = Some(part.node);
        }
        let node = |(index, place): (usize, &Place)| {
            let def = schema.ty(place.ty);
            let possible = def.possible.iter().filter(|_| def.kind != Kind::Object);
            let name = |ty: TypeId| (quoted(&schema.ty(ty).name).into_bytes().into(), ty);
            Node {
                ty: place.ty,
                table: place.table,
                shape: place.shape,
                typename: self.sources(index, "__typename"),
                names: possible.map(name).collect(),
            }
        };
        let nodes = self.places.iter().enumerate().map(node).collect();
        (nodes, self.shapes)
    }

    /// The slot of a link in the rows of a node.
    pub(super) fn slot(&self, node: usize, link: usize) -> usize {
        self.shapes[self.places[node].shape].fields.len() + link
    }
}

fn below(ty: &TypeRef) -> Option<Below> {
    match ty {
        TypeRef::Named(named, _) => Some(Below { levels: 0, named: *named }),
        TypeRef::List(item, _) => {
            let below = below(item)?;
            Some(Below { levels: below.levels.checked_add(1)?, ..below })
        }
    }
}
