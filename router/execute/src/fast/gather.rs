//! What a fetch is about: representations of rows, each distinct one once, and links to what
//! comes back.

use std::hash::{BuildHasher, Hash, Hasher};
use std::ops::Range;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use schema::{Schema, TypeId};

use super::Unusual;
use super::cells::{Cell, Store, Table};
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
    /// The rows that it is about, each with the index of its representation; those that were told
    /// already come behind the others.
    pub targets: Vec<(u32, u32)>,
    /// Where each representation stands, if others ask the same.
    pub ranges: Vec<Range<usize>>,
    /// What need not be asked.
    pub told: Vec<Told>,
}

/// Where an entity was told: the fetch, the slot of the list in its `data`, the index in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub fetch: usize,
    pub slot: usize,
    pub index: u32,
}

impl Gathered {
    /// Adds the text of a representation.
    pub(super) fn add(&mut self, text: &[u8]) {
        if !self.representations.is_empty() {
            self.representations.push(b',');
        }
        let start = self.representations.len();
        self.representations.extend_from_slice(text);
        self.ranges.push(start..self.representations.len());
    }

    /// A representation, where others ask the same.
    pub(super) fn text(&self, index: usize) -> &[u8] {
        self.ranges.get(index).map_or(&[], |range| &self.representations[range.clone()])
    }

    /// How many rows get what another fetch was told.
    pub(super) fn reused(&self, fetch: usize) -> usize {
        if self.told.is_empty() {
            return 0;
        }
        let told = |index: u32| self.told.get((index as usize).checked_sub(self.count)?);
        let other = |index| told(index).is_some_and(|told| told.fetch != fetch);
        self.targets.iter().filter(|(_, index)| other(*index)).count()
    }
}

/// Distinct representations: where each begins and ends, and its index.
type Distinct = HashTable<(u32, u32, u32)>;

/// How a row is represented: the input that does it, and the row's object type if that is known.
type Represented<'i> = (&'i Template, Option<TypeId>);

