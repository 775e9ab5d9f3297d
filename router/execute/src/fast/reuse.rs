//! What was told of entities already, for parts that would ask the same again: by an answer that came,
//! or by an earlier part of the same request.
//!
//! It is read once more, into the rows of who would have asked: behind the entities that came for
//! these, from a copy of the text if it stands in another body.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::Unusual;
use super::cells::{Cell, Store, Table};
use super::gather::{Gathered, Told};
use super::parse::entity;
use super::program::{How, PartProgram, Program, Shapes};
use super::scan::Scan;

/// Where entities were told, for each number of parts that share by the representation.
#[derive(Debug, Default)]
pub(super) struct Known(HashMap<usize, HashMap<Box<[u8]>, Told>>);

impl Known {
    /// Takes out of what the parts of a fetch are to ask what is known, and what an earlier one of
    /// them asks.
    pub(super) fn take_out(
        &self,
        fetch: usize,
        parts: &[PartProgram],
        gathered: &mut [Gathered],
        hasher: &RandomState,
    ) {
        // The part and the index of what is asked.
        let mut asked: HashTable<(usize, usize)> = HashTable::new();
        for at in 0..parts.len() {
            let Some(share) = parts[at].share else { continue };
            let (before, rest) = gathered.split_at_mut(at);
            let own = &mut rest[0];
            let known = self.0.get(&share.number);
            let ranges = std::mem::take(&mut own.ranges);
            let texts = std::mem::take(&mut own.representations);
            // For each representation that there was: which it is now, or which of those taken out.
            let mut now: Vec<Result<u32, u32>> = Vec::with_capacity(ranges.len());
            for range in ranges {
                let text = &texts[range];
                let told = known.and_then(|known| known.get(text)).copied().or_else(|| {
                    let same = |(part, index): &(usize, usize)| {
                        parts[*part].share.is_some_and(|other| other.number == share.number)
                            && before.get(*part).is_some_and(|it| it.text(*index) == text)
                    };
                    let (part, index) = *asked.find(hasher.hash_one(text), same)?;
                    let slot = parts[part].entities.as_ref()?.slot;
                    Some(Told { fetch, slot, index: small(index) })
                });
                match told {
                    Some(told) => {
                        now.push(Err(small(own.told.len())));
                        own.told.push(told);
                    }
                    None => {
                        now.push(Ok(small(own.ranges.len())));
                        own.add(text);
                    }
                }
            }
            own.count = own.ranges.len();
            let count = small(own.count);
            for (_, index) in &mut own.targets {
                *index = now[*index as usize].unwrap_or_else(|told| count + told);
            }
            if share.again {
                for index in 0..own.count {
                    let hash = hasher.hash_one(own.text(index));
                    let text = |(part, index): &(usize, usize)| match *part {
                        part if part == at => own.text(*index),
                        part => before[part].text(*index),
                    };
                    asked.insert_unique(hash, (at, index), |it| hasher.hash_one(text(it)));
                }
            }
        }
    }

    /// Keeps what a fetch was told, for the parts of others.
    pub(super) fn keep(&mut self, fetch: usize, parts: &[PartProgram], gathered: &[Gathered]) {
        for (part, gathered) in parts.iter().zip(gathered) {
            let Some((share, entities)) = part.share.zip(part.entities.as_ref()) else { continue };
            if !share.elsewhere {
                continue;
            }
            let known = self.0.entry(share.number).or_default();
            for index in 0..gathered.count {
                let told = Told { fetch, slot: entities.slot, index: small(index) };
                known.entry(Box::from(gathered.text(index))).or_insert(told);
            }
        }
    }
}

/// Counts are those of texts within bodies, whose lengths are small.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The table of a fetch with what its parts need not ask for, behind what they asked for.
pub(super) fn with_told(
    program: &Program,
    store: &Store,
    (fetch, table): (usize, Arc<Table>),
    gathered: &[Gathered],
    how: How,
) -> Result<Arc<Table>, Unusual> {
    let of = &program.fetches[fetch];
    let parts = || program.parts[of.parts.clone()].iter().zip(gathered);
    if !parts().any(|(part, gathered)| gathered.told.iter().any(|it| !part.has(it, fetch))) {
        return Ok(table);
    }
    let mut table = Arc::unwrap_or_clone(table);
    if table.cells.is_empty() {
        // Nothing was asked, so nothing came.
        table.rows.resize_with(of.shapes.lists, Vec::new);
        table.row(&of.shapes.shapes[0]);
    }
    let own = Bytes::clone(&table.body);
    let mut texts = Texts { program, store, own: (fetch, &own), how, known: HashMap::new() };
    let mut body = own.to_vec();
    for (part, gathered) in parts() {
        let read = || gathered.told.iter().filter(|told| !part.has(told, fetch));
        let Some(entities) = part.entities.as_ref().filter(|_| read().next().is_some()) else {
            continue;
        };
        let mut items = match table.cells.get(entities.slot) {
            Some(Cell::List { at, len }) => table.items(*at, *len).to_vec(),
            _ if gathered.count == 0 => Vec::new(),
            _ => return Err(Unusual),
        };
        if items.len() != gathered.count {
            return Err(Unusual);
        }
        for told in read() {
            let (text, at) = texts.of(told)?;
            let at = if told.fetch == fetch { at } else { body.len() };
            if told.fetch != fetch {
                body.extend_from_slice(text);
            }
            items.push(entity(&of.shapes, &mut table, (&body, at), (entities.slot, how))?);
        }
        in_order(&of.shapes, &mut table, (entities.slot, &items), gathered);
        let (at, len) = (small(table.items.len()), small(items.len()));
        table.items.extend(items);
        table.cells[entities.slot] = Cell::List { at, len };
    }
    if u32::try_from(body.len()).is_err() {
        return Err(Unusual);
    }
    table.body = Bytes::from(body);
    Ok(Arc::new(table))
}

