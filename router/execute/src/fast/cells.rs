//! Rows: what a subgraph answered, as places in its body.

use std::sync::Arc;

use bytes::Bytes;

use super::program::{Program, Shape, Source};

/// One value of a row or of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Nothing came, or not yet.
    Absent,
    Null,
    /// A leaf: a place in the body.
    Leaf {
        at: u32,
        len: u32,
    },
    /// An object: where its row begins.
    Row(u32),
    /// A list: a place in the items.
    List {
        at: u32,
        len: u32,
    },
    /// Of a row: which of its shape it is.
    Number(u32),
}

impl Cell {
    pub(super) fn is_null(self) -> bool {
        matches!(self, Cell::Absent | Cell::Null)
    }
}

/// What one fetch brought. It is shared by all who got the same answer, so what belongs to one of
/// them stands in its [`Store`].
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub body: Bytes,
    /// The rows, one behind the other; that of `data` is the first.
    pub cells: Vec<Cell>,
    /// The items of lists.
    pub items: Vec<Cell>,
    /// Where the rows of the shapes begin that have a list, in the order in which they came.
    pub rows: Vec<Vec<u32>>,
}

impl Table {
    pub(super) fn items(&self, at: u32, len: u32) -> &[Cell] {
        &self.items[at as usize..(at + len) as usize]
    }

    pub(super) fn text(&self, at: u32, len: u32) -> &[u8] {
        &self.body[at as usize..(at + len) as usize]
    }

    /// A new row of absent cells.
    pub(super) fn row(&mut self, shape: &Shape) -> u32 {
        let row = self.cells.len();
        self.cells.resize(row + shape.fields.len(), Cell::Absent);
        let at = u32::try_from(row).unwrap_or(u32::MAX);
        if let Some(list) = shape.rows {
            let rows = &mut self.rows[list];
            self.cells.push(Cell::Number(u32::try_from(rows.len()).unwrap_or(u32::MAX)));
            rows.push(at);
        }
        at
    }
}

/// What all fetches brought so far.
#[derive(Debug)]
pub(super) struct Store {
    /// A table for each fetch, and one with the row of the root.
    pub tables: Vec<Arc<Table>>,
    /// For each part and each object of its node, by number, the row that came for it.
    pub links: Vec<Vec<Option<u32>>>,
    /// When each fetch ended, among the others.
    pub turns: Vec<u32>,
}

impl Store {
    pub(super) fn new(program: &Program) -> Self {
        let nothing = Arc::new(Table::default());
        let mut tables: Vec<Arc<Table>> =
            program.fetches.iter().map(|_| Arc::clone(&nothing)).collect();
        let mut root = Table { rows: vec![Vec::new()], ..Table::default() };
        root.row(&Shape { fields: Vec::new(), rows: Some(0) });
        tables.push(Arc::new(root));
        let links = vec![Vec::new(); program.parts.len()];
        Self { turns: vec![0; tables.len()], tables, links }
    }

    /// A cell of a row of a table.
    #[inline]
    pub(super) fn cell(&self, table: usize, row: u32, slot: usize) -> Cell {
        self.tables[table].cells[row as usize + slot]
    }

    /// The value at one of the places where it can be, with its table; `table` and `row` are those
    /// of the object.
    #[inline]
    pub(super) fn value(&self, sources: &[Source], table: usize, row: u32) -> (usize, Cell) {
        match sources {
            [source] => (source.table, self.at(source, table, row)),
            _ => self.first(sources, table, row),
        }
    }

    /// The value that came first.
    fn first(&self, sources: &[Source], table: usize, row: u32) -> (usize, Cell) {
        let cells = || sources.iter().map(|source| (source.table, self.at(source, table, row)));
        let told = cells().filter(|(_, cell)| !cell.is_null());
        let first = told.min_by_key(|(table, _)| self.turns[*table]);
        let null = || cells().find(|(_, cell)| *cell == Cell::Null);
        first.or_else(null).unwrap_or((table, Cell::Absent))
    }

    #[inline]
    fn at(&self, source: &Source, table: usize, row: u32) -> Cell {
        let Some(link) = source.link else { return self.cell(table, row, source.slot) };
        let Cell::Number(number) = self.cell(table, row, link.number) else { return Cell::Absent };
        match self.links[link.part].get(number as usize) {
            Some(Some(row)) => self.cell(source.table, *row, source.slot),
            _ => Cell::Absent,
        }
    }
}