/// A row that was represented.
struct Seen<'i> {
    hash: u64,
    of: Represented<'i>,
    row: u32,
    /// The index of its representation.
    index: u32,
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
            None => self.rows(part.node),
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
            Some(entities) => {
                let (mut gathered, known) = self.entities(part.node, entities, rows)?;
                if part.share.is_some() {
                    let mut known: Vec<(u32, u32, u32)> = known.into_iter().collect();
                    known.sort_unstable();
                    let range = |(at, end, _)| at as usize..end as usize;
                    gathered.ranges = known.into_iter().map(range).collect();
                }
                Ok(gathered)
            }
        }
    }

    /// All rows of a node.
    fn rows(&self, node: usize) -> &[u32] {
        let node = &self.program.nodes[node];
        self.store.tables[node.table].rows.get(node.rows).map_or(&[], Vec::as_slice)
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
    ) -> Result<(Gathered, Distinct), Unusual> {
        let mut gathered = Gathered::default();
        let mut known = Distinct::new();
        let mut seen: HashTable<Seen<'_>> = HashTable::new();
        gathered.targets.reserve(rows.len());
        for row in rows {
            let Some(of) = self.input(&entities.inputs, node, *row)? else { continue };
            // Most objects have what an object before them had, and need not be written.
            let own = self.program.nodes[node].table;
            let hash = self.key(of, own, *row);
            if let Some(hash) = hash
                && let Some(same) = seen.find(hash, |seen| self.alike(seen, of, own, *row))
            {
                gathered.targets.push((*row, same.index));
                continue;
            }
            let Some(index) = self.distinct(of, (node, *row), &mut gathered, &mut known)? else {
                continue;
            };
            gathered.targets.push((*row, index));
            if let Some(hash) = hash {
                let row = *row;
                seen.insert_unique(hash, Seen { hash, of, row, index }, |seen| seen.hash);
            }
        }
        Ok((gathered, known))
    }

    /// Which input represents a row, and its object type if that is known; nothing when none does.
    fn input<'i>(
        &self,
        inputs: &'i [Template],
        node: usize,
        row: u32,
    ) -> Result<Option<Represented<'i>>, Unusual> {
        let runtime = self.runtime(node, row)?;
        let input = inputs.iter().find(|input| match (&input.types, runtime) {
            (None, _) => true,
            (Some(types), Some(ty)) => types.contains(ty),
            (Some(_), None) => false,
        });
        Ok(input.map(|input| (input, runtime)))
    }

    /// A hash of what represents a row, where it is leaves only.
    fn key(&self, (input, runtime): Represented<'_>, own: usize, row: u32) -> Option<u64> {
        let mut hasher = self.hasher.build_hasher();
        runtime.hash(&mut hasher);
        for field in &input.fields {
            hasher.write(self.leaf_of(field, own, row)?);
        }
        Some(hasher.finish())
    }

    /// Whether a row is represented by the same leaves as one before it.
    fn alike(&self, seen: &Seen<'_>, of: Represented<'_>, own: usize, row: u32) -> bool {
        let leaf = |field, row| self.leaf_of(field, own, row);
        let mut fields = of.0.fields.iter();
        std::ptr::eq(seen.of.0, of.0)
            && seen.of.1 == of.1
            && fields.all(|field| leaf(field, row) == leaf(field, seen.row))
    }

    /// The text of a leaf that represents a row; nothing where it is no leaf.
    #[inline]
    fn leaf_of(&self, field: &TemplateField, own: usize, row: u32) -> Option<&[u8]> {
        match self.store.value(&field.sources, own, row) {
            (table, Cell::Leaf { at, len }) => Some(self.store.tables[table].text(at, len)),
            _ => None,
        }
    }

    /// The index of a representation among the distinct ones; nothing when there is none.
    fn distinct(
        &self,
        of: Represented<'_>,
        (node, row): (usize, u32),
        gathered: &mut Gathered,
        known: &mut Distinct,
    ) -> Result<Option<u32>, Unusual> {
        let out = &mut gathered.representations;
        let comma = usize::from(!out.is_empty());
        let before = out.len();
        if comma > 0 {
            out.push(b',');
        }
        if !self.represent(of, node, row, out)? {
            out.truncate(before);
            return Ok(None);
        }
        let start = before + comma;
        let hash = |text: &[u8]| self.hasher.hash_one(text);
        let made = &out[start..];
        let same = |(at, end, _): &(u32, u32, u32)| out[*at as usize..*end as usize] == *made;
        if let Some((_, _, index)) = known.find(hash(made), same) {
            let index = *index;
            out.truncate(before);
            return Ok(Some(index));
        }
        let small = |number: usize| u32::try_from(number).map_err(|_| Unusual);
        let index = small(gathered.count)?;
        let place = (small(start)?, small(out.len())?, index);
        known.insert_unique(hash(made), place, |(at, end, _)| {
            hash(&out[*at as usize..*end as usize])
        });
        gathered.count += 1;
        Ok(Some(index))
    }

    /// Writes the representation of a row; false when it has none.
    fn represent(
        &self,
        (input, runtime): Represented<'_>,
        node: usize,
        row: u32,
        out: &mut Vec<u8>,
    ) -> Result<bool, Unusual> {
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
            (Cell::Leaf { .. } | Cell::Number(_), TemplateValue::Objects { .. }) => Err(Unusual),
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
            Cell::Absent | Cell::Row(_) | Cell::Number(_) => return Err(Unusual),
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

/// Links the rows that a part was about to what came for them in the table of its fetch.
#[inline(never)] // a step that is counted by its name
pub(super) fn link(
    program: &Program,
    store: &mut Store,
    (index, gathered): (usize, &Gathered),
    table: usize,
) -> Result<(), Unusual> {
    let part = &program.parts[index];
    let node = &program.nodes[part.node];
    let own = &store.tables[node.table];
    let came = &store.tables[table];
    let told;
    let items = match &part.entities {
        None => None,
        Some(_) if gathered.count + gathered.told.len() == 0 => return Ok(()),
        Some(entities) => match came.cells.get(entities.slot) {
            Some(Cell::List { at, len }) => {
                let items = came.items(*at, *len);
                told = entities_of(part, (table, came), items, gathered)?;
                Some(told.as_deref().unwrap_or(items))
            }
            _ => return Err(Unusual),
        },
    };
    let mut links = vec![None; own.rows.get(node.rows).map_or(0, Vec::len)];
    for (row, index) in &gathered.targets {
        let Some(Cell::Number(number)) = own.cells.get(*row as usize + node.number) else {
            return Err(Unusual);
        };
        links[*number as usize] = match items.map(|items| items[*index as usize]) {
            None => Some(0),
            Some(Cell::Row(row)) => Some(row),
            Some(_) => None,
        };
    }
    store.links[index] = links;
    Ok(())
}

/// The entities for the representations of a part and behind them for what it need not ask, when there
/// is any: those that were read for it, and those of an earlier part of the same request.
fn entities_of(
    part: &PartProgram,
    (table, came): (usize, &Table),
    items: &[Cell],
    gathered: &Gathered,
) -> Result<Option<Vec<Cell>>, Unusual> {
    let mut read = items.get(gathered.count..).ok_or(Unusual)?.iter();
    if gathered.told.is_empty() {
        return if read.len() == 0 { Ok(None) } else { Err(Unusual) };
    }
    let mut all = items[..gathered.count].to_vec();
    for told in &gathered.told {
        let item = match came.cells.get(told.slot) {
            Some(Cell::List { at, len }) if part.has(told, table) => {
                came.items(*at, *len).get(told.index as usize)
            }
            _ => read.next(),
        };
        all.push(*item.ok_or(Unusual)?);
    }
    if read.len() == 0 { Ok(Some(all)) } else { Err(Unusual) }
}

impl PartProgram {
    /// Whether what was told can be taken as it was read: rows of leaves in the same table, which are
    /// laid out alike.
    pub(super) fn has(&self, told: &Told, table: usize) -> bool {
        told.fetch == table && self.share.is_some_and(|share| share.flat)
    }
}
