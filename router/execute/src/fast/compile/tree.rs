//! The positions of the merged answer, with what each fetch brings there.

use std::collections::HashMap;

use json::quoted;
use plan::{PathStep, WireSet};
use schema::{Kind, Schema, TypeId, TypeRef, TypeSet};

use crate::fast::program::{
    Link, Node, PartProgram, Shape, ShapeField, Shapes, Source, Sources, WalkStep,
};

/// The tree while it is made.
pub(super) struct Tree<'p> {
    pub schema: &'p Schema,
    places: Vec<Place>,
    /// The shapes of each table.
    tables: Vec<Shapes>,
}

/// A node while it is made.
struct Place {
    ty: TypeId,
    table: usize,
    shape: usize,
    /// The places of values by key, each with the part that brings it if it has one; and of the one
    /// child that has the key.
    keys: HashMap<String, Vec<Supplied>>,
    children: HashMap<String, usize>,
}

/// A place of a value: the part that brings the row, the table, and the slot.
type Supplied = (Option<usize>, usize, usize);

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
        let mut tables = Vec::new();
        tables.resize_with(fetches + 1, Shapes::default);
        let mut tree = Self { schema, places: Vec::new(), tables };
        let shape = tree.shape(fetches);
        tree.place(root, fetches, shape);
        tree
    }

    /// A new shape without fields, of a table.
    pub(super) fn shape(&mut self, table: usize) -> usize {
        let shapes = &mut self.tables[table].shapes;
        shapes.push(Shape::default());
        shapes.len() - 1
    }

    /// How many fields the first shape of a table has.
    pub(super) fn fields_of(&self, table: usize) -> usize {
        self.tables[table].shapes[0].fields.len()
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

    /// Takes in that rows of `shape`, in the table of a fetch, bring a selection to a node: by a
    /// part, or as its own rows.
    pub(super) fn supply(
        &mut self,
        (node, part): (usize, Option<usize>),
        (shape, table): (usize, usize),
        selection: &WireSet,
    ) -> Option<()> {
        for field in &selection.fields {
            let below = self.below(node, &field.key)?;
            let child = match (&field.selection, below) {
                (None, _) => None,
                (Some(selection), Some(below)) => {
                    let inner = self.shape(table);
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
            let levels = below.map_or(0, |it| it.levels);
            let slot = self.add((shape, table), &field.wire, (levels, child))?;
            let supplied = (part, table, slot);
            self.places[node].keys.entry(field.key.to_owned()).or_default().push(supplied);
        }
        Some(())
    }

    /// Takes in that the `data` of a table has a list of entities of a shape; the result is its slot.
    pub(super) fn entities(&mut self, table: usize, wire: &str, item: usize) -> Option<usize> {
        self.add((0, table), wire, (1, Some(item)))
    }

    fn add(
        &mut self,
        (shape, table): (usize, usize),
        wire: &str,
        (levels, child): (u8, Option<usize>),
    ) -> Option<usize> {
        let wire: Box<[u8]> = quoted(wire).into_bytes().into();
        let fields = &mut self.tables[table].shapes[shape].fields;
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

    pub(super) fn table(&self, node: usize) -> usize {
        self.places[node].table
    }

    /// Where the value of a leaf or a composite field can be; none when nobody brings it.
    pub(super) fn sources(&self, node: usize, key: &str) -> Sources {
        let place = &self.places[node];
        let number = self.tables[place.table].shapes[place.shape].fields.len();
        let supplied = place.keys.get(key).into_iter().flatten();
        let source = |&(part, table, slot): &Supplied| Source {
            link: part.map(|part| Link { part, number }),
            table,
            slot,
        };
        supplied.map(source).collect()
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

    /// The nodes, and the shapes of each table.
    pub(super) fn finish(mut self, parts: &[PartProgram]) -> (Vec<Node>, Vec<Shapes>) {
        let schema = self.schema;
        for part in parts {
            let place = &self.places[part.node];
            let shapes = &mut self.tables[place.table];
            let rows = &mut shapes.shapes[place.shape].rows;
            if rows.is_none() {
                *rows = Some(shapes.lists);
                shapes.lists += 1;
            }
        }
        let node = |(index, place): (usize, &Place)| {
            let def = schema.ty(place.ty);
            let possible = def.possible.iter().filter(|_| def.kind != Kind::Object);
            let name = |ty: TypeId| (quoted(&schema.ty(ty).name).into_bytes().into(), ty);
            let shape = &self.tables[place.table].shapes[place.shape];
            Node {
                ty: place.ty,
                table: place.table,
                rows: shape.rows.unwrap_or(0),
                number: shape.fields.len(),
                typename: self.sources(index, "__typename"),
                names: possible.map(name).collect(),
            }
        };
        let nodes = self.places.iter().enumerate().map(node).collect();
        (nodes, self.tables)
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
