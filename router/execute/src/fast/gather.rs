//! What a fetch is about: representations of rows, each distinct one once, and links to what
//! comes back.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use schema::{Schema, TypeId};

use super::Unusual;
use super::cells::{Cell, Store};
use super::program::{
    EntitiesProgram, PartProgram, Program, Template, TemplateField, TemplateValue, WalkStep,
};

/// What one part of a request is about.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// The representations, with commas between; empty for root fields.
    pub representations: Vec<u8>,
    /// How many these are.
    pub count: usize,
    /// The rows that it is about, each with the index of its representation.
    pub targets: Vec<(u32, u32)>,
}

/// Reads the store to say what a part is about.
pub(super) struct Gather<'a> {
    pub program: &'a Program,
    pub schema: &'a Schema,
    pub store: &'a Store,
    /// Seeded anew for each run, since subgraphs' data decides what is hashed.
    pub hasher: &'a RandomState,
}

impl Gather<'_> {
    #[inline(never)] // a step that is counted by its name
    pub(super) fn part(&self, part: &PartProgram) -> Result<Gathered, Unusual> {
        let walked;
        let rows = match &part.walk {
            None => self.store.rows[part.node].as_slice(),
            Some(steps) => {
                let mut found = Found::default();
                self.walk(steps, 0, 0, &mut found)?;
                walked = found.rows;
                &walked
            }
        };
        match &part.entities {
            None => {
                let targets = rows.iter().map(|row| (*row, 0)).collect();
                Ok(Gathered { targets, ..Gathered::default() })
            }
            Some(entities) => self.entities(part.node, entities, rows),
        }
    }

    /// Follows the steps from a row of a node, depth first, as the client's answer goes.
    fn walk(
        &self,
        steps: &[WalkStep],
        node: usize,
        row: u32,
        found: &mut Found,
    ) -> Result<(), Unusual> {
        let Some((step, rest)) = steps.split_first() else {
            found.add(row);
            return Ok(());
        };
        let runtime = self.runtime(node, row)?;
        if let Some(types) = &step.types
            && !runtime.is_some_and(|runtime| types.contains(runtime))
        {
            return Ok(());
        }
        let (table, cell) = self.store.value(&step.sources, self.program.nodes[node].table, row);
        self.walk_value(rest, step.node, (table, cell), found)
    }

    fn walk_value(
        &self,
        steps: &[WalkStep],
        node: usize,
        (table, cell): (usize, Cell),
        found: &mut Found,
    ) -> Result<(), Unusual> {
        match cell {
            Cell::Row(row) => self.walk(steps, node, row, found),
            Cell::List { at, len } => {
                let items = self.store.tables[table].items(at, len);
                items
                    .iter()
                    .try_for_each(|item| self.walk_value(steps, node, (table, *item), found))
            }
            _ => Ok(()),
        }
    }

    /// The object type of a row, when it is known.
    fn runtime(&self, node: usize, row: u32) -> Result<Option<TypeId>, Unusual> {
        let of = &self.program.nodes[node];
        if of.names.is_empty() {
            return Ok(Some(of.ty));
        }
        match self.store.value(&of.typename, of.table, row) {
            (_, Cell::Absent) => Ok(None),
            (table, Cell::Leaf { at, len }) => {
                of.type_of(self.store.tables[table].text(at, len)).map(Some)
            }
            _ => Err(Unusual),
        }
    }

    fn entities(
        &self,
        node: usize,
        entities: &EntitiesProgram,
        rows: &[u32],
    ) -> Result<Gathered, Unusual> {
        let mut gathered = Gathered::default();
        let mut known: HashTable<(u32, u32, u32)> = HashTable::new();
        gathered.targets.reserve(rows.len());
        for row in rows {
            let out = &mut gathered.representations;
            let comma = usize::from(!out.is_empty());
            let before = out.len();
            if comma > 0 {
                out.push(b',');
            }
            if !self.represent(&entities.inputs, node, *row, out)? {
                out.truncate(before);
                continue;
            }
            let start = before + comma;
            let hash = |text: &[u8]| self.hasher.hash_one(text);
            let made = &out[start..];
            let same = |(at, end, _): &(u32, u32, u32)| out[*at as usize..*end as usize] == *made;
            let index = match known.find(hash(made), same) {
                Some((_, _, index)) => {
                    let index = *index;
                    out.truncate(before);
                    index
                }
                None => {
                    let small = |number: usize| u32::try_from(number).map_err(|_| Unusual);
                    let index = small(gathered.count)?;
                    let place = (small(start)?, small(out.len())?, index);
                    known.insert_unique(hash(made), place, |(at, end, _)| {
                        hash(&out[*at as usize..*end as usize])
                    });
                    gathered.count += 1;
                    index
                }
            };
            gathered.targets.push((*row, index));
        }
        Ok(gathered)
    }

    /// Writes the representation of a row; false when it has none.
    fn represent(
        &self,
        inputs: &[Template],
        node: usize,
        row: u32,
        out: &mut Vec<u8>,
    ) -> Result<bool, Unusual> {
        let runtime = self.runtime(node, row)?;
        let input = inputs.iter().find(|input| match (&input.types, runtime) {
            (None, _) => true,
            (Some(types), Some(ty)) => types.contains(ty),
            (Some(_), None) => false,
        });
        let Some(input) = input else { return Ok(false) };
        match (&input.head, runtime) {
            (Some(head), _) => out.extend_from_slice(head.as_bytes()),
            (None, Some(ty)) => {
                out.extend_from_slice(b"{\"__typename\":\"");
                out.extend_from_slice(self.schema.ty(ty).name.as_bytes());
                out.push(b'"');
            }
            (None, None) => return Ok(false),
        }
        let done = self.fields(&input.fields, node, row, (true, &mut *out))?;
        out.push(b'}');
        Ok(done)
    }

    /// Writes fields of a row; `comma` when something stands before the first.
    fn fields(
        &self,
        fields: &[TemplateField],
        node: usize,
        row: u32,
        (mut comma, out): (bool, &mut Vec<u8>),
    ) -> Result<bool, Unusual> {
        for field in fields {
            if comma {
                out.push(b',');
            }
            comma = true;
            out.extend_from_slice(field.name.as_bytes());
            let own = self.program.nodes[node].table;
            let (table, cell) = self.store.value(&field.sources, own, row);
            if !self.member(field, table, cell, out)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn member(
        &self,
        field: &TemplateField,
        table: usize,
        cell: Cell,
        out: &mut Vec<u8>,
    ) -> Result<bool, Unusual> {
        match (cell, &field.inner) {
            (Cell::Absent, _) => Ok(false),
            (Cell::Null, _) => {
                out.extend_from_slice(b"null");
                Ok(field.nullable)
            }
            (cell, TemplateValue::Leaf) => self.leaf(table, cell, out).map(|()| true),
            (Cell::List { at, len }, TemplateValue::Objects { .. }) => {
                out.push(b'[');
                for (index, item) in self.store.tables[table].items(at, len).iter().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    if !self.member(field, table, *item, out)? {
                        return Ok(false);
                    }
                }
                out.push(b']');
                Ok(true)
            }
            (Cell::Row(row), TemplateValue::Objects { node, typename, fields }) => {
                out.push(b'{');
                let told = *typename && self.typename(*node, row, out)?;
                let done = self.fields(fields, *node, row, (told, &mut *out))?;
                out.push(b'}');
                Ok(done)
            }
            (Cell::Leaf { .. }, TemplateValue::Objects { .. }) => Err(Unusual),
        }
    }

    /// Writes the `__typename` of a row, if it is known, and tells whether it did.
    fn typename(&self, node: usize, row: u32, out: &mut Vec<u8>) -> Result<bool, Unusual> {
        let of = &self.program.nodes[node];
        let (table, cell) = self.store.value(&of.typename, of.table, row);
        if cell == Cell::Absent {
            return Ok(false);
        }
        out.extend_from_slice(b"\"__typename\":");
        self.leaf(table, cell, out).map(|()| true)
    }

    /// Writes a leaf so that equal values are equal texts.
    fn leaf(&self, table: usize, cell: Cell, out: &mut Vec<u8>) -> Result<(), Unusual> {
        let table_of = &self.store.tables[table];
        match cell {
            Cell::Leaf { at, len } => {
                let text = table_of.text(at, len);
                let plain = match text.first() {
                    Some(b'"') => !text.contains(&b'\\'),
                    Some(b'{' | b'[') => false,
                    _ => true,
                };
                if plain {
                    out.extend_from_slice(text);
                } else {
                    let value = json::parse(text, text.len()).map_err(|_| Unusual)?;
                    out.extend_from_slice(value.to_string().as_bytes());
                }
            }
            Cell::List { at, len } => {
                out.push(b'[');
                for (index, item) in table_of.items(at, len).iter().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    self.leaf(table, *item, out)?;
                }
                out.push(b']');
            }
            Cell::Null => out.extend_from_slice(b"null"),
            Cell::Absent | Cell::Row(_) => return Err(Unusual),
        }
        Ok(())
    }
}