/// Lists the rows within the entities of a part in the order of the objects that these are for, which is
/// that of the client's answer, though some of them were read behind the others.
fn in_order(
    shapes: &Shapes,
    table: &mut Table,
    (slot, items): (usize, &[Cell]),
    gathered: &Gathered,
) {
    let Some(shape) = shapes.shapes[0].fields[slot].child else { return };
    let mut rows: Vec<Vec<u32>> = vec![Vec::new(); table.rows.len()];
    let mut listed = vec![false; items.len()];
    for (_, index) in &gathered.targets {
        let index = *index as usize;
        if let Some((item, false)) = items.get(index).zip(listed.get(index).copied()) {
            listed[index] = true;
            list_rows(shapes, table, (shape, *item), &mut rows);
        }
    }
    for (own, rows) in table.rows.iter_mut().zip(rows) {
        if !rows.is_empty() {
            *own = rows;
        }
    }
}

/// Lists the rows of a value of objects: it and those within it.
fn list_rows(shapes: &Shapes, table: &Table, (shape, cell): (usize, Cell), rows: &mut [Vec<u32>]) {
    match cell {
        Cell::Row(row) => {
            let of = &shapes.shapes[shape];
            if let Some(list) = of.rows {
                rows[list].push(row);
            }
            for (slot, field) in of.fields.iter().enumerate() {
                if let Some(child) = field.child {
                    let cell = table.cells[row as usize + slot];
                    list_rows(shapes, table, (child, cell), rows);
                }
            }
        }
        Cell::List { at, len } => {
            for item in table.items(at, len) {
                list_rows(shapes, table, (shape, *item), rows);
            }
        }
        _ => {}
    }
}

/// Where entities stand in the bodies that told them.
struct Texts<'a> {
    program: &'a Program,
    store: &'a Store,
    /// The fetch whose table is not in the store yet, and its body.
    own: (usize, &'a [u8]),
    how: How,
    /// By fetch and slot.
    known: HashMap<(usize, usize), Vec<Range<usize>>>,
}

impl<'a> Texts<'a> {
    /// The text of an entity, and where it begins in its body.
    fn of(&mut self, told: &Told) -> Result<(&'a [u8], usize), Unusual> {
        let body = match self.own {
            (fetch, body) if fetch == told.fetch => body,
            _ => &self.store.tables[told.fetch].body[..],
        };
        let shapes = &self.program.fetches[told.fetch].shapes;
        let known = match self.known.entry((told.fetch, told.slot)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(items(body, shapes, told.slot, self.how)?),
        };
        let range = known.get(told.index as usize).ok_or(Unusual)?;
        Ok((&body[range.clone()], range.start))
    }
}

/// Where the items of a list in `data` stand.
fn items(
    body: &[u8],
    shapes: &Shapes,
    slot: usize,
    how: How,
) -> Result<Vec<Range<usize>>, Unusual> {
    let mut scan = Scan { text: body, at: 0, depth: how.depth };
    scan.space();
    into(&mut scan, b"\"data\"")?;
    into(&mut scan, &shapes.shapes[0].fields[slot].wire)?;
    let mut items = Vec::new();
    let mut more = scan.peek() == Some(b'[') && scan.open(b']')?;
    while more {
        let start = scan.at;
        scan.value()?;
        items.push(start..scan.at);
        more = scan.more(b']')?;
    }
    Ok(items)
}

/// Goes to the value of a key of an object.
fn into(scan: &mut Scan<'_>, key: &[u8]) -> Result<(), Unusual> {
    let mut more = scan.peek() == Some(b'{') && scan.open(b'}')?;
    while more {
        if scan.key()? == key {
            return Ok(());
        }
        scan.value()?;
        more = scan.more(b'}')?;
    }
    Err(Unusual)
}