/// Rows in the order in which they were found, each once.
#[derive(Default)]
struct Found {
    rows: Vec<u32>,
    seen: std::collections::HashSet<u32>,
}

impl Found {
    fn add(&mut self, row: u32) {
        if self.seen.insert(row) {
            self.rows.push(row);
        }
    }
}

/// Links the rows that a part was about to what came for them.
#[inline(never)] // a step that is counted by its name
pub(super) fn link(
    program: &Program,
    store: &mut Store,
    (part, gathered): (&PartProgram, &Gathered),
    (table, data): (usize, u32),
) -> Result<(), Unusual> {
    let own = program.nodes[part.node].table;
    let place = |row: u32| row as usize + part.link;
    let Some(entities) = &part.entities else {
        for (row, _) in &gathered.targets {
            store.tables[own].cells[place(*row)] = Cell::Row(data);
        }
        return Ok(());
    };
    if gathered.count == 0 {
        return Ok(());
    }
    let Cell::List { at, len } = store.cell(table, data, entities.slot) else {
        return Err(Unusual);
    };
    if len as usize != gathered.count {
        return Err(Unusual);
    }
    for (row, index) in &gathered.targets {
        let item = store.tables[table].items[(at + index) as usize];
        store.tables[own].cells[place(*row)] = item;
    }
    Ok(())
}
